"""The score sheet: what `score --json` prints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from scoring_rules.downgrade import Annex1
from scoring_rules.intervals import Interval
from scoring_rules.ledger import Ledger
from scoring_rules.rounding import exact_text, published

# The open terms that say how districts are ranked.
RANKED_BY = ("downgrade_levels", "downgrade_scope", "ties", "judged")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the sheet: a criterion, the bonus, or what cap and rounding change ("cap", "rounding").

    self_points : None where nothing was claimed. sampled : ids of what was checked here.
    verified : points found for `sampled`; None while not (wholly) checked. points : None while open; may be below 0
    for cap and rounding.
    """

    id: str
    self_points: Fraction | None
    sampled: tuple[str, ...]
    verified: Fraction | None
    points: Fraction | None

    def to_json(self) -> dict[str, Any]:
        """The line as JSON data, numbers exact."""
        return {
            "id": self.id,
            "self": exact_or_none(self.self_points),
            "sampled": list(self.sampled),
            "verified": exact_or_none(self.verified),
            "points": exact_or_none(self.points),
        }


@dataclass(frozen=True, slots=True)
class ScoreResult:
    """A score sheet. Points are exact but for `total_points`, which is the published total; None while open.

    adjusted : whether the self points were multiplied by the credibility; None without one.
    points_grade, grade_without_bonus, grade : 待认定 while the ways of settling what is open give different ones.
    open : what keeps the sheet from being final, one Chinese sentence each; notes : what to look at twice.
    parameters : id → value used. lines : their points add up to `total_points` once nothing is open.
    grade_places : places in the scheme's list of grades (0 = best) of the best and the worst grade still possible.
    readings : the values of `RANKED_BY`. zone : not a district government.
    """

    district: str
    cycle: int
    scheme_id: str
    self_points: Fraction
    credibility: Fraction | None
    adjusted: bool | None
    base_points: Fraction | None
    bonus_points: Fraction | None
    total_points: Fraction | None
    total_interval: Interval
    points_grade: str
    grade_without_bonus: str
    annex1: Annex1
    grade: str
    open: tuple[str, ...]
    notes: tuple[str, ...]
    parameters: Mapping[str, str]
    lines: tuple[Line, ...]
    ledger: Ledger
    grade_places: tuple[int, int]
    readings: Mapping[str, str]
    zone: bool = False

    def to_json(self) -> dict[str, Any]:
        """The document of `score --json`. Points have two decimals; the exact values stand in lines and ledger."""
        return {
            "district": self.district,
            "cycle": self.cycle,
            "scheme": self.scheme_id,
            "self_points": published(self.self_points),
            "credibility": None if self.credibility is None else str(self.credibility),
            "adjusted": self.adjusted,
            "base_points": _published_or_none(self.base_points),
            "bonus_points": _published_or_none(self.bonus_points),
            "total_points": _published_or_none(self.total_points),
            "total_interval": self.total_interval.published(),
            "points_grade": self.points_grade,
            "grade_without_bonus": self.grade_without_bonus,
            "annex1": self.annex1.to_json(),
            "grade": self.grade,
            "open": list(self.open),
            "notes": list(self.notes),
            "parameters": dict(self.parameters),
            "lines": [line.to_json() for line in self.lines],
            "ledger": self.ledger.to_json(),
            "sha256": self.ledger.sha256(),
        }


def exact_or_none(value: Fraction | None) -> str | None:
    """Exact text, None for what is open or absent."""
    return None if value is None else exact_text(value)


def _published_or_none(value: Fraction | None) -> str | None:
    return None if value is None else published(value)
