"""Whether what a district handed in is locked: the newest act of its submission says so. Asked inside every writing transaction."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from ingest.tables_cycle import SubmissionAct
from review.cycle_state import year_of
from review.errors import RefusedRecordError, SubmittedError
from review.turns import take_turn


@dataclass(frozen=True, slots=True)
class LastAct:
    """The newest act of a submission. kind : submit / reopen."""

    number: int
    kind: str
    manifest: str
    sha256: str
    by: str
    reason: str
    at: str


def last_act(session: Session, district: str, cycle: int) -> LastAct | None:
    """The newest act of the submission; None while nothing was handed in."""
    query = select(SubmissionAct).where(SubmissionAct.district == district, SubmissionAct.cycle == cycle)
    row = session.scalars(query.order_by(SubmissionAct.number.desc()).limit(1)).first()
    if row is None:
        return None
    return LastAct(row.number, row.kind, row.manifest, row.sha256, row.by, row.reason, row.recorded_at.isoformat())


def refuse_changes(session: Session, district: str, cycle: int, what: str) -> None:
    """Raises SubmittedError when the district has handed in, RefusedRecordError when the year is out or not the district's.

    what : what somebody wants to change, in Chinese.
    """
    take_turn(session, district, cycle)
    act = last_act(session, district, cycle)
    if act is not None and act.kind == "submit":
        raise SubmittedError(district, cycle, act.at, act.by, what)
    found = year_of(session, cycle)
    if not found.has(district):
        raise RefusedRecordError(f"{cycle} 年度的区县名单里没有“{district}”，{what}没有写入")
    if found.is_closed:
        raise RefusedRecordError(f"{cycle} 年度评价报告已经发布，{what}不能再改")
