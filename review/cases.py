"""The case file of a district as recorded: its text unchanged, the newest one counts."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

from sqlalchemy import Select, func, select

from ingest.tables import CaseRow
from review.workspace import Workspace
from scoring_rules.case import Case, load_case


def record_case(workspace: Workspace, text: str, source: str) -> Case:
    """The case, kept in the record for its district and cycle. Raises CaseError with every fault; then nothing is kept."""
    case = load_case(text, source)
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    with workspace.store.session() as session:
        newest = _newest(case.district, case.cycle)
        row = session.scalar(newest)
        if row is None or row.sha256 != sha256:
            session.add(
                CaseRow(
                    district=case.district, cycle=case.cycle, text=text, sha256=sha256, recorded_at=datetime.now(UTC)
                )
            )
    return case


def recorded_case(workspace: Workspace, district: str, cycle: int) -> Case | None:
    """The newest recorded case of the district and cycle, None when none was recorded."""
    with workspace.store.session() as session:
        row = session.scalar(_newest(district, cycle))
        return None if row is None else load_case(row.text, f"{district}{cycle}年度案卷")


def newest_case_cycle(workspace: Workspace, district: str) -> int | None:
    """The newest cycle a case of the district is recorded for; None without one."""
    with workspace.store.session() as session:
        return session.scalar(select(func.max(CaseRow.cycle)).where(CaseRow.district == district))


def _newest(district: str, cycle: int) -> Select[CaseRow]:
    return (
        select(CaseRow).where(CaseRow.district == district, CaseRow.cycle == cycle).order_by(CaseRow.id.desc()).limit(1)
    )
