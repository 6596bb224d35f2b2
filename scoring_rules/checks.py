"""One condition on figures: met, not met, or open with the reason. What is missing, unclear or contradictory is open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from scoring_rules.case_errors import NotInForceError
from scoring_rules.item_rules import PARTS_OF, PERCENT, YEAR_METRICS, Check
from scoring_rules.observations import ItemInput, Observation
from scoring_rules.parameters import Parameter
from scoring_rules.rounding import exact_text

WHOLE_DISTRICT = frozenset({"全区", "全县"})


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a check came to. `reason` is a Chinese sentence; citations : of the figures it looked at, sorted."""

    state: Literal["met", "not_met", "open"]
    reason: str
    citations: tuple[str, ...]
    has_figures: bool


def evaluate(check: Check, given: ItemInput, *, data_year: int, parameters: Mapping[str, Parameter]) -> Outcome:
    """The outcome of one check on the figures of one item, read for the data year."""
    figures: list[Fraction] = []
    told: list[str] = []
    problems: list[str] = []
    citations: set[str] = set()
    is_any = False
    for metric, name in zip(check.metrics, check.names, strict=True):
        observed = [o for o in given.observations if o.metric == metric]
        is_any = is_any or bool(observed)
        value, sentence, used = _figure(metric, name, observed, check, given, data_year)
        citations |= {o.citation for o in used}
        if value is None:
            problems.append(sentence)
        else:
            figures.append(value)
            told.append(sentence)
    seen = tuple(sorted(citations))
    if problems:
        return Outcome("open", "；".join([*told, *problems]), seen, is_any)
    state, words = _compare(check, figures, data_year, parameters)
    return Outcome(state, f"{'，'.join(told)}，{words}", seen, is_any)


def _figure(
    metric: str, name: str, observed: list[Observation], check: Check, given: ItemInput, data_year: int
) -> tuple[Fraction | None, str, list[Observation]]:
    """The one value of a metric with a sentence that tells it, or None with a sentence that says why there is none."""
    district = [o for o in observed if o.scope in WHOLE_DISTRICT]
    if metric in YEAR_METRICS:
        in_period = [o for o in district if o.year is None or o.year <= data_year]
    else:
        in_period = [o for o in district if o.year == data_year]
    period = "" if metric in YEAR_METRICS else f" {data_year} 年"
    if not observed:
        return None, f"没有找到{period}全区的{name}", []
    if metric in given.conflicting_metrics:
        return None, f"{name}的数前后矛盾（{_told(district or observed)}），须核对原件", district or observed
    if not district:
        scopes = "、".join(sorted({o.scope or "范围不明" for o in observed}))
        return None, f"{name}只有{scopes}的数，没有全区的数", observed
    if not in_period:
        if any(o.year is None for o in district):
            return None, f"{name}没有写明年度（{_told(district)}）", district
        return None, f"{name}的年度不符：要 {data_year} 年，材料是{_told(district)}", district
    if len({(o.value, o.unit) for o in in_period}) > 1 and metric not in YEAR_METRICS:
        return None, f"{name}的数前后矛盾（{_told(in_period)}），须核对原件", in_period
    # Of several checks of the staffing the last one counts.
    chosen = max(in_period, key=lambda o: (o.value, o.citation)) if metric in YEAR_METRICS else in_period[0]
    if chosen.unit not in check.units:
        return None, f"{name}的单位是“{chosen.unit or '无'}”，应为“{'、'.join(sorted(check.units))}”，须核对", in_period
    if problem := _implausible(metric, chosen, data_year):
        return None, f"{name}为 {chosen.value}，{problem}，须核对", in_period
    return Fraction(chosen.value), f"{period.lstrip()}{name}为 {_with_unit(chosen)}", in_period


def _told(observed: list[Observation]) -> str:
    figures = sorted({(o.year or 0, _with_unit(o)) for o in observed})
    return "、".join(f"{year} 年 {figure}" if year else figure for year, figure in figures)


def _with_unit(o: Observation) -> str:
    number = exact_text(Fraction(o.value)) if o.value.is_finite() else str(o.value)
    return f"{number} 年" if o.unit == "年份" else f"{number}{'' if o.unit in PERCENT else ' '}{o.unit}"


def _implausible(metric: str, o: Observation, data_year: int) -> str:
    if not o.value.is_finite() or o.value < 0:
        return "不是可用的数"
    if o.unit in PERCENT and o.value > 100:
        return "超过 100%"
    if metric in YEAR_METRICS and not data_year - 50 <= o.value <= data_year:
        return f"不在 {data_year} 年以前"
    is_amount = o.unit in PERCENT or o.unit == "元"
    return "" if is_amount or o.value == o.value.to_integral_value() else "不是整数"


def _compare(
    check: Check, figures: list[Fraction], data_year: int, parameters: Mapping[str, Parameter]
) -> tuple[Literal["met", "not_met", "open"], str]:
    if check.comparison == "first_at_least_second":
        return _compare_two(check, figures[0], figures[1])
    parameter = parameters[check.parameter]
    try:
        limit = parameter.number(date(data_year, 12, 31))
    except NotInForceError as exc:
        return "open", str(exc).rstrip("。")
    if limit is None or parameter.status != "in_scheme":
        # Only the scheme's own numbers decide; a number from elsewhere is for the expert to apply.
        return "open", "方案没有给出界线的数，由专家核定"
    value = figures[0]
    shown = f"{exact_text(limit)}{parameter.unit}"
    if check.comparison == "at_least":
        return ("met", f"达到 {shown} 的要求") if value >= limit else ("not_met", f"未达到 {shown} 的要求")
    if check.comparison == "at_most":
        return ("met", "符合要求") if value <= limit else ("not_met", f"超过上限 {shown}")
    years = data_year - value
    words = f"距 {data_year} 年 {exact_text(years)} 年"
    return ("met", f"{words}，不超过 {shown}") if years <= limit else ("not_met", f"{words}，超过 {shown}")


def _compare_two(check: Check, first: Fraction, second: Fraction) -> tuple[Literal["met", "not_met", "open"], str]:
    if check.metrics[0] in PARTS_OF:
        if second == 0:
            return "open", f"{check.names[1]}为 0，须核对零报告"
        if first > second:
            return "open", f"{check.names[0]}多于{check.names[1]}，须核对"
    if first >= second:
        return "met", "达到要求"
    return "not_met", f"少 {exact_text(second - first)} {min(check.units)}，未达到要求"
