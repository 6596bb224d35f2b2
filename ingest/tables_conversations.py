"""Tables of what people ask: conversations, their turns with the answers as given, and what people say of an answer."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ingest.tables import Base


class ConversationRow(Base):
    """A conversation of one person about one district and cycle. Only that person, in that role, ever sees it.

    district : "" = asked over every district, by a person who sees all of them. title : the first question, shortened.
    """

    __tablename__ = "conversations"
    __table_args__ = (Index("ix_conversations_person", "person"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person: Mapped[str] = mapped_column(String(60))
    role: Mapped[str] = mapped_column(String(10))
    district: Mapped[str] = mapped_column(String(60))
    cycle: Mapped[int | None]
    title: Mapped[str] = mapped_column(String(120))
    started_at: Mapped[datetime]
    asked_at: Mapped[datetime]

    turns: Mapped[list[TurnRow]] = relationship(back_populates="conversation", order_by="TurnRow.number")


class TurnRow(Base):
    """A question and the answer as it was given. number : 1, 2, … within the conversation. answer : JSON, see review.kept_answers."""

    __tablename__ = "conversation_turns"
    __table_args__ = (UniqueConstraint("conversation_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"), index=True)
    number: Mapped[int]
    question: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime]

    conversation: Mapped[ConversationRow] = relationship(back_populates="turns")
    judgements: Mapped[list[JudgementRow]] = relationship(back_populates="turn", order_by="JudgementRow.id")


class JudgementRow(Base):
    """What a person says of an answer; of several on the same citation by the same person the last counts.

    sentence, citation : 0-based places in the answer; None = the answer (the sentence) as a whole.
    verdict : right / wrong (a citation), missing (evidence that should have been found). note : which, in the person's words.
    """

    __tablename__ = "answer_judgements"

    id: Mapped[int] = mapped_column(primary_key=True)
    turn_id: Mapped[int] = mapped_column(ForeignKey("conversation_turns.id"), index=True)
    sentence: Mapped[int | None]
    citation: Mapped[int | None]
    verdict: Mapped[str] = mapped_column(String(10))
    note: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime]

    turn: Mapped[TurnRow] = relationship(back_populates="judgements")
