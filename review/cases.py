"""The case file of a district as recorded: its text unchanged, the newest one counts."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from ingest.tables import CaseRow
from review.acts import office_rules
from review.audit import write_act
from review.rights import allowed, require
from review.workspace import Workspace
from scoring_rules.case import Case, load_case

# Whose acts hold is known before the file is read: an act may change how many points an item can have.
_CYCLE = re.compile(r"""(?:^|[{,])\s*["']?cycle["']?\s*:\s*(\d{4})\b""", re.MULTILINE)


@allowed("record_case")
def record_case(workspace: Workspace, text: str, source: str) -> Case:
    """The case, kept in the record for its district and cycle, as it is read under the acts of the office.

    Raises CaseError with every fault; then nothing is kept.
    """
    stated = _CYCLE.search(text)
    case = _read(workspace, text, source, int(stated.group(1)) if stated else None)
    require(workspace.actor, "record_case", case.district)
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    named = {"district": case.district, "cycle": case.cycle}

    def work(session: Session) -> None:
        row = session.scalar(_newest(case.district, case.cycle))
        if row is None or row.sha256 != sha256:
            session.add(CaseRow(**named, text=text, sha256=sha256, recorded_at=datetime.now(UTC)))
            before = None if row is None else {"sha256": row.sha256}
            write_act(
                workspace, session, "case_recorded", district=case.district, cycle=case.cycle, subject=source,
                before=before, after={"sha256": sha256},
            )  # fmt: skip

    workspace.write(work)
    return case


@allowed("read_case")
def recorded_case(workspace: Workspace, district: str, cycle: int) -> Case | None:
    """The newest recorded case of the district and cycle, None when none was recorded."""
    with workspace.store.session() as session:
        row = session.scalar(_newest(district, cycle))
        text = None if row is None else row.text
    return None if text is None else _read(workspace, text, f"{district}{cycle}年度案卷", cycle)


def _read(workspace: Workspace, text: str, source: str, cycle: int | None) -> Case:
    """The case under the acts of its cycle: they are part of it, so that whatever is computed from it follows them."""
    if cycle is None:
        return load_case(text, source)
    rules = office_rules(workspace, cycle)
    return load_case(text, source, parameters=rules.parameters, acts=rules.acts)


@allowed("read_evidence")
def newest_case_cycle(workspace: Workspace, district: str) -> int | None:
    """The newest cycle a case of the district is recorded for; None without one."""
    with workspace.store.session() as session:
        return session.scalar(select(func.max(CaseRow.cycle)).where(CaseRow.district == district))


def _newest(district: str, cycle: int) -> Select[CaseRow]:
    return (
        select(CaseRow).where(CaseRow.district == district, CaseRow.cycle == cycle).order_by(CaseRow.id.desc()).limit(1)
    )
