"""Reads any workbook that calamine opens by its stored values: what is left when the file's own look cannot be read."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import python_calamine

from ingest.errors import DamagedFileError, EncryptedFileError
from ingest.pages import ParsedPage
from ingest.readers.base import Properties
from ingest.readers.grid import Cell
from ingest.readers.native import no_panic
from ingest.readers.sheet_pages import Sheet, count_pages, lay_out
from ingest.readers.xlsx_values import shown

_MAX_AREA = 5_000_000


def read_values(path: Path, file: str, first: int, *, kind: str, defect: str) -> Iterator[Properties | ParsedPage]:
    """A page for each sheet; `defect` says why it is read in this way. Raises EncryptedFileError or DamagedFileError."""
    try:
        with no_panic():
            workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes()))
            found = [_sheet(workbook, metadata, file) for metadata in workbook.sheets_metadata]
    except python_calamine.PasswordError as exc:
        raise EncryptedFileError(file, "Excel") from exc
    except (python_calamine.CalamineError, zlib.error, OSError, ValueError) as exc:
        raise DamagedFileError(file, "Excel", "工作簿结构不完整") from exc
    yield Properties(kind, count_pages(found), "", (defect,))
    yield from lay_out(found, file, first)


def _sheet(workbook: Any, metadata: Any, file: str) -> Sheet | ParsedPage:
    name = metadata.name
    hidden = "" if metadata.visible == python_calamine.SheetVisibleEnum.Visible else "隐藏工作表"
    label = f"{name}（隐藏）" if hidden else name
    if metadata.typ != python_calamine.SheetTypeEnum.WorkSheet:
        return ParsedPage(1, label, "empty", "", f"《{file}》的“{name}”不是工作表，没有单元格文字。")
    try:
        content = workbook.get_sheet_by_name(name)
    except python_calamine.CalamineError:
        return ParsedPage(1, label, "failed", "", f"《{file}》的工作表“{name}”已损坏，请另存为 XLSX 后上传。")
    if content.total_height * content.total_width > _MAX_AREA:
        return ParsedPage(1, label, "failed", "", f"《{file}》的工作表“{name}”范围过大，请删去远处的零星单元格后上传。")
    merged = {start: (end[0] - start[0] + 1, end[1] - start[1] + 1) for start, end in content.merged_cell_ranges or ()}
    cells = [
        Cell(row, column, text, *merged.get((row, column), (1, 1)))
        for row, values in enumerate(content.to_python(skip_empty_area=False))
        for column, value in enumerate(values)
        if (text := shown(None if value == "" else value, "General"))
    ]
    return Sheet(name, cells, hidden)
