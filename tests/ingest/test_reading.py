"""Reading that is disturbed: a process that died gets another chance, a page that always stops it becomes a row."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from ingest import reading
from ingest.errors import DamagedFileError, ReaderStoppedError
from ingest.pages import Finding, ParsedPage
from ingest.queue import READ, RECOGNISE, enqueue
from ingest.readers.base import Properties
from ingest.reading import give_up, read_document
from ingest.store import Store
from ingest.tables import Document, Job, Page


class FakeReader:
    """A reading process of `pages` pages. deaths : how often it dies without a word before a page. fatal : always stops there."""

    def __init__(self, pages: int, deaths: dict[int, int] | None = None, fatal: frozenset[int] = frozenset()) -> None:
        self.pages, self.deaths, self.fatal = pages, dict(deaths or {}), fatal
        self.begun: list[int] = []

    def __call__(self, path: Path, file: str, *, first: int = 1, limits: object = None) -> Iterator[object]:
        self.begun.append(first)
        yield Properties("pdf", self.pages, "题目", ("缺陷。",), (Finding("附件", "有附件，请核对。"),))
        for number in range(first, self.pages + 1):
            if self.deaths.get(number):
                self.deaths[number] -= 1
                raise ReaderStoppedError(file, number - 1, "读取进程意外退出", died=True)
            if number in self.fatal:
                raise ReaderStoppedError(file, number - 1, "内存超过限额")
            yield ParsedPage(number, f"第{number}页", "text", f"第{number}页的文字")


@pytest.fixture
def queued(store: Store, tmp_path: Path) -> Store:
    (tmp_path / "甲.pdf").write_bytes(b"%PDF")
    enqueue(store, tmp_path / "甲.pdf", district="云山区", cycle=2019, label="甲.pdf")
    return store


def _use(monkeypatch: pytest.MonkeyPatch, reader: object) -> None:
    monkeypatch.setattr(reading, "read_isolated", reader)


def _states(store: Store) -> list[tuple[int, str]]:
    with store.session() as session:
        return [(page.number, page.state) for page in session.scalars(select(Page).order_by(Page.number))]


def _job(store: Store) -> Job:
    with store.session() as session:
        return session.get_one(Job, 1)


def test_读完后等待识别或收尾(queued: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    _use(monkeypatch, FakeReader(3))
    told: list[tuple[int, int]] = []
    read_document(queued, 1, on_page=lambda *at: told.append(at))
    assert told == [(1, 3), (2, 3), (3, 3)]
    job = _job(queued)
    assert (job.stage, job.pages, job.title, job.defects, job.stops) == (RECOGNISE, 3, "题目", ["缺陷。"], 0)
    with queued.session() as session:
        document = session.get_one(Document, 1)
        assert (document.kind, document.findings) == ("pdf", [["附件", "有附件，请核对。", ""]])
    read_document(queued, 1)
    assert _states(queued) == [(1, "text"), (2, "text"), (3, "text")]


def test_进程无故死去时同一页再试(queued: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = FakeReader(4, {2: 2, 4: 2})
    _use(monkeypatch, reader)
    read_document(queued, 1)
    assert _states(queued) == [(number, "text") for number in range(1, 5)]
    assert reader.begun == [1, 1, 1, 1, 1], "为接上跨页的表格，总是从头读，已存的页略过"
    assert _job(queued).stops == 0


def test_三次都死在同一页才记为读不了(queued: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = FakeReader(4, {2: 3})
    _use(monkeypatch, reader)
    read_document(queued, 1)
    assert _states(queued) == [(1, "text"), (2, "failed"), (3, "text"), (4, "text")]
    assert reader.begun == [1, 1, 1, 3], "从读垮的那一页之后接着读"
    assert (_job(queued).stops, _job(queued).begin) == (1, 3)


def test_说明了原因的中断不再试(queued: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = FakeReader(3, fatal=frozenset({2}))
    _use(monkeypatch, reader)
    read_document(queued, 1)
    assert reader.begun == [1, 3]
    with queued.session() as session:
        reason = session.scalars(select(Page.reason).where(Page.number == 2)).one()
    assert reason == "《甲.pdf》第 2 页读取时中断（内存超过限额），没有读到文字，请检查这一页或重新导出后上传。"


def test_第四次读垮后放弃其余各页(queued: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = FakeReader(9, fatal=frozenset({1, 2, 3, 5, 7}))
    _use(monkeypatch, reader)
    read_document(queued, 1)
    assert [state for _, state in _states(queued)] == ["failed"] * 3 + ["text"] + ["failed"] * 5
    assert reader.begun == [1, 2, 3, 4]
    assert _job(queued).stage == RECOGNISE


def test_程序要停时进程的死不算页的错(queued: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    _use(monkeypatch, FakeReader(4, {3: 99}))
    read_document(queued, 1, stopping=lambda: True)
    assert _states(queued) == [(1, "text"), (2, "text")]
    assert _job(queued).stage == READ
    _use(monkeypatch, FakeReader(4))
    read_document(queued, 1)
    assert [number for number, _ in _states(queued)] == [1, 2, 3, 4]


def test_拒绝读取的原因留在待办里(queued: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path, file: str, *, first: int = 1, limits: object = None) -> Iterator[object]:
        raise DamagedFileError(file, "PDF", "文件结构不完整")
        yield

    _use(monkeypatch, refuse)
    read_document(queued, 1)
    assert (_job(queued).stage, _states(queued)) == (RECOGNISE, [])
    assert "已损坏" in _job(queued).refusal


def test_出错的文件可以放弃(queued: Store) -> None:
    give_up(queued, 1, "程序出错，请反馈。")
    assert (_job(queued).stage, _job(queued).refusal) == (RECOGNISE, "程序出错，请反馈。")
