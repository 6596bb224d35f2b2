"""附件 1: what figures say about a condition that lowers the grade. A proposal only; a person confirms or refuses it.

Conditions 1, 2, 4 and 5 rest on figures; 3 and 6 only on a recorded finding of people, so nothing here computes them.
Each function takes plain exact numbers, None where nothing states one, and the open terms it depends on by value. A
missing number is neither a hit nor none: the proposal is then "unknown" unless the other numbers already decide.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from scoring_rules.case_data import Settled
from scoring_rules.rounding import exact_text

Number = Fraction | None


# What each calculator compares, in words; Y is the data year. Equal is never a hit.
FORMULAS = {
    "expenditure": "Y 年一般公共预算教育支出 < Y−1 年，或 Y 年（支出÷在校学生数）< Y−1 年，任一成立即命中",
    "balance": "Y 年小学差异系数 > 小学界线，或初中差异系数 > 初中界线，任一成立即命中",
    "rural_allowance": "Y 年实发金额 < 应发标准×应发人数，即命中；没有农村学校的不适用",
    "fitness": "Y 年 < Y−1 年 且 Y−1 年 < Y−2 年，即命中",
}


@dataclass(frozen=True, slots=True)
class Input:
    """A figure a calculator asked for. values : what the documents state, none or several leave it unknown.

    citations : keys of the figures, only the caller understands them. A limit has its parameter's id as metric.
    """

    metric: str
    year: int
    scope: str
    values: tuple[Fraction, ...]
    citations: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """The figure as JSON data, numbers exact."""
        return {
            "metric": self.metric,
            "year": self.year,
            "scope": self.scope,
            "values": [exact_text(value) for value in self.values],
            "citations": list(self.citations),
        }


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposed state of one condition. rule : which calculator. reasons : Chinese, one per comparison.

    unconfirmed : rests on a reference value the office has not confirmed. inputs : every figure it asked for.
    Never a decision: `annex1` reads only what people have confirmed in the case.
    """

    rule: str
    state: Settled
    reasons: tuple[str, ...]
    unconfirmed: bool = False
    inputs: tuple[Input, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The proposal as JSON data."""
        return {
            "rule": self.rule,
            "proposed": self.state,
            "formula": FORMULAS[self.rule],
            "inputs": [given.to_json() for given in self.inputs],
            "reasons": list(self.reasons),
            "unconfirmed": self.unconfirmed,
            "needs_confirmation": True,
        }


@dataclass(frozen=True, slots=True)
class Spending:
    """General public budget spending on education of a year, in yuan, and the pupils it is for.

    by_stage : stage (小学 …) → (spending, pupils), where the district states them.
    """

    total: Number
    pupils: Number
    by_stage: Mapping[str, tuple[Number, Number]]

    @property
    def per_pupil(self) -> Number:
        """Yuan per pupil, exact; None when one of the two is not known or there are no pupils."""
        return _divided(self.total, self.pupils)


def expenditure(year: Spending, before: Spending, *, per_pupil_scope: str) -> Proposal:
    """「比上年降低」, total or per pupil: strictly less than the year before; equal is not 降低 (R14, R15).

    per_pupil_scope : all_pupils, or any_stage (then a fall in any stage that both years state counts as well).
    """
    compared = [
        _fell("一般公共预算教育支出", year.total, before.total, "元"),
        _fell("按在校学生人数平均的一般公共预算教育支出", year.per_pupil, before.per_pupil, "元"),
    ]
    if per_pupil_scope == "any_stage":
        for stage in sorted({*year.by_stage, *before.by_stage}):
            now = _divided(*year.by_stage.get(stage, (None, None)))
            then = _divided(*before.by_stage.get(stage, (None, None)))
            compared.append(_fell(f"{stage}生均一般公共预算教育支出", now, then, "元"))
    return _any("expenditure", compared)


def balance(
    coefficients: Mapping[str, Sequence[Number]],
    limits: Mapping[str, Number],
    *,
    balance_measure: str,
    unconfirmed: bool,
) -> Proposal:
    """「达不到国家标准要求」: a coefficient above the limit of its stage; the limit itself is still met (R16).

    coefficients : stage → the comprehensive one alone (balance_measure comprehensive), or all eight (each_indicator).
    limits : stage → limit (小学 0.65, 初中 0.55 for the comprehensive one); None while nobody has fixed it.
    unconfirmed : the limits are references the office has not confirmed.
    """
    compared: list[tuple[Settled, str]] = []
    for stage in sorted(limits):
        limit, values = limits[stage], coefficients.get(stage, ())
        wanted = 1 if balance_measure == "comprehensive" else 8
        name = f"{stage}{'综合差异系数' if wanted == 1 else '各项差异系数'}"
        known = [value for value in values if value is not None]
        if limit is None:
            compared.append(("unknown", f"{name}没有界线"))
        elif any(value > limit for value in known):
            shown = "、".join(exact_text(value) for value in known if value > limit)
            compared.append(("triggered", f"{name} {shown} 超过 {exact_text(limit)}"))
        elif len(known) < wanted:
            compared.append(("unknown", f"{name}要 {wanted} 个数，只有 {len(known)} 个"))
        else:
            compared.append(("not_triggered", f"{name} {exact_text(max(known))} 不超过 {exact_text(limit)}"))
    proposal = _any("balance", compared)
    return Proposal(proposal.rule, proposal.state, proposal.reasons, unconfirmed)


def rural_allowance(standard: Number, headcount: Number, paid: Number, *, has_rural_schools: bool = True) -> Proposal:
    """「未达到相关规定标准」: paid < standard × headcount; equal is met (R18).

    standard : yuan per head and year; headcount : those entitled; paid : yuan paid in the year. One of them missing is
    疑似, that is unknown. A district without rural schools cannot meet the condition, and nobody is entitled.
    """
    rule = "rural_allowance"
    if not has_rural_schools:
        return Proposal(rule, "not_triggered", ("没有农村学校，不适用",))
    missing = [
        name for name, value in (("应发标准", standard), ("应发人数", headcount), ("实发金额", paid)) if value is None
    ]
    if standard is None or headcount is None or paid is None:
        return Proposal(rule, "unknown", (f"缺{'、'.join(missing)}，疑似，须核实",))
    due = standard * headcount
    if paid < due:
        return Proposal(rule, "triggered", (f"实发 {exact_text(paid)} 元，应发 {exact_text(due)} 元，少发",))
    return Proposal(rule, "not_triggered", (f"实发 {exact_text(paid)} 元，不少于应发 {exact_text(due)} 元",))


def fitness(rates: Sequence[Number], *, fitness_measure: str) -> Proposal:
    """「连续 2 年下降」: two falls in a row, three years of rates; equal is not 下降 (R19).

    rates : of the data year, the year before and two years before, in that order, in percent.
    fitness_measure : pass_rate or good_rate; it names the rate in the reasons, the caller gives that one.
    """
    if len(rates) != 3:
        raise ValueError("three years of rates, newest first")
    name = {"pass_rate": "合格率", "good_rate": "优良率"}[fitness_measure]
    falls = [
        _fell(f"体质健康{name}（{label}）", now, then, "%")
        for label, now, then in (("被评年度比上年", rates[0], rates[1]), ("上年比前年", rates[1], rates[2]))
    ]
    states = [state for state, _ in falls]
    state: Settled = "unknown"
    if "not_triggered" in states:
        state = "not_triggered"
    elif states == ["triggered", "triggered"]:
        state = "triggered"
    return Proposal("fitness", state, tuple(sentence for _, sentence in falls))


def _divided(amount: Number, by: Number) -> Number:
    return None if amount is None or not by else amount / by


def _fell(name: str, now: Number, then: Number, unit: str) -> tuple[Settled, str]:
    if now is None or then is None:
        return "unknown", f"{name}缺{'被比较年度' if now is None else '上一年'}的数"
    word = "低于" if now < then else "等于" if now == then else "高于"
    sentence = f"{name} {_shown(now)}{unit}，{word}上一年的 {_shown(then)}{unit}"
    return ("triggered" if now < then else "not_triggered"), sentence


def _shown(value: Fraction) -> str:
    text = exact_text(value)
    if "/" not in text:
        return text
    cents = int(value * 100)
    return f"约 {cents // 100}.{cents % 100:02d} "


def _any(rule: str, compared: Sequence[tuple[Settled, str]]) -> Proposal:
    """One hit decides; without one, anything unknown leaves it unknown."""
    states = [state for state, _ in compared]
    state: Settled = "triggered" if "triggered" in states else "unknown" if "unknown" in states else "not_triggered"
    return Proposal(rule, state, tuple(sentence for _, sentence in compared))
