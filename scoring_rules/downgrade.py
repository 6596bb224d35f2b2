"""附件 1: any one condition lowers the grade by one, once. A condition that is not known is neither true nor false."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from scoring_rules.case_data import Settled
from scoring_rules.grade import UNSETTLED, lowered
from scoring_rules.scheme import Scheme


@dataclass(frozen=True, slots=True)
class Annex1:
    """The conditions together. `triggered` and `unknown` hold condition ids in the document's order."""

    status: Settled
    triggered: tuple[str, ...]
    unknown: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """The `annex1` member of `score --json`."""
        return {"status": self.status, "triggered": list(self.triggered), "unknown": list(self.unknown)}


def annex1(scheme: Scheme, states: Mapping[str, Settled]) -> Annex1:
    """One hit decides, whatever else is unknown; without a hit, one unknown leaves it unknown."""
    triggered = tuple(c.id for c in scheme.conditions if states[c.id] == "triggered")
    unknown = tuple(c.id for c in scheme.conditions if states[c.id] == "unknown")
    status: Settled = "triggered" if triggered else "unknown" if unknown else "not_triggered"
    return Annex1(status, triggered, unknown)


def final_grade(scheme: Scheme, points_grades: Iterable[str], status: Settled) -> str:
    """The grade when every way of settling what is open gives the same one, else 待认定.

    points_grades : the grades the points may still fall in, at least one.
    """
    outcomes: set[str] = set()
    for name in points_grades:
        if status != "not_triggered":
            outcomes.add(lowered(scheme, name))
        if status != "triggered":
            outcomes.add(name)
    return outcomes.pop() if len(outcomes) == 1 else UNSETTLED
