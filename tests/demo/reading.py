"""Text of a built demo file, place by place, as a person opening it would see it. Independent of our own readers."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import docx
import openpyxl
import pypdfium2 as pdfium
from docx.document import Document as WordDocument
from openpyxl.cell.cell import Cell


def squeeze(text: str) -> str:
    """Without white space: a PDF breaks lines where the paper ends, not where the sentence does."""
    return re.sub(r"\s", "", text)


def pdf_pages(path: Path) -> list[str]:
    document = pdfium.PdfDocument(str(path))
    try:
        return [page.get_textpage().get_text_range() for page in document]
    finally:
        document.close()


def docx_body(path: Path) -> list[str]:
    """Paragraphs and cells of the body in file order."""
    document: WordDocument = docx.Document(str(path))
    texts = []
    for element in document.element.body.iter():
        if element.tag.endswith("}p"):
            texts.append("".join(node.text or "" for node in element.iter() if node.tag.endswith("}t")))
    return texts


def docx_frame(path: Path) -> str:
    """Header and footer of every section."""
    document: WordDocument = docx.Document(str(path))
    return "".join(
        paragraph.text
        for section in document.sections
        for part in (section.header, section.footer)
        for paragraph in part.paragraphs
    )


def xlsx_cells(path: Path) -> dict[tuple[str, str], str]:
    """(sheet, cell) → the text shown in it."""
    book = openpyxl.load_workbook(path)
    return {
        (sheet.title, cell.coordinate): shown(cell)
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }


def shown(cell: Cell) -> str:
    """What Excel shows for the number formats the demo uses: General, 0.00…, 0%…, text."""
    if isinstance(cell.value, str):
        return cell.value
    value, form = Decimal(str(cell.value)), cell.number_format
    digits = len(form.rstrip("%").partition(".")[2])
    if form.endswith("%"):
        return f"{value * 100:.{digits}f}%"
    return str(value) if form == "General" else f"{value:.{digits}f}"


def whole_text(path: Path, encoding: str = "utf-8") -> str:
    """All text of a file, squeezed; cells and paragraphs are divided by a line feed."""
    if path.suffix == ".pdf":
        parts = ["".join(pdf_pages(path))]
    elif path.suffix == ".docx":
        parts = docx_body(path)
    elif path.suffix == ".xlsx":
        parts = list(xlsx_cells(path).values())
    else:
        parts = path.read_bytes().decode(encoding).splitlines()
    return "\n".join(map(squeeze, parts))
