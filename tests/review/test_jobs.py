"""Working through the queue: side by side, found while the rest is read, one worker at a time, and no file stops the others."""

from __future__ import annotations

import errno
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from ingest import finish, queue, reading, recognition
from ingest.errors import DiskFullError
from ingest.pages import ParsedPage, Span
from ingest.queue import enqueue
from ingest.readers.base import Properties
from ingest.tables import Document, Job, Page, Passage
from retrieval.errors import ModelMissingError
from retrieval.index import EvidenceIndex
from review import jobs
from review.errors import BusyError
from review.intake import index_pending, take_in
from review.jobs import Hands, alone, lock_of, work_through
from review.workspace import Settings, Workspace
from tests.retrieval.conftest import TokenEmbedder

HANDS = Hands(readers=2, recognisers=2)
TITLE = "云山区2018年学前教育工作总结"


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """A workspace whose model counts tokens."""
    opened = Workspace(Settings(tmp_path / "home"))
    opened.__dict__["index"] = EvidenceIndex(opened.store, tmp_path / "home", TokenEmbedder())
    yield opened
    opened.store.engine.dispose()


def _page(number: int, text: str, state: str = "text") -> ParsedPage:
    source = "page" if state != "text" else ""
    spans = (Span(0, len(text), "paragraph", 0, {"page": number}),) if text else ()
    return ParsedPage(number, f"第{number}页", state, text, spans=spans, source=source)  # type: ignore[arg-type]


def _reader(scans: int = 0) -> Callable[..., Iterator[object]]:
    """Every file has a page of its own words, then `scans` pages that wait."""

    def read(path: Path, file: str, *, first: int = 1, limits: object = None) -> Iterator[object]:
        if "坏" in file:
            raise ZeroDivisionError
        yield Properties("pdf", 1 + scans)
        pages = [_page(1, f"{TITLE}\n{file}讲幼儿园普惠率，材料内容均经核实，供督导评估使用。")]
        pages += [_page(number, "", "waiting") for number in range(2, 2 + scans)]
        yield from pages[first - 1 :]

    return read


def _recognise(path: Path, file: str, kind: str, number: int, source: str, *, limits: object = None) -> ParsedPage:
    return _page(number, f"识别出的第{number}页讲校车安全与食品安全，台账齐全，责任到人，经费到位。", "ocr")


@pytest.fixture(autouse=True)
def _fakes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "read_isolated", _reader())
    monkeypatch.setattr(recognition, "recognise_isolated", _recognise)


def _enqueue(workspace: Workspace, folder: Path, *names: str) -> list[int]:
    ids = []
    for name in names:
        (folder / name).write_bytes(name.encode())
        result = enqueue(workspace.store, folder / name, district="云山区", cycle=2019, label=name)
        assert result.document_id is not None
        ids.append(result.document_id)
    return ids


def _states(workspace: Workspace) -> dict[str, str]:
    with workspace.store.session() as session:
        return {document.file: document.state for document in session.scalars(select(Document))}


def test_队列里的都读完并进入索引(workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "read_isolated", _reader(scans=3))
    ids = _enqueue(workspace, tmp_path, "甲.pdf", "乙.pdf")
    work_through(workspace, ids, hands=HANDS)
    assert _states(workspace) == {"甲.pdf": "indexed", "乙.pdf": "indexed"}
    assert queue.is_empty(workspace.store)
    assert workspace.index.check() == []
    with workspace.store.session() as session:
        assert [page.state for page in session.scalars(select(Page).order_by(Page.document_id, Page.number))] == [
            "text", "ocr", "ocr", "ocr"] * 2  # fmt: skip
        assert all(session.scalars(select(Passage.indexed)))
        assert all(session.scalars(select(Document.indexed_at)))
        vectors = workspace.index.vectors.stored(jobs_partition(workspace))
        assert len(vectors) == len(session.scalars(select(Passage.id)).all())


def jobs_partition(workspace: Workspace) -> object:
    [partition] = workspace.index.vectors.partitions()
    return partition


def test_识别还没完成时已读的页就能检索(workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    go_on = threading.Event()

    def slow(*args: object, **more: object) -> ParsedPage:
        assert go_on.wait(30)
        return _recognise(*args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(reading, "read_isolated", _reader(scans=2))
    monkeypatch.setattr(recognition, "recognise_isolated", slow)
    ids = _enqueue(workspace, tmp_path, "甲.pdf")
    worker = threading.Thread(target=work_through, args=(workspace, ids), kwargs={"hands": HANDS})
    worker.start()
    try:
        deadline = time.monotonic() + 30
        while not (found := workspace.index.search("幼儿园普惠率", district="云山区")) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert [hit.page for hit in found] == [1]
        assert _states(workspace) == {"甲.pdf": "reading"}
        assert workspace.index.search("校车安全", district="云山区", system="bm25") == []
        early = found[0].passage_id
    finally:
        go_on.set()
        worker.join(60)
    assert _states(workspace) == {"甲.pdf": "indexed"}
    assert workspace.index.search("校车安全", district="云山区", system="bm25")[0].page in (2, 3)
    with workspace.store.session() as session:
        assert session.get(Passage, early) is not None, "没有变的段落保留原来的行"
    assert workspace.index.check() == []


def test_一份出错的材料不妨碍其余(workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settle = finish.settle

    def fail(store: object, document_id: int, *, forget: object) -> None:
        if document_id == 3:
            raise LookupError("bug")
        settle(store, document_id, forget=forget)  # type: ignore[arg-type]

    monkeypatch.setattr(jobs, "settle", fail)
    ids = _enqueue(workspace, tmp_path, "坏.pdf", "甲.pdf", "乱.pdf", "乙.pdf")
    work_through(workspace, ids, hands=HANDS)
    assert _states(workspace) == {"坏.pdf": "failed", "甲.pdf": "indexed", "乱.pdf": "failed", "乙.pdf": "indexed"}
    with workspace.store.session() as session:
        reasons = {document.file: document.reason for document in session.scalars(select(Document))}
    assert reasons["坏.pdf"] == "《坏.pdf》读取时程序出错（ZeroDivisionError），请反馈给维护人员；其余材料不受影响。"
    assert "整理时程序出错（LookupError）" in reasons["乱.pdf"]


def test_识别程序出错的页有原因(workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **more: object) -> ParsedPage:
        raise ZeroDivisionError

    monkeypatch.setattr(reading, "read_isolated", _reader(scans=1))
    monkeypatch.setattr(recognition, "recognise_isolated", fail)
    work_through(workspace, _enqueue(workspace, tmp_path, "甲.pdf"), hands=HANDS)
    assert _states(workspace) == {"甲.pdf": "partly"}
    with workspace.store.session() as session:
        reason = session.scalars(select(Page.reason).where(Page.number == 2)).one()
    assert "《甲.pdf》第2页文字识别时程序出错（ZeroDivisionError）" in reason


def test_磁盘满时停下并说明_腾出空间后接着做(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*args: object, **more: object) -> Iterator[object]:
        raise OSError(errno.ENOSPC, "No space left on device")
        yield

    ids = _enqueue(workspace, tmp_path, "甲.pdf", "乙.pdf")
    monkeypatch.setattr(reading, "read_isolated", full)
    with pytest.raises(DiskFullError):
        work_through(workspace, ids, hands=HANDS)
    assert set(_states(workspace).values()) == {"reading"}
    with alone(workspace):  # the lock is free again
        monkeypatch.setattr(reading, "read_isolated", _reader())
    work_through(workspace, ids, hands=HANDS)
    assert set(_states(workspace).values()) == {"indexed"}


def test_没有模型时先把材料都读完再说明(workspace: Workspace, tmp_path: Path) -> None:
    class Missing:
        def __getattr__(self, name: str) -> object:
            raise ModelMissingError("e5")

    good = workspace.__dict__["index"]
    workspace.__dict__["index"] = Missing()
    ids = _enqueue(workspace, tmp_path, "甲.pdf", "乙.pdf")
    with pytest.raises(ModelMissingError):
        work_through(workspace, ids, hands=HANDS)
    assert set(_states(workspace).values()) == {"indexed"}, "材料已读完，只差索引"
    assert not queue.is_empty(workspace.store)
    workspace.__dict__["index"] = good
    work_through(workspace, ids, hands=HANDS)
    assert queue.is_empty(workspace.store)
    assert workspace.index.check() == []


def test_别人在做时只等_别人不做了就接手(workspace: Workspace, tmp_path: Path) -> None:
    ids = _enqueue(workspace, tmp_path, "甲.pdf")
    lock = lock_of(workspace)
    assert lock.acquire()
    follower = threading.Thread(target=work_through, args=(workspace, ids), kwargs={"hands": HANDS, "nap": 0.05})
    follower.start()
    follower.join(0.5)
    assert follower.is_alive()
    assert _states(workspace) == {"甲.pdf": "reading"}
    lock.release()
    follower.join(60)
    assert not follower.is_alive()
    assert _states(workspace) == {"甲.pdf": "indexed"}


def test_另一个程序在导入时不重建索引(workspace: Workspace, tmp_path: Path) -> None:
    with alone(workspace):
        with pytest.raises(BusyError, match="请等它结束"), alone(workspace):
            pass
        ids = _enqueue(workspace, tmp_path, "甲.pdf")
        with workspace.store.session() as session:
            session.get_one(Document, ids[0]).state = "indexed"
        with pytest.raises(BusyError):
            index_pending(workspace)
    with alone(workspace):
        pass


def test_旧的向量先忘掉再做新的(workspace: Workspace, tmp_path: Path) -> None:
    ids = _enqueue(workspace, tmp_path, "甲.pdf")
    work_through(workspace, ids, hands=HANDS)
    [partition] = workspace.index.vectors.partitions()
    [vector] = workspace.index.vectors.stored(partition)
    with workspace.store.session() as session:
        document = session.get_one(Document, ids[0])
        passage = document.passages[0]
        passage.context, passage.indexed = "换了题目", False
        document.indexed_at = None
        session.add(
            Job(document_id=ids[0], stage=queue.INDEX, orphans=[vector], defects=[], queued_at=document.ingested_at)
        )
    seen = workspace.index.embedder.seen  # type: ignore[attr-defined]
    seen.clear()
    work_through(workspace, ids, hands=HANDS)
    assert [text for text in seen if text.startswith("换了题目\n")], "同一编号换了文字，要重新计算"


def test_导入的结果取自记录(workspace: Workspace, tmp_path: Path) -> None:
    folder = tmp_path / "材料"
    folder.mkdir()
    for name in ("甲.pdf", "乙.pdf", "~$甲.docx"):
        (folder / name).write_bytes(name.encode())
    handed_in: list[str] = []
    result = take_in(
        workspace, [folder], district="云山区", cycle=2019, hands=HANDS, on_handed_in=lambda: handed_in.append("完")
    )
    assert handed_in == ["完"]
    assert [(one.file, one.state, one.pages) for one in result.files] == [
        ("~$甲.docx", "skipped", 0), ("乙.pdf", "indexed", 1), ("甲.pdf", "indexed", 1)]  # fmt: skip
    assert (len(result.new), len(result.skipped), len(result.refused), result.indexed) == (2, 1, 0, 2)
    again = take_in(workspace, [folder], district="云山区", cycle=2019, hands=HANDS)
    assert (len(again.new), again.indexed) == (0, 0)
