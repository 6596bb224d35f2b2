"""The one value of a metric among the figures of an item, or why there is none: missing, unclear, contradictory."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from scoring_rules.item_rules import PERCENT, Check, Parts
from scoring_rules.observations import ItemInput, Observation
from scoring_rules.rounding import exact_text

WHOLE_DISTRICT = ("全区", "全县")
BARE = "纯数"
# Amounts and measures may have a fraction; whatever else is counted may not.
_MEASURED = (*PERCENT, "元", "平方米", "册", BARE, "")


@dataclass(frozen=True, slots=True)
class Figure:
    """value : None when there is no single one; `sentence` then says why, else it tells the value. used : what was looked at."""

    value: Fraction | None
    sentence: str
    used: tuple[Observation, ...]

    @property
    def is_approximate(self) -> bool:
        """Whether the value rests on a figure that is only about right (约)."""
        return self.value is not None and any(o.approximate for o in self.used)


def figure(metric: str, name: str, check: Check, given: ItemInput, data_year: int) -> Figure:
    """The value of `metric` for the data year, for the whole district or the scope the check names."""
    observed = [o for o in given.observations if o.metric == metric]
    is_year = check.operator == "years_since_at_most"
    scopes = (check.scope,) if check.scope else WHOLE_DISTRICT
    whole = check.scope or "全区"
    in_scope = [o for o in observed if o.scope in scopes]
    if is_year:
        in_period = [o for o in in_scope if o.year is None or o.year <= data_year]
    else:
        in_period = [o for o in in_scope if o.year == data_year]
    period = "" if is_year else f" {data_year} 年"

    def none(sentence: str, used: list[Observation]) -> Figure:
        return Figure(None, sentence, tuple(used))

    if not observed:
        return none(f"没有找到{period}{whole}的{name}", [])
    if metric in given.conflicting_metrics:
        return none(f"{name}的数前后矛盾（{_told(in_scope or observed)}），须核对原件", in_scope or observed)
    if not in_scope:
        others = "、".join(sorted({o.scope or "范围不明" for o in observed}))
        return none(f"{name}只有{others}的数，没有{whole}的数", observed)
    if not in_period:
        if any(o.year is None for o in in_scope):
            return none(f"{name}没有写明年度（{_told(in_scope)}）", in_scope)
        return none(f"{name}的年度不符：要 {data_year} 年，材料是{_told(in_scope)}", in_scope)
    if len({(o.value, o.unit) for o in in_period}) > 1 and not is_year and check.operator != "in_budget":
        return none(f"{name}的数前后矛盾（{_told(in_period)}），须核对原件", in_period)
    # Of several checks of the staffing the last one counts; of several budgets the smallest has to be there.
    chosen = (max if is_year else min)(in_period, key=lambda o: (o.value, o.citation))
    if (chosen.unit or BARE) not in check.units:
        return none(f"{name}的单位是“{chosen.unit or '无'}”，应为“{'、'.join(sorted(check.units))}”，须核对", in_period)
    if problem := _implausible(chosen, data_year, is_year, is_average=check.average):
        return none(f"{name}为 {chosen.value}，{problem}，须核对", in_period)
    # An exact statement of the same value beside an approximate one makes it exact.
    exact = tuple(o for o in in_period if not o.approximate)
    about = "" if any(o.value == chosen.value for o in exact) else "约 "
    used = exact if exact and not about else tuple(in_period)
    return Figure(Fraction(chosen.value), f"{period.lstrip()}{name}为 {about}{_with_unit(chosen)}", used)


def recomputed(stated: Figure, check: Check, parts: Parts, given: ItemInput, data_year: int) -> Figure:
    """The rate worked out again from its parts, exact, where all of them are known; else what was stated.

    A stated rate that the parts contradict by a whole unit of its last digit leaves no value.
    """
    above = [_part(metric, given, data_year) for metric in parts.above]
    below = _part(parts.below, given, data_year)
    known = [o for o in (*above, below) if o is not None]
    if below is None or len(known) != len(above) + 1 or below.value <= 0 or _is_unclear(stated):
        return stated
    hundred = 100 if check.units[0] in PERCENT else 1
    value = sum((Fraction(o.value) for o in known[:-1]), Fraction(0)) / Fraction(below.value) * hundred
    shown = f"{_short(value)}{'%' if hundred == 100 else ''}"
    used = (*stated.used, *known)
    if hundred == 100 and value > 100:
        return Figure(None, f"由{parts.words}算出 {check.names[0]}为 {shown}，超过 100%，须核对", used)
    if stated.value is None:
        return Figure(value, f"由{parts.words}算出 {data_year} 年{check.names[0]}为 {shown}", used)
    exponent = stated.used[0].value.as_tuple().exponent
    digits = -exponent if isinstance(exponent, int) else 0
    if abs(value - stated.value) >= Fraction(1, 10 ** max(digits, 0)):
        return Figure(None, f"{stated.sentence}，与由{parts.words}算出的 {shown} 不符，须核对", used)
    return Figure(value, f"{stated.sentence}（由{parts.words}算出 {shown}）", used)


def _is_unclear(stated: Figure) -> bool:
    """Whether a value was stated and cannot be used: then no arithmetic may take its place."""
    return stated.value is None and bool(stated.used)


def _part(metric: str, given: ItemInput, data_year: int) -> Observation | None:
    if metric in given.conflicting_metrics:
        return None
    found = [o for o in given.observations if o.metric == metric and o.year == data_year and o.scope in WHOLE_DISTRICT]
    usable = len({o.value for o in found}) == 1 and found[0].value.is_finite() and found[0].value >= 0
    return min(found, key=lambda o: o.citation) if usable else None


def _short(value: Fraction) -> str:
    text = exact_text(value)
    return text if "/" not in text else f"{float(value):.4f}".rstrip("0").rstrip(".")


def _told(observed: list[Observation]) -> str:
    figures = sorted({(o.year or 0, _with_unit(o)) for o in observed})
    return "、".join(f"{year} 年 {shown}" if year else shown for year, shown in figures)


def _with_unit(o: Observation) -> str:
    number = exact_text(Fraction(o.value)) if o.value.is_finite() else str(o.value)
    if o.unit in ("", BARE):
        return number
    return f"{number} 年" if o.unit == "年份" else f"{number}{'' if o.unit in PERCENT else ' '}{o.unit}"


def _implausible(o: Observation, data_year: int, is_year: bool, *, is_average: bool) -> str:
    if not o.value.is_finite() or o.value < 0:
        return "不是可用的数"
    if o.unit in PERCENT and o.value > 100:
        return "超过 100%"
    if is_year and not data_year - 50 <= o.value <= data_year:
        return f"不在 {data_year} 年以前"
    return "" if is_average or o.unit in _MEASURED or o.value == o.value.to_integral_value() else "不是整数"
