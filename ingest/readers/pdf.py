"""Reads PDF with pdfium: text in reading order, a box for each character, ruled tables as rows of 表头：值."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium_c

from ingest.errors import DamagedFileError, EncryptedFileError
from ingest.headings import heading_level
from ingest.pages import ParsedPage, SpanKind
from ingest.readers.base import Properties
from ingest.readers.builder import NO_BOX, PageBuilder
from ingest.readers.grid import Cell, Row, rows_of
from ingest.readers.pdf_chars import Char, View, chars_of, garbled_share, view_of
from ingest.readers.pdf_hidden import findings_of, hidden_in, sentence
from ingest.readers.pdf_lines import in_reading_order, join, lines_of, paragraphs
from ingest.readers.pdf_structure import structure_of
from ingest.readers.pdf_tables import Region, split_off, tables_of

_GARBLED = 0.05
_FEW = 15  # fewer characters over a full-page picture are a scanner's stamp or a page number, not the page's text


def open_pdf(path: Path, file: str) -> Any:
    """The pypdfium2 document. Raises EncryptedFileError or DamagedFileError."""
    try:
        return pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as exc:
        if getattr(exc, "err_code", None) in (pdfium_c.FPDF_ERR_PASSWORD, pdfium_c.FPDF_ERR_SECURITY):
            raise EncryptedFileError(file, "PDF") from exc
        raise DamagedFileError(file, "PDF", "文件结构不完整") from exc


def read(path: Path, file: str, first: int = 1) -> Iterator[Properties | ParsedPage]:
    """Properties, then every page from `first` on; a page that cannot be read is a page with state "failed"."""
    with closing(open_pdf(path, file)) as document:
        count = len(document)
        if count == 0:
            raise DamagedFileError(file, "PDF", "没有页面")
        title = document.get_metadata_dict(skip_empty=True).get("Title", "").strip()
        structure = structure_of(path, file)
        yield Properties("pdf", count, title, structure.defects, structure.findings)
        headers: list[str] = []
        for number in range(first, count + 1):
            try:
                page = document[number - 1]
            except pypdfium2.PdfiumError:
                yield _failed(file, number, "页面结构损坏，请重新导出后上传")
                continue
            with closing(page):
                parsed, headers = _read_page(page, file, number, headers)
            yield parsed


def _failed(file: str, number: int, why: str, text: str = "", view: View | None = None) -> ParsedPage:
    width, height = view.size if view else (0.0, 0.0)
    return ParsedPage(number, f"第{number}页", "failed", text, f"《{file}》第 {number} 页{why}。", (), width, height)


def _waiting(number: int, view: View, text: str = "") -> ParsedPage:
    """A page whose drawing must be recognised. text : what little its text layer says."""
    return ParsedPage(number, f"第{number}页", "waiting", text, "", (), *view.size, source="page")


def _read_page(page: Any, file: str, number: int, headers: list[str]) -> tuple[ParsedPage, list[str]]:
    """The page, and the headers of the table it ends with ([] when it does not end with one)."""
    view = view_of(page)
    try:
        textpage = page.get_textpage()
    except pypdfium2.PdfiumError:
        return _failed(file, number, "的文字层损坏，请重新导出后上传", view=view), []
    with closing(textpage):
        chars, reading = chars_of(textpage, view)
        hidden = hidden_in(page, textpage, chars, view) if reading.turn == view.turn else {}
    if reading.turn != view.turn:
        # pdfium sorts what lies on one line as displayed: a page on its side is read again after turning it upright.
        page.set_rotation(reading.turn)
        with closing(page.get_textpage()) as upright:
            chars, reading = chars_of(upright, reading)
            hidden = hidden_in(page, upright, chars, reading)
    told = sentence(number, chars, hidden)
    findings = findings_of(number, chars, hidden)
    unseen = [chars[position] for position in hidden]
    chars = [char for position, char in enumerate(chars) if position not in hidden]
    text = "".join(char.text for char in chars)
    visible = len("".join(text.split()))
    picture = _picture_share(page, view)
    if visible == 0 or (visible < _FEW and picture > 0.7):
        if visible == 0 and not unseen and not any(True for _ in page.get_objects()):
            return ParsedPage(
                number, f"第{number}页", "empty", "", f"第 {number} 页是空白页。", (), *view.size
            ), headers
        return _waiting(number, view, text.strip()), []
    if garbled_share(text) > _GARBLED:
        return _waiting(number, view), []
    reason = told + (f"第 {number} 页有大幅图片，图片里的文字没有读取，请核对原件。" if picture > 0.35 else "")
    parsed, last = _build(in_reading_order(chars), unseen, tables_of(page, reading), number, headers, reading)
    boxes = parsed.char_boxes
    shown = None if boxes is None else view.from_view(reading, boxes)
    return replace(
        parsed, reason=reason, width=view.size[0], height=view.size[1], char_boxes=shown, findings=findings
    ), last


def _picture_share(page: Any, view: View) -> float:
    """Share of the page covered by its largest picture."""
    width, height = view.size
    largest = 0.0
    for picture in page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE], max_depth=3):
        left, bottom, right, top = picture.get_bounds()
        largest = max(largest, (right - left) * (top - bottom))
    return largest / (width * height) if width and height else 0.0


def _build(
    chars: Sequence[Char], unseen: Sequence[Char], regions: list[Region], number: int, headers: list[str], view: View
) -> tuple[ParsedPage, list[str]]:
    """The page in the coordinates of the reading view."""
    builder = PageBuilder(with_boxes=True)
    parts = list(split_off(chars, regions))
    last: list[str] = []
    for index, part in enumerate(parts):
        if isinstance(part, Region):
            # Only a table that nothing but a running header stands above can be the rest of the one on the page before.
            goes_on = all(not isinstance(p, Region) and len(lines_of(p)) <= 1 for p in parts[:index])
            last = _add_table(builder, part, number, headers if goes_on else [])
        else:
            lines = lines_of(part)
            for group in paragraphs(lines, view.size[0]):
                text, boxes = join(group)
                kind: SpanKind = "heading" if len(group) <= 2 and heading_level(text) is not None else "paragraph"
                builder.line(text, kind, {"page": number}, boxes)
            if len(lines) > 1:
                last = []
    if unseen:  # kept on record, marked, and left out of the passages
        text = "".join(char.text for char in unseen)
        boxes = np.array([char.box for char in unseen for _ in char.text], dtype=np.float32)
        builder.line(text, "line", {"page": number, "hidden": "看不见的文字"}, boxes)
    return builder.page(number, f"第{number}页", "text"), last


def _add_table(builder: PageBuilder, region: Region, number: int, headers: list[str]) -> list[str]:
    drawn = {}
    cells = []
    for (row, column, tall, wide), chars in sorted(region.cells.items()):
        lines = lines_of(chars)
        if lines:
            text, boxes = join(lines)
            cell = Cell(row, column, text, tall, wide)
            cells.append(cell)
            drawn[cell] = boxes
    rows, found = rows_of(cells, headers)
    for line in rows:
        _add_row(builder, line, drawn, number)
    return found


def _add_row(builder: PageBuilder, row: Row, drawn: dict[Cell, Any], number: int) -> None:
    pieces = []
    for piece in row.pieces:
        label = np.repeat(
            NO_BOX, len(piece.label), axis=0
        )  # the label stands elsewhere on the page, or on another page
        pieces.append((piece.text, {"page": number}, np.concatenate([label, drawn[piece.cell]])))
    if row.kind == "title":
        builder.line(row.pieces[0].text, "paragraph", {"page": number}, drawn[row.pieces[0].cell])
    else:
        builder.row(pieces)
