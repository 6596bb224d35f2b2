"""The completeness list as an Excel file to hand round: frozen head, filters, one row per expected type of evidence."""

from __future__ import annotations

import io
from collections.abc import Sequence

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from review.completeness import STATE_WORDS, Completeness
from review.material import MaterialReport
from review.places import place

HEAD = ("要点", "名称", "要点状态", "材料类型", "必备", "材料状态", "已有材料与位置", "说明")
WIDTHS = (9, 26, 12, 30, 8, 12, 60, 60)


def completeness_xlsx(listed: Completeness, report: MaterialReport) -> bytes:
    """The XLSX file: the list, what could be read, and what a person has to look at."""
    book = Workbook()
    _items(book.active, listed)
    _reading(book.create_sheet("材料读取情况"), listed)
    _noticed(book.create_sheet("需要查看"), report)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _items(sheet: Worksheet, listed: Completeness) -> None:
    sheet.title = "完整性清单"
    sheet.append(HEAD)
    for entry in listed.items:
        for number, expected in enumerate(entry.expected):
            found = "\n".join(f"{citation.file}（{place(citation)}）" for citation in expected.citations)
            sheet.append(
                [entry.item, entry.title, STATE_WORDS[entry.state], f"{expected.type} {expected.name}", "必备" if expected.required else "可选",
                 "已有" if expected.state == "found" else STATE_WORDS[expected.state], found, "\n".join(entry.notes) if number == 0 else ""]
            )  # fmt: skip
    finish(sheet, WIDTHS)


def _reading(sheet: Worksheet, listed: Completeness) -> None:
    sheet.append(["文件", "情况"])
    sheet.append(["（合计）", listed.coverage.sentence])
    for file, reason in listed.coverage.unreadable:
        sheet.append([file, reason])
    for file, year in listed.out_of_period:
        sheet.append([file, f"年度不符：{year} 年的材料"])
    for file in listed.unused:
        sheet.append([file, "未对应到任何评价要点"])
    finish(sheet, (50, 80))


def _noticed(sheet: Worksheet, report: MaterialReport) -> None:
    sheet.append(["事项", "文件", "位置", "情况"])
    for entry in report.findings:
        sheet.append([entry.kind, entry.file, entry.place, entry.sentence])
    for group in report.copies:
        sheet.append([group.kind, "、".join(copy.file for copy in group.documents), "", group.sentence])
    finish(sheet, (14, 50, 10, 90))


def finish(sheet: Worksheet, widths: Sequence[int]) -> None:
    """Widths, head, wrapped lines, filter; a file name that looks like a formula stays text."""
    for number, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    for cell in sheet[1]:
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="DDE6F0")
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if isinstance(cell.value, str) and cell.value.startswith("="):
                cell.data_type = "s"
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
