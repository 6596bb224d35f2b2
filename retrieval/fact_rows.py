"""Reads facts from table rows as the readers write them: 表头：值；表头：值.

A metric may be the column (普惠率：86.5%), the row (统计项目：普惠率；2018年：86.5%), or both together
(层级：社区教育中心；覆盖率：83.3%).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from retrieval.fact_sentences import Stated
from retrieval.metrics import BARE_UNIT, YEAR_UNIT, Metric, Metrics
from retrieval.numbers import Number, find_numbers, find_years
from retrieval.scopes import GROUPS, WHOLE_DISTRICT, is_total, label_scope

_CELL = re.compile(r"(?P<header>[^：；]{1,60})：(?P<value>[^；]*)")
_NOT_A_VALUE = re.compile(
    r"目标|标准|要求|规定|应达|增减|增长|增幅|同比|比上年|较上年|变化|计划|序号|文号|编号|下限|上限"
)
_GENERIC_HEADER = re.compile(
    r"^(?:数值|数量|数据|本年|本年度|当年|合计|实际|实际值|完成情况|完成值|现状|结果|指标值|年末数|(?:19|20)\d{2}(?:年|学年)?度?(?:数|值|实际)?|全区|总计|达到值|自评数据)$"
)
_NOT_A_SCOPE = re.compile(
    r"序号|备注|说明|文号|时间|日期|年度|年份|责任|单位|来源|依据|公式|口径|负责|计量|电话|状态|结论"
)
_SCOPE_HEADER = re.compile(r"镇街|街道|乡镇|学校|学段|幼儿园|园所|群体|区域|类别|类型|层级|机构")
_UNIT_HEADER = re.compile(r"^(?:单位|计量单位)$")
_YEAR_HEADER = re.compile(r"^(?:年度|年份|统计年度|统计年份|学年|学年度)$")
_IN_BRACKETS = re.compile(
    r"[（(]\s*(?:单位[:：])?(?P<unit>%|％|人次|人|名|所|个|元|万元|亿元|次|起|件|班|元/生|元／生|年)(?:[/／]\S{1,4})?\s*[）)]"
)
_LAST_YEAR = re.compile(r"上年|去年|上一年")


@dataclass(frozen=True, slots=True)
class _Cell:
    header: str
    value: str
    start: int
    end: int


def row_facts(row: str, metrics: Metrics, *, default_year: int | None, context: str, district: str) -> list[Stated]:
    """The facts of one row.

    A cell is taken when its header, its row label, or both together name exactly one metric and the cell holds one number of that
    metric's unit.
    """
    cells = [_Cell(m["header"].strip(), m["value"].strip(), m.start(), m.end()) for m in _CELL.finditer(row)]
    labels = [cell for cell in cells if cell.value and not _is_numeric(cell.value)]
    unit_hint = next((cell.value for cell in cells if _UNIT_HEADER.match(cell.header)), "")
    year = next(
        (
            years[0].year
            for cell in cells
            if _YEAR_HEADER.match(cell.header) and (years := find_years(cell.value + "年"))
        ),
        default_year,
    )
    found = []
    for cell in cells:
        if _NOT_A_VALUE.search(cell.header):
            continue
        found += _year_cell(cell, year, metrics, context)
        if not _is_numeric(cell.value):
            continue
        for metric, label in _metrics_of(cell, labels, metrics, context):
            number = _value(cell, metric, unit_hint, label.value if label else "")
            if number is None or not metric.low <= number.value <= metric.high:
                continue
            start = min(cell.start, label.start) if label else cell.start
            levels = _row_scope(labels, label) + _header_scope(cell, metric)
            scope = label_scope(levels, context, district)
            found.append(Stated(metric, number.value, _year(cell, year), scope, start, cell.end, number.approximate))
    return found


def _year_cell(cell: _Cell, year: int | None, metrics: Metrics, context: str) -> list[Stated]:
    """A metric whose value is itself a year: 上次核编时间：2017年10月."""
    years = find_years(cell.value)
    named = [m.metric for m in metrics.mentions(cell.header, context) if m.metric.unit == YEAR_UNIT]
    if len(years) != 1 or len(named) != 1 or not named[0].low <= years[0].year <= named[0].high:
        return []
    return [Stated(named[0], Decimal(years[0].year), year, WHOLE_DISTRICT, cell.start, cell.end)]


def _row_scope(labels: list[_Cell], used: _Cell | None) -> list[str]:
    """What the row is about: its first text cell, unless that names the metric, and cells under 镇街, 学校 and the like."""
    if any(is_total(cell.value) for cell in labels):
        return ["合计"]
    others = [cell for cell in labels if cell is not used and not _NOT_A_SCOPE.search(cell.header)]
    named = [cell for cell in others if _SCOPE_HEADER.search(cell.header)]
    first = [cell for cell in labels[:1] if cell in others]
    return [cell.value for cell in (named or first)[:1]]


def _metrics_of(
    cell: _Cell, labels: list[_Cell], metrics: Metrics, context: str
) -> Iterator[tuple[Metric, _Cell | None]]:
    """The metrics the cell gives a value for, each with the label cell that helps to name it."""
    own = [mention.metric for mention in metrics.mentions(cell.header, context)]
    if own:
        if len(own) == 1:
            yield own[0], None
        return
    for label in labels:
        in_label = [mention for mention in metrics.mentions(label.value, context) if mention.metric.unit != YEAR_UNIT]
        header = re.sub(r"[（(].*?[）)]|\s", "", cell.header)
        if len(in_label) == 1 and (_GENERIC_HEADER.match(header) or header in GROUPS or find_years(cell.header)):
            yield in_label[0].metric, label
            return
        joined = f"{label.value}，{cell.header}"
        across = [m for m in metrics.mentions(joined, context) if m.start < len(label.value) < m.end]
        if len(across) == 1:
            yield across[0].metric, label
            return


def _value(cell: _Cell, metric: Metric, unit_hint: str, label: str) -> Number | None:
    numbers = find_numbers(cell.value)
    fitting = [n for n in numbers if n.unit in metric.units or (not n.unit and BARE_UNIT in metric.units)]
    if not fitting:
        hinted = next((m["unit"] for text in (cell.header, label) if (m := _IN_BRACKETS.search(text))), unit_hint)
        bare = [n for n in numbers if not n.unit]
        if len(bare) == 1 and hinted:
            fitting = [n for n in find_numbers(_with_unit(cell.value, bare[0], hinted)) if n.unit in metric.units]
        elif len(bare) == 1 and metric.unit != "%" and not _IN_BRACKETS.search(cell.header):
            # A count without unit under a header that names the metric (在园幼儿数：18600).
            fitting = bare
    fitting = [n for n in fitting if not n.bound]
    return fitting[0] if len(fitting) == 1 else None


def _with_unit(value: str, number: Number, unit: str) -> str:
    return value[number.start : number.end] + unit.split("/")[0].split("／")[0]


def _year(cell: _Cell, default: int | None) -> int | None:
    years = find_years(cell.header) or find_years(cell.value)
    if years:
        return years[0].year
    return default - 1 if default and _LAST_YEAR.search(cell.header) else default


def _header_scope(cell: _Cell, metric: Metric) -> list[str]:
    """Of a nested header (公办 / 在园幼儿数) the other levels; totals count as no scope."""
    levels = [re.sub(r"[（(].*?[）)]|\s", "", level) for level in re.split(r"\s*[/／>]\s*", cell.header)]
    if len(levels) == 1:
        return [level for level in levels if level in GROUPS]
    return [
        level
        for level in levels
        if level and not find_years(level) and not any(_same(level, alias) for alias in metric.aliases)
    ]


def _same(level: str, alias: str) -> bool:
    return alias.replace("…", "") in level or level in alias


def _is_numeric(value: str) -> bool:
    """Whether a cell is a figure: a number, perhaps with its unit and a remark of a few characters."""
    numbers = find_numbers(value)
    return (
        bool(numbers)
        and len(value) - sum(n.end - n.start for n in numbers) <= 8
        and not re.search(r"[\u4e00-\u9fff]{5,}", value)
    )
