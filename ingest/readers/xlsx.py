"""Reads XLSX and XLSM: every sheet, each row as 表头：值 with the cell it stands in.

Values come from calamine (native code, seconds for 50,000 rows); one pass over the XML adds what calamine does not tell:
number formats, hidden rows and columns, formulas whose result was never saved, error values. Macros are never run or read.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import openpyxl
import python_calamine

from ingest.errors import DamagedFileError, UnreadableFileError
from ingest.office import converted
from ingest.pages import Finding, ParsedPage
from ingest.readers.base import Properties
from ingest.readers.broken import BROKEN_PACKAGE
from ingest.readers.grid import Cell
from ingest.readers.native import no_panic
from ingest.readers.opc import read_part, relations
from ingest.readers.pictures import picture_pages
from ingest.readers.sheet_pages import Sheet, count_pages, lay_out, no_column
from ingest.readers.xlsx_package import (
    SheetPart,
    Styles,
    comments,
    package_findings,
    pictures,
    sheets,
    styles,
    workbook_part,
)
from ingest.readers.xlsx_scan import SheetScan, column_letters, scan_sheet
from ingest.readers.xlsx_values import shown
from ingest.readers.xml import local, parse_xml

_MAX_CELLS = 2_000_000
_TALL, _WIDE = 2000, 200  # merged areas beyond these are decoration
_BROKEN: tuple[type[Exception], ...] = (*BROKEN_PACKAGE, python_calamine.CalamineError)


def read(path: Path, file: str, first: int = 1) -> Iterator[Properties | ParsedPage]:
    """A page for each sheet, in the order of the tabs (several for long ones), then one for each picture. Raises DamagedFileError."""
    try:
        workbook = _load(path, file)
    except _BROKEN as exc:
        # Often only a drawing or a style that is not as the standard says; the values may still be read.
        yield from _by_values(path, file, first, exc)
        return
    yield Properties(
        "xlsx", count_pages(workbook.sheets) + len(workbook.images), workbook.title, (), tuple(workbook.findings)
    )
    yield from lay_out([*workbook.sheets, *workbook.images], file, first)


@dataclass(frozen=True, slots=True)
class _Workbook:
    """sheets : content, or the page that says why there is none; numbers are given when they are laid out."""

    title: str
    sheets: list[Sheet | ParsedPage]
    images: list[ParsedPage]
    findings: list[Finding]


def _load(path: Path, file: str) -> _Workbook:
    """Everything but the rendering of the pages."""
    with zipfile.ZipFile(path) as package:
        main = workbook_part(package)
        look = styles(package, main)
        tabs = sheets(package, main)
        with no_panic():
            values = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes()))
        found: list[Sheet | ParsedPage] = []
        places: list[tuple[str, str]] = []
        recalculated = cache(lambda: _recalculated(path, file))
        for tab in tabs:
            found.append(_sheet(path, package, values, tab, look, file, recalculated))
            places.extend(pictures(package, tab) if tab.kind == "worksheet" else ())
        images = list(picture_pages(package, file, places, 1))
        return _Workbook(_title(package), found, images, list(package_findings(package, file)))


def _sheet(
    path: Path,
    package: zipfile.ZipFile,
    values: Any,
    tab: SheetPart,
    look: Styles,
    file: str,
    recalculated: Callable[[], Any],
) -> Sheet | ParsedPage:
    hidden = "" if tab.state == "visible" else "隐藏工作表"
    label = f"{tab.name}（隐藏）" if hidden else tab.name
    if tab.kind != "worksheet":
        return ParsedPage(1, label, "empty", "", f"《{file}》的“{tab.name}”是图表页，没有单元格文字。")
    with package.open(tab.part) as stream:
        scan = scan_sheet(stream, look.special)
    if scan.cells > _MAX_CELLS:
        why = f"《{file}》的工作表“{tab.name}”超过 {_MAX_CELLS} 个单元格，请拆分后上传。"
        return ParsedPage(1, label, "failed", "", why)
    places = _dense(values, tab.name) if scan.dense else _sparse(path, tab.name)
    results = _results(recalculated(), tab.name, scan) if scan.unsaved else []
    cells, unseen = _cells(chain(places, results), scan, look)
    reasons = []
    found = {(row, column) for row, column, _ in results}
    if missing := [place for place in scan.unsaved if place not in found]:
        reasons.append(
            f"工作表“{tab.name}”的 {_named(missing)} 是公式但没有保存计算结果，读不到数值，请用 Excel 或 WPS 打开并保存后重新上传。"
        )
    if found:
        reasons.append(
            f"工作表“{tab.name}”的 {_named(sorted(found))} 是公式但没有保存计算结果，数值由 LibreOffice 重新计算，请核对。"
        )
    return Sheet(
        tab.name,
        cells,
        hidden,
        scan.hidden_rows,
        scan.hides_column if scan.hidden_columns else no_column,
        unseen,
        reasons,
        [*_wrong(scan, tab.name, file), *comments(package, tab, file)],
    )


def _recalculated(path: Path, file: str) -> Any:
    """The workbook with its formulas calculated by LibreOffice, None where that is not installed or cannot."""
    try:
        with converted(path, file, "xlsx", "xlsx", "Excel") as new, no_panic():
            return python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(new.read_bytes()))
    except (UnreadableFileError, python_calamine.CalamineError, OSError):
        return None


def _results(calculated: Any, name: str, scan: SheetScan) -> list[tuple[int, int, Any]]:
    """The values of the formulas without a stored one, as far as they could be calculated."""
    if calculated is None or not scan.dense or name not in calculated.sheet_names:
        return []
    with no_panic():
        rows = calculated.get_sheet_by_name(name).to_python(skip_empty_area=False)
    wanted = set(scan.unsaved)
    return [
        (row, column, value)
        for row, line in enumerate(rows)
        for column, value in enumerate(line)
        if value != "" and (row, column) in wanted
    ]


def _named(places: Sequence[tuple[int, int]]) -> str:
    """B3、B4 … for places in a sheet, the first eight."""
    names = [f"{column_letters(column)}{row + 1}" for row, column in places]
    return "、".join(names[:8]) + (f" 等 {len(names)} 个单元格" if len(names) > 8 else "")


_Places = Iterable[tuple[int, int, Any]]  # 0-based row and column, value


def _dense(values: Any, name: str) -> Iterator[tuple[int, int, Any]]:
    with no_panic():
        rows = values.get_sheet_by_name(name).to_python(skip_empty_area=False)
    for row, line in enumerate(rows):
        for column, value in enumerate(line):
            if value != "":
                yield row, column, value


def _sparse(path: Path, name: str) -> Iterator[tuple[int, int, Any]]:
    """By openpyxl, which gives only the cells that exist: calamine would lay out every cell between A1 and a stray entry far away."""
    with path.open("rb") as stream:  # originals are kept without a suffix, and openpyxl judges paths by it
        # Read only: otherwise openpyxl makes a cell for every place of a merged area, which may be the whole sheet.
        sheet = openpyxl.load_workbook(stream, data_only=True, read_only=True)[name]
        sheet.reset_dimensions()
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is not None:
                    yield cell.row - 1, cell.column - 1, cell.value


def _cells(places: _Places, scan: SheetScan, look: Styles) -> tuple[list[Cell], dict[tuple[int, int], str]]:
    """Cells with text, a merged range as one; and which of them nobody sees."""
    sizes = {
        (top, left): (min(bottom - top + 1, _TALL), min(right - left + 1, _WIDE))
        for top, left, bottom, right in scan.merged
    }
    cells: list[Cell] = []
    unseen: dict[tuple[int, int], str] = {}
    for row, column, value in places:
        code = "General"
        if (style := scan.styles.get((row, column))) is not None:
            code = look.formats.get(style, "General")
            if style in look.white:
                unseen[row, column] = "白色文字"
            if code.strip() == ";;;":
                unseen[row, column], code = "单元格格式不显示", "General"
        if text := shown(value, code):
            cells.append(Cell(row, column, text, *sizes.get((row, column), (1, 1))))
    for (row, column), text in scan.errors.items():
        cells.append(Cell(row, column, text))
    return cells, unseen


def _wrong(scan: SheetScan, name: str, file: str) -> Iterator[Finding]:
    if scan.errors:
        names = [f"{column_letters(column)}{row + 1}" for row, column in scan.errors]
        listed = "、".join(names[:8]) + (f" 等 {len(names)} 格" if len(names) > 8 else "")
        sentence = f"《{file}》的工作表“{name}”{listed} 的公式算不出结果（{'、'.join(dict.fromkeys(scan.errors.values()))}），请改正后重新上传。"
        yield Finding("公式错误", sentence)


def _title(package: zipfile.ZipFile) -> str:
    for relation in relations(package, ""):
        if relation.kind == "core-properties" and relation.target in package.NameToInfo:
            for element in parse_xml(read_part(package, relation.target, 5)):
                if local(element) == "title":
                    return (element.text or "").strip()
    return ""


def _by_values(path: Path, file: str, first: int, exc: Exception) -> Iterator[Properties | ParsedPage]:
    from ingest.readers.xls_values import read_values  # shares the sheets' pages with this module

    defect = f"《{file}》的版式读不全，数值按存储值读取，百分比等显示格式读不到，请用 Excel 或 WPS 另存后上传以便核对。"
    try:
        yield from read_values(path, file, first, kind="xlsx", defect=defect)
    except DamagedFileError:
        raise DamagedFileError(file, "Excel", "工作簿结构不完整") from exc
