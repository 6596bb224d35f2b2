"""A demo document as a workbook, the way a district fills one in: title rows, merged heads, numbers as numbers."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from corpus.demo.sources import MARK, NOTICE, Block, Sheet, Source, Table
from corpus.demo.write_docx import extent

_THIN = Side(style="thin")
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_CENTRE = Alignment(horizontal="center", vertical="center", wrap_text=True)
_LEFT = Alignment(horizontal="left", vertical="center", wrap_text=True)
_INTEGER = re.compile(r"-?(0|[1-9]\d{0,11})$")
_DECIMAL = re.compile(r"-?(0|[1-9]\d*)\.(\d+)$")
_PERCENT = re.compile(r"(-?\d+(?:\.(\d+))?)%$")


def write_xlsx(source: Source, target: Path) -> None:
    """Write `source` to `target`: one worksheet per sheet, the first row says that the data is made up."""
    book = Workbook()
    book.remove(book.active)
    for sheet in source.sheets:
        _sheet(book.create_sheet(sheet.name), sheet, source)
    properties = book.properties
    properties.title, properties.creator, properties.description = source.title, "演示", MARK
    properties.created = properties.modified = datetime(2019, 3, 20, 9, 0, 0)
    book.save(target)


def number(text: str) -> tuple[int | float, str] | None:
    """The value and the number format a clerk would give a cell with this text; None when it is not a number."""
    if _INTEGER.match(text):
        return int(text), "General"
    if found := _DECIMAL.match(text):
        return float(text), "0." + "0" * len(found.group(2))
    if found := _PERCENT.match(text):
        digits = len(found.group(2) or "")
        return float(Decimal(found.group(1)) / 100), "0." + "0" * digits + "%" if digits else "0%"
    return None


def _sheet(page: Worksheet, sheet: Sheet, source: Source) -> None:
    width = max((len(block.table.header[0]) for block in sheet.blocks if block.table), default=4)
    at = _wide(page, 1, NOTICE, width, Font(name="宋体", size=9, color="808080"), _LEFT)
    heading = source.title if len(source.sheets) == 1 else f"{source.title}——{sheet.name}"
    at = _wide(page, at, heading, width, Font(name="黑体", size=15), _CENTRE)
    if source.number:
        at = _wide(page, at, source.number, width, Font(name="宋体", size=10), _CENTRE)
    for block in sheet.blocks:
        at = _block(page, at, block, width)
    for text in (source.signed, source.dated):
        if text:
            at = _wide(page, at, text, width, Font(name="宋体", size=10), Alignment(horizontal="right"))
    _widths(page, sheet, width)
    page.page_setup.orientation = "landscape" if width > 7 else "portrait"
    page.page_setup.paperSize = page.PAPERSIZE_A4
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.oddHeader.left.text, page.oddFooter.center.text = MARK, f"第 &P 页　{MARK}"


def _block(page: Worksheet, at: int, block: Block, width: int) -> int:
    if block.table is not None:
        return _table(page, at, block.table, width)
    if block.kind == "kv":
        for key, value in block.pairs:
            page.cell(at, 1, key).font = Font(name="黑体", size=10)
            _value(page, at, 2, value)
            page.cell(at, 2).alignment = _LEFT
            if width > 2:
                page.merge_cells(start_row=at, end_row=at, start_column=2, end_column=width)
            at += 1
        return at
    font = Font(name="黑体", size=12) if block.kind == "heading" else Font(name="宋体", size=10)
    return _wide(page, at, block.text, width, font, _LEFT)


def _table(page: Worksheet, at: int, table: Table, width: int) -> int:
    if table.caption:
        at = _wide(page, at, table.caption, width, Font(name="黑体", size=11), _CENTRE)
    rows = (*table.header, *table.rows)
    narrow = [max(len(row[column]) for row in rows) <= 12 for column in range(len(rows[0]))]
    for offset, row in enumerate(rows):
        head = offset < len(table.header)
        for column, text in enumerate(row):
            cell = page.cell(at + offset, column + 1)
            cell.border = _BOX
            if text in {"<", "^"}:
                continue
            _value(page, at + offset, column + 1, text)
            cell.font = Font(name="黑体" if head else "宋体", size=10)
            cell.alignment = _CENTRE if head or narrow[column] else _LEFT
            bottom, right = extent(rows, offset, column)
            if (bottom, right) != (offset, column):
                page.merge_cells(
                    start_row=at + offset, end_row=at + bottom, start_column=column + 1, end_column=right + 1
                )
    return at + len(rows) + 1


def _value(page: Worksheet, row: int, column: int, text: str) -> None:
    cell = page.cell(row, column)
    if (found := number(text)) is None:
        cell.value = text
    else:
        cell.value, cell.number_format = found


def _wide(page: Worksheet, at: int, text: str, width: int, font: Font, alignment: Alignment) -> int:
    cell = page.cell(at, 1, text)
    cell.font, cell.alignment = font, alignment
    if width > 1:
        page.merge_cells(start_row=at, end_row=at, start_column=1, end_column=width)
    per_line = max(24, width * 9)
    page.row_dimensions[at].height = (16 if font.size <= 12 else 24) * max(1, -(-len(text) // per_line))
    return at + 1


def _widths(page: Worksheet, sheet: Sheet, width: int) -> None:
    for column in range(width):
        longest = 6
        for block in sheet.blocks:
            if block.table is not None and column < len(block.table.header[0]):
                longest = max(longest, *(len(row[column]) for row in (*block.table.header[-1:], *block.table.rows)))
        page.column_dimensions[get_column_letter(column + 1)].width = min(40, longest * 1.9 + 2)
