"""The completeness list as an Excel file to hand round: frozen head, filters, one row per expected type of evidence."""

from __future__ import annotations

import io

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill

from review.completeness import STATE_WORDS, Completeness
from review.places import place

HEAD = ("要点", "名称", "要点状态", "材料类型", "必备", "材料状态", "已有材料与位置", "说明")
WIDTHS = (9, 26, 12, 30, 8, 12, 60, 60)


def completeness_xlsx(listed: Completeness) -> bytes:
    """The XLSX file."""
    book = Workbook()
    sheet = book.active
    sheet.title = "完整性清单"
    sheet.append(HEAD)
    for entry in listed.items:
        for number, expected in enumerate(entry.expected):
            found = "\n".join(f"{citation.file}（{place(citation)}）" for citation in expected.citations)
            sheet.append(
                [entry.item, entry.title, STATE_WORDS[entry.state], f"{expected.type} {expected.name}", "必备" if expected.required else "可选",
                 "已有" if expected.state == "found" else STATE_WORDS[expected.state], found, "\n".join(entry.notes) if number == 0 else ""]
            )  # fmt: skip
    for column, width in zip("ABCDEFGH", WIDTHS, strict=True):
        sheet.column_dimensions[column].width = width
    for cell in sheet[1]:
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="DDE6F0")
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if isinstance(cell.value, str) and cell.value.startswith("="):
                cell.data_type = "s"  # a file name that looks like a formula stays text
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    coverage = book.create_sheet("材料读取情况")
    coverage.append(["文件", "情况"])
    coverage.append(["（合计）", listed.coverage.sentence])
    for file, reason in listed.coverage.unreadable:
        coverage.append([file, reason])
    for file, year in listed.out_of_period:
        coverage.append([file, f"年度不符：{year} 年的材料"])
    for file in listed.unused:
        coverage.append([file, "未对应到任何评价要点"])
    coverage.column_dimensions["A"].width, coverage.column_dimensions["B"].width = 50, 80
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
