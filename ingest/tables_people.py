"""Tables of the people who work with the record: accounts, sign-ins, and the log of every act."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ingest.tables import Base


class PersonRow(Base):
    """An account. Rows are never deleted: a person who left is disabled, and what he did keeps his name.

    role : district / expert / office / admin. districts : names of those he works for; [] where the role sees all of them.
    password_hash : argon2id in its own notation; "" = signs in only through the identity provider.
    external : what the identity provider calls him (e-mail), None without one. state : active / disabled.
    Times are UTC without zone.
    """

    __tablename__ = "people"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    role: Mapped[str] = mapped_column(String(10))
    districts: Mapped[list[str]] = mapped_column(JSON)
    password_hash: Mapped[str] = mapped_column(String(200))
    external: Mapped[str | None] = mapped_column(String(200), unique=True)
    state: Mapped[str] = mapped_column(String(10))
    created_at: Mapped[datetime]


class SessionRow(Base):
    """A sign-in that lasts until it ends or expires; only the SHA-256 of its token is kept."""

    __tablename__ = "sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    person: Mapped[PersonRow] = relationship()


class FailedSignIn(Base):
    """Refused sign-ins under one name, whether an account has that name or not; dropped after a while.

    name_sha256 : of the name as typed, folded: what people mistype into that field may be a password.
    """

    __tablename__ = "failed_sign_ins"

    name_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    count: Mapped[int]
    last_at: Mapped[datetime]


class AuditRow(Base):
    """An act of a person; frozen, numbered without gaps, and chained by hashes in two ways.

    number : 1, 2, 3 … over the whole record. place : the same within `district` ("" = acts that concern no single one).
    at : ISO time in UTC, as text, so that it is hashed as it was written. act : code of the act. subject : on what.
    before, after : canonical JSON, "" where there was or is nothing. session : how the person was signed in.
    entry : SHA-256 of the row's content with the entry before it of the same district (see review.audit_chain).
    chain : SHA-256 of number, the chain of the row before, and entry.
    """

    __tablename__ = "audit_log"
    __table_args__ = (UniqueConstraint("district", "place"), Index("ix_audit_log_person", "person"))

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    place: Mapped[int]
    at: Mapped[str] = mapped_column(String(40))
    person: Mapped[str] = mapped_column(String(60))
    role: Mapped[str] = mapped_column(String(10))
    session: Mapped[str] = mapped_column(String(80))
    act: Mapped[str] = mapped_column(String(40))
    district: Mapped[str] = mapped_column(String(60))
    cycle: Mapped[int | None]
    subject: Mapped[str] = mapped_column(Text)
    before: Mapped[str] = mapped_column(Text)
    after: Mapped[str] = mapped_column(Text)
    entry: Mapped[str] = mapped_column(String(64))
    chain: Mapped[str] = mapped_column(String(64))
