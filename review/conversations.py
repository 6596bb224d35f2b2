"""Conversations: kept per person and case, resumable, each answer as it was given.

A conversation is its person's own. The office does not read what an expert or a district asks; what it gets to see are the
judgements on answers (review.judgements), which say what the program found well or badly.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ingest.tables_conversations import ConversationRow, TurnRow
from review.audit import write_act
from review.composition import Event, Writes, ask_composed
from review.conversation_state import Heading, Talk, Turn, heading_of, is_his, own_row, turn_of
from review.errors import RefusedRecordError
from review.kept_answers import composition_to_text
from review.rights import allowed, own_district
from review.workspace import Workspace

EARLIER: Final = 8  # questions of the same conversation that a new one may refer to
TITLE_LENGTH: Final = 40
LONGEST_QUESTION: Final = 1000


@allowed("read_evidence", filters=True)
def conversations(workspace: Workspace, *, district: str | None = None, cycle: int | None = None) -> list[Heading]:
    """The actor's own conversations, the one asked in last first."""
    query = (
        select(ConversationRow, func.count(TurnRow.id))
        .join(TurnRow, TurnRow.conversation_id == ConversationRow.id)
        .where(ConversationRow.person == workspace.actor.name, ConversationRow.role == workspace.actor.role)
        .group_by(ConversationRow.id)
        .order_by(ConversationRow.asked_at.desc(), ConversationRow.id.desc())
    )
    if district is not None:
        query = query.where(ConversationRow.district == district)
    if cycle is not None:
        query = query.where(ConversationRow.cycle == cycle)
    with workspace.store.session() as session:
        return [heading_of(row, turns) for row, turns in session.execute(query) if is_his(workspace.actor, row)]


@allowed("read_evidence")
def conversation(workspace: Workspace, number: int) -> Talk:
    """One of the actor's conversations; every quote is held against what is stored now. Raises UnknownConversationError."""
    with workspace.store.session() as session:
        row = own_row(session, workspace, number)
        return Talk(heading_of(row, len(row.turns)), tuple(turn_of(session, turn) for turn in row.turns))


@allowed("read_evidence", filters=True)
def ask_in_conversation(
    workspace: Workspace,
    text: str,
    model: Writes | None = None,
    *,
    number: int | None = None,
    district: str | None = None,
    cycle: int | None = None,
    on_event: Callable[[Event], object] = lambda event: None,
) -> tuple[int, Turn]:
    """Asks, with what was asked before in the conversation in mind, and keeps the answer: (number of the conversation, turn).

    number : None = a new one. district, cycle : of a new one; of a conversation that is going on they are its own.
    Raises UnknownConversationError, RefusedRecordError (no question, or one about another case), and what asking raises.
    """
    question = " ".join(text.split())
    if not question or len(question) > LONGEST_QUESTION:
        raise RefusedRecordError(f"问题要有 1 至 {LONGEST_QUESTION} 个字")
    earlier: list[str] = []
    if number is None:
        own = own_district(workspace, district)
        year = cycle if own is None or cycle is not None else workspace.newest_cycle(own)
    else:
        with workspace.store.session() as session:
            row = own_row(session, workspace, number)
            if (district or row.district, cycle or row.cycle) != (row.district, row.cycle):
                where = f"{row.district} {row.cycle or ''} 年度" if row.district else "全部区县"
                raise RefusedRecordError(f"对话 {number} 问的是{where}，换区县或年度请另开一次对话")
            own, year = row.district or None, row.cycle
            district, cycle = own, year
            earlier = [turn.question for turn in row.turns][-EARLIER:]
    found = ask_composed(workspace, question, model, district=district, cycle=cycle, earlier=earlier, on_event=on_event)

    def work(session: Session) -> tuple[int, Turn]:
        now = datetime.now(UTC).replace(tzinfo=None)
        row = _started(workspace, question, own, year, now) if number is None else own_row(session, workspace, number)
        if number is None:
            session.add(row)
            session.flush()
        last = session.scalar(select(func.max(TurnRow.number)).where(TurnRow.conversation_id == row.id)) or 0
        made = TurnRow(
            conversation_id=row.id, number=last + 1, question=question, answer=composition_to_text(found), asked_at=now
        )
        session.add(made)
        row.asked_at = now
        session.flush()
        # What was asked is the person's own business; that he asked, and what kind of answer he got, is kept.
        told = {
            "kind": found.answer.kind,
            "found": found.answer.found,
            "model": found.model,
            "unsupported": found.unsupported,
        }
        write_act(workspace, session, "asked", district=row.district, cycle=row.cycle, subject=f"对话 {row.id} 第 {made.number} 问", after=told)  # fmt: skip
        return row.id, Turn(made.number, question, found, now.isoformat())

    return workspace.write(work)


def _started(workspace: Workspace, question: str, district: str | None, cycle: int | None, now: datetime) -> ConversationRow:  # fmt: skip
    title = question if len(question) <= TITLE_LENGTH else f"{question[: TITLE_LENGTH - 1]}…"
    return ConversationRow(
        person=workspace.actor.name, role=workspace.actor.role, district=district or "", cycle=cycle, title=title, started_at=now, asked_at=now
    )  # fmt: skip
