"""The queue: files come in once, every step finds its next work, and progress is counted from the record."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from ingest import queue
from ingest.queue import INDEX, READ, RECOGNISE, FileResult, Progress, enqueue, progress_of
from ingest.store import Store
from ingest.tables import Document, Job, Page, Passage


def _file(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def _enqueue(store: Store, path: Path, label: str = "", district: str = "云山区") -> FileResult:
    return enqueue(store, path, district=district, cycle=2019, label=label or path.name)


def _add_pages(store: Store, document_id: int, *states: str, announced: int = 0) -> None:
    with store.session() as session:
        for number, state in enumerate(states, start=1):
            source = "page" if state in ("waiting", "ocr") else ""
            session.add(Page(document_id=document_id, number=number, label="", state=state, text="文字", source=source))
        session.get_one(Job, document_id).pages = announced or len(states)


def _stage(store: Store, document_id: int, stage: str) -> None:
    with store.session() as session:
        session.get_one(Job, document_id).stage = stage


def test_登记一次就有一行和一件待办(store: Store, tmp_path: Path) -> None:
    path = _file(tmp_path, "甲.txt", "普惠率")
    first, again = _enqueue(store, path), _enqueue(store, path)
    assert first == again == FileResult(1, "甲.txt", "reading", "", 0, True)
    with store.session() as session:
        assert [(job.document_id, job.stage) for job in session.scalars(select(Job))] == [(1, READ)]
        assert store.original(session.get_one(Document, 1).sha256).read_text(encoding="utf-8") == "普惠率"


def test_还没有读完时登记的同内容文件只指向前一份(store: Store, tmp_path: Path) -> None:
    path = _file(tmp_path, "甲.txt", "普惠率")
    _enqueue(store, path)
    copy = _enqueue(store, path, "乙.txt")
    assert (copy.document_id, copy.state, copy.is_new) == (2, "reading", True)
    assert "《乙.txt》与《甲.txt》内容完全相同" in copy.reason
    assert queue.documents_in_work(store) == [1], "副本没有自己的待办"
    other = _enqueue(store, path, district="清河区")
    assert queue.documents_in_work(store) == [1, other.document_id], "别的区县另读一份"
    assert queue.places_in_work(store) == [("云山区", 2019), ("清河区", 2019)]


def test_各步按先后取自己的下一件(store: Store, tmp_path: Path) -> None:
    for name in ("甲", "乙", "丙"):
        _enqueue(store, _file(tmp_path, f"{name}.txt", name))
    assert queue.next_document(store, READ) == 1
    assert queue.next_document(store, READ, besides={1}) == 2
    assert queue.next_document(store, INDEX) is None
    assert queue.next_settled(store) is None
    _stage(store, 2, RECOGNISE)
    assert queue.next_settled(store) == 2, "没有等待识别的页就可以收尾"
    _add_pages(store, 2, "text", "waiting", "waiting")
    assert queue.next_settled(store) is None
    first = queue.next_waiting_page(store)
    assert first is not None
    second = queue.next_waiting_page(store, besides={first})
    assert second == first + 1
    assert queue.next_waiting_page(store, besides={first, second}) is None


def test_提前公布只在新读的页翻倍之后(store: Store, tmp_path: Path) -> None:
    _enqueue(store, _file(tmp_path, "甲.txt", "甲"))
    _add_pages(store, 1, "text", "empty", "waiting", "failed")
    assert queue.next_to_publish(store, least=2) is None, "还在读，页数不够"
    assert queue.next_to_publish(store, least=1) == 1
    _stage(store, 1, RECOGNISE)
    assert queue.next_to_publish(store, least=99) == 1, "只等识别时一页也公布"
    with store.session() as session:
        session.get_one(Job, 1).published = 1
    assert queue.next_to_publish(store, least=1) is None
    with store.session() as session:
        session.scalars(select(Page).where(Page.number == 3)).one().state = "ocr"
    assert queue.next_to_publish(store, least=1) == 1
    _stage(store, 1, INDEX)
    assert queue.next_to_publish(store, least=1) is None


def test_进度从记录里数出来(store: Store, tmp_path: Path) -> None:
    for name in ("甲", "乙", "丙"):
        _enqueue(store, _file(tmp_path, f"{name}.txt", name))
    assert progress_of(store, [1, 2, 3]) == Progress(0, 3, 0, 0, 0, 0, 0, 0)
    _add_pages(store, 1, "text", "ocr", "waiting", announced=10)
    with store.session() as session:
        session.get_one(Job, 2).pages = 4
        page = session.scalars(select(Page).where(Page.number == 1)).one()
        for start in (0, 1):
            session.add(
                Passage(key=f"k{start}", document_id=1, page_id=page.id, start=start, end=start + 1, text="文", indexed=start == 0)
            )  # fmt: skip
        session.delete(session.get_one(Job, 3))
    assert progress_of(store, [1, 2, 3]) == Progress(1, 3, 2, 14, 1, 2, 1, 2)
    assert progress_of(store, [3]).finished
    assert not progress_of(store, [1, 3]).finished
    assert progress_of(store, []).finished


def test_已经读过的不再登记(store: Store, tmp_path: Path) -> None:
    path = _file(tmp_path, "甲.txt", "普惠率")
    _enqueue(store, path)
    with store.session() as session:
        document = session.get_one(Document, 1)
        document.state, document.indexed_at = "indexed", datetime(2019, 3, 1)
        session.delete(session.get_one(Job, 1))
    assert _enqueue(store, path) == FileResult(1, "甲.txt", "indexed", "", 0, False)
    assert queue.is_empty(store)
    assert _enqueue(store, path, "乙.txt").state == "indexed"
    assert queue.is_empty(store)


@pytest.mark.parametrize(("name", "state"), [("~$甲.docx", "skipped"), ("没有.pdf", "failed")])
def test_不是材料与不存在的不登记(store: Store, tmp_path: Path, name: str, state: str) -> None:
    result = _enqueue(store, tmp_path / name)
    assert (result.document_id, result.state) == (None, state)
    assert queue.is_empty(store)
