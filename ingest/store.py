"""Opens the SQL record: migrated to the newest version; foreign keys on and write-ahead log for SQLite, UTC for PostgreSQL."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, sessionmaker

from ingest.faults import fault_of, is_locked

Result = TypeVar("Result")

BUSY_SECONDS = 30.0  # how long one statement waits for another program to let go of the database
NAP_SECONDS = 2.0
WRITER_LOCK = 0x6564757265766965  # PostgreSQL: the advisory lock that whoever writes holds until his transaction ends
PATIENCE_SECONDS = 600.0  # how long `Store.write` tries again: backups and virus scanners take minutes


@dataclass(frozen=True, slots=True)
class Store:
    """The SQL record and the folder that keeps the originals by SHA-256."""

    engine: Engine
    originals: Path
    sessions: sessionmaker[Session]
    # Writers of this process queue up here, which is fairer and quicker than SQLite's waiting in growing naps.
    _writing: threading.RLock = field(default_factory=threading.RLock, repr=False)

    def write(
        self, work: Callable[[Session], Result], *, patience: float = PATIENCE_SECONDS, on_wait: Callable[[], object] | None = None
    ) -> Result:  # fmt: skip
        """Does `work` in one transaction that holds the right to write from its first statement on, and commits it.

        While another program holds the database the work is tried again, from its start: it must have no effect outside the
        session. on_wait : told each time it was in vain. Raises RecordLockedError after `patience` seconds, DiskFullError when
        there is no room; nothing of the work is stored then.
        """
        deadline = time.monotonic() + patience
        while True:
            try:
                with self._writing, self.sessions.begin() as session:
                    if self.engine.dialect.name == "sqlite":
                        # Otherwise SQLite takes the lock at the first change, and what was read before may be out of date.
                        _begin_immediate(session.connection())
                    elif self.engine.dialect.name == "postgresql":
                        _only_writer(session.connection())
                    return work(session)
            except DBAPIError as exc:
                if not is_locked(exc) or time.monotonic() >= deadline:
                    raise fault_of(exc) or exc from exc
                if on_wait is not None:
                    on_wait()
                time.sleep(min(0.2, max(deadline - time.monotonic(), 0.0)))

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A session that commits at the end, and rolls back when an exception leaves it."""
        with self.sessions.begin() as session:
            yield session

    def original(self, sha256: str) -> Path:
        """Where the original bytes of a document lie."""
        return self.originals / sha256[:2] / sha256


def _begin_immediate(connection: Connection) -> None:
    # A short nap here, so that `on_wait` is told soon; everyone else keeps the long one.
    connection.exec_driver_sql(f"PRAGMA busy_timeout={round(NAP_SECONDS * 1000)}")
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        connection.exec_driver_sql(f"PRAGMA busy_timeout={round(BUSY_SECONDS * 1000)}")


def _only_writer(connection: Connection) -> None:
    """One writer at a time over all programs, as in SQLite: what the work reads is then still so when it writes."""
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = {round(NAP_SECONDS * 1000)}")
    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITER_LOCK})")
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = {round(BUSY_SECONDS * 1000)}")


def _configure_sqlite(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={round(BUSY_SECONDS * 1000)}")
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.close()


def open_store(home: Path, *, url: str | None = None) -> Store:
    """The record under `home` (created and migrated when needed), or at `url`."""
    from ingest.migrate import upgrade

    home.mkdir(parents=True, exist_ok=True)
    originals = home / "originals"
    originals.mkdir(exist_ok=True)
    engine = _engine(make_url(url or f"sqlite:///{home / 'edureview.sqlite3'}"))
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _configure_sqlite)
    upgrade(engine)
    return Store(engine, originals, sessionmaker(engine, expire_on_commit=False))


def _engine(url: URL) -> Engine:
    if url.get_backend_name() != "postgresql":
        return create_engine(url)
    # Times are stored without a zone, in UTC: a server in another zone would shift those that come with one.
    # pool_pre_ping: a server that was started anew is no error for whoever asks next.
    return create_engine(url, connect_args={"options": "-c timezone=UTC"}, pool_pre_ping=True)
