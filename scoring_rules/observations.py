"""What the rules are told about an item: the figures found for it and the state of its evidence."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

EvidenceState = Literal["found", "partly", "missing", "out_of_period", "unreadable"]


@dataclass(frozen=True, slots=True)
class Observation:
    """A figure as a document states it. metric : an id of corpus/metrics. year : None when nothing says which.

    scope : "全区" for the whole district, else the town, school or group. citation : a key only the caller understands.
    approximate : the document says 约, 近 or the like; such a figure is shown and decides no limit.
    document : which document states it, so that a figure repeated elsewhere is not taken for a second one.
    """

    metric: str
    value: Decimal
    unit: str
    year: int | None
    scope: str
    citation: str
    approximate: bool = False
    document: str = ""


@dataclass(frozen=True, slots=True)
class ItemInput:
    """All that is known of an item. conflicting_metrics : those whose figures contradict each other somewhere."""

    item_id: str
    observations: tuple[Observation, ...]
    conflicting_metrics: frozenset[str]
    evidence_state: EvidenceState
    not_applicable: bool = False
