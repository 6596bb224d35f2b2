"""Signing in and out: the password, the lock after repeated failures, and sessions that outlive a page reload.

Nothing tells a stranger which names have an account: unknown name, wrong password, disabled and locked account are answered with
one sentence, after the same hashing and the same writing.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ingest.tables_people import FailedSignIn, PersonRow, SessionRow
from review.accounts import account_of, folded, utc_now
from review.audit import write_act
from review.errors import AccountError, SignInError
from review.passwords import check_rules, hashed, is_outdated, is_right
from review.people import NOBODY, Person
from review.rights import allowed
from review.workspace import Workspace

TRIES, LOCK_MINUTES = 5, 15
# A session ends after this time at the latest, or when nobody did anything for that long.
LONGEST = timedelta(hours=12)
IDLE = timedelta(hours=2)
# How often "last seen" is written: often enough for IDLE, seldom enough not to write at every click.
SEEN_EVERY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session. token : goes to the person's browser and is kept nowhere here; expires_at : UTC without zone."""

    person: Person
    token: str
    expires_at: datetime


@allowed("sign_in")
def sign_in(workspace: Workspace, name: str, password: str, *, now: datetime | None = None) -> SignedIn:
    """A new session for name and password. Raises SignInError: one sentence, whatever the reason.

    now : UTC without zone; for tests.
    """
    moment = now or utc_now()
    typed = folded(name)
    key = hashlib.sha256(typed.casefold().encode()).hexdigest()
    with workspace.store.session() as session:
        row = session.scalar(select(PersonRow).where(PersonRow.name == typed, PersonRow.state == "active"))
        known = "" if row is None else row.password_hash
    # Before the lock is looked at, and without holding the database: a locked name has to take as long as any other.
    right = is_right(known, password)
    better = hashed(password) if right and is_outdated(known) else None

    def work(session: Session) -> SignedIn | None:
        session.execute(delete(FailedSignIn).where(FailedSignIn.last_at < moment - timedelta(minutes=LOCK_MINUTES)))
        # Where several write at once, guesses made side by side wait here for each other, so that each is counted.
        failed = session.get(FailedSignIn, key, with_for_update=True)
        if failed is not None and failed.count >= TRIES:
            return None
        person = session.scalar(select(PersonRow).where(PersonRow.name == typed, PersonRow.state == "active"))
        # The hash that was held against the password may have been replaced since.
        if right and person is not None and person.password_hash == known:
            if failed is not None:
                session.delete(failed)
            if better is not None:
                person.password_hash = better
            return _begin(workspace, session, person, moment)
        if failed is None:
            failed = FailedSignIn(name_sha256=key, count=0, last_at=moment)
            session.add(failed)
        failed.count, failed.last_at = failed.count + 1, moment
        if failed.count >= TRIES:
            # The same row for a name without an account; what was typed may be a password in the wrong field.
            subject = typed if person is not None else "（没有这个账号）"
            write_act(workspace, session, "locked", subject=subject, person=NOBODY)
        return None

    try:
        done = workspace.write(work)
    except (
        IntegrityError
    ):  # another first failure under this name was written meanwhile; now there is a row to wait for
        done = workspace.write(work)
    if done is None:
        raise SignInError(TRIES, LOCK_MINUTES)
    return done


@allowed("sign_in")
def sign_in_external(workspace: Workspace, external: str, *, now: datetime | None = None) -> SignedIn:
    """A new session for whom the identity provider has signed in under this name. Raises SignInError without an active account."""
    moment = now or utc_now()

    def work(session: Session) -> SignedIn | None:
        wanted = external.strip().casefold()
        person = session.scalar(select(PersonRow).where(PersonRow.external == wanted, PersonRow.state == "active"))
        return None if person is None or not wanted else _begin(workspace, session, person, moment)

    done = workspace.write(work)
    if done is None:
        raise SignInError(TRIES, LOCK_MINUTES)
    return done


def _begin(workspace: Workspace, session: Session, row: PersonRow, moment: datetime) -> SignedIn:
    token = secrets.token_urlsafe(32)
    opened = SessionRow(
        person_id=row.id, token_sha256=_of(token), created_at=moment, seen_at=moment, expires_at=moment + LONGEST,
        ended_at=None,
    )  # fmt: skip
    session.add(opened)
    session.flush()
    person = account_of(row).person(_name_of(opened))
    write_act(workspace, session, "signed_in", subject=row.name, person=person)
    return SignedIn(person, token, opened.expires_at)


@allowed("sign_in")
def change_own_password(workspace: Workspace, old: str, new: str) -> SignedIn:
    """The acting person's new password, and a new session in place of all he had.

    Raises AccountError for who acts without an account, PasswordRuleError, SignInError when `old` is not right; wrong guesses
    count as at the sign-in page.
    """
    actor = workspace.actor
    if actor.number is None:
        raise AccountError("现在没有以账号登录，没有密码可改")
    check_rules(new, actor.name)
    done = sign_in(workspace, actor.name, old)
    kept = hashed(new)

    def work(session: Session) -> None:
        row = session.get_one(PersonRow, actor.number)
        row.password_hash = kept
        others = update(SessionRow).where(SessionRow.person_id == row.id, SessionRow.token_sha256 != _of(done.token))
        session.execute(others.where(SessionRow.ended_at.is_(None)).values(ended_at=utc_now()))
        write_act(workspace, session, "password_set", subject=row.name)

    workspace.write(work)
    return done


@allowed("sign_in")
def person_of(workspace: Workspace, token: str, *, now: datetime | None = None) -> Person | None:
    """Who is signed in with this token, as his account is now; None when nobody is, or no longer."""
    moment = now or utc_now()
    with workspace.store.session() as session:
        opened = session.scalar(select(SessionRow).where(SessionRow.token_sha256 == _of(token)))
        if opened is None or opened.ended_at is not None or opened.person.state != "active":
            return None
        if opened.expires_at <= moment or opened.seen_at + IDLE <= moment:
            return None
        person, number = account_of(opened.person).person(_name_of(opened)), opened.id
        seen_long_ago = opened.seen_at + SEEN_EVERY <= moment
    if seen_long_ago:
        seen = update(SessionRow).where(SessionRow.id == number, SessionRow.ended_at.is_(None)).values(seen_at=moment)
        workspace.write(lambda session: session.execute(seen))
    return person


@allowed("sign_in")
def sign_out(workspace: Workspace, token: str, *, now: datetime | None = None) -> None:
    """Ends the session, in every window; nothing happens when it has ended already."""
    moment = now or utc_now()

    def work(session: Session) -> None:
        opened = session.scalar(select(SessionRow).where(SessionRow.token_sha256 == _of(token)))
        if opened is not None and opened.ended_at is None:
            opened.ended_at = moment
            person = account_of(opened.person).person(_name_of(opened))
            write_act(workspace, session, "signed_out", subject=person.name, person=person)

    workspace.write(work)


def _of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _name_of(opened: SessionRow) -> str:
    return f"登录 {opened.id}"
