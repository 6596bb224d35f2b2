"""The case file of one district and one evaluation year, as frozen, checked data (design: 案卷)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Literal

from scoring_rules.applicability import Maxima, maxima
from scoring_rules.open_terms import Act
from scoring_rules.rounding import exact_text
from scoring_rules.scheme import Criterion, Scheme

Settled = Literal["triggered", "not_triggered", "unknown"]


@dataclass(frozen=True, slots=True)
class Rectification:
    """Last year's problems: `due` to be put right, `unrectified` of them not (0 ≤ unrectified ≤ due)."""

    due: int
    unrectified: int


@dataclass(frozen=True, slots=True)
class Case:
    """A case file without faults; made by `case.load_case` only.

    self_points    : by criterion or item id, never both inside one criterion; exact points.
    verified       : by id of what was sampled; None = sampled and not yet checked.
    not_applicable : item ids in the scheme's order; a criterion named whole is written as all its items.
    claimed, awarded : bonus points; None = not stated, not yet decided.
    annex1         : condition id → word, all six.
    overrides      : parameter id → canonical text.
    acts           : what the office has decided about open terms.
    desk           : points found by the desk review (案头审核), by criterion or item id.
    recheck        : points found at the recheck (整改复查) of ids that were verified, not below what was verified.
    late_events    : conditions an event after the data year was found to meet.
    zone           : a development or functional zone (开发区、功能区), not a district government.
    """

    scheme: str
    cycle: int
    district: str
    self_points: Mapping[str, Fraction]
    verified: Mapping[str, Fraction | None]
    not_applicable: tuple[str, ...]
    claimed: Fraction | None
    awarded: Fraction | None
    annex1: Mapping[str, Settled]
    rectification: Rectification | None
    overrides: Mapping[str, str]
    acts: tuple[Act, ...] = ()
    desk: Mapping[str, Fraction] = field(default_factory=dict)
    recheck: Mapping[str, Fraction] = field(default_factory=dict)
    late_events: tuple[str, ...] = ()
    zone: bool = False

    @property
    def data_year(self) -> int:
        """The year that is judged: the one before the evaluation year (约定 R13)."""
        return self.cycle - 1

    def maxima(self, scheme: Scheme) -> Maxima:
        """Maxima with this case's items that do not apply left out."""
        return maxima(scheme, self.not_applicable)

    def self_of(self, criterion: Criterion) -> Fraction:
        """Self points of a criterion, added up where they were given by item; 0 where it does not apply."""
        if criterion.id in self.self_points:
            return self.self_points[criterion.id]
        return sum((self.self_points.get(item.id, Fraction(0)) for item in criterion.items), Fraction(0))

    def to_inputs(self) -> dict[str, Any]:
        """The case as JSON data that `load_case` reads back to an equal case; independent of how the file was written."""
        inputs: dict[str, Any] = {
            "scheme": self.scheme,
            "cycle": self.cycle,
            "district": self.district,
            "self": {key: exact_text(value) for key, value in self.self_points.items()},
            "verified": {key: None if value is None else exact_text(value) for key, value in self.verified.items()},
            "not_applicable": list(self.not_applicable),
            "bonus": {
                "claimed": None if self.claimed is None else exact_text(self.claimed),
                "awarded": None if self.awarded is None else exact_text(self.awarded),
            },
            "annex1": dict(self.annex1),
            "parameters": dict(self.overrides),
        }
        if self.acts:
            inputs["acts"] = [act.to_json() for act in self.acts]
        for name, points in (("desk", self.desk), ("recheck", self.recheck)):
            if points:
                inputs[name] = {key: exact_text(value) for key, value in points.items()}
        if self.late_events:
            inputs["late_events"] = list(self.late_events)
        if self.zone:
            inputs["zone"] = True
        if self.rectification is not None:
            inputs["rectification"] = {
                "due": self.rectification.due,
                "unrectified": self.rectification.unrectified,
            }
        return inputs
