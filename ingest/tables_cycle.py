"""Tables of the evaluation year: its acts, self points, submissions, and the problems that are to be put right.

Every row is frozen: the database refuses to change or delete it. What holds now is read from the rows in their order.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ingest.tables import Base


class CycleAct(Base):
    """An act on an evaluation year as a whole.

    kind : district (joins or leaves the year), stage (the year enters it), deadline (of a stage). subject : the district, or
    the stage; value : JSON data (see review.cycles). district : for a deadline of one district, "" = of all. by : who decided.
    """

    __tablename__ = "cycle_acts"
    __table_args__ = (Index("ix_cycle_acts_cycle", "cycle"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle: Mapped[int]
    kind: Mapped[str] = mapped_column(String(10))
    subject: Mapped[str] = mapped_column(String(60))
    district: Mapped[str] = mapped_column(String(60))
    value: Mapped[dict[str, Any]] = mapped_column(JSON)
    by: Mapped[str] = mapped_column(String(60))
    reason: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime]


class SelfSheet(Base):
    """One saved version of the self points of a district and cycle, whole; the highest version counts.

    version : 1, 2, … without gaps. entries : canonical JSON, see review.self_points. source : file it was imported from,
    "" = entered by hand; source_sha256 : of that file.
    """

    __tablename__ = "self_sheets"
    __table_args__ = (UniqueConstraint("district", "cycle", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    district: Mapped[str] = mapped_column(String(60))
    cycle: Mapped[int]
    version: Mapped[int]
    entries: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(String(60))
    source: Mapped[str] = mapped_column(String(300))
    source_sha256: Mapped[str] = mapped_column(String(64))
    saved_at: Mapped[datetime]


class SubmissionAct(Base):
    """A district hands in its year (submit) or the office opens it again (reopen); the highest number counts.

    number : 1, 2, … within district and cycle. manifest : canonical JSON of what was handed in, "" for reopen; sha256 : of it.
    """

    __tablename__ = "submission_acts"
    __table_args__ = (UniqueConstraint("district", "cycle", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    district: Mapped[str] = mapped_column(String(60))
    cycle: Mapped[int]
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(8))
    manifest: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    by: Mapped[str] = mapped_column(String(60))
    reason: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime]


class Problem(Base):
    """A problem found in the evaluation of a district and cycle; number : 1, 2, … within them. item : of the scheme.

    origin : the paper it was told in, as 反馈意见. due_on : ISO day until which it is to be put right.
    """

    __tablename__ = "problems"
    __table_args__ = (UniqueConstraint("district", "cycle", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    district: Mapped[str] = mapped_column(String(60))
    cycle: Mapped[int]
    number: Mapped[int]
    item: Mapped[str] = mapped_column(String(8))
    text: Mapped[str] = mapped_column(Text)
    origin: Mapped[str] = mapped_column(String(300))
    due_on: Mapped[str] = mapped_column(String(10))
    by: Mapped[str] = mapped_column(String(60))
    recorded_at: Mapped[datetime]


class ProblemAct(Base):
    """What was done about a problem, in order. kind : cites, plan, evidence, recheck, due. content : JSON data, see review.rectification.

    number : 1, 2, … within the problem; two people acting on what they both saw cannot take the same one.
    """

    __tablename__ = "problem_acts"
    __table_args__ = (UniqueConstraint("problem_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    problem_id: Mapped[int] = mapped_column(ForeignKey("problems.id"))
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(10))
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    by: Mapped[str] = mapped_column(String(60))
    recorded_at: Mapped[datetime]
