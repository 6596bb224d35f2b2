"""The charts of a district, as papers and pages both show them: each from the score sheet or the completeness list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from statistics import median
from typing import Any

from review.charts import heat_chart, profile_chart, waterfall_chart
from review.completeness import STATE_WORDS, Completeness
from review.papers.record import DistrictRecord
from review.papers.render import Picture
from scoring_rules.scheme import Scheme
from scoring_rules.score_result import ScoreResult


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
    return [median(column) for column in zip(*all_shares, strict=True)] if len(all_shares) >= 3 else None


def profile(record: DistrictRecord, others: Sequence[ScoreResult] = ()) -> dict[str, Any] | None:
    """The profile of the district by indicator; None while its points are open."""
    png = profile_png(record.feedback.scheme, record.score, others)
    return (
        None
        if png is None
        else {"picture": Picture(png, 140), "caption": "图　一级指标得分率（得分占该指标满分的百分比）"}
    )


def profile_png(scheme: Scheme, score: ScoreResult | None, others: Sequence[ScoreResult] = ()) -> bytes | None:
    """PNG of the profile; None while the points are open."""
    shares = None if score is None else shares_of(scheme, score)
    if score is None or shares is None:
        return None
    names = [f"{i.id} {i.name}" for i in scheme.indicators if i.id in indicator_points(scheme, score)]
    return profile_chart(names, shares, median_shares(scheme, others), score.district)


def lost_points_chart(record: DistrictRecord) -> dict[str, Any] | None:
    """The waterfall from the full mark to the total; None while the total is open."""
    png = waterfall_png(record.feedback.scheme, record.score)
    return (
        None
        if png is None
        else {"picture": Picture(png, 156), "caption": "图　从满分到最终得分：各二级指标的失分（加分为 B21）"}
    )


def waterfall_png(scheme: Scheme, score: ScoreResult | None) -> bytes | None:
    """PNG of the waterfall; None while the total is open. Its steps add up to the total."""
    if score is None or score.total_points is None:
        return None
    steps = []
    for line in score.lines:
        if line.points is None:
            return None
        whole = Fraction(0) if line.id in ("cap", "rounding") else scheme.criterion(line.id).points
        is_bonus = line.id not in ("cap", "rounding") and scheme.criterion(line.id).is_bonus
        steps.append(
            ({"cap": "封顶", "rounding": "取整"}.get(line.id, line.id), float((0 if is_bonus else whole) - line.points))
        )
    return waterfall_chart(float(scheme.full_points), tuple(steps), float(score.total_points))


def heat_map(listed: Completeness, scheme: Scheme) -> dict[str, Any]:
    """The 65 items of a district by criterion, each with its state."""
    return {
        "picture": Picture(heat_map_png(listed, scheme), 156),
        "caption": "图　各评价要点材料情况（每格一个评价要点）",
    }


def heat_map_png(listed: Completeness, scheme: Scheme) -> bytes:
    """PNG of the heat map."""
    states: Mapping[str, str] = {entry.item: entry.state for entry in listed.items}
    rows = [
        (f"{c.id}", [(item.id.partition("-")[2], states[item.id]) for item in c.items if item.id in states])
        for c in scheme.criteria
    ]
    return heat_chart([row for row in rows if row[1]], STATE_WORDS)
