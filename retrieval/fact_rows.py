"""Reads facts from table rows as the readers write them: 表头：值；表头：值.

A metric may be the column (普惠率：86.5%), the row (统计项目：普惠率；2018年：86.5%), both together
(层级：社区教育中心；覆盖率：83.3%), or stand in a cell of prose (完成情况：普惠率达到86.5%).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from retrieval.cells import Cell, cells_of, is_numeric
from retrieval.fact_parts import Stated, is_named, unit_fits
from retrieval.fact_sentences import moved, sentence_facts
from retrieval.metrics import YEAR_UNIT, Metric, Metrics
from retrieval.numbers import find_numbers, find_years
from retrieval.row_headers import (
    DUE_HEADER,
    NOT_A_VALUE,
    PAID_STANDARD,
    bare,
    header_scope,
    is_generic,
    levels,
    without_name,
)
from retrieval.row_numbers import number_of
from retrieval.row_scopes import qualifier, row_scope
from retrieval.scopes import GROUPS, WHOLE_DISTRICT, label_scope, place_name
from retrieval.years import find_all_years

_UNIT_HEADER = re.compile(r"^(?:单位|计量单位|数据单位)$")
_YEAR_HEADER = re.compile(r"^(?:年度|年份|统计年度|统计年份|数据年度|学年|学年度|时间|统计时间)$")
_CONTEXT_UNIT = re.compile(r"单位[:：]\s*(?P<unit>[^（）()\s，。；]{1,6})")
_PROSE = re.compile(r"[\u4e00-\u9fff]{3,}.*[0-9一二两三四五六七八九十]|[未无没][\u4e00-\u9fff]{3,}")
_OTHER_NOUN = re.compile(r"率|系数|占比|比例|比重|差额|增长|达标|排名|缺口")
_NONE = re.compile(r"(?:无|没有|未发生|未发现|未出现|零|零发生|零报告|不存在|无此(?:类)?(?:现象|情况|问题))[。]?")
_NOT_PROSE = re.compile(
    r"评价内容|评价要点|评价指标|考核|指标内容|目标|要求|措施|计划|标准|依据|问题|打算|口径|公式|时限|方法|备注|下一步|年度任务"
)


def row_facts(row: str, metrics: Metrics, *, default_year: int | None, context: str, district: str) -> list[Stated]:
    """The facts of one row.

    A cell is taken when its header, its row label, or both together name exactly one metric and the cell holds one number of that
    metric's unit.
    """
    return list(_Row(row, metrics, default_year, context, district).read())


@dataclass(frozen=True, slots=True)
class _Named:
    """A metric a cell gives a value for.

    label : the cell that helps to name it.  qualifier : what the label says before the metric's words (中等职业学校 of
    中等职业学校在校生数), "" when nothing.
    """

    metric: Metric
    label: Cell | None = None
    qualifier: str = ""


class _Row:
    def __init__(self, row: str, metrics: Metrics, year: int | None, context: str, district: str) -> None:
        self._metrics, self._context, self._district = metrics, context, district
        self._cells = cells_of(row)
        self._labels = [cell for cell in self._cells if cell.value and not is_numeric(cell.value)]
        self._year = next(
            (
                years[0].year
                for cell in self._cells
                if _YEAR_HEADER.match(cell.header)
                and (years := find_years(cell.value) or find_years(cell.value.rstrip("年") + "年"))
            ),
            year,
        )
        own = next((cell.value for cell in self._cells if _UNIT_HEADER.match(cell.header)), "")
        given = _CONTEXT_UNIT.search(context)
        self._unit, self._context_unit = own, given["unit"] if given else ""

    def read(self) -> Iterator[Stated]:
        for cell in self._cells:
            yield from self._year_cell(cell)
            if is_numeric(cell.value):
                yield from self._value_cell(cell)
            elif _NONE.fullmatch(cell.value):
                yield from self._none_cell(cell)
            elif _PROSE.search(cell.value) and not _NOT_PROSE.search(cell.header):
                yield from self._prose_cell(cell)

    def _value_cell(self, cell: Cell) -> Iterator[Stated]:
        for named in self._named(cell):
            due = named.metric.id in self._metrics.followers and DUE_HEADER.match(bare(cell.header))
            paid = named.metric.unit == "元" and PAID_STANDARD.fullmatch(bare(cell.header)) and not self._has_actual()
            no_value = NOT_A_VALUE.search(without_name(cell.header, named.metric)) and not due and not paid
            if no_value or self._is_limit(cell):
                continue
            texts = [cell.header, *([named.label.value] if named.label else [])]
            number = number_of(cell.value, named.metric, texts, self._unit, self._context_unit)
            if number is None:
                continue
            metric = named.metric
            plausible = metric.low <= number.value <= metric.high
            if not plausible and not find_numbers(cell.value)[0].unit:
                # Without a unit of its own the number may be anything (a serial number, 万元): no slip to be shown.
                continue
            start = min(cell.start, named.label.start) if named.label else cell.start
            scope = self._scope(cell, named)
            yield Stated(
                metric, number.value, self._year_of(cell), scope, start, cell.end, number.approximate, plausible
            )

    def _is_limit(self, cell: Cell) -> bool:
        """A row of targets or standards: 类型：目标值；普惠率：80%."""
        first = self._labels[0] if self._labels else None
        return (
            first is not None and first is self._cells[0] and first is not cell and bool(re.fullmatch(r".{0,4}(?:目标|标准|要求|增减|增幅|同比).{0,3}", first.value))
        )  # fmt: skip

    def _year_cell(self, cell: Cell) -> Iterator[Stated]:
        """A metric whose value is itself a year: 上次核编时间：2017年10月."""
        years = find_years(cell.value)
        named = [m.metric for m in self._metrics.mentions(cell.header, self._context) if m.metric.unit == YEAR_UNIT]
        if len(years) == 1 and len(named) == 1 and named[0].low <= years[0].year <= named[0].high:
            yield Stated(named[0], Decimal(years[0].year), self._year, WHOLE_DISTRICT, cell.start, cell.end)
        elif len(years) == 1 and not named and re.search(r"时间|年份|年度|结果|情况|填报|数值|值$", cell.header):
            for label in self._labels:
                if label is not cell:
                    mentioned = [
                        m.metric
                        for m in self._metrics.mentions(label.value, self._context)
                        if m.metric.unit == YEAR_UNIT
                    ]
                    if len(mentioned) == 1:
                        year = Decimal(years[0].year)
                        yield Stated(mentioned[0], year, self._year, WHOLE_DISTRICT, label.start, cell.end)
                        return

    def _none_cell(self, cell: Cell) -> Iterator[Stated]:
        """重大安全事故：未发生."""
        for named in self._named(cell):
            if named.metric.zero_words and not NOT_A_VALUE.search(without_name(cell.header, named.metric)):
                start = min(cell.start, named.label.start) if named.label else cell.start
                scope = self._scope(cell, named)
                yield Stated(named.metric, Decimal(0), self._year_of(cell), scope, start, cell.end)

    def _prose_cell(self, cell: Cell) -> Iterator[Stated]:
        near = "，".join([self._around(cell), cell.header])
        found = sentence_facts(
            cell.value, self._metrics, year=self._year, context=self._context, district=self._district, near=near
        )
        outer = self._row_scope(cell)
        for fact in found:
            placed = moved(fact, cell.value_start)
            if outer and fact.scope == WHOLE_DISTRICT:
                scope = label_scope(outer, self._context, self._district)
                placed = Stated(
                    fact.metric,
                    fact.value,
                    fact.year,
                    scope,
                    placed.start,
                    placed.end,
                    fact.approximate,
                    fact.plausible,
                )
            yield placed

    def _named(self, cell: Cell) -> Iterator[_Named]:
        """The metrics the cell gives a value for."""
        near = self._around(cell)
        own = list({m.metric.id: m.metric for m in self._metrics.mentions(cell.header, self._context, near)}.values())
        numbers = find_numbers(cell.value)
        own = [metric for metric in own if metric.unit != YEAR_UNIT]
        if len(own) > 1 and numbers and numbers[0].unit:
            own = [metric for metric in own if unit_fits(numbers[0].unit, metric)]
        if own:
            if len(own) == 1:
                yield _Named(own[0])
            return
        if re.match(r"序号|编号|页|排名|名次", cell.header):
            return
        done = self._done(cell)
        if done is not None:
            yield done
            return
        for label in self._labels:
            if label is cell or re.match(r"备注|说明|责任", label.header) or self._replaced(label, cell):
                continue
            named = self._by_label(cell, label)
            if named is not None:
                yield named
                return

    def _replaced(self, label: Cell, cell: Cell) -> bool:
        """Whether another label of the same header stands nearer before the cell (类别：甲；人数：76；类别：乙；人数：74)."""
        same = [other.start for other in self._labels if other.header == label.header and other.start < cell.start]
        return bool(same) and label.start != max(same)

    def _done(self, cell: Cell) -> _Named | None:
        """What a header says is done of something due that another header or a label names: 应认定职级校长：76人；已认定：74人."""
        header = re.sub(
            r"^(?:其中|实际|已经|已|现已|累计|均已|实)+|(?:数量|人数|个数|件数|校数|数|的)+$", "", bare(cell.header)
        )
        for other in self._cells:
            if other is cell:
                continue
            texts = [other.header] if is_numeric(other.value) else [other.value]
            due = [m.metric for text in texts for m in self._metrics.mentions(text, self._context)]
            found = {
                follower.id: follower
                for metric in due
                for follower in self._metrics.followers.get(metric.id, [])
                if header in follower.follow_words
            }
            if len(found) == 1:
                return _Named(next(iter(found.values())), None if is_numeric(other.value) else other)
        return None

    def _by_label(self, cell: Cell, label: Cell) -> _Named | None:
        """The metric that the label names, alone or with the cell's header."""
        header = bare(cell.header)
        mentions = self._metrics.mentions(label.value, self._context)
        in_label = list({m.metric.id: m for m in mentions if m.metric.unit != YEAR_UNIT}.values())
        group = next((level for level in reversed(levels(cell.header)) if level in GROUPS), "")
        if group:
            joined = self._metrics.mentions(f"{group}{label.value}", self._context)
            first = [m.metric for m in joined if m.start < len(group)]
            if len(first) == 1:
                return _Named(first[0], label)
        if len(in_label) == 1 and self._is_generic(cell, in_label[0].metric):
            if _OTHER_NOUN.search(bare(label.value[in_label[0].end :])):
                return None
            return _Named(in_label[0].metric, label, qualifier(label.value[: in_label[0].start], self._district))
        joined_text = f"{label.value}，{cell.header}"
        across = [m for m in self._metrics.mentions(joined_text, self._context) if m.start < len(label.value) < m.end]
        if len(across) == 1:
            return _Named(across[0].metric, label, qualifier(label.value[: across[0].start], self._district))
        whose = place_name(label.value, self._district)
        plain = f"{bare(label.value)}{header}"
        edge = len(bare(label.value))
        across = [m for m in self._metrics.mentions(plain, self._context) if m.start < edge < m.end]
        if len(across) != 1:
            return None
        if whose:
            # 望云街道中心幼儿园 / 专任教师数: the name of a school helps to name the metric, and stays the scope.
            return _Named(across[0].metric)
        return _Named(across[0].metric, label, qualifier(plain[: across[0].start], self._district))

    def _has_actual(self) -> bool:
        return any(re.search(r"决算|执行|支出|实际", other.header) for other in self._cells)

    def _is_generic(self, cell: Cell, metric: Metric) -> bool:
        has_actual = self._has_actual()
        has_due = metric.id in self._metrics.followers
        return is_generic(cell.header, metric, has_due=has_due, has_actual=has_actual, district=self._district)

    def _around(self, cell: Cell) -> str:
        """The other cells' words, headers of figures first, labels last: where the subject of a short name may stand."""
        headers = [other.header for other in self._cells if other is not cell and other not in self._labels]
        return "，".join([*headers, *(label.value for label in self._labels if label is not cell)])

    def _year_of(self, cell: Cell) -> int | None:
        bare = re.fullmatch(r"((?:19|20)\d{2})", cell.header)
        if bare:
            return int(bare[1])
        years = find_all_years(cell.header, self._year) or find_years(cell.value)
        return years[0].year if years else self._year

    def _scope(self, cell: Cell, named: _Named) -> str:
        own = [named.qualifier] if named.qualifier else []
        levels = (
            self._row_scope(cell, named.label, named.metric)
            + own
            + header_scope(cell.header, named.metric, self._district)
        )
        kept = [level for level in levels if not is_named(level, named.metric)]
        if levels and not kept:
            return WHOLE_DISTRICT
        return label_scope(kept, self._context, self._district)

    def _row_scope(self, cell: Cell, used: Cell | None = None, metric: Metric | None = None) -> list[str]:
        def names_metric(value: str) -> bool:
            subjects = metric.subject if metric is not None else ()
            return value.endswith(subjects) or bool(self._metrics.mentions(value, self._context))

        return row_scope(self._labels, cell, used, names_metric, self._district)
