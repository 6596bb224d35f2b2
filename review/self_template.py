"""The scoring sheet a district fills in (XLSX): one row per criterion and item, points as text, everything else locked."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.worksheet.worksheet import Worksheet

from review.acts import office_rules
from review.rights import allowed
from review.self_points import bonus_id, newest_sheet
from review.workspace import Workspace
from scoring_rules.applicability import maxima
from scoring_rules.rounding import exact_text
from scoring_rules.scheme import Scheme

SHEET, GUIDE = "自评得分", "填表说明"
MARK = "教育履职自评得分表"  # by which a filled-in template is known
HEADER = ("编号", "一级指标", "二级指标", "评价要点", "满分", "自评得分", "得失分说明")
_WIDTHS = (9, 18, 22, 70, 10, 12, 46)
_POINTS, _REASON = 6, 7
_FIRST_ROW = 6
_LINE = Side(style="thin", color="999999")
_GREY, _YELLOW = PatternFill("solid", fgColor="EEEEEE"), PatternFill("solid", fgColor="FFF9DB")

_INSTRUCTIONS = (
    "1. 只填黄色的两列：自评得分、得失分说明。其他单元格已锁定，请不要解除保护后改动编号、评价年度和区县。",
    "2. 每个二级指标有两种填法，只能选一种：在二级指标一行填一个总分；或在它下面的评价要点各行逐一填写。两种都填的不收。",
    "3. 得分填数，例如 38.5；可以是 0，不能超过满分。单元格是文本格式，填什么就存什么，请不要改成公式。",
    "4. 本区县没有的事项（例如没有职业学校）在自评得分填“不适用”，并在得失分说明写明理由；它的分值按约定分给同一指标的其余要点。",
    "5. 评价要点的满分是由二级指标的分值按约定平均分配的，官方文件只规定二级指标的分值。",
    "6. 最后一行是申请加分，没有就空着；加分由市教育督导办评定。",
    "7. 填好后用 edureview self-points import 导入。没有看懂的单元格会逐一列出，不会猜；与已有分数不同的会列出，由您决定是否代替。",
)


@allowed("read_evidence")
def write_template(workspace: Workspace, district: str, cycle: int, path: Path) -> None:
    """Writes the sheet for a district and cycle, with what was saved so far filled in."""
    rules = office_rules(workspace, cycle)
    with workspace.store.session() as session:
        saved = newest_sheet(session, district, cycle)
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = SHEET
    _head(sheet, rules.scheme, district, cycle)
    limits = maxima(rules.scheme, ())
    bonus, row = bonus_id(rules.scheme), _FIRST_ROW
    for indicator in rules.scheme.indicators:
        for criterion in indicator.criteria:
            most = rules.scheme.bonus_cap if criterion.id == bonus else criterion.points
            rows = [(criterion.id, "", exact_text(most), True)]
            if criterion.id != bonus:
                rows += [
                    (item.id, item.text, _share(limits.items[item.id]), False)
                    for item in criterion.items
                    if item.id != criterion.id
                ]
            if len(rows) == 1:
                rows = [(criterion.id, criterion.items[0].text, exact_text(most), True)]
            for key, text, points, whole in rows:
                name = f"{criterion.id} {criterion.name}" if whole else ""
                _row(sheet, row, (key, f"{indicator.id} {indicator.name}", name, text, points), whole=whole)
                if (entry := saved.entries.get(key)) is not None:
                    sheet.cell(row, _POINTS).value, sheet.cell(row, _REASON).value = entry.words, entry.reason
                row += 1
    sheet.freeze_panes = f"E{_FIRST_ROW}"
    sheet.protection.sheet = True
    sheet.protection.formatColumns = False
    sheet.print_title_rows = f"{_FIRST_ROW - 1}:{_FIRST_ROW - 1}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    _guide(book.create_sheet(GUIDE), rules.scheme)
    book.save(path)


def _head(sheet: Worksheet, scheme: Scheme, district: str, cycle: int) -> None:
    sheet["A1"] = MARK
    sheet["A1"].font = Font(bold=True, size=16)
    for row, (name, value) in enumerate((("评价方案", scheme.id), ("评价年度", str(cycle)), ("区县", district)), 2):
        sheet.cell(row, 1).value, sheet.cell(row, 2).value = name, value
        sheet.cell(row, 2).number_format = "@"
    for column, (name, width) in enumerate(zip(HEADER, _WIDTHS, strict=True), 1):
        cell = sheet.cell(_FIRST_ROW - 1, column)
        cell.value, cell.fill, cell.font = name, _GREY, Font(bold=True)
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        cell.border = Border(_LINE, _LINE, _LINE, _LINE)
        sheet.column_dimensions[cell.column_letter].width = width


def _row(sheet: Worksheet, row: int, values: tuple[str, ...], *, whole: bool) -> None:
    for column in range(1, len(HEADER) + 1):
        cell = sheet.cell(row, column)
        if column <= len(values):
            cell.value = values[column - 1]
        cell.number_format = "@"
        cell.border = Border(_LINE, _LINE, _LINE, _LINE)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        if column in (_POINTS, _REASON):
            cell.protection, cell.fill = Protection(locked=False), _YELLOW
        elif whole:
            cell.font, cell.fill = Font(bold=True), _GREY


def _guide(sheet: Worksheet, scheme: Scheme) -> None:
    sheet["A1"] = GUIDE
    sheet["A1"].font = Font(bold=True, size=16)
    sheet["A2"] = f"依据：{scheme.title}（{scheme.document_number}）"
    for row, line in enumerate(_INSTRUCTIONS, 3):
        sheet.cell(row, 1).value = line
        sheet.cell(row, 1).alignment = Alignment(wrap_text=True, vertical="top")
    sheet.column_dimensions["A"].width = 110
    sheet.protection.sheet = True


def _share(value: Fraction) -> str:
    text = exact_text(value)
    if "/" not in text:
        return text
    # 125/3 cannot be typed: the largest two-decimal number below it is.
    return exact_text(Fraction(int(value * 100), 100))
