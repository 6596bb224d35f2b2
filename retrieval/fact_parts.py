"""A sentence taken apart for the reading of facts: mentions, numbers, years, and the scope and year of each value."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from retrieval.metrics import BARE_UNIT, YEAR_UNIT, Mention, Metric, Metrics
from retrieval.numbers import Number, canonical_unit, find_numbers
from retrieval.scopes import GROUPS, WHOLE_DISTRICT, prose_scope
from retrieval.years import Year, find_all_years

_OWN_GROUP = {
    "B5": ("幼儿园", "学前"), "B7": ("高中", "普通高中"), "B8": ("中职",), "B6": ("义务教育阶段",), "B9": ("特殊教育",),
    "B18": ("高中", "普通高中", "公办"),
}  # fmt: skip
_STAGES = ("小学", "初中", "高中", "普通高中", "中职", "幼儿园", "学前", "特殊教育")
_SHORT_GROUPS = {
    "公办园": "公办",
    "公办幼儿园": "公办",
    "民办园": "民办",
    "民办幼儿园": "民办",
    "普惠性民办园": "普惠性民办",
}
_ATTACHED = re.compile(
    r"[\s的为是达（(：:约有尚仅]{0,4}(?:每[生人月年次天学期]{1,3}){0,2}(?:达到|人数|为|是|数)?[\s（(约]*"
)
_YEAR_BEHIND = re.compile(r"\s*[（(]")


@dataclass(frozen=True, slots=True)
class Stated:
    """A value stated at `text[start:end]` of a sentence or row.

    plausible : whether the value lies in the metric's range; one outside is shown as a slip to be looked at.
    """

    metric: Metric
    value: Decimal
    year: int | None
    scope: str
    start: int
    end: int
    approximate: bool = False
    plausible: bool = True


@dataclass(frozen=True, slots=True)
class ParsedSentence:
    """A sentence with what was found in it.

    plain : the text with the words of metrics blanked (□), same length.  numbers, years : those outside the words of metrics.
    all_years : with those inside.  year : of values the sentence names no year for.
    """

    text: str
    plain: str
    mentions: list[Mention]
    metrics: Metrics
    numbers: list[Number]
    years: list[Year]
    all_years: list[Year]
    year: int | None
    context: str
    district: str

    def stated(self, mention: Mention, number: Number, scope: str, year: int | None = None) -> Stated | None:
        """The value of `number` for a mention.

        scope : a group or place named for this very value, "" when none is; a group that another metric speaks of makes it that
        metric's value (小学生均公用经费…，初中…).  year : overrides the one the sentence says.  None when the group is another stage's and no metric speaks of it.
        """
        metric, scope = mention.metric, _SHORT_GROUPS.get(scope, scope)
        sibling = self.metrics.sibling(metric, scope) if scope else None
        if (
            sibling is None
            and scope in _STAGES
            and scope.removeprefix("普通") not in metric.name
            and any(s in metric.name for s in _STAGES)
        ):
            # 幼儿园服务半径300米、小学500米: what is said of another stage is no value of this metric.
            return None
        if sibling is not None:
            metric, scope = sibling, WHOLE_DISTRICT
        elif scope and self._is_own(metric, scope):
            scope = WHOLE_DISTRICT
        elif scope in GROUPS:
            outer = self.scope(mention)
            scope = scope if outer == WHOLE_DISTRICT or outer in GROUPS else f"{outer}/{scope}"
        elif not scope:
            scope = self.scope(mention)
        start, end = min(mention.start, number.start), max(mention.end, number.end)
        plausible = metric.low <= number.value <= metric.high
        if year is None:
            # 去年督导反馈问题23个 is what this year has to set right.
            year = self.year if metric.name.startswith("上年") else self.year_of(number)
        return Stated(metric, number.value, year, scope, start, end, number.approximate, plausible)

    def scope(self, mention: Mention) -> str:
        """For whom the metric speaks where it is named."""
        share = mention.metric.unit == "%"
        scope = prose_scope(self.text, mention.start, self.context, self.district, share=share)
        # 全区幼儿园普惠率 is the whole: a figure of kindergartens is not narrowed by naming them.
        return WHOLE_DISTRICT if self._is_own(mention.metric, scope) else scope

    def _is_own(self, metric: Metric, scope: str) -> bool:
        own = _OWN_GROUP.get(metric.item.split("-")[0], ())
        # 普惠性民办园 are what the rate is made of, not for whom it is said.
        part = any(scope in self.metrics.by_id[part].name for part in metric.parts)
        return scope in GROUPS and (scope in own or part or is_named(scope, metric))

    def attached_year(self, number: Number) -> int | None:
        """The year that is said of this very number: 2017年的83.4%, 83.4%（2017年）; None when none is."""
        for year in self.years:
            if year.end <= number.start and _ATTACHED.fullmatch(self.plain[year.end : number.start].replace("□", "")):
                return year.year
            behind = self.plain[number.end : year.start] if year.start >= number.end else "-"
            if _YEAR_BEHIND.fullmatch(behind) and re.match(r"[度末底）)]", self.plain[year.end : year.end + 1] or ")"):
                return year.year
        return None

    def year_of(self, number: Number) -> int | None:
        """The year a value belongs to: the one attached to it, else as `year_at`."""
        attached = self.attached_year(number)
        return attached if attached is not None else self.year_at(number.start)

    def year_at(self, position: int) -> int | None:
        """The last year named before `position`; 较2017年 names what is compared with, not the year of what is said."""
        own = [y for y in self.years if y.end <= position and y.role != "compared"]
        if not own:
            return self.year
        nearest = own[-1]
        if nearest.role == "from":
            # 由2017年的82.3%提高到86.5%: only the value attached to it belongs to 2017.
            earlier = [y for y in own if y.role != "from"]
            return earlier[-1].year if earlier else self.year
        return nearest.year


def parse(
    text: str, mentions: list[Mention], metrics: Metrics, year: int | None, context: str, district: str
) -> ParsedSentence:
    """The sentence taken apart; `mentions` as `Metrics.mentions` found them."""
    exact = [(mention.start, mention.end) for mention in mentions if not mention.loose]
    years = find_all_years(text, year)
    plain = text
    for start, end in exact:
        plain = plain[:start] + "□" * (end - start) + plain[end:]
    # 20条底线达标学校, 上年督导问题: what stands inside a metric's own words is neither its value nor its year.
    outside = [n for n in find_numbers(text) if not any(a <= n.start and n.end <= b for a, b in exact)]
    own = [y for y in years if not any(a <= y.start and y.end <= b for a, b in exact)]
    # 《规划（2016—2030年）》: the year is the paper's.
    named = [(match.start(), match.end()) for match in re.finditer(r"《[^《》]*》", text)]
    own = [y for y in own if not any(a <= y.start and y.end <= b for a, b in named)]
    own = [
        y
        for y in own
        if not any(m.metric.unit == YEAR_UNIT and m.loose and m.start < y.start < m.end for m in mentions)
    ]
    return ParsedSentence(text, plain, mentions, metrics, outside, own, years, year, context, district)


def is_named(group: str, metric: Metric) -> bool:
    """Whether a metric by its name speaks of a group alone: 小学生均公用经费."""
    stage = group in _STAGES and any(stage in metric.name for stage in _STAGES)
    return stage or group in metric.name or group.removeprefix("普通") in metric.name


def fits(number: Number, metric: Metric) -> bool:
    """Whether a number has a unit the metric accepts. Nothing is nothing in any unit: 大班额比例为0."""
    return unit_fits(number.unit, metric) or (number.value == 0 and not number.unit and metric.unit == "%")


def unit_fits(unit: str, metric: Metric) -> bool:
    """Whether the metric accepts a unit; "" stands for none."""
    return unit in {canonical_unit(word) for word in metric.units} or (not unit and BARE_UNIT in metric.units)
