"""What people say of answers: which citation is right, which is wrong, what should have been found. Kept as evaluation data."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final, Literal, get_args

from sqlalchemy import select
from sqlalchemy.orm import Session

from ingest.tables_conversations import ConversationRow, JudgementRow, TurnRow
from review.audit import write_act
from review.composition import Composition
from review.conversation_state import Judged, judged_of, own_row
from review.errors import RefusedRecordError
from review.kept_answers import composition_from_text
from review.rights import allowed
from review.workspace import Workspace

Verdict = Literal["right", "wrong", "missing"]
VERDICTS: Final = get_args(Verdict)
VERDICT_WORDS: Final = {"right": "引用正确", "wrong": "引用不对", "missing": "漏了材料"}
LONGEST_NOTE: Final = 1000


@allowed("read_evidence")
def judge_answer(
    workspace: Workspace,
    number: int,
    turn: int,
    verdict: str,
    *,
    sentence: int | None = None,
    citation: int | None = None,
    note: str = "",
) -> Judged:
    """Keeps what the actor says of an answer in one of his conversations.

    sentence, citation : 0-based. Raises UnknownConversationError; RefusedRecordError for a turn, sentence or citation that
    is not there, and for missing evidence that is not named.
    """
    if verdict not in VERDICTS:
        raise RefusedRecordError(f"评议只能是 {'、'.join(VERDICTS)}，实际是“{verdict}”")
    said = note.strip()[:LONGEST_NOTE]
    if verdict == "missing" and not said:
        raise RefusedRecordError("漏了材料要写明是哪一份、哪一处")

    def work(session: Session) -> Judged:
        row = own_row(session, workspace, number)
        asked = next((one for one in row.turns if one.number == turn), None)
        if asked is None:
            raise RefusedRecordError(f"对话 {number} 没有第 {turn} 问")
        _check_place(composition_from_text(asked.answer), sentence, citation, verdict)
        now = datetime.now(UTC).replace(tzinfo=None)
        made = JudgementRow(
            turn_id=asked.id, sentence=sentence, citation=citation, verdict=verdict, note=said, by=workspace.actor.name, at=now
        )  # fmt: skip
        session.add(made)
        session.flush()
        done = judged_of(made)
        write_act(workspace, session, "answer_judged", district=row.district, cycle=row.cycle, subject=f"对话 {number} 第 {turn} 问", after=done.to_json())  # fmt: skip
        return done

    return workspace.write(work)


@allowed("compare_districts")
def judgements(workspace: Workspace, cycle: int | None = None) -> list[dict[str, Any]]:
    """What people said of answers, as evaluation data: question, sentence, citations, verdict, note; of one place the last of each person.

    Questions nobody judged stay with who asked them.
    """
    query = (
        select(JudgementRow, TurnRow, ConversationRow)
        .join(TurnRow, JudgementRow.turn_id == TurnRow.id)
        .join(ConversationRow, TurnRow.conversation_id == ConversationRow.id)
        .order_by(JudgementRow.id)
    )
    if cycle is not None:
        query = query.where(ConversationRow.cycle == cycle)
    kept: dict[tuple[Any, ...], dict[str, Any]] = {}
    with workspace.store.session() as session:
        for made, turn, row in session.execute(query):
            place = (turn.id, made.sentence, made.citation, made.by, made.id if made.verdict == "missing" else None)
            kept[place] = _as_data(made, turn, row)
    return list(kept.values())


def _as_data(made: JudgementRow, turn: TurnRow, row: ConversationRow) -> dict[str, Any]:
    answer = composition_from_text(turn.answer).answer
    sentence = answer.sentences[made.sentence] if made.sentence is not None else None
    cited = sentence.citations if sentence else ()
    if made.citation is not None:
        cited = (cited[made.citation],)
    return {
        "district": row.district, "cycle": row.cycle, "asked_by": row.role, "question": turn.question, "kind": answer.kind, "about": answer.about,
        "found": answer.found, "sentence": sentence.sentence if sentence else "", "citations": [one.to_json() for one in cited],
        "verdict": made.verdict, "note": made.note, "by": made.by, "at": made.at.isoformat(),
    }  # fmt: skip


def _check_place(found: Composition, sentence: int | None, citation: int | None, verdict: str) -> None:
    told = found.answer.sentences
    if sentence is None and (citation is not None or verdict != "missing"):
        raise RefusedRecordError("要写明评议的是第几句")
    if sentence is not None and not 0 <= sentence < len(told):
        raise RefusedRecordError(f"回答没有第 {sentence + 1} 句")
    if sentence is not None and citation is not None and not 0 <= citation < len(told[sentence].citations):
        raise RefusedRecordError(f"第 {sentence + 1} 句没有第 {citation + 1} 处出处")
