"""Ranking by published points (三（六）「对各区县得分情况进行排名」); ties share a rank and the next is skipped (约定 R27).

What the office may read otherwise: ties by base points (R27), the lowered grade before the points (R6), development and
functional zones ranked together with the districts (R30).
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from scoring_rules.case_errors import RankingError
from scoring_rules.rounding import half_up, published
from scoring_rules.score_result import RANKED_BY, ScoreResult

NAMED_RIVALS = 5


Place = tuple[Fraction | int, ...]  # the smaller, the better


@dataclass(frozen=True, slots=True)
class RankRow:
    """One district in the ranking. rank and total_points are None while its total is open; rank also for what is not ranked."""

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

    The order of `results` is irrelevant. By default the grade plays no part: a lowered grade keeps its rank (约定 R6),
    and the note says so; zones are listed after the districts without a rank (约定 R30).
    Raises RankingError for results that cannot be compared.
    """
    faults = _faults(results)
    if faults:
        raise RankingError(faults)
    ranked = [r for r in results if not _listed_apart(r)]
    places = sorted(_best_place(r) for r in ranked if _is_settled(r))
    # Highest reachable first: the rivals of a place are then a leading part, and most need only the first few.
    rivals = sorted((_best_place(r), r.district) for r in ranked if not _is_settled(r))
    tolerances = {r.parameters["credibility_tolerance"] for r in results}
    rows: list[RankRow] = []
    for result in sorted(ranked, key=_order):
        position = None
        remarks = _remarks(result)
        place = _best_place(result)
        if result.total_points is None:
            low, high = result.total_interval.published()
            remarks.insert(0, f"总分未定，区间 {low} 至 {high}，暂不排名")
        elif not _is_settled(result):
            remarks.insert(0, "等级未定，名次按降级后的等级排（约定 R6），暂不排名")
        else:
            position = 1 + bisect_left(places, place)
            above = bisect_left(rivals, (place, ""))
            if above:
                remarks.append(f"名次为暂列：{_named(rivals[:NAMED_RIVALS], above)}{_open_word(result)}未定，可能居前")
        if len(tolerances) > 1:
            remarks.append(f"可信度界线取 {result.parameters['credibility_tolerance']}，各区县不一致")
        rows.append(_row(result, position, remarks))
    for result in sorted((r for r in results if _listed_apart(r)), key=_order):
        rows.append(_row(result, None, ["开发区、功能区另列，不参加区县排名（约定 R30）", *_remarks(result)]))
    return rows


def _row(result: ScoreResult, position: int | None, remarks: Sequence[str]) -> RankRow:
    return RankRow(
        result.district, position, result.total_points, result.points_grade, result.grade, "；".join(remarks)
    )


def _is_settled(result: ScoreResult) -> bool:
    """Whether nothing that the rank goes by is open."""
    best, worst = result.grade_places
    return result.total_points is not None and (not _grade_first(result) or best == worst)


def _listed_apart(result: ScoreResult) -> bool:
    return result.zone and result.readings["judged"] == "district_governments"


def _grade_first(result: ScoreResult) -> bool:
    return result.readings["downgrade_scope"] == "grade_and_rank"


def _open_word(result: ScoreResult) -> str:
    return "总分或等级" if _grade_first(result) else "总分"


def _best_place(result: ScoreResult) -> Place:
    """What the rank goes by, or the best that can still come of it. Equal places share a rank."""
    total = result.total_interval.high if result.total_points is None else result.total_points
    place: Place = (result.grade_places[0], -total) if _grade_first(result) else (-total,)
    if result.readings["ties"] == "base_points":
        # While the base points are open the whole total may be made of them.
        base = total if result.base_points is None else result.base_points
        place += (-half_up(base),)
    return place


def _named(rivals: Sequence[tuple[Place, str]], count: int) -> str:
    """The first of `count` rivals by name, so that a table of many districts stays readable."""
    names = "、".join(sorted(district for _, district in rivals[:count]))
    return names if count <= NAMED_RIVALS else f"{names}等 {count} 个区县"


def _order(result: ScoreResult) -> tuple[bool, bool, Place, str]:
    if result.total_points is None:
        return True, True, (), result.district
    return False, not _is_settled(result), _best_place(result), result.district


def _remarks(result: ScoreResult) -> list[str]:
    remarks: list[str] = []
    if result.annex1.triggered:
        conditions = f"命中附件 1 第{'、'.join(result.annex1.triggered)}条"
        if result.points_grade == result.grade:
            remarks.append(f"{conditions}，等级未再降低" if result.total_points is not None else conditions)
        else:
            kept = "得分不变，名次按降级后的等级排" if _grade_first(result) else "得分与名次不变"
            levels = "等级按命中条数降低" if result.readings["downgrade_levels"] == "each" else "等级降低一级"
            remarks.append(f"{conditions}，{levels}，{kept}")
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
    for name in RANKED_BY:
        if len(values := {r.readings[name] for r in results}) > 1:
            faults.append(f"约定“{name}”不一致（{'、'.join(sorted(values))}），不能放在一起排名，请按同一决定重算。")
    return faults
