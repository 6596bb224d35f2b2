"""Files embedded in a PDF and filled form fields are told, never silently dropped."""

from __future__ import annotations

from pathlib import Path

import pytest
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject

from ingest.readers import pdf
from ingest.readers.base import Properties
from ingest.readers.pdf_structure import defects_of


def written(writer: PdfWriter, path: Path) -> Path:
    writer.add_blank_page(200, 200)
    with path.open("wb") as target:
        writer.write(target)
    return path


def test_普通文件没有可说的(tmp_path: Path) -> None:
    assert defects_of(written(PdfWriter(), tmp_path / "a.pdf"), "a.pdf") == ()


def test_内嵌附件逐个列出(tmp_path: Path) -> None:
    writer = PdfWriter()
    writer.add_attachment("经费明细.xlsx", b"x")
    writer.add_attachment("名册.docx", b"y")
    (told,) = defects_of(written(writer, tmp_path / "a.pdf"), "报告.pdf")
    assert "内嵌 2 个附件" in told
    assert "“经费明细.xlsx”" in told
    assert "请另存后单独上传" in told


def test_读文件时一并告知(tmp_path: Path) -> None:
    writer = PdfWriter()
    writer.add_attachment("经费明细.xlsx", b"x")
    path = written(writer, tmp_path / "a.pdf")
    properties = next(iter(pdf.read(path, "报告.pdf")))
    assert isinstance(properties, Properties)
    assert any("经费明细.xlsx" in defect for defect in properties.defects)


def test_填写过的表单项(tmp_path: Path) -> None:
    writer = PdfWriter()
    field = DictionaryObject(
        {
            NameObject("/FT"): NameObject("/Tx"),
            NameObject("/T"): TextStringObject("在园幼儿数"),
            NameObject("/V"): TextStringObject("18600"),
        }
    )
    form = DictionaryObject({NameObject("/Fields"): ArrayObject([writer._add_object(field)])})
    writer._root_object[NameObject("/AcroForm")] = form
    (told,) = defects_of(written(writer, tmp_path / "a.pdf"), "报告.pdf")
    assert "1 个表单填写项" in told


def test_结构不明时说不能确定(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(PdfWriter(), tmp_path / "a.pdf")

    def broken(*_args: object, **_options: object) -> None:
        raise ValueError("names tree")

    monkeypatch.setattr("ingest.readers.pdf_structure.PdfReader", broken)
    assert "不能确定有没有内嵌附件" in defects_of(path, "报告.pdf")[0]
