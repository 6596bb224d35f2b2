"""Tells what the machine refuses (no room on the disk, the database held by someone else) from mistakes of the program."""

from __future__ import annotations

import errno
import sqlite3

from sqlalchemy.exc import DBAPIError

from ingest.errors import DiskFullError, IngestError, RecordLockedError

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT} if hasattr(errno, "EDQUOT") else {errno.ENOSPC}
_LOCKED = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_LOCKED_STATES = {"55P03", "40P01"}  # PostgreSQL: lock_not_available, deadlock_detected
_FULL_STATES = {"53100"}  # PostgreSQL: disk_full
# What comes through other libraries has no code, only the words of SQLite or of the system.
_FULL_WORDS = ("database or disk is full", "No space left on device", "os error 28")


def fault_of(error: BaseException) -> IngestError | None:
    """The error to show people when `error` is about the disk or about a lock, else None. Looks through what caused it, too."""
    # Causes may go round in a circle: an error that is kept and raised again by what it caused.
    looked_at: set[int] = set()
    seen: BaseException | None = error
    while seen is not None and id(seen) not in looked_at:
        if is_locked(seen):
            return RecordLockedError()
        if _is_full(seen):
            return DiskFullError()
        looked_at.add(id(seen))
        seen = seen.__cause__
    return None


def is_locked(error: BaseException) -> bool:
    """Whether the database is held by another program, so that the same work may succeed later."""
    if not isinstance(error, DBAPIError):
        return False
    if isinstance(error.orig, sqlite3.Error):
        return (getattr(error.orig, "sqlite_errorcode", 0) & 0xFF) in _LOCKED
    return getattr(error.orig, "sqlstate", None) in _LOCKED_STATES


def _is_full(error: BaseException) -> bool:
    if isinstance(error, OSError):
        return error.errno in _NO_ROOM
    if isinstance(error, DBAPIError):
        if isinstance(error.orig, sqlite3.Error):
            return (getattr(error.orig, "sqlite_errorcode", 0) & 0xFF) == sqlite3.SQLITE_FULL
        return getattr(error.orig, "sqlstate", None) in _FULL_STATES
    return any(words in str(error) for words in _FULL_WORDS)
