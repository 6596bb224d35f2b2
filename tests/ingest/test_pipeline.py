"""A file into the record: whole, in part, or as a row that says why not; safe to repeat and to interrupt."""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from sqlalchemy import select, text

from ingest import isolate, reading, recognition
from ingest.errors import ReaderStoppedError
from ingest.pages import ParsedPage
from ingest.pipeline import FileResult, ingest_file
from ingest.readers.base import Properties
from ingest.store import Store, open_store
from ingest.tables import Document, Job, Page, Passage
from tests.ingest import bad_pdfs


@pytest.fixture(autouse=True, scope="module")
def _close_reader() -> Iterator[None]:
    yield
    isolate.close()


def _ingest(store: Store, path: Path, label: str = "", district: str = "云山区", **more: object) -> FileResult:
    return ingest_file(store, path, district=district, cycle=2019, label=label or path.name, **more)  # type: ignore[arg-type]


def _counts(store: Store) -> tuple[int, int, int]:
    with store.engine.connect() as connection:
        return tuple(
            connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one()
            for name in ("documents", "pages", "passages")
        )  # type: ignore[return-value]


def test_整份入库(store: Store, sample_pdf: Path) -> None:
    seen: list[tuple[int, int]] = []
    result = _ingest(store, sample_pdf, "自评/报告.pdf", on_page=lambda *at: seen.append(at))
    assert result == FileResult(1, "自评/报告.pdf", "indexed", "", 3, True)
    assert seen == [(1, 3), (2, 3), (3, 3)]
    with store.session() as session:
        document = session.get_one(Document, 1)
        assert (document.district, document.cycle, document.kind) == ("云山区", 2019, "pdf")
        assert (document.title, document.type_code, document.data_year) == (
            "云山区人民政府2018年度履行教育职责自评报告",
            "R",
            2018,
        )
        assert document.sha256 == hashlib.sha256(sample_pdf.read_bytes()).hexdigest()
        assert store.original(document.sha256).read_bytes() == sample_pdf.read_bytes()
        assert document.indexed_at is None
        for passage in document.passages:
            assert passage.page.text[passage.start : passage.end] == passage.text
            assert passage.key == f"{document.sha256[:16]}-{passage.page.number}-{passage.start}-{passage.end}"
            assert passage.context.startswith(document.title)
        page = document.pages[0]
        boxes = np.frombuffer(zlib.decompress(page.char_boxes or b""), dtype="<f4").reshape(-1, 4)
        assert len(boxes) == len(page.text)
        start, end, kind, _, locator = page.spans[2]
        assert (page.text[start:end], kind, locator) == ("一、学前教育发展情况", "heading", {"page": 1})


def test_再次上传不重复(store: Store, sample_pdf: Path) -> None:
    first = _ingest(store, sample_pdf)
    before = _counts(store)
    again = _ingest(store, sample_pdf)
    assert (again.document_id, again.is_new, again.pages) == (first.document_id, False, 3)
    assert _counts(store) == before


def test_同内容另一名称只记一行并指向原件(store: Store, sample_pdf: Path) -> None:
    first = _ingest(store, sample_pdf, "甲.pdf")
    passages = _counts(store)[2]
    second = _ingest(store, sample_pdf, "乙.pdf")
    assert (second.is_new, second.pages, second.state) == (True, 0, "indexed")
    assert "《乙.pdf》与《甲.pdf》内容完全相同" in second.reason
    with store.session() as session:
        copy = session.get_one(Document, second.document_id or 0)
        assert (copy.duplicate_of, copy.type_code, copy.data_year) == (first.document_id, "R", 2018)
    assert _counts(store) == (2, 3, passages)


def test_别的区县上传同一文件各读各的(store: Store, sample_pdf: Path) -> None:
    _ingest(store, sample_pdf)
    other = _ingest(store, sample_pdf, district="清河区")
    assert (other.is_new, other.pages, other.reason) == (True, 3, "")


def test_中断后接着读且已存的页不再读(store: Store, sample_pdf: Path) -> None:
    def cut_off(read: int, total: int) -> None:
        if read == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        _ingest(store, sample_pdf, on_page=cut_off)
    with store.session() as session:
        assert [document.state for document in session.scalars(select(Document))] == ["reading"]
    assert _counts(store)[1:] == (2, 0)
    seen: list[tuple[int, int]] = []
    result = _ingest(store, sample_pdf, on_page=lambda *at: seen.append(at))
    assert (result.state, result.pages, result.is_new) == ("indexed", 3, True)
    assert seen == [(3, 3)]
    assert _counts(store)[:2] == (1, 3)
    with store.session() as session:
        assert session.scalars(select(Job)).all() == []


DEMO = Path(__file__).parents[2] / "corpus/demo/云山区/00 自评"


def _stored(store: Store) -> list[tuple[object, ...]]:
    with store.session() as session:
        pages = session.scalars(select(Page).order_by(Page.number)).all()
        rows: list[tuple[object, ...]] = [
            (page.number, page.text, page.spans, page.state, page.char_boxes, page.findings) for page in pages
        ]
        return rows + [(passage.key, passage.text, passage.context) for passage in session.scalars(select(Passage))]


def test_在任一页中断后接着读与一次读完相同(tmp_path: Path) -> None:
    report = DEMO / "云山区人民政府2018年度履行教育职责自评报告.pdf"
    whole = open_store(tmp_path / "一次")
    pages = _ingest(whole, report).pages
    assert pages >= 3
    for stop in range(1, pages):

        def cut_off(read: int, total: int, stop: int = stop) -> None:
            if read == stop:
                raise KeyboardInterrupt

        broken = open_store(tmp_path / f"中断{stop}")
        with pytest.raises(KeyboardInterrupt):
            _ingest(broken, report, on_page=cut_off)
        _ingest(broken, report)
        assert _stored(broken) == _stored(whole)


def test_部分页失败仍保留其余各页(
    store: Store, sample_pdf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def recognise(path: Path, file: str, kind: str, number: int, source: str, *, limits: object = None) -> ParsedPage:
        raise ReaderStoppedError(file, number - 1, "超过时间限额 180 秒")

    monkeypatch.setattr(recognition, "recognise_isolated", recognise)
    result = _ingest(store, bad_pdfs.with_blank_and_scan(sample_pdf, tmp_path / "混合.pdf"))
    assert (result.state, result.pages) == ("partly", 3)
    assert "第3页文字识别时中断（超过时间限额 180 秒），请重新扫描" in result.reason
    with store.session() as session:
        pages = session.scalars(select(Page).order_by(Page.number)).all()
        assert [(page.state, bool(page.reason)) for page in pages] == [
            ("text", False),
            ("empty", True),
            ("failed", True),
        ]


def _bad(name: str, sample: Path, folder: Path) -> Path:
    path = folder / f"{name}.pdf"
    if name == "加密":
        return bad_pdfs.encrypted(sample, path)
    if name == "损坏":
        return bad_pdfs.damaged(sample, path)
    path.write_bytes({"空文件": b"", "未知": bytes(range(256)) * 20}[name])
    return path


BAD = {
    "加密": "已加密.*请提供不加密的版本",
    "损坏": "已损坏.*请重新导出",
    "空文件": "空文件.*请重新",
    "未知": "不是可读取的格式.*请转换",
}


@pytest.mark.parametrize("name", BAD)
def test_读不了的文件是一行有原因的记录(name: str, store: Store, sample_pdf: Path, tmp_path: Path) -> None:
    result = _ingest(store, _bad(name, sample_pdf, tmp_path))
    assert result.state == "failed"
    assert result.document_id is not None
    assert re.search(BAD[name], result.reason)
    assert str(tmp_path) not in result.reason
    assert _counts(store)[2] == 0
    assert _ingest(store, tmp_path / f"{name}.pdf").is_new is False


def test_文件不存在与系统文件不入库(store: Store, tmp_path: Path) -> None:
    missing = _ingest(store, tmp_path / "无.pdf")
    assert (missing.document_id, missing.state) == (None, "failed")
    assert "《无.pdf》打不开（文件不存在），请检查" in missing.reason
    skipped = _ingest(store, tmp_path / "~$a.docx")
    assert (skipped.document_id, skipped.state) == (None, "skipped")
    assert _counts(store) == (0, 0, 0)
    assert not [path for path in store.originals.rglob("*") if path.is_file()]


def test_有缺陷但读完的文件带说明(store: Store, tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    for row in (["项目", "人数"], ["公办", 10], ["合计", "=SUM(B2:B2)"]):
        workbook.active.append(row)
    workbook.save(tmp_path / "统计表.xlsx")
    result = _ingest(store, tmp_path / "统计表.xlsx")
    assert result.state == "indexed"
    assert "B3 是公式但没有保存计算结果" in result.reason


def test_没有一个字的文件(store: Store, tmp_path: Path) -> None:
    (tmp_path / "空白.txt").write_text("  \n", encoding="utf-8")
    result = _ingest(store, tmp_path / "空白.txt")
    assert (result.state, result.pages) == ("failed", 1)
    assert "没有任何文字" in result.reason


def _reader(pages: int, fatal: set[int]) -> object:
    """A reading process that dies at the pages named."""

    def read(path: Path, file: str, *, first: int = 1, limits: object = None) -> Iterator[Properties | ParsedPage]:
        yield Properties("pdf", pages)
        for number in range(first, pages + 1):
            if number in fatal:
                raise ReaderStoppedError(file, number - 1, "超过时间限额 120 秒")
            yield ParsedPage(number, f"第{number}页", "text", f"第{number}页的文字")

    return read


def test_一页读垮后接着读下一页(store: Store, sample_pdf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "read_isolated", _reader(5, {2, 5}))
    result = _ingest(store, sample_pdf)
    assert (result.state, result.pages) == ("partly", 5)
    assert "第 2、5 页没有读到文字" in result.reason
    with store.session() as session:
        assert [page.state for page in session.scalars(select(Page).order_by(Page.number))] == [
            "text",
            "failed",
            "text",
            "text",
            "failed",
        ]


def test_多次读垮后其余各页仍逐页有记录(store: Store, sample_pdf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "read_isolated", _reader(9, set(range(2, 10))))
    result = _ingest(store, sample_pdf)
    assert (result.state, result.pages) == ("partly", 9)
    with store.session() as session:
        pages = session.scalars(select(Page).order_by(Page.number)).all()
        assert [page.number for page in pages] == list(range(1, 10))
        assert all("请" in page.reason for page in pages[1:])


def test_半个字符与空字符也能入库(store: Store, sample_pdf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def read(path: Path, file: str, *, first: int = 1, limits: object = None) -> Iterator[Properties | ParsedPage]:
        yield Properties("pdf", 1)
        yield ParsedPage(1, "第1页", "text", "督\ud800导\x00室𠮷")

    monkeypatch.setattr(reading, "read_isolated", read)
    _ingest(store, sample_pdf)
    with store.session() as session:
        stored = session.scalars(select(Page.text)).one()
    assert (stored[0], stored[2], stored[4:], len(stored)) == ("督", "导", "室𠮷", 6)


def test_入库时间是世界时(store: Store, sample_pdf: Path) -> None:
    before = datetime.now(UTC).replace(tzinfo=None)
    _ingest(store, sample_pdf)
    with store.session() as session:
        assert before <= session.scalars(select(Document.ingested_at)).one() <= datetime.now(UTC).replace(tzinfo=None)
    with store.session() as session:
        assert session.scalars(select(Passage)).first() is not None
