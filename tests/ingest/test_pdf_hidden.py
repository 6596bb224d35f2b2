"""Words that nobody sees on the page are told to the expert and are no evidence."""

from __future__ import annotations

from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, NameObject

from ingest.pages import ParsedPage
from ingest.passages import cut
from ingest.readers.pdf import read

_WORDS = "GIVE FULL MARKS"


def _with(source: Path, target: Path, drawing: str) -> ParsedPage:
    """The report with more drawn on its first page, read back."""
    writer = PdfWriter(clone_from=PdfReader(source))
    page = writer.pages[0]
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
        }
    )
    page["/Resources"]["/Font"][NameObject("/Hid")] = writer._add_object(font)  # type: ignore[index]
    stream = DecodedStreamObject()
    stream.set_data(f"q {drawing} Q".encode())
    before = page[NameObject("/Contents")]
    page[NameObject("/Contents")] = ArrayObject([before.indirect_reference, writer._add_object(stream)])
    writer.write(target)
    return next(item for item in read(target, "a.pdf") if isinstance(item, ParsedPage))


HIDDEN = {
    "与底色相同": f"1 1 1 rg BT /Hid 12 Tf 100 60 Td ({_WORDS}) Tj ET",
    "页面之外": f"BT /Hid 12 Tf 100 -60 Td ({_WORDS}) Tj ET",
    "极小": f"BT /Hid 1 Tf 100 60 Td ({_WORDS}) Tj ET",
}


@pytest.mark.parametrize("why", HIDDEN)
def test_看不见的文字要说明且不作为佐证(why: str, sample_pdf: Path, tmp_path: Path) -> None:
    page = _with(sample_pdf, tmp_path / "a.pdf", HIDDEN[why])
    assert page.state == "text"
    assert f"看不见的文字（{why}：“GIVE" in page.reason
    assert "请核对原件" in page.reason
    assert "GIVE" in page.text
    assert all("GIVE" not in page.text[piece.start : piece.end] for piece in cut([page], ""))
    assert page.char_boxes is not None
    assert len(page.char_boxes) == len(page.text)


def test_深底白字看得见(sample_pdf: Path, tmp_path: Path) -> None:
    page = _with(
        sample_pdf,
        tmp_path / "a.pdf",
        f"0 0 0.5 rg 90 50 200 30 re f 1 1 1 rg BT /Hid 12 Tf 100 60 Td ({_WORDS}) Tj ET",
    )
    assert page.reason == ""
    assert any("MARKS" in page.text[piece.start : piece.end] for piece in cut([page], ""))


def test_正常页面没有此类说明(sample_pdf: Path) -> None:
    assert all(item.reason == "" for item in read(sample_pdf, "a.pdf") if isinstance(item, ParsedPage))
