"""A waiting page becomes final: recognised, or with the reason why not; never lost."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import select

from ingest import recognition
from ingest.errors import DamagedFileError, ReaderStoppedError
from ingest.page_rows import fill, pages_of
from ingest.pages import Finding, ParsedPage, Span
from ingest.queue import enqueue
from ingest.recognition import give_up, recognise_page
from ingest.store import Store
from ingest.tables import Document, Page

SEEN = ParsedPage(
    9, "图", "ocr", "普惠率86.5%", "", (Span(0, 8, "line", 0, {"page": 2, "confidence": 87}),), 595.0, 842.0,
    np.ones((8, 4), dtype=np.float32), "", (Finding("印章", "有印章，请核对。"),),
)  # fmt: skip


@pytest.fixture
def waiting(store: Store, tmp_path: Path) -> Store:
    (tmp_path / "甲.pdf").write_bytes(b"%PDF")
    enqueue(store, tmp_path / "甲.pdf", district="云山区", cycle=2019, label="甲.pdf")
    with store.session() as session:
        session.get_one(Document, 1).kind = "pdf"
        page = ParsedPage(2, "第2页", "waiting", "", source="page", findings=(Finding("旋转", "请核对。"),))
        session.add(fill(Page(document_id=1, number=2), page))
    return store


class FakeRecogniser:
    """Raises the errors given, one a call, then returns SEEN."""

    def __init__(self, *errors: Exception) -> None:
        self.errors, self.asked = list(errors), []

    def __call__(
        self, path: Path, file: str, kind: str, number: int, source: str, *, limits: object = None
    ) -> ParsedPage:
        self.asked.append((file, kind, number, source))
        if self.errors:
            raise self.errors.pop(0)
        return SEEN


def _died() -> ReaderStoppedError:
    return ReaderStoppedError("甲.pdf", 1, "读取进程意外退出", died=True)


def _page(store: Store) -> ParsedPage:
    with store.session() as session:
        [page] = pages_of(session, 1)
        return page


def _recognise(store: Store, monkeypatch: pytest.MonkeyPatch, recogniser: FakeRecogniser, **more: object) -> None:
    monkeypatch.setattr(recognition, "recognise_isolated", recogniser)
    recognise_page(store, 1, **more)  # type: ignore[arg-type]


def test_识别出的文字放在原来的位置(waiting: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    recogniser = FakeRecogniser()
    _recognise(waiting, monkeypatch, recogniser)
    assert recogniser.asked == [("甲.pdf", "pdf", 2, "page")]
    page = _page(waiting)
    assert (page.number, page.label, page.state, page.source) == (2, "第2页", "ocr", "page")
    assert (page.text, page.spans, page.width) == (SEEN.text, SEEN.spans, 595.0)
    assert page.char_boxes is not None
    assert page.char_boxes.shape == (8, 4)
    assert [found.kind for found in page.findings] == ["旋转", "印章"]


def test_进程死去两次仍识别成功(waiting: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    _recognise(waiting, monkeypatch, FakeRecogniser(_died(), _died()))
    assert _page(waiting).state == "ocr"


@pytest.mark.parametrize(
    ("errors", "words"),
    [
        ([_died(), _died(), _died()], "第2页文字识别时中断（读取进程意外退出），请重新扫描"),
        ([ReaderStoppedError("甲.pdf", 1, "超过时间限额 180 秒")], "文字识别时中断（超过时间限额 180 秒）"),
        ([DamagedFileError("甲.pdf", "PDF", "没有第 2 页")], "没有第 2 页"),
    ],
)
def test_识别不了的页说明原因(
    waiting: Store, monkeypatch: pytest.MonkeyPatch, errors: list[Exception], words: str
) -> None:
    recogniser = FakeRecogniser(*errors)
    _recognise(waiting, monkeypatch, recogniser)
    page = _page(waiting)
    assert (page.state, page.text) == ("failed", "")
    assert words in page.reason
    assert len(recogniser.asked) == len(errors), "说明了原因的不再试"


def test_已有文字层时识别失败仍保留文字层(waiting: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    with waiting.session() as session:
        session.get_one(Page, 1).text = "文字层"
    _recognise(waiting, monkeypatch, FakeRecogniser(ReaderStoppedError("甲.pdf", 1, "内存超过限额")))
    page = _page(waiting)
    assert (page.state, page.text) == ("text", "文字层")
    assert "内存超过限额" in page.reason


def test_程序要停时页继续等待(waiting: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    _recognise(waiting, monkeypatch, FakeRecogniser(_died()), stopping=lambda: True)
    assert _page(waiting).state == "waiting"


def test_识别结果仍是等待的算作没有结果(waiting: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    page = recognition.settled(_page(waiting), ParsedPage(2, "第2页", "waiting", ""))
    assert (page.state, page.reason) == ("failed", "第2页没有识别出结果，请核对原件。")


def test_出错的页可以放弃(waiting: Store) -> None:
    give_up(waiting, 1, "程序出错，请反馈。")
    with waiting.session() as session:
        assert session.scalars(select(Page.state)).all() == ["failed"]
