"""The second engine gives a page's text or nothing; it never ends the reading of the file."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pytest
from pikepdf import Dictionary, Name

from ingest.readers import pdf_second
from ingest.readers.pdf_second import SecondEngine
from tests.ingest.hidden_pdfs import SHOWN, page_with


def test_正常页面给出文字(tmp_path: Path) -> None:
    assert SHOWN in SecondEngine(page_with(tmp_path / "a.pdf", ""))(1)


def test_看不懂的过滤器_放弃这一页(tmp_path: Path) -> None:
    source = page_with(tmp_path / "a.pdf", "")
    with pikepdf.open(source) as document:
        table = pikepdf.Stream(document, b"x")
        table.Filter = Name("/NoSuchFilter")
        document.pages[0].Resources.Font.F = document.make_indirect(
            Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, ToUnicode=table)
        )
        document.save(tmp_path / "b.pdf", stream_decode_level=pikepdf.StreamDecodeLevel.none)
    assert SecondEngine(tmp_path / "b.pdf")(1) == ""


def test_打不开的文件_以后不再试(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7\nx")
    engine = SecondEngine(tmp_path / "a.pdf")
    assert engine(1) == ""
    monkeypatch.setattr(pdf_second, "PdfReader", lambda *_args, **_options: pytest.fail("opened again"))
    assert engine(2) == ""


def test_内存不足照实上报(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_args: object, **_options: object) -> None:
        raise MemoryError

    monkeypatch.setattr(pdf_second, "PdfReader", full)
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7\nx")
    with pytest.raises(MemoryError):
        SecondEngine(tmp_path / "a.pdf")(1)
