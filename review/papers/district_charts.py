"""The charts of a district, as papers and pages both show them: each from the score sheet or the completeness list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from review.charts import heat_chart, profile_chart, waterfall_chart
from review.completeness import STATE_WORDS, Completeness
from review.papers.record import DistrictRecord
from review.papers.render import Picture
from review.papers.shares import indicator_points, shares_of
from scoring_rules.scheme import Scheme
from scoring_rules.score_result import ScoreResult


def profile(record: DistrictRecord) -> dict[str, Any] | None:
    """The profile of the district by indicator beside the median of the year; None while its points are open."""
    png = profile_png(record.feedback.scheme, record.score, record.median)
    return (
        None
        if png is None
        else {"picture": Picture(png, 140), "caption": "图　一级指标得分率（得分占该指标满分的百分比）"}
    )


def profile_png(scheme: Scheme, score: ScoreResult | None, middle: Sequence[float] | None = None) -> bytes | None:
    """PNG of the profile; None while the points are open. middle : the districts' median by indicator."""
    shares = None if score is None else shares_of(scheme, score)
    if score is None or shares is None:
        return None
    names = [f"{i.id} {i.name}" for i in scheme.indicators if i.id in indicator_points(scheme, score)]
    return profile_chart(tuple(names), tuple(shares), None if middle is None else tuple(middle), score.district)


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
