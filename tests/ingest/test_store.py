"""Writing while another program holds the database, and when there is no room."""

from __future__ import annotations

import sqlite3
import threading
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from ingest import store as store_module
from ingest.errors import DiskFullError, RecordLockedError
from ingest.faults import fault_of
from ingest.store import Store, open_store
from ingest.tables import Document


def _document(name: str = "甲", title: str = "") -> Document:
    return Document(
        district="云山区", cycle=2019, file=name, sha256=name, size=1, state="reading", facts={}, title=title,
        ingested_at=datetime(2019, 3, 1),
    )  # fmt: skip


@pytest.fixture
def short_naps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "NAP_SECONDS", 0.1)


def _files(store: Store) -> list[str]:
    with store.session() as session:
        return list(session.scalars(select(Document.file).order_by(Document.id)))


def _hold(store: Store) -> sqlite3.Connection:
    other = sqlite3.connect(str(store.engine.url.database), isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    return other


@pytest.mark.usefixtures("short_naps")
def test_数据库被占用时等到放开再写(store: Store) -> None:
    other = _hold(store)
    waited: list[int] = []

    def told() -> None:
        waited.append(1)
        if len(waited) == 2:
            other.rollback()

    runs: list[int] = []

    def work(session: Session) -> None:
        runs.append(1)
        session.add(_document())

    store.write(work, on_wait=told)
    assert (len(waited), len(runs)) == (2, 1), "没有得到写的权利就不开始做"
    assert _files(store) == ["甲"]
    other.close()


@pytest.mark.usefixtures("short_naps")
def test_一直被占用就说明怎么办而什么也没写(store: Store) -> None:
    other = _hold(store)
    with pytest.raises(RecordLockedError, match=r"占用.*请关闭"):
        store.write(lambda session: session.add(_document()), patience=0.3)
    other.rollback()
    other.close()
    assert _files(store) == []
    store.write(lambda session: session.add(_document()))
    assert _files(store) == ["甲"]


def test_写不下时说明怎么办而什么也没写(store: Store) -> None:
    with store.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()

    def too_much(session: Session) -> None:
        session.connection().exec_driver_sql(f"PRAGMA max_page_count={pages + 5}")
        session.add(_document("甲"))
        session.flush()
        session.get_one(Document, 1).reason = "字" * 500_000
        session.flush()

    with pytest.raises(DiskFullError, match=r"已满.*请腾出空间"):
        store.write(too_much)
    assert _files(store) == []


def test_先读后写之间别人插不进来(store: Store) -> None:
    """Two threads that each add one to what they read: with a late lock, one of the additions is lost."""
    store.write(lambda session: session.add(_document(title="0")))
    other = open_store(store.originals.parent)

    def add(into: Store) -> None:
        for _ in range(25):

            def work(session: Session) -> None:
                document = session.get_one(Document, 1)
                document.title = str(int(document.title) + 1)

            into.write(work)

    threads = [threading.Thread(target=add, args=(into,)) for into in (store, store, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.session() as session:
        assert session.get_one(Document, 1).title == "75"
    other.engine.dispose()


def test_别的数据库错误原样抛出(store: Store) -> None:
    with pytest.raises(OperationalError, match="no such table"):
        store.write(lambda session: session.connection().exec_driver_sql("SELECT * FROM no_such_table"))


def test_从别的库传来的磁盘已满也认得(tmp_path: Path) -> None:
    assert isinstance(
        fault_of(RuntimeError("error returned from database: (code: 13) database or disk is full")), DiskFullError
    )
    assert isinstance(fault_of(OSError(28, "No space left on device")), DiskFullError)
    wrapped = ValueError("x")
    wrapped.__cause__ = OSError(28, "No space left on device")
    assert isinstance(fault_of(wrapped), DiskFullError)
    assert fault_of(FileNotFoundError(2, "nothing")) is None
    assert fault_of(KeyError("x")) is None
