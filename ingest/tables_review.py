"""Table of what is recorded while a district is reviewed and decided: assignments, field results, bonus, 市政府审定."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ingest.tables import Base


class ReviewAct(Base):
    """An act on one subject; of several the highest number counts. Frozen: the database refuses to change or delete it.

    kind : assigned (subject: the expert), result (criterion or item), bonus (B21), approval (the decision's row),
    wording (a sentence, see review.papers.wording), issued (a paper, see review.papers.issuing).
    number : 1, 2, … within district, cycle, kind and subject; two people acting on what they both saw cannot take the same
    one. content : canonical JSON, see the module of review/ that writes the kind.
    """

    __tablename__ = "review_acts"
    __table_args__ = (UniqueConstraint("district", "cycle", "kind", "subject", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    district: Mapped[str] = mapped_column(String(60))
    cycle: Mapped[int]
    kind: Mapped[str] = mapped_column(String(10))
    subject: Mapped[str] = mapped_column(String(60))
    number: Mapped[int]
    content: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(String(60))
    reason: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime]
