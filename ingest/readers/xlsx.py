"""Reads XLSX: every sheet, hidden ones too, each row as 表头：值 with the cell it stands in."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError, iterparse

import openpyxl
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from ingest.errors import DamagedFileError
from ingest.pages import ParsedPage
from ingest.readers.base import Properties
from ingest.readers.builder import PageBuilder
from ingest.readers.grid import Cell, Row, rows_of
from ingest.readers.xlsx_values import shown

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_REL = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_MAX_CELLS = 2_000_000


def read(path: Path, file: str, first: int = 1) -> Iterator[Properties | ParsedPage]:
    """A page for each sheet, in the order of the tabs. Raises DamagedFileError."""
    try:
        with path.open("rb") as stream:  # originals are kept without a suffix, and openpyxl judges paths by it
            workbook = openpyxl.load_workbook(stream, data_only=True)
        unsaved = _formulas_without_value(path)
    except (
        InvalidFileException,
        zipfile.BadZipFile,
        ParseError,
        SyntaxError,
        KeyError,
        ValueError,
        TypeError,
        AttributeError,
        EOFError,
        OSError,
    ) as exc:
        # Often only a drawing or a style that openpyxl does not understand; the values may still be read.
        yield from _by_values(path, file, first, exc)
        return
    names = workbook.sheetnames
    yield Properties("xlsx", len(names), (workbook.properties.title or "").strip())
    for number, name in enumerate(names, 1):
        if number >= first:
            yield _read_sheet(workbook[name], number, file, unsaved.get(name, []))


def _by_values(path: Path, file: str, first: int, exc: Exception) -> Iterator[Properties | ParsedPage]:
    from ingest.readers.xls import read_values  # that module builds on this one

    defect = f"《{file}》的版式读不全，数值按存储值读取，百分比等显示格式读不到，请用 Excel 或 WPS 另存后上传以便核对。"
    try:
        yield from read_values(path, file, first, kind="xlsx", defect=defect)
    except DamagedFileError:
        raise DamagedFileError(file, "Excel", "工作簿结构不完整") from exc


def _read_sheet(sheet: Any, number: int, file: str, unsaved: list[str]) -> ParsedPage:
    name = sheet.title
    reasons = []
    label = name
    if getattr(sheet, "sheet_state", "visible") != "visible":
        label = f"{name}（隐藏）"
        reasons.append(f"工作表“{name}”是隐藏的，请核对是否应作为材料。")
    if not hasattr(sheet, "merged_cells"):
        return ParsedPage(number, label, "empty", "", f"《{file}》的“{name}”是图表页，没有单元格文字。")
    if sheet.max_row * sheet.max_column > _MAX_CELLS and len(sheet._cells) > _MAX_CELLS:
        return ParsedPage(
            number, label, "failed", "", f"《{file}》的工作表“{name}”超过 {_MAX_CELLS} 个单元格，请拆分后上传。"
        )
    cells = _cells(sheet)
    if not cells and not unsaved:
        return ParsedPage(number, label, "empty", "", f"《{file}》的工作表“{name}”没有内容。")
    if unsaved:
        listed = "、".join(unsaved[:8]) + (f" 等 {len(unsaved)} 个单元格" if len(unsaved) > 8 else "")
        reasons.append(
            f"工作表“{name}”的 {listed} 是公式但没有保存计算结果，读不到数值，请用 Excel 或 WPS 打开并保存后重新上传。"
        )
    hidden = [row for row, size in sheet.row_dimensions.items() if size.hidden]
    if hidden:
        reasons.append(f"工作表“{name}”有 {len(hidden)} 行被隐藏，已一并读取，请核对。")
    if any(size.hidden for size in sheet.column_dimensions.values()):
        reasons.append(f"工作表“{name}”有隐藏的列，已一并读取，请核对。")
    builder = PageBuilder()
    for row in rows_of(cells)[0]:
        add_row(builder, row, name)
    if builder.empty:
        return ParsedPage(number, label, "failed", "", f"《{file}》" + "".join(reasons))
    return builder.page(number, label, "text", f"《{file}》" + "".join(reasons) if reasons else "")


def _cells(sheet: Any) -> list[Cell]:
    """Cells with text; a merged range is one cell."""
    sizes = {
        (area.min_row, area.min_col): (area.max_row - area.min_row + 1, area.max_col - area.min_col + 1)
        for area in sheet.merged_cells.ranges
    }
    cells = []
    # Only what exists: iterating rows would create every blank cell between A1 and a stray entry far away.
    for (row, column), cell in sorted(sheet._cells.items()):
        text = shown(cell.value, cell.number_format or "General")
        if text:
            tall, wide = sizes.get((row, column), (1, 1))
            cells.append(Cell(row - 1, column - 1, text, min(tall, 2000), min(wide, 200)))
    return cells


def add_row(builder: PageBuilder, row: Row, sheet: str) -> None:
    """Adds a row with the cell and the header path of each value in its locator."""
    pieces = []
    for piece in row.pieces:
        cell = f"{get_column_letter(piece.cell.column + 1)}{piece.cell.row + 1}"
        locator: dict[str, str | int] = {"sheet": sheet, "cell": cell}
        if piece.header:
            locator["header"] = piece.header
        pieces.append((piece.text, locator, None))
    if row.kind == "title":
        builder.line(pieces[0][0], "paragraph", pieces[0][1])
    else:
        builder.row(pieces)


def _formulas_without_value(path: Path) -> dict[str, list[str]]:
    """Sheet name → cells that hold a formula whose result was never saved (openpyxl shows them as empty)."""
    found: dict[str, list[str]] = {}
    with zipfile.ZipFile(path) as package:
        for name, part in _sheet_parts(package):
            with package.open(part) as stream:
                for _, element in iterparse(stream):
                    if element.tag == f"{_MAIN}c":
                        value = element.find(f"{_MAIN}v")
                        if element.find(f"{_MAIN}f") is not None and (value is None or not value.text):
                            found.setdefault(name, []).append(element.get("r", "?"))
                    elif element.tag == f"{_MAIN}row":
                        element.clear()
    return found


def _sheet_parts(package: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Sheet names and their parts, by way of the workbook's relations."""
    names = set(package.namelist())
    workbook = next((name for name in names if re.fullmatch(r"xl/workbook\d*\.xml", name)), None)
    if workbook is None:
        return
    relations = f"xl/_rels/{workbook.rsplit('/', 1)[1]}.rels"
    with package.open(relations) as stream:
        targets = {
            element.get("Id"): element.get("Target", "")
            for _, element in iterparse(stream)
            if element.tag == f"{_REL}Relationship"
        }
    with package.open(workbook) as stream:
        for _, element in iterparse(stream):
            if element.tag == f"{_MAIN}sheet":
                link = next((value for key, value in element.attrib.items() if key.endswith("}id")), None)
                target = targets.get(link, "")
                part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
                if part in names and "worksheets" in part:
                    yield element.get("name", ""), part
