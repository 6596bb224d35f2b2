"""Finds figures that cannot all be true, and tells them from those that only look so: another year, another scope, a revision."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Generic, Literal, Protocol, TypeVar

from retrieval.metrics import YEAR_UNIT, Metric, Metrics
from retrieval.scopes import WHOLE_DISTRICT

ConflictClass = Literal["true_conflict", "parts", "revised", "other_year", "other_scope"]
# What 约 and 近 allow: a rounded statement of the same figure.
_APPROXIMATE_SHARE = Decimal("0.05")
_OWN_DISTRICT = re.compile(r"^[\u4e00-\u9fff]{2,4}[区县市](?=[\u4e00-\u9fff]{3,})")


class StatedFact(Protocol):
    """What a conflict is found from; both `retrieval.facts.Fact` and a stored fact give it."""

    @property
    def metric(self) -> str: ...
    @property
    def value(self) -> Decimal: ...
    @property
    def year(self) -> int | None: ...
    @property
    def scope(self) -> str: ...
    @property
    def approximate(self) -> bool: ...
    @property
    def revised(self) -> bool: ...


FactT = TypeVar("FactT", bound=StatedFact)


@dataclass(frozen=True, slots=True)
class Conflict(Generic[FactT]):
    """Facts that differ; in the order they were given.

    kind : true_conflict, one metric, year and scope with two values; parts, a ratio that its parts do not give; revised, a later
    paper corrects the figure; other_year and other_scope, no contradiction at all: the values speak of different things.
    year : of an other_year the latest.  computed : of a ratio, what its parts give.
    """

    metric: str
    year: int
    kind: ConflictClass
    facts: tuple[FactT, ...]
    computed: Decimal | None = None


def find_conflicts(
    facts: Iterable[FactT], metrics: Metrics, source: Callable[[FactT], str] | None = None
) -> list[Conflict[FactT]]:
    """The contradictions among `facts`, by metric and year: true conflicts, ratios their parts do not give, and revised figures.

    source : the document of a fact; when given, figures of a town, school or group contradict each other only across documents,
    because one table rightly states several of them.
    Another year or another scope is no contradiction, nor is the same figure with fewer decimals (86.5 and 86.47) or a rounded
    statement (约). Facts without a year are left out: they may speak of any.
    """
    facts = list(facts)
    conflicts: list[Conflict[FactT]] = []
    for (metric_id, year, scope), group in comparable(facts, metrics).items():
        if not _differ(group, scope, source):
            continue
        revised = [fact for fact in group if fact.revised]
        settled = bool(revised) and len(revised) < len(group) and agree(revised)
        kind: ConflictClass = "revised" if settled else "true_conflict"
        conflicts.append(Conflict(metric_id, year, kind, tuple(group)))
    broken = {(conflict.metric, conflict.year) for conflict in conflicts}
    for mismatch in find_mismatches(facts, metrics):
        if (mismatch.metric, mismatch.year) not in broken:
            conflicts.append(mismatch)
    return conflicts


def find_differences(
    facts: Iterable[FactT], metrics: Metrics, source: Callable[[FactT], str] | None = None
) -> list[Conflict[FactT]]:
    """What looks like a contradiction between documents and is none: the same metric for another year or another scope.

    One entry for each metric and class; the facts are those of the whole district with those that differ from them.
    """
    by_metric: dict[str, list[FactT]] = defaultdict(list)
    for (metric_id, _year, _scope), group in comparable(facts, metrics).items():
        by_metric[metric_id] += group
    found: list[Conflict[FactT]] = []
    for metric_id, group in by_metric.items():
        whole = [fact for fact in group if fact.scope == WHOLE_DISTRICT]
        for kind, others in (("other_year", whole), ("other_scope", [f for f in group if f.scope != WHOLE_DISTRICT])):
            apart = [
                (first, other)
                for first in whole
                for other in others
                if _explained(first, other, kind) and (source is None or source(first) != source(other))
            ]
            if apart:
                named = {id(fact) for pair in apart for fact in pair}
                listed = tuple(fact for fact in group if id(fact) in named)
                latest = max(fact.year or 0 for fact in listed)
                found.append(
                    Conflict(metric_id, latest, "other_year" if kind == "other_year" else "other_scope", listed)
                )
    return found


def find_mismatches(facts: Iterable[FactT], metrics: Metrics) -> list[Conflict[FactT]]:
    """Ratios that differ from what their parts give, for the same year and scope.

    Only where each part is stated with one exact value; the stated ratio may be rounded or cut to its decimals.
    """
    stated: dict[tuple[int, str], dict[str, list[FactT]]] = defaultdict(lambda: defaultdict(list))
    for (metric_id, year, scope), group in comparable(facts, metrics).items():
        stated[year, scope][metric_id] = group
    found: list[Conflict[FactT]] = []
    for (year, _scope), groups in stated.items():
        for metric in (metrics.by_id[name] for name in groups if metrics.by_id[name].parts):
            computed = recompute(metric, groups)
            wrong = [fact for fact in groups[metric.id] if computed is not None and not _gives(computed, fact)]
            if computed is not None and wrong:
                parts = [groups[name][0] for name in (*metric.parts, *metric.whole)]
                unique = list({id(fact): fact for fact in (*wrong, *parts)}.values())
                found.append(Conflict(metric.id, year, "parts", tuple(unique), computed))
    return found


def recompute(metric: Metric, groups: dict[str, list[FactT]]) -> Decimal | None:
    """What a ratio's parts give, in the metric's unit, exact; None when a part is missing, rounded, contradicted or the whole is 0."""
    above, below = Decimal(0), Decimal(0)
    for names, add_below in ((metric.parts, False), (metric.whole, True)):
        for name in names:
            group = groups.get(name, [])
            if not group or any(fact.approximate for fact in group) or not agree(group):
                return None
            above, below = (above, below + group[0].value) if add_below else (above + group[0].value, below)
    if below == 0:
        return None
    return above / below * (100 if metric.unit == "%" else 1)


def comparable(facts: Iterable[FactT], metrics: Metrics) -> dict[tuple[str, int, str], list[FactT]]:
    """Facts by metric, year and scope; those that may rightly differ (several a year, years themselves) are left out."""
    groups: dict[tuple[str, int, str], list[FactT]] = defaultdict(list)
    for fact in facts:
        metric = metrics.by_id.get(fact.metric)
        # Of a metric that is itself a year (最近一次核编) several are normal: one per round.
        if fact.year is not None and metric and not metric.several and metric.unit != YEAR_UNIT:
            groups[fact.metric, fact.year, same_scope(fact.scope)].append(fact)
    return groups


def same_scope(scope: str) -> str:
    """The scope without the district's name: 云山区实验小学 and 实验小学 are one school."""
    return _OWN_DISTRICT.sub("", scope)


def agree(group: Sequence[StatedFact]) -> bool:
    """Whether no two of the facts differ."""
    return all(same_value(first, second) for place, first in enumerate(group) for second in group[:place])


def same_value(first: StatedFact, second: StatedFact) -> bool:
    """Whether two statements agree: equal, or equal when the finer one is rounded to the decimals of the coarser one."""
    a, b = first.value, second.value
    if a == b:
        return True
    if first.approximate or second.approximate:
        return abs(a - b) <= _APPROXIMATE_SHARE * max(abs(a), abs(b))
    coarse, fine = sorted((a, b), key=_decimals)
    step = Decimal(1).scaleb(-_decimals(coarse))
    # Whole numbers are counts: 66 and 66.4 schools do not agree, only shares are rounded.
    return _decimals(coarse) > 0 and fine.quantize(step, ROUND_HALF_UP) == coarse


def _differ(group: Sequence[FactT], scope: str, source: Callable[[FactT], str] | None) -> bool:
    if scope == WHOLE_DISTRICT or source is None:
        return not agree(group)
    return any(
        not same_value(first, second) and source(first) != source(second)
        for place, first in enumerate(group)
        for second in group[:place]
    )


def _explained(first: StatedFact, other: StatedFact, kind: str) -> bool:
    if same_value(first, other):
        return False
    return first.year != other.year if kind == "other_year" else first.year == other.year


def _gives(computed: Decimal, fact: StatedFact) -> bool:
    """Whether a stated ratio is what its parts give, rounded or cut to its decimals."""
    if fact.approximate:
        return abs(computed - fact.value) <= _APPROXIMATE_SHARE * max(abs(computed), abs(fact.value))
    step = Decimal(1).scaleb(-_decimals(fact.value))
    return fact.value in (computed.quantize(step, ROUND_HALF_UP), computed.quantize(step, ROUND_DOWN))


def _decimals(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
