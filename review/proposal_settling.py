"""A named person confirms or rejects what a language model proposed; only then, and only by him, does it enter the record."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from sqlalchemy.orm import Session

from ingest.tables import FactRow
from ingest.tables_proposals import ProposalRow
from review.audit import write_act
from review.confirmation_writing import (
    log_confirmation,
    passage_of,
    refuse_not_assigned,
    signed,
    told,
    write_link,
)
from review.errors import RefusedRecordError
from review.proposals import METHOD, Proposal, read, same_figure
from review.rights import allowed, signer
from review.turns import take_turn
from review.workspace import Workspace

CONFIRMED: Final = "确认语言模型的建议"


@allowed("confirm")
def confirm_proposal(
    workspace: Workspace, district: str, cycle: int, number: int, by: str, *, reason: str = ""
) -> Proposal:
    """Confirms a proposal: a link or figure is written as confirmed by this person, a rating as agreed to and nothing else.

    Raises RefusedRecordError without a name, for a number that is not there, one that was settled, one whose words changed.
    """
    return _settle(workspace, district, cycle, number, by, "confirmed", reason)


@allowed("confirm")
def reject_proposal(workspace: Workspace, district: str, cycle: int, number: int, by: str, *, reason: str) -> Proposal:
    """Withdraws a proposal for good: it is not shown any more, and the same thing is not proposed again.

    Raises RefusedRecordError as `confirm_proposal` does, and without a reason; a rating may be rejected after it was agreed to.
    """
    return _settle(workspace, district, cycle, number, by, "rejected", reason)


def _settle(workspace: Workspace, district: str, cycle: int, number: int, by: str, state: str, reason: str) -> Proposal:
    who, why = signed(signer(workspace.actor, by), state, reason)

    def work(session: Session) -> Proposal:
        take_turn(session, district, cycle)
        row = session.get(ProposalRow, number)
        if row is None or (row.district, row.cycle) != (district, cycle):
            raise RefusedRecordError(f"{district} {cycle} 年度没有编号为 {number} 的建议")
        refuse_not_assigned(workspace, session, district, cycle, row.item)
        found = read(session, row)
        if row.state != "proposed" and not (row.kind == "rating" and (row.state, state) == ("confirmed", "rejected")):
            raise RefusedRecordError(
                f"第 {number} 号建议已由{row.settled_by}处理；佐证和数据可以用 edureview confirm 更改"
            )
        if state == "confirmed":
            _enter(workspace, session, found, district, cycle, who, why)
        before = row.state
        row.state, row.settled_by, row.reason = state, who, why
        row.settled_at = datetime.now(UTC).replace(tzinfo=None)
        session.flush()
        done = read(session, row)
        write_act(
            workspace, session, "proposal_settled", district=district, cycle=cycle, subject=f"建议 {number} {row.item}",
            before={"state": before}, after=done.to_json(),
        )  # fmt: skip
        return done

    return workspace.write(work)


def _enter(
    workspace: Workspace, session: Session, found: Proposal, district: str, cycle: int, who: str, why: str
) -> None:
    """Writes what was proposed into the record, as this person's confirmation."""
    if found.gone:
        raise RefusedRecordError(f"第 {found.number} 号建议所引的原文已经变了或不在库中，不能确认")
    if found.settled:
        raise RefusedRecordError(f"第 {found.number} 号建议的段落已由人判断过，不再确认建议")
    reason = why or f"{CONFIRMED}（{found.model}）"
    if found.kind == "link":
        passage, verdict = found.content["passage"], found.content["verdict"]
        write_link(
            workspace, session, district, cycle, passage, found.item, who, reason, verdict=verdict, method=METHOD
        )
    elif found.kind == "fact":
        _enter_fact(workspace, session, found, district, cycle, who, reason)


def _enter_fact(
    workspace: Workspace, session: Session, found: Proposal, district: str, cycle: int, who: str, why: str
) -> None:
    """A figure the program has read meanwhile is confirmed as it stands; else it is added."""
    content, (quote,) = found.content, found.quotes
    passage = passage_of(session, district, cycle, content["passage"])
    rows = list(session.scalars(same_figure(passage, content)))
    before = rows[0].state if rows else ""
    if not rows:
        row = FactRow(
            passage_id=passage.id, metric=content["metric"], value=content["value"], unit=content["unit"], year=content["year"],
            scope=content["scope"], start=quote.start, end=quote.end,
        )  # fmt: skip
        session.add(row)
        rows = [row]
    for row in rows:
        row.state = "confirmed"
    log_confirmation(
        workspace, session, district, cycle, "fact", passage.key, content["metric"], told(rows[0]), before, "confirmed", who, why
    )  # fmt: skip
