"""Excel files beside the annual report: frozen head, filters, numbers as numbers."""

from __future__ import annotations

import io
from collections.abc import Sequence
from fractions import Fraction

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from review.exports import finish
from review.papers.annual import sample_sums
from review.papers.shares import indicator_points
from review.papers.year_record import YearRecord
from scoring_rules.rounding import half_up

RANKING_HEAD = (
    "名次", "区县", "自评", "抽样自评小计", "核查小计", "可信度", "基础分", "加分", "最终得分", "最低可能", "最高可能",
    "得分等级", "命中附件1", "认定等级", "备注",
)  # fmt: skip
Cell = str | int | float | None


def ranking_xlsx(told: YearRecord) -> bytes:
    """The XLSX file: the ranking, points by indicator, points by criterion. A cell is empty where the record has no number."""
    book = Workbook()
    sheet = book.active
    sheet.title = "排名"
    sheet.append(RANKING_HEAD)
    for row in told.ranking:
        score = told.scores[row.district]
        own, verified = sample_sums(score)
        _append(
            sheet,
            [
                row.rank, row.district, number(score.self_points), number(own), number(verified),
                number(score.credibility, 4), number(score.base_points), number(score.bonus_points),
                number(score.total_points), number(score.total_interval.low), number(score.total_interval.high),
                row.points_grade, "、".join(score.annex1.triggered), row.grade, row.note,
            ],
        )  # fmt: skip
    finish(sheet, (7, 16, 11, 13, 11, 10, 11, 8, 11, 11, 11, 10, 11, 10, 50))
    indicators = [i.id for i in told.scheme.indicators if any(not c.is_bonus for c in i.criteria)]
    parts = book.create_sheet("分项")
    parts.append(["区县", *indicators])
    lines = book.create_sheet("二级指标")
    criteria = [c.id for c in told.scheme.criteria]
    lines.append(["区县", *criteria])
    for row in told.ranking:
        score = told.scores[row.district]
        by_indicator = indicator_points(told.scheme, score)
        _append(parts, [row.district, *(number(by_indicator[name]) for name in indicators)])
        points = {line.id: line.points for line in score.lines}
        _append(lines, [row.district, *(number(points.get(name)) for name in criteria)])
    finish(parts, (16, *(10 for _ in indicators)))
    finish(lines, (16, *(9 for _ in criteria)))
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def number(value: Fraction | None, decimals: int = 2) -> float | None:
    """The published number as a spreadsheet holds it; None where there is none."""
    return None if value is None else float(half_up(value, decimals))


def _append(sheet: Worksheet, cells: Sequence[Cell]) -> None:
    sheet.append(list(cells))
    for cell in sheet[sheet.max_row]:
        if isinstance(cell.value, float):
            cell.number_format = "0.0000" if cell.column == 6 and sheet.title == "排名" else "0.00"
