"""附件 1: a condition that is met lowers the grade, by one and once unless the office reads it otherwise (R4).

A condition that is not known is neither true nor false.
"""

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


def levels_of(state: Annex1, downgrade_levels: str) -> tuple[int, int]:
    """How many grades a hit costs, at least and at most (R4): one whatever the number of hits, or one for each.

    downgrade_levels : one or each. While nothing is triggered the least is what a single hit would cost.
    """
    if downgrade_levels == "one":
        return 1, 1
    return max(len(state.triggered), 1), max(len(state.triggered) + len(state.unknown), 1)


def outcomes(
    scheme: Scheme, points_grades: Iterable[str], status: Settled, levels: tuple[int, int] = (1, 1)
) -> tuple[str, ...]:
    """The grades that every way of settling what is open leads to, best first.

    points_grades : the grades the points may still fall in, at least one. levels : see `levels_of`.
    """
    least, most = levels
    steps = list(range(least, most + 1)) if status != "not_triggered" else []
    if status != "triggered":
        steps.append(0)
    found = {lowered(scheme, name, step) for name in points_grades for step in steps}
    return tuple(grade.name for grade in scheme.grades if grade.name in found)


def final_grade(scheme: Scheme, points_grades: Iterable[str], status: Settled, levels: tuple[int, int] = (1, 1)) -> str:
    """The grade when every way of settling what is open gives the same one, else 待认定; arguments as in `outcomes`."""
    found = outcomes(scheme, points_grades, status, levels)
    return found[0] if len(found) == 1 else UNSETTLED
