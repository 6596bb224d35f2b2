"""Words that nobody sees on the page are told to the expert and are no evidence; words that show are."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pypdfium2
import pytest

from ingest.hidden import inspected
from ingest.pages import ParsedPage
from ingest.passages import cut
from ingest.readers import pdf_hidden
from ingest.readers.pdf import read
from ingest.readers.pdf_chars import chars_of, view_of
from tests.ingest import hidden_pdfs
from tests.ingest.hidden_pdfs import HIDDEN, SHOWING, WORDS

REASONS = {
    "与底色相同": "与底色相同",
    "几乎白色": "与底色相同",
    "深色块上的深色字": "与底色相同",
    "页面之外": "页面之外",
    "极小": "极小",
    "设为不显示": "设为不显示",
    "只作裁剪": "设为不显示",
    "被图片遮住": "被图片或色块遮住",
    "被色块遮住": "被图片或色块遮住",
    "被裁剪": "被裁剪",
    "透明": "透明",
    "软蒙版": "透明",
    "图层关闭": "所在图层关闭",
    "表单对象的图层关闭": "所在图层关闭",
    "表单对象里的白字": "与底色相同",
    "照片上的同色字": "与底色相同",
}


def _page(path: Path) -> ParsedPage:
    return next(item for item in read(path, "a.pdf") if isinstance(item, ParsedPage))


def _passages(page: ParsedPage) -> str:
    return "\n".join(page.text[piece.start : piece.end] for piece in cut([page], ""))


def test_每种手法都有一例() -> None:
    assert REASONS.keys() == HIDDEN.keys()


@pytest.mark.parametrize("trick", HIDDEN)
def test_看不见的文字列为发现且不作为佐证(trick: str, tmp_path: Path) -> None:
    page = _page(hidden_pdfs.page_with(tmp_path / "a.pdf", HIDDEN[trick]))
    assert page.state == "text"
    found = [finding for finding in page.findings if finding.kind == "隐藏文字"]
    assert [(finding.excerpt, REASONS[trick] in finding.sentence) for finding in found] == [(WORDS, True)]
    assert "请核对原件" in found[0].sentence
    assert [finding.kind for finding in inspected(page).findings] == ["隐藏文字", "疑似指令"]
    assert WORDS in page.text
    assert "21000 children" in _passages(page)
    assert "MARKS" not in _passages(page)
    assert page.char_boxes is not None
    assert len(page.char_boxes) == len(page.text)


@pytest.mark.parametrize("turn", [90, 180, 270])
@pytest.mark.parametrize("trick", ["与底色相同", "被图片遮住", "图层关闭"])
def test_页面转了方向也一样(trick: str, turn: int, tmp_path: Path) -> None:
    page = _page(hidden_pdfs.page_with(tmp_path / "a.pdf", HIDDEN[trick], turn=turn))
    assert [finding.excerpt for finding in page.findings if finding.kind == "隐藏文字"] == [WORDS]
    assert "21000 children" in _passages(page)


@pytest.mark.parametrize("means", SHOWING)
def test_看得见的文字照常作为佐证(means: str, tmp_path: Path) -> None:
    page = _page(hidden_pdfs.page_with(tmp_path / "a.pdf", SHOWING[means]))
    assert page.findings == ()
    assert "MARKS" in _passages(page)


def test_扫描件的识别文字层不算隐藏(tmp_path: Path) -> None:
    path = hidden_pdfs.searchable_scan(tmp_path / "a.pdf")
    with (
        closing(pypdfium2.PdfDocument(path)) as document,
        closing(document[0]) as page,
        closing(page.get_textpage()) as text,
    ):
        view = view_of(page)
        chars, _ = chars_of(text, view)
        assert any(char.text == "M" for char in chars)
        assert pdf_hidden.hidden_in(page, text, chars, view) == {}


def test_正常页面没有此类说明_也不需要画出来(sample_pdf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def drawn(*_arguments: object) -> None:
        raise AssertionError("a page without doubtful text was drawn")

    monkeypatch.setattr(pdf_hidden, "_drawn", drawn)
    pages = [item for item in read(sample_pdf, "a.pdf") if isinstance(item, ParsedPage)]
    assert len(pages) == 3
    assert all(page.reason == "" and page.findings == () for page in pages)
