"""Points as shown item by item (约定 R24): what was checked shows what was found, the rest the self points × the factor used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from scoring_rules.case_data import Case
from scoring_rules.counted import counted
from scoring_rules.credibility import adjustment_factor, sample_of
from scoring_rules.rounding import exact_text
from scoring_rules.scheme import Scheme
from scoring_rules.score_result import ScoreResult, exact_or_none


@dataclass(frozen=True, slots=True)
class ShownPoints:
    """One criterion or item as the district claimed it, exact points.

    verified : None where it was not (wholly) checked. ratio : verified ÷ self, None without either or with self 0.
    shown : None while the credibility is open. All `shown` add up to the self points as adjusted (self × the factor, or
    with only the sample changed where the office reads it so); what a recheck gives back is not in it.
    """

    id: str
    self_points: Fraction
    verified: Fraction | None
    shown: Fraction | None

    @property
    def ratio(self) -> Fraction | None:
        """How much of what was claimed was found."""
        return None if self.verified is None or self.self_points == 0 else self.verified / self.self_points

    def to_json(self) -> dict[str, Any]:
        """The row as JSON data, numbers exact."""
        return {
            "id": self.id,
            "self": exact_text(self.self_points),
            "verified": exact_or_none(self.verified),
            "ratio": None if self.ratio is None else str(self.ratio),
            "shown": exact_or_none(self.shown),
        }


def shown_points(scheme: Scheme, case: Case, result: ScoreResult) -> Sequence[ShownPoints]:
    """The rows in the scheme's order. A whole criterion checked whose self points are by item is one row, as in the sample."""
    factor = None
    if result.credibility is not None:
        factor = adjustment_factor(result.credibility, Fraction(result.parameters["credibility_tolerance"]))
    read = scheme.with_acts(case.acts)
    case = counted(case, read)
    sample = {s.id: s for s in sample_of(case, scheme, case.maxima(read))}
    only_sample = read.term("credibility_adjusts") == "sampled_only"
    shows_found = read.term("credibility_formula") == "ratio_of_sums"
    if only_sample:
        shows_found = sum((s.low - s.self_points for s in sample.values()), Fraction(0)) < 0
    rows: list[ShownPoints] = []
    for criterion in scheme.criteria:
        if criterion.is_bonus:
            continue
        if criterion.id in sample or criterion.id in case.self_points:
            claimed = {criterion.id: case.self_of(criterion)}
        else:
            claimed = {item.id: case.self_points[item.id] for item in criterion.items if item.id in case.self_points}
        whole = claimed.get(criterion.id)
        parts = [item.id for item in criterion.items if item.id in sample]
        if whole is not None and parts and criterion.id not in sample:
            # Self points of the whole, some items checked: only where those of each item are certain (see `case`).
            claimed = {name: sample[name].self_points for name in parts}
            claimed[criterion.id] = whole - sum(claimed.values(), Fraction(0))
        for name, points in claimed.items():
            checked = sample.get(name)
            found = checked.low if checked is not None and checked.checked else None
            shown = None if factor is None else points if only_sample else points * factor
            if factor is not None and factor != 1 and found is not None and shows_found:
                shown = found
            rows.append(ShownPoints(name, points, found, shown))
    return tuple(rows)
