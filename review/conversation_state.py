"""What a conversation is made of, read from its rows; and whose it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from ingest.tables_conversations import ConversationRow, JudgementRow, TurnRow
from review.composition import Composition
from review.errors import UnknownConversationError
from review.kept_answers import checked_again, composition_from_text
from review.people import Person
from review.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Heading:
    """A conversation in a list. district : "" = over every district. turns : how many questions. asked_at : ISO, UTC."""

    number: int
    title: str
    district: str
    cycle: int | None
    turns: int
    asked_at: str

    def to_json(self) -> dict[str, Any]:
        """One entry of `conversation list --json`."""
        return {"number": self.number, "title": self.title, "district": self.district, "cycle": self.cycle, "turns": self.turns, "asked_at": self.asked_at}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Judged:
    """A judgement: on the citation of a sentence, on a sentence, or on the answer as a whole (0-based places, None)."""

    sentence: int | None
    citation: int | None
    verdict: str
    note: str
    by: str
    at: str

    def to_json(self) -> dict[str, Any]:
        """As JSON data."""
        return {"sentence": self.sentence, "citation": self.citation, "verdict": self.verdict, "note": self.note, "by": self.by, "at": self.at}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Turn:
    """A question with the answer as it was given. gone : citations whose words are no longer stored; their sentences are unsupported."""

    number: int
    question: str
    found: Composition
    asked_at: str
    judged: tuple[Judged, ...] = ()
    gone: int = 0

    def to_json(self) -> dict[str, Any]:
        """As `conversation show --json` prints it."""
        shown = {"number": self.number, "question": self.question, "asked_at": self.asked_at, "gone": self.gone}
        return shown | self.found.to_json() | {"judgements": [one.to_json() for one in self.judged]}


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation with its turns, oldest first."""

    heading: Heading
    turns: tuple[Turn, ...]

    def to_json(self) -> dict[str, Any]:
        """As `conversation show --json` prints it."""
        return self.heading.to_json() | {"turns": [turn.to_json() for turn in self.turns]}


def own_row(session: Session, workspace: Workspace, number: int) -> ConversationRow:
    """The actor's conversation; somebody else's answers like one that does not exist."""
    row = session.get(ConversationRow, number)
    if row is None or not is_his(workspace.actor, row):
        raise UnknownConversationError(number)
    return row


def is_his(actor: Person, row: ConversationRow) -> bool:
    """Whether the actor, as he is now, may see the conversation."""
    # A role or a district that was taken from him takes along what he learnt by it.
    sees = actor.sees(row.district) if row.district else not actor.is_bound
    return (row.person, row.role) == (actor.name, actor.role) and sees


def heading_of(row: ConversationRow, turns: int) -> Heading:
    """The line of a list."""
    return Heading(row.id, row.title, row.district, row.cycle, turns, row.asked_at.isoformat())


def turn_of(session: Session, row: TurnRow) -> Turn:
    """The turn, its quotes held against what is stored now."""
    found, gone = checked_again(session, composition_from_text(row.answer))
    judged = tuple(judged_of(one) for one in row.judgements)
    return Turn(row.number, row.question, found, row.asked_at.isoformat(), judged, gone)


def judged_of(row: JudgementRow) -> Judged:
    """The judgement."""
    return Judged(row.sentence, row.citation, row.verdict, row.note, row.by, row.at.isoformat())
