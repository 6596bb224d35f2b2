"""What part of the points of each indicator a district has, and the median of the districts."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from statistics import median

from scoring_rules.scheme import Scheme
from scoring_rules.score_result import ScoreResult

# Of fewer districts the median would tell what a single one of them has.
LEAST_FOR_MEDIAN = 3


def indicator_points(scheme: Scheme, score: ScoreResult) -> dict[str, Fraction | None]:
    """Points by indicator that counts towards the full mark; None where one of its criteria is open."""
    lines = {line.id: line.points for line in score.lines}
    found: dict[str, Fraction | None] = {}
    for indicator in scheme.indicators:
        own = [lines.get(c.id) for c in indicator.criteria if not c.is_bonus]
        if own:
            known = [points for points in own if points is not None]
            found[indicator.id] = sum(known, Fraction(0)) if len(known) == len(own) else None
    return found


def shares_of(scheme: Scheme, score: ScoreResult) -> list[float] | None:
    """Percent of the points by indicator; None while one is open."""
    points = indicator_points(scheme, score)
    if any(value is None for value in points.values()):
        return None
    return [float((points[i.id] or 0) / i.points * 100) for i in scheme.indicators if i.id in points]


def median_shares(scheme: Scheme, scores: Sequence[ScoreResult]) -> list[float] | None:
    """The median of the districts' shares by indicator; None with fewer than three of them."""
    all_shares = [shares for shares in (shares_of(scheme, score) for score in scores) if shares is not None]
    if len(all_shares) < LEAST_FOR_MEDIAN:
        return None
    return [median(column) for column in zip(*all_shares, strict=True)]
