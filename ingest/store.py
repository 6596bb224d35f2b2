"""Opens the SQL record: migrated to the newest version, foreign keys on, write-ahead log for SQLite."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.orm import Session, sessionmaker


@dataclass(frozen=True, slots=True)
class Store:
    """The SQL record and the folder that keeps the originals by SHA-256."""

    engine: Engine
    originals: Path
    sessions: sessionmaker[Session]

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A session that commits at the end, and rolls back when an exception leaves it."""
        with self.sessions.begin() as session:
            yield session

    def original(self, sha256: str) -> Path:
        """Where the original bytes of a document lie."""
        return self.originals / sha256[:2] / sha256


def _configure_sqlite(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA busy_timeout=30000")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.close()


def open_store(home: Path, *, url: str | None = None) -> Store:
    """The record under `home` (created and migrated when needed), or at `url`."""
    from ingest.migrate import upgrade

    home.mkdir(parents=True, exist_ok=True)
    originals = home / "originals"
    originals.mkdir(exist_ok=True)
    engine = create_engine(url or f"sqlite:///{home / 'edureview.sqlite3'}")
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _configure_sqlite)
    upgrade(engine)
    return Store(engine, originals, sessionmaker(engine, expire_on_commit=False))
