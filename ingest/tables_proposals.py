"""Table of what a language model proposes. Nothing that is counted, drafted or decided reads it: only a person's confirmation does."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ingest.tables import Base


class ProposalRow(Base):
    """A link, a figure or a rating of an item as a language model proposed it, with the words it rests on.

    kind : link, fact or rating. item : B5-5. content : canonical JSON, see review.proposals. quotes : JSON list of
    [passage key, start, end, quote], places in the page's text. mark : hash of what is proposed; the same thing is proposed once.
    method : "model". model : the name its server knows it by. state : proposed / confirmed / rejected; a rejected one stays so.
    asked_by : who had the model asked. settled_by, reason, settled_at : of the person who confirmed or rejected it.
    """

    __tablename__ = "model_proposals"
    __table_args__ = (
        UniqueConstraint("district", "cycle", "mark"),
        Index("ix_model_proposals_district_cycle", "district", "cycle", "item"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    district: Mapped[str] = mapped_column(String(60))
    cycle: Mapped[int]
    kind: Mapped[str] = mapped_column(String(8))
    item: Mapped[str] = mapped_column(String(8))
    content: Mapped[str] = mapped_column(Text)
    quotes: Mapped[str] = mapped_column(Text)
    mark: Mapped[str] = mapped_column(String(64))
    method: Mapped[str] = mapped_column(String(10))
    model: Mapped[str] = mapped_column(String(120))
    state: Mapped[str] = mapped_column(String(10))
    asked_by: Mapped[str] = mapped_column(String(60))
    asked_at: Mapped[datetime]
    settled_by: Mapped[str] = mapped_column(String(60))
    reason: Mapped[str] = mapped_column(Text)
    settled_at: Mapped[datetime | None]
