"""The operators of the rules, each in the law's own words, as pure functions of exact numbers.

「以上」「不低于」「达到」「届满」 include the number itself, 「超过」「不满」 do not (民法典第一千二百五十九条). Each returns how far
the requirement is met, from 0 to 1, or a Chinese sentence why these numbers cannot settle it.
"""

from __future__ import annotations

from fractions import Fraction

NOTHING, WHOLE = Fraction(0), Fraction(1)


def at_least(value: Fraction, limit: Fraction) -> Fraction:
    """「以上」「达到」「不低于」「足额」「全覆盖」: the limit itself is met."""
    return WHOLE if value >= limit else NOTHING


def at_most(value: Fraction, limit: Fraction) -> Fraction:
    """「达到国家规定标准」 of a figure that should be small, 「未发生」 with limit 0: the limit itself is met."""
    return WHOLE if value <= limit else NOTHING


def none_of(value: Fraction) -> Fraction:
    """「无」「未」「不」「不得」「不设」: only 0, as a report says it, is met."""
    return WHOLE if value == 0 else NOTHING


def in_budget(value: Fraction) -> Fraction:
    """「纳入」「列入」 the budget: any amount above 0 is met; whether it is enough is not said."""
    return WHOLE if value > 0 else NOTHING


def years_since_at_most(data_year: int, year: Fraction, limit: Fraction) -> Fraction:
    """「每三年核定一次」: the third year after the last one is still in time."""
    return WHOLE if data_year - year <= limit else NOTHING


def first_at_least_second(first: Fraction, second: Fraction) -> Fraction:
    """「不低于或高于」: equal is met."""
    return WHOLE if first >= second else NOTHING


def all_done(done: Fraction, due: Fraction) -> Fraction | str:
    """「所有」「全面完成」「均」: one short of all is not met. None due is for a person to look at (零报告)."""
    return _countable(done, due) or (WHOLE if done == due else NOTHING)


def task_done(done: Fraction, due: Fraction, *, is_proportional: bool) -> Fraction | str:
    """「完成…年度建设任务」: done ÷ due, or all or nothing (约定 R34)."""
    if problem := _countable(done, due):
        return problem
    return done / due if is_proportional else all_done(done, due)


def deducted(still_open: Fraction, due: Fraction) -> Fraction | str:
    """「整改不到位的予以扣分」: the part of the problems that is not left open (约定 R12); none due, nothing is taken off."""
    if still_open > due:
        return "未整改到位的多于应整改的，须核对"
    return WHOLE if due == 0 else 1 - still_open / due


def deducted_each(still_open: Fraction, due: Fraction, each: Fraction | None, share: Fraction) -> Fraction | str:
    """The same with `each` points for every problem left open, down to 0 of the `share` (约定 R12)."""
    proportional = deducted(still_open, due)
    if isinstance(proportional, str) or proportional == WHOLE:
        return proportional
    if each is None:
        return "每个未整改到位的问题扣几分还没有确定"
    return max(1 - each * still_open / share, NOTHING) if share else WHOLE


def _countable(done: Fraction, due: Fraction) -> str:
    if due == 0:
        return "应完成的为 0，须核对零报告"
    return "已完成的多于应完成的，须核对" if done > due else ""
