"""A named person confirms or rejects a proposed link or figure: the state of the row changes, and a frozen log row says who.

Only confirmed links carry citations into a decision; a rejected figure takes no part in drafts and proposals.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ingest.tables import Confirmation, Document, EvidenceLink, FactRow, Passage
from retrieval.metrics import load_metrics
from review.assignments import refuse_unassigned
from review.audit import write_act
from review.errors import RefusedRecordError
from review.rights import allowed, signer
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


@allowed("confirm")
def confirm_link(
    workspace: Workspace,
    district: str,
    cycle: int,
    passage: str,
    item: str,
    by: str,
    *,
    state: str = "confirmed",
    reason: str = "",
    verdict: str = "",
) -> Confirmed:
    """Confirms (rejects, takes back) that a passage is evidence for an item; a link nobody proposed is made when confirmed.

    passage : its key. verdict : what it is for the item, one of VERDICTS; "" = as proposed. Raises RefusedRecordError without a name, for a rejection without a reason, for a passage that is
    not stored; UnknownItemError for an item the scheme does not have.
    """
    name = workspace.check_item(item)
    who, why = _signed(signer(workspace.actor, by), state, reason)
    if verdict and (verdict not in VERDICTS or state != "confirmed"):
        raise RefusedRecordError(f"判断只能是{'、'.join(VERDICTS.values())}，并且只在确认时写")

    def work(session: Session) -> Confirmed:
        found = _passage(session, district, cycle, passage)
        _refuse_not_assigned(workspace, session, district, cycle, name)
        link = session.scalar(
            select(EvidenceLink).where(EvidenceLink.passage_id == found.id, EvidenceLink.item == name)
        )
        if link is None and state != "confirmed":
            raise RefusedRecordError(f"段落 {passage} 与 {name} 没有建议的对应关系")
        if link is None:
            last = session.scalar(select(func.max(EvidenceLink.rank)).where(EvidenceLink.passage_id == found.id)) or 0
            link = EvidenceLink(
                passage_id=found.id, item=name, rank=last + 1, confidence=1.0, verdict="supports", method="person"
            )
            session.add(link)
        before = link.state or "proposed"
        link.state = state
        detail = {}
        if verdict:
            detail = {"verdict": verdict, "verdict_before": link.verdict}
            link.verdict = verdict
        return _log(workspace, session, district, cycle, "link", passage, name, detail, before, state, who, why)

    return workspace.write(work)


@allowed("confirm")
def confirm_fact(
    workspace: Workspace,
    district: str,
    cycle: int,
    passage: str,
    metric: str,
    value: str,
    by: str,
    *,
    year: int | None = None,
    scope: str = "",
    state: str = "confirmed",
    reason: str = "",
) -> Confirmed:
    """Confirms (rejects, takes back) a figure read from a passage.

    value : as stated, decimal text. year, scope : needed only where the passage states the metric more than once.
    Raises RefusedRecordError when no figure, or more than one, is meant.
    """
    who, why = _signed(signer(workspace.actor, by), state, reason)
    wanted = _number(value)

    def work(session: Session) -> Confirmed:
        rows = _rows(workspace, session, district, cycle, passage, metric, wanted, year, scope)
        first, before = rows[0], rows[0].state
        for row in rows:
            row.state = state
        return _log(workspace, session, district, cycle, "fact", passage, metric, _told(first), before, state, who, why)

    return workspace.write(work)


@allowed("confirm")
def correct_fact(
    workspace: Workspace,
    district: str,
    cycle: int,
    passage: str,
    metric: str,
    value: str,
    by: str,
    *,
    corrected: str,
    reason: str,
    year: int | None = None,
    scope: str = "",
    corrected_year: int | None = None,
    corrected_scope: str = "",
) -> Confirmed:
    """Puts the right figure in the place of one that was misread: the old one stays, rejected; the new one is confirmed.

    corrected : decimal text; corrected_year, corrected_scope : None and "" = as they were. RefusedRecordError as for
    `confirm_fact`, and when nothing is changed.
    """
    who, why = _signed(signer(workspace.actor, by), "rejected", reason)
    wanted, right = _number(value), _number(corrected)

    def work(session: Session) -> Confirmed:
        rows = _rows(workspace, session, district, cycle, passage, metric, wanted, year, scope)
        first, before = rows[0], rows[0].state
        new = FactRow(
            passage_id=first.passage_id, metric=metric, value=format(right, "f"), unit=first.unit,
            year=corrected_year or first.year, scope=corrected_scope.strip() or first.scope, start=first.start,
            end=first.end, state="confirmed",
        )  # fmt: skip
        if (right, new.year, new.scope) == (Decimal(first.value), first.year, first.scope):
            raise RefusedRecordError(f"{metric} 本来就是 {value}，没有更正")
        session.add(new)
        for row in rows:
            row.state = "rejected"
        old = _told(first) | {"corrected_to": _told(new)}
        _log(workspace, session, district, cycle, "fact", passage, metric, old, before, "rejected", who, why)
        detail = _told(new) | {"corrected_from": _told(first)}
        return _log(workspace, session, district, cycle, "fact", passage, metric, detail, "", "confirmed", who, why)

    return workspace.write(work)


def _number(text: str) -> Decimal:
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        raise RefusedRecordError(f"“{text}”不是数") from None
    if not value.is_finite():
        raise RefusedRecordError(f"“{text}”不是数")
    return value


def _told(row: FactRow) -> dict[str, Any]:
    return {"value": row.value, "unit": row.unit, "year": row.year, "scope": row.scope}


def _rows(
    workspace: Workspace, session: Session, district: str, cycle: int, passage: str, metric: str, wanted: Decimal,
    year: int | None, scope: str,
) -> list[FactRow]:  # fmt: skip
    """The rows of the one figure that is meant. RefusedRecordError when there is none, or more than one."""
    found = _passage(session, district, cycle, passage)
    of_metric = load_metrics().by_id.get(metric)
    if of_metric is not None:
        _refuse_not_assigned(workspace, session, district, cycle, of_metric.item)
    rows = [
        row
        for row in session.scalars(
            select(FactRow).where(FactRow.passage_id == found.id, FactRow.metric == metric).order_by(FactRow.start)
        )
        if Decimal(row.value) == wanted and year in (None, row.year) and scope in ("", row.scope)
    ]
    if not rows:
        raise RefusedRecordError(
            f"段落 {passage} 没有读出 {metric} 为 {format(wanted, 'f')} 的数，可用 edureview facts --json 查看"
        )
    if len({(row.year, row.scope, row.unit) for row in rows}) > 1:
        told = "、".join(f"{row.year or '年度不明'} {row.scope}" for row in rows)
        raise RefusedRecordError(f"段落 {passage} 有几个这样的数（{told}），请写明年度和范围")
    return rows


def _refuse_not_assigned(workspace: Workspace, session: Session, district: str, cycle: int, item: str) -> None:
    """An expert confirms what belongs to the criteria the office has assigned to him, where it has assigned any."""
    if workspace.actor.role == "expert":
        owner = {one.id: one.criterion_id for one in workspace.scheme.items}
        refuse_unassigned(session, district, cycle, owner[item], workspace.actor.name)


@allowed("read_case")
def confirmations(workspace: Workspace, district: str, cycle: int) -> list[Confirmed]:
    """The log of the district and cycle, the oldest first."""
    query = (
        select(Confirmation)
        .where(Confirmation.district == district, Confirmation.cycle == cycle)
        .order_by(Confirmation.id)
    )
    with workspace.store.session() as session:
        return [_entry(row) for row in session.scalars(query)]


def _signed(by: str, state: str, reason: str) -> tuple[str, str]:
    if state not in STATES:
        raise RefusedRecordError(f"状态只能是 {'、'.join(STATES)}，实际是“{state}”")
    if not by.strip():
        raise RefusedRecordError("确认要写明是谁")
    if state != "confirmed" and not reason.strip():
        raise RefusedRecordError("否定或撤回要写明理由")
    return by.strip(), reason.strip()


def _passage(session: Session, district: str, cycle: int, key: str) -> Passage:
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


def _log(
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
    done = _entry(row)
    write_act(
        workspace, session, f"confirm_{kind}", district=district, cycle=cycle, subject=f"{passage} {subject}",
        before={"state": before}, after=done.to_json(),
    )  # fmt: skip
    return done


def _entry(row: Confirmation) -> Confirmed:
    return Confirmed(
        row.id, row.kind, row.passage, row.subject, dict(row.detail), row.state, row.by, row.reason,
        row.recorded_at.isoformat(),
    )  # fmt: skip
