"""Ranking by published points (三（六）「对各区县得分情况进行排名」); ties share a rank and the next is skipped (约定 R27)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from scoring_rules.case_errors import RankingError
from scoring_rules.rounding import published
from scoring_rules.score_result import ScoreResult

NAMED_RIVALS = 5


@dataclass(frozen=True, slots=True)
class RankRow:
    """One district in the ranking. rank and total_points are None while its total is open."""

    district: str
    rank: int | None
    total_points: Fraction | None
    points_grade: str
    grade: str
    note: str

    def to_json(self) -> dict[str, Any]:
        """The row of `rank --json`."""
        return {
            "district": self.district,
            "rank": self.rank,
            "total_points": None if self.total_points is None else published(self.total_points),
            "points_grade": self.points_grade,
            "grade": self.grade,
            "note": self.note,
        }


def rank(results: Sequence[ScoreResult]) -> list[RankRow]:
    """Rows best first, ties in the order of the district names' characters, districts with an open total last.

    The order of `results` is irrelevant. The grade plays no part: a lowered grade keeps its rank (约定 R6), and the
    note says so. Raises RankingError for results that cannot be compared.
    """
    faults = _faults(results)
    if faults:
        raise RankingError(faults)
    totals = sorted(r.total_points for r in results if r.total_points is not None)
    # Highest reachable first: the rivals of a total are then a leading part, and most totals need only the first few.
    rivals = sorted((-r.total_interval.high, r.district) for r in results if r.total_points is None)
    tolerances = {r.parameters["credibility_tolerance"] for r in results}
    rows: list[RankRow] = []
    for result in sorted(results, key=_order):
        position = None
        remarks = _remarks(result)
        total = result.total_points
        if total is None:
            low, high = result.total_interval.published()
            remarks.insert(0, f"总分未定，区间 {low} 至 {high}，暂不排名")
        else:
            position = 1 + len(totals) - bisect_right(totals, total)
            above = bisect_left(rivals, (-total, ""))
            if above:
                remarks.append(f"名次为暂列：{_named(rivals[:NAMED_RIVALS], above)}总分未定，可能居前")
        if len(tolerances) > 1:
            remarks.append(f"可信度界线取 {result.parameters['credibility_tolerance']}，各区县不一致")
        rows.append(RankRow(result.district, position, total, result.points_grade, result.grade, "；".join(remarks)))
    return rows


def _named(rivals: Sequence[tuple[Fraction, str]], count: int) -> str:
    """The first of `count` rivals by name, so that a table of many districts stays readable."""
    names = "、".join(sorted(district for _, district in rivals[:count]))
    return names if count <= NAMED_RIVALS else f"{names}等 {count} 个区县"


def _order(result: ScoreResult) -> tuple[bool, Fraction, str]:
    return result.total_points is None, -(result.total_points or Fraction(0)), result.district


def _remarks(result: ScoreResult) -> list[str]:
    remarks: list[str] = []
    if result.annex1.triggered:
        conditions = f"命中附件 1 第{'、'.join(result.annex1.triggered)}条"
        if result.points_grade == result.grade:
            remarks.append(f"{conditions}，等级未再降低" if result.total_points is not None else conditions)
        else:
            remarks.append(f"{conditions}，等级降低一级，得分与名次不变")
    elif result.annex1.status == "unknown":
        remarks.append(f"附件 1 第{'、'.join(result.annex1.unknown)}条待核实")
    return remarks


def _faults(results: Sequence[ScoreResult]) -> list[str]:
    faults = [
        f"“{district}”出现 {count} 次，请只留一份案卷。"
        for district, count in Counter(r.district for r in results).items()
        if count > 1
    ]
    for what, found in (("评价方案", {r.scheme_id for r in results}), ("评价年度", {str(r.cycle) for r in results})):
        if len(found) > 1:
            faults.append(f"{what}不一致（{'、'.join(sorted(found))}），请按同一{what}分别排名。")
    return faults
