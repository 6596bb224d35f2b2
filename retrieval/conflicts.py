"""Finds figures that contradict each other: one metric, one year, the whole district - and two different values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Generic, Literal, Protocol, TypeVar

from retrieval.metrics import YEAR_UNIT, Metrics
from retrieval.scopes import WHOLE_DISTRICT

ConflictClass = Literal["value"]
# What 约 and 近 allow: a rounded statement of the same figure.
_APPROXIMATE_SHARE = Decimal("0.05")


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


FactT = TypeVar("FactT", bound=StatedFact)


@dataclass(frozen=True, slots=True)
class Conflict(Generic[FactT]):
    """Facts of one metric and year, for the whole district, that cannot all be true; in the order they were given.

    kind : "value", two different values (other kinds may follow: parts that do not add up).
    """

    metric: str
    year: int
    kind: ConflictClass
    facts: tuple[FactT, ...]


def find_conflicts(facts: Iterable[FactT], metrics: Metrics) -> list[Conflict[FactT]]:
    """The contradictions among `facts`, by metric and year.

    Another year or another scope is no contradiction, nor is the same figure with fewer decimals (86.5 and 86.47) or a rounded
    statement (约). Facts without a year are left out: they may speak of any.
    """
    groups: dict[tuple[str, int], list[FactT]] = defaultdict(list)
    for fact in facts:
        metric = metrics.by_id.get(fact.metric)
        # Of a metric that is itself a year (最近一次核编) several are normal: one per round.
        if (
            fact.scope == WHOLE_DISTRICT
            and fact.year is not None
            and metric
            and not metric.several
            and metric.unit != YEAR_UNIT
        ):
            groups[fact.metric, fact.year].append(fact)
    conflicts = []
    for (metric_id, year), group in groups.items():
        if any(not same_value(first, second) for position, first in enumerate(group) for second in group[:position]):
            conflicts.append(Conflict(metric_id, year, "value", tuple(group)))
    return conflicts


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


def _decimals(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
