"""A confirmation as it is written: who, what state, which passage and figure; within the transaction of whoever has the right."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ingest.tables import Confirmation, Document, EvidenceLink, FactRow, Passage
from review.assignments import refuse_unassigned
from review.audit import write_act
from review.errors import RefusedRecordError
from review.workspace import Workspace

STATES = {"confirmed": "已确认", "rejected": "已否定", "proposed": "已撤回"}
VERDICTS = {"supports": "支撑", "contradicts": "相反", "mentions": "仅提及", "out_of_period": "年度不符"}


@dataclass(frozen=True, slots=True)
class Confirmed:
    """One entry of the log. passage : its key. subject : item or metric.

    detail : tells the figure, {} for a link; "verdict" where a person said what the passage is for the item, "corrected_to" or
    "corrected_from" where he corrected a figure.
    """

    number: int
    kind: str
    passage: str
    subject: str
    detail: dict[str, Any]
    state: str
    by: str
    reason: str
    at: str

    def to_json(self) -> dict[str, Any]:
        """The entry as JSON data."""
        return {
            "number": self.number,
            "kind": self.kind,
            "passage": self.passage,
            "subject": self.subject,
            "detail": self.detail,
            "state": self.state,
            "by": self.by,
            "reason": self.reason,
            "at": self.at,
        }


def write_link(
    workspace: Workspace, session: Session, district: str, cycle: int, passage: str, item: str, who: str, why: str, *,
    state: str = "confirmed", verdict: str = "", method: str = "person",
) -> Confirmed:  # fmt: skip
    """The confirmation within the caller's transaction, who has checked name, reason and verdict.

    method : of a link that nobody proposed before.
    """
    found = passage_of(session, district, cycle, passage)
    refuse_not_assigned(workspace, session, district, cycle, item)
    link = session.scalar(select(EvidenceLink).where(EvidenceLink.passage_id == found.id, EvidenceLink.item == item))
    if link is None and state != "confirmed":
        raise RefusedRecordError(f"段落 {passage} 与 {item} 没有建议的对应关系")
    if link is None:
        last = session.scalar(select(func.max(EvidenceLink.rank)).where(EvidenceLink.passage_id == found.id)) or 0
        link = EvidenceLink(
            passage_id=found.id, item=item, rank=last + 1, confidence=1.0, verdict="supports", method=method
        )
        session.add(link)
    before = link.state or "proposed"
    link.state = state
    detail = {}
    if verdict:
        detail = {"verdict": verdict, "verdict_before": link.verdict}
        link.verdict = verdict
    return log_confirmation(workspace, session, district, cycle, "link", passage, item, detail, before, state, who, why)


def told(row: FactRow) -> dict[str, Any]:
    """A figure as the log tells it."""
    return {"value": row.value, "unit": row.unit, "year": row.year, "scope": row.scope}


def refuse_not_assigned(workspace: Workspace, session: Session, district: str, cycle: int, item: str) -> None:
    """An expert confirms what belongs to the criteria the office has assigned to him, where it has assigned any."""
    if workspace.actor.role == "expert":
        owner = {one.id: one.criterion_id for one in workspace.scheme.items}
        refuse_unassigned(session, district, cycle, owner[item], workspace.actor.name)


def signed(by: str, state: str, reason: str) -> tuple[str, str]:
    """Name and reason without blanks. RefusedRecordError for an unknown state, without a name, for a refusal without a reason."""
    if state not in STATES:
        raise RefusedRecordError(f"状态只能是 {'、'.join(STATES)}，实际是“{state}”")
    if not by.strip():
        raise RefusedRecordError("确认要写明是谁")
    if state != "confirmed" and not reason.strip():
        raise RefusedRecordError("否定或撤回要写明理由")
    return by.strip(), reason.strip()


def passage_of(session: Session, district: str, cycle: int, key: str) -> Passage:
    """The passage of that key within the district and cycle; another district's key answers like one that does not exist."""
    found = session.scalar(
        select(Passage)
        .join(Passage.document)
        .where(Document.district == district, Document.cycle == cycle, Passage.key == key)
        .order_by(Passage.id)
        .limit(1)
    )
    if found is None:
        raise RefusedRecordError(
            f"{district} {cycle} 年度的材料里没有段落“{key}”，可用 edureview search --json 查看段落编号"
        )
    return found


def log_confirmation(
    workspace: Workspace,
    session: Session,
    district: str,
    cycle: int,
    kind: str,
    passage: str,
    subject: str,
    detail: dict[str, Any],
    before: str,
    state: str,
    by: str,
    reason: str,
) -> Confirmed:
    """Adds the entry of the log, and the act."""
    row = Confirmation(
        district=district,
        cycle=cycle,
        kind=kind,
        passage=passage,
        subject=subject,
        detail=detail,
        state=state,
        by=by,
        reason=reason,
        recorded_at=datetime.now(UTC),
    )
    session.add(row)
    session.flush()
    done = entry_of(row)
    write_act(
        workspace, session, f"confirm_{kind}", district=district, cycle=cycle, subject=f"{passage} {subject}",
        before={"state": before}, after=done.to_json(),
    )  # fmt: skip
    return done


def entry_of(row: Confirmation) -> Confirmed:
    """A row as people read it."""
    return Confirmed(
        row.id, row.kind, row.passage, row.subject, dict(row.detail), row.state, row.by, row.reason,
        row.recorded_at.isoformat(),
    )  # fmt: skip
