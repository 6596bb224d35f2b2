"""Reads the old Excel format (.xls, also WPS .et): values as Excel shows them, merged cells, what is hidden.

xlrd reads the formats of the cells; what it cannot open is read by its stored values.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import xlrd  # type: ignore[import-untyped]

from ingest.errors import EncryptedFileError
from ingest.pages import Finding, ParsedPage
from ingest.readers.base import Properties
from ingest.readers.grid import Cell
from ingest.readers.sheet_pages import Sheet, count_pages, lay_out, no_column
from ingest.readers.variant import macro_finding
from ingest.readers.xls_values import read_values
from ingest.readers.xlsx_scan import column_letters
from ingest.readers.xlsx_values import shown

_BROKEN = (
    xlrd.XLRDError,
    xlrd.compdoc.CompDocError,
    struct.error,
    RecursionError,
    NotImplementedError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    AssertionError,
    EOFError,
    OSError,
)
_TALL, _WIDE = 2000, 200


def read(path: Path, file: str, first: int = 1) -> Iterator[Properties | ParsedPage]:
    """A page for each sheet, several for long ones. Raises EncryptedFileError or DamagedFileError."""
    content = path.read_bytes()
    try:
        # xlrd prints warnings about odd files; nobody would read them.
        with contextlib.redirect_stdout(io.StringIO()):
            book = xlrd.open_workbook(file_contents=content, formatting_info=True, logfile=io.StringIO())
        found = [_sheet(book, sheet, file) for sheet in book.sheets()]
    except _BROKEN as exc:
        if "encrypted" in str(exc).lower():
            raise EncryptedFileError(file, "Excel") from exc
        defect = f"《{file}》的版式读不全，数值按存储值读取，百分比等显示格式读不到，请另存为 XLSX 后上传以便核对。"
        yield from read_values(path, file, first, kind="xls", defect=defect)
        return
    findings = (macro_finding(file),) if "_VBA_PROJECT".encode("utf-16-le") in content else ()
    yield Properties("xls", count_pages(found), "", (), findings)
    yield from lay_out(found, file, first)


def _sheet(book: Any, sheet: Any, file: str) -> Sheet:
    sizes = {
        (top, left): (min(bottom - top, _TALL), min(right - left, _WIDE))
        for top, bottom, left, right in sheet.merged_cells
    }
    cells: list[Cell] = []
    unseen: dict[tuple[int, int], str] = {}
    wrong: list[str] = []
    for row in range(sheet.nrows):
        for column in range(sheet.row_len(row)):
            cell = sheet.cell(row, column)
            if cell.ctype in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
                continue
            form = book.xf_list[cell.xf_index]
            code = book.format_map[form.format_key].format_str if form.format_key in book.format_map else "General"
            if code.strip() == ";;;":
                unseen[row, column], code = "单元格格式不显示", "General"
            elif _is_white(book, form):
                unseen[row, column] = "白色文字"
            if cell.ctype == xlrd.XL_CELL_ERROR:
                wrong.append(f"{column_letters(column)}{row + 1}")
            if text := shown(_value(book, cell), code):
                cells.append(Cell(row, column, text, *sizes.get((row, column), (1, 1))))
    hidden_rows = {row for row, info in sheet.rowinfo_map.items() if info.hidden}
    hidden_columns = {column for column, info in sheet.colinfo_map.items() if info.hidden}
    findings = []
    if wrong:
        listed = "、".join(wrong[:8]) + (f" 等 {len(wrong)} 格" if len(wrong) > 8 else "")
        findings.append(
            Finding("公式错误", f"《{file}》的工作表“{sheet.name}”{listed} 的公式算不出结果，请改正后重新上传。")
        )
    for (row, column), note in sorted(sheet.cell_note_map.items()):
        if words := (note.text or "").strip():
            where = f"“{sheet.name}”{column_letters(column)}{row + 1}"
            findings.append(
                Finding("批注", f"《{file}》{where} 有批注，打印时看不见，没有作为佐证使用，请核对。", words[:500])
            )
    hidden = "" if sheet.visibility == 0 else "隐藏工作表"
    return Sheet(
        sheet.name,
        cells,
        hidden,
        hidden_rows,
        hidden_columns.__contains__ if hidden_columns else no_column,
        unseen,
        [],
        findings,
    )


def _value(book: Any, cell: Any) -> object:
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(cell.value)
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return xlrd.error_text_from_code.get(cell.value, "#ERR")
    if cell.ctype == xlrd.XL_CELL_DATE:
        try:
            return xlrd.xldate.xldate_as_datetime(cell.value, book.datemode) if cell.value >= 1 else _clock(cell.value)
        except (ValueError, OverflowError):
            return float(cell.value)
    return cell.value


def _clock(part_of_day: float) -> dt.time:
    seconds = min(round(part_of_day * 86400), 86399)
    return dt.time(seconds // 3600, seconds // 60 % 60, seconds % 60)


def _is_white(book: Any, form: Any) -> bool:
    """White letters on a cell without colour."""
    font = book.font_list[form.font_index]
    background = form.background
    bare = background.fill_pattern == 0 or book.colour_map.get(background.pattern_colour_index) == (255, 255, 255)
    return bool(bare and book.colour_map.get(font.colour_index) == (255, 255, 255))
