"""Reads the old Excel format (.xls, also WPS .et) through calamine: values and merged cells, without number formats."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import python_calamine

from ingest.errors import DamagedFileError, EncryptedFileError
from ingest.pages import ParsedPage
from ingest.readers.base import Properties
from ingest.readers.builder import PageBuilder
from ingest.readers.grid import Cell, rows_of
from ingest.readers.xlsx import add_row
from ingest.readers.xlsx_values import shown


def read(path: Path, file: str, first: int = 1) -> Iterator[Properties | ParsedPage]:
    """A page for each sheet. Raises EncryptedFileError or DamagedFileError."""
    defect = f"《{file}》是旧版 Excel 格式，百分比等显示格式读不到，数值按存储值读取，请另存为 XLSX 后上传以便核对。"
    yield from read_values(path, file, first, kind="xls", defect=defect)


def read_values(path: Path, file: str, first: int, *, kind: str, defect: str) -> Iterator[Properties | ParsedPage]:
    """The same for any workbook that calamine opens; `defect` says why it is read in this way."""
    try:
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes()))
    except python_calamine.PasswordError as exc:
        raise EncryptedFileError(file, "Excel") from exc
    except (python_calamine.CalamineError, OSError) as exc:
        raise DamagedFileError(file, "Excel", "工作簿结构不完整") from exc
    metadata = workbook.sheets_metadata
    yield Properties(kind, len(metadata), "", (defect,))
    for number, sheet in enumerate(metadata, 1):
        if number < first:
            continue
        label = sheet.name if sheet.visible == python_calamine.SheetVisibleEnum.Visible else f"{sheet.name}（隐藏）"
        if sheet.typ != python_calamine.SheetTypeEnum.WorkSheet:
            yield ParsedPage(number, label, "empty", "", f"《{file}》的“{sheet.name}”不是工作表，没有单元格文字。")
            continue
        try:
            content = workbook.get_sheet_by_name(sheet.name)
            rows = content.to_python(skip_empty_area=False)
        except python_calamine.CalamineError:
            yield ParsedPage(
                number, label, "failed", "", f"《{file}》的工作表“{sheet.name}”已损坏，请另存为 XLSX 后上传。"
            )
            continue
        merged = {
            start: (end[0] - start[0] + 1, end[1] - start[1] + 1) for start, end in content.merged_cell_ranges or ()
        }
        cells = [
            Cell(row, column, text, *merged.get((row, column), (1, 1)))
            for row, values in enumerate(rows)
            for column, value in enumerate(values)
            if (text := shown(None if value == "" else value, "General"))
        ]
        builder = PageBuilder()
        for line in rows_of(cells)[0]:
            add_row(builder, line, sheet.name)
        if builder.empty:
            yield builder.page(number, label, "empty", f"《{file}》的工作表“{sheet.name}”没有内容。")
        else:
            yield builder.page(number, label, "text")
