"""One condition on figures: how far it is met, only a reference, or open with the reason.

What is missing, unclear or contradictory is open. A limit that is not the scheme's own is a reference (参考标准，待确认)
until the office has confirmed it, and without a number the figure is only listed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from scoring_rules import operators
from scoring_rules.case_errors import NotInForceError
from scoring_rules.figures_found import figure, recomputed
from scoring_rules.item_rules import WITH_LIMIT, Check
from scoring_rules.observations import ItemInput
from scoring_rules.parameters import Parameter
from scoring_rules.rounding import exact_text
from scoring_rules.scheme import Scheme

UNCONFIRMED = "参考标准，待确认"
NO_NUMBER = "方案没有给出界线的数，由专家核定"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a check came to.

    state : decided (then `rating` says how far it is met, 0 to 1), reference (shown, decides nothing), open.
    reason : a Chinese sentence. citations : of the figures it looked at, sorted. unconfirmed : it rests on a reference value.
    """

    state: Literal["decided", "reference", "open"]
    rating: Fraction
    reason: str
    citations: tuple[str, ...]
    has_figures: bool
    unconfirmed: bool = False


@dataclass(frozen=True, slots=True)
class _Limit:
    """The number of a check on the day it is read; value None: nobody has fixed one. problem : not in force."""

    value: Fraction | None
    decides: bool
    text: str
    problem: str = ""


def evaluate(
    check: Check,
    given: ItemInput,
    *,
    data_year: int,
    parameters: Mapping[str, Parameter],
    scheme: Scheme,
    share: Fraction | None = None,
) -> Outcome:
    """The outcome of one check on the figures of one item, read for the data year under the scheme's open terms.

    share : points of the item, for a deduction of points for each problem; by default its points when all items apply.
    """
    figures = [figure(m, name, check, given, data_year) for m, name in zip(check.metrics, check.names, strict=True)]
    if check.parts is not None:
        figures[0] = recomputed(figures[0], check, check.parts, given, data_year)
    cited = tuple(sorted({o.citation for found in figures for o in found.used}))
    has_figures = any(found.used for found in figures)
    limit = _limit(check, parameters, data_year)
    may_decide = limit.decides and not check.shows_only and scheme.term("figures_part") != "expert_only"
    if check.term and scheme.term(check.term) != check.term_value:
        may_decide = False
    told = "，".join(found.sentence for found in figures if found.value is not None)
    problems = [found.sentence for found in figures if found.value is None]
    if problems or limit.problem:
        reason = "；".join(part for part in (told, *problems, limit.problem) if part)
        is_open = may_decide or bool(limit.problem)
        unconfirmed = not may_decide and limit.value is not None
        return Outcome("open" if is_open else "reference", Fraction(0), reason, cited, has_figures, unconfirmed)
    values = [found.value for found in figures if found.value is not None]
    if limit.value is None and check.operator in WITH_LIMIT:
        return Outcome("reference", Fraction(0), f"{told}，{NO_NUMBER}", cited, has_figures)
    if check.operator == "deducted" and scheme.term("rectification_deduction") == "per_problem":
        each = _points_per_problem(scheme, parameters, data_year)
        whole = scheme.share(given.item_id) if share is None else share
        rating = operators.deducted_each(values[0], values[1], each, whole)
    else:
        rating = _rating(check, values, limit.value or Fraction(0), data_year, scheme)
    if isinstance(rating, str):
        return Outcome("open" if may_decide else "reference", Fraction(0), f"{told}，{rating}", cited, has_figures)
    words = _words(check, values, rating, limit, data_year)
    if may_decide and (about := [n for n, f in zip(check.names, figures, strict=True) if f.is_approximate]):
        reason = f"{told}，{'、'.join(about)}是约数，不作判定，须核对原件"
        return Outcome("open", Fraction(0), reason, cited, has_figures)
    if may_decide:
        return Outcome("decided", rating, f"{told}，{words}", cited, has_figures)
    if check.parameter and not limit.decides:
        mark = f"{UNCONFIRMED}（{limit.text}）：{told}，{words}，只列出，不判定"
        return Outcome("reference", Fraction(0), mark, cited, has_figures, unconfirmed=True)
    return Outcome("reference", Fraction(0), f"{told}，{words}，只列出，不判定", cited, has_figures)


def _limit(check: Check, parameters: Mapping[str, Parameter], data_year: int) -> _Limit:
    if not check.parameter:
        return _Limit(None, True, "")
    parameter, as_of = parameters[check.parameter], date(data_year, 12, 31)
    try:
        dated = parameter.at(as_of)
    except NotInForceError as exc:
        if parameter.status == "in_scheme":
            return _Limit(None, True, "", str(exc).rstrip("。"))
        # A reference that is not in force yet is no reference.
        return _Limit(None, False, "")
    value = parameter.number(as_of)
    return _Limit(value, parameter.decides(as_of), dated.reference)


def _points_per_problem(scheme: Scheme, parameters: Mapping[str, Parameter], data_year: int) -> Fraction | None:
    """Points each unsolved problem costs (R12): what the office has set, else the parameter; None while nobody has."""
    name = "rectification_points_per_problem"
    if (acted := scheme.term(name)) is not None:
        return Fraction(acted)
    return parameters[name].number(date(data_year, 12, 31)) if name in parameters else None


def _rating(check: Check, values: list[Fraction], limit: Fraction, data_year: int, scheme: Scheme) -> Fraction | str:
    first = values[0]
    match check.operator:
        case "at_least":
            return operators.at_least(first, limit)
        case "at_most":
            return operators.at_most(first, limit)
        case "none":
            return operators.none_of(first)
        case "in_budget":
            return operators.in_budget(first)
        case "years_since_at_most":
            return operators.years_since_at_most(data_year, first, limit)
        case "first_at_least_second":
            return operators.first_at_least_second(first, values[1])
        case "all_done":
            return operators.all_done(first, values[1])
        case "task_done":
            proportional = scheme.term("task_points") == "proportional"
            return operators.task_done(first, values[1], is_proportional=proportional)
        case "deducted":
            return operators.deducted(first, values[1])


def _words(check: Check, values: list[Fraction], rating: Fraction, limit: _Limit, data_year: int) -> str:
    unit = "" if check.units[0] in ("纯数", "年份") else check.units[0]
    shown = "" if limit.value is None else f"{exact_text(limit.value)}{unit}"
    is_met = rating == 1
    match check.operator:
        case "at_least":
            return f"达到 {shown} 的要求" if is_met else f"未达到 {shown} 的要求"
        case "at_most":
            return "符合要求" if is_met else f"超过上限 {shown}"
        case "years_since_at_most":
            years = f"距 {data_year} 年 {exact_text(data_year - values[0])} 年"
            return f"{years}，不超过 {shown}年" if is_met else f"{years}，超过 {shown}年"
        case "none":
            return "符合要求" if is_met else f"应为“{check.word}”，不符合要求"
        case "in_budget":
            return f"已{check.word}预算" if is_met else f"没有{check.word}预算的金额"
        case "deducted":
            return f"整改到位 {_percent(rating)}" if not is_met else "没有未整改到位的问题"
        case _:
            if is_met:
                return "达到要求"
            part = f"，完成 {_percent(rating)}" if rating else ""
            return f"少 {exact_text(values[1] - values[0])} {unit}，未达到要求{part}"


def _percent(rating: Fraction) -> str:
    hundredths = int(rating * 10000 + Fraction(1, 2))
    return f"{hundredths // 100}.{hundredths % 100:02d}%"
