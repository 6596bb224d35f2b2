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
from retrieval.metrics import BARE_UNIT, YEAR_UNIT, Metric, Metrics
from retrieval.numbers import Number, find_numbers, find_years
from retrieval.scopes import GROUPS, WHOLE_DISTRICT, WIDER, is_total, label_scope, place_name
from retrieval.years import find_all_years

_NOT_A_VALUE = re.compile(
    r"目标|标准|要求|规定|应达|增减|增长|增幅|增加|减少|降幅|差距|差额|同比|比上年|较上年|变化|计划|序号|文号|编号|下限|上限|排名|名次|得分|分值|权重|页码|自评分|底线值|预期|限值"
)
_GENERIC_HEADER = re.compile(
    r"^(?:截至)?(?:(?:自查|核查|检查|监测|填报|实际|统计|测算|完成|达到|落实|抽查|现场|评估|认定|调查|上报|审核|自评|年末|期末|本期|核实|实测)(?:结果|情况|数值|值|数据|数|内容)?|数值|数量|数据|数|合计|总计|小计|实际|实际值|实际数|完成情况|完成值|完成数|完成|现状|现状值|结果|指标值|年末数|年末|期末|期末数|填报数|填报值|统计数|统计值|统计结果|核查结果|监测值|监测结果|检查结果|测算结果|实有|实有数|实有人数|人数|金额|数额|执行|执行数|实际执行|执行标准|决算|决算数|支出|实际支出|值|全区|全县|本区|本县|区平均|全区平均|全区合计|达到值|达成值|自评数据|自评值|统计|比例|比率|占比|百分比|标准额|发放金额|情况|落实情况|实际完成|实际达到)$"
)
_BUDGET_HEADER = re.compile(r"^(?:预算|预算数|年初预算|预算安排|安排|安排数)$")
_NOT_A_SCOPE = re.compile(
    r"序号|备注|说明|文号|时间|日期|年度|年份|责任|单位(?!名)|来源|依据|公式|口径|负责|计量|电话|状态|结论|要点|编号|措施|问题|项目|指标|内容|名称$|事项|材料|科目"
)
_SCOPE_HEADER = re.compile(
    r"镇街|街道|乡镇|学校|学段|幼儿园|园所|群体|区域|类别|类型|层级|机构|责任区|督学区|单位名称|区县|范围|办园性质|办学性质|性质|阶段|园名|校名|片区"
)
_UNIT_HEADER = re.compile(r"^(?:单位|计量单位|数据单位)$")
_YEAR_HEADER = re.compile(r"^(?:年度|年份|统计年度|统计年份|数据年度|学年|学年度|时间|统计时间)$")
_IN_BRACKETS = re.compile(r"[（(]\s*(?:单位[:：]?)?\s*(?P<unit>[^（）()\s]{1,8}?)\s*[）)]")
_CONTEXT_UNIT = re.compile(r"单位[:：]\s*(?P<unit>[^（）()\s，。；]{1,6})")
_RELATIVE = re.compile(r"上一?年度?|去年|前一年度?|本年度?|今年|当年|同期|本期|上期")
_PROSE = re.compile(r"[\u4e00-\u9fff]{3,}.*[0-9一二两三四五六七八九十]|[未无没][\u4e00-\u9fff]{3,}")
_OTHER_NOUN = re.compile(r"率|系数|占比|比例|比重|差额|增长|达标|排名|缺口")
_NEUTRAL = re.compile(
    r"全区|我区|全县|我县|全部|各级各类|年度|当年|本年|学校|教师|学生|的|[一二三四五六七八九十]+(?=[、.．])|^[0-9]+"
)
_OWNERSHIP = re.compile(r"(?:其他|普惠性|非普惠性?|普惠)?(?:公办|民办)(?:园|幼儿园|学校)?")
# 任务：解决大班额年度建设任务；计划：4所；完成：3所: of what is due, the plan is the figure.
_DUE_HEADER = re.compile(r"^(?:计划|计划数|任务数|任务|年度计划|年度任务|规划数|应完成|应完成数|目标任务数?)$")
_NONE = re.compile(r"(?:无|没有|未发生|未发现|未出现|零|零发生|零报告|不存在|无此(?:类)?(?:现象|情况|问题))[。]?")
_NOT_PROSE = re.compile(r"目标|要求|措施|计划|标准|依据|问题|打算|口径|公式|时限|方法|备注|下一步|年度任务")


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
            due = named.metric.id in self._metrics.followers and _DUE_HEADER.match(_bare(cell.header))
            if (_NOT_A_VALUE.search(_without_name(cell.header, named.metric)) and not due) or self._is_limit(cell):
                continue
            number = self._value(cell, named)
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
            if named.metric.zero_words and not _NOT_A_VALUE.search(_without_name(cell.header, named.metric)):
                start = min(cell.start, named.label.start) if named.label else cell.start
                scope = self._scope(cell, named)
                yield Stated(named.metric, Decimal(0), self._year_of(cell), scope, start, cell.end)

    def _prose_cell(self, cell: Cell) -> Iterator[Stated]:
        near = "，".join([self._around(cell), cell.header])
        found = sentence_facts(
            cell.value, self._metrics, year=self._year, context=self._context, district=self._district, near=near
        )
        outer = self._row_scope(None, cell)
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
            r"^(?:其中|实际|已经|已|现已|累计|均已|实)+|(?:数量|人数|个数|件数|校数|数|的)+$", "", _bare(cell.header)
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
        header = _bare(cell.header)
        mentions = self._metrics.mentions(label.value, self._context)
        in_label = list({m.metric.id: m for m in mentions if m.metric.unit != YEAR_UNIT}.values())
        group = next((level for level in reversed(_levels(cell.header)) if level in GROUPS), "")
        if group:
            joined = self._metrics.mentions(f"{group}{label.value}", self._context)
            first = [m.metric for m in joined if m.start < len(group)]
            if len(first) == 1:
                return _Named(first[0], label)
        if len(in_label) == 1 and self._is_generic(header, in_label[0].metric):
            if _OTHER_NOUN.search(_bare(label.value[in_label[0].end :])):
                return None
            return _Named(in_label[0].metric, label, self._qualifier(label.value[: in_label[0].start]))
        joined_text = f"{label.value}，{cell.header}"
        across = [m for m in self._metrics.mentions(joined_text, self._context) if m.start < len(label.value) < m.end]
        if len(across) == 1:
            return _Named(across[0].metric, label, self._qualifier(label.value[: across[0].start]))
        whose = place_name(label.value, self._district)
        plain = f"{_bare(label.value)}{header}"
        edge = len(_bare(label.value))
        across = [m for m in self._metrics.mentions(plain, self._context) if m.start < edge < m.end]
        if len(across) != 1:
            return None
        if whose:
            # 望云街道中心幼儿园 / 专任教师数: the name of a school helps to name the metric, and stays the scope.
            return _Named(across[0].metric)
        return _Named(across[0].metric, label, self._qualifier(plain[: across[0].start]))

    def _qualifier(self, text: str) -> str:
        """For whom the words before a metric's name say it is, "" when they say the whole district or nothing."""
        bare = re.sub(r"[（(].*?[）)]|\s|[0-9０-９.、．]+|^其中[:：]?", "", text).removeprefix(self._district)
        return "" if is_total(bare) or not _NEUTRAL.sub("", bare) else bare

    def _is_generic(self, header: str, metric: Metric) -> bool:
        """Whether a header says nothing but when, for whom or that it is the value."""
        levels = [re.sub(r"^其中", "", level) for level in _levels(header)]
        for level in levels:
            bare = _RELATIVE.sub("", level)
            for year in reversed(find_years(bare)):
                bare = bare[: year.start] + bare[year.end :]
            bare = re.sub(r"^(?:(?:19|20)\d{2}|年|度|末|底|的)+|[年末底]+$", "", bare)
            money = metric.unit == "元" and "budget" not in metric.id
            if not (
                not bare
                or _GENERIC_HEADER.match(bare)
                or bare in GROUPS
                or _OWNERSHIP.fullmatch(bare)
                or (_DUE_HEADER.match(bare) and metric.id in self._metrics.followers)
                or bare in WIDER
                or is_total(bare)
                or (self._district and bare in {self._district, f"{self._district}合计", f"{self._district}平均"})
                or place_name(bare, self._district)
                or (money and _BUDGET_HEADER.match(bare) and not self._has_actual())
                or any(bare in alias and len(bare) > 1 for alias in (metric.name, *metric.aliases))
            ):
                return False
        return True

    def _has_actual(self) -> bool:
        return any(re.search(r"决算|执行|支出|实际", cell.header) for cell in self._cells)

    def _value(self, cell: Cell, named: _Named) -> Number | None:
        metric = named.metric
        numbers = [n for n in find_numbers(cell.value) if not n.bound]
        fitting = [n for n in numbers if unit_fits(n.unit, metric)]
        bare = [n for n in numbers if not n.unit]
        if len(bare) == 1 and len(numbers) == 1 and (not fitting or metric.unit):
            fitting = []
            texts = [cell.header, *([named.label.value] if named.label else [])]
            own = [_unit_in(text) for text in texts]
            hint = next((unit for unit in own if unit), "") or self._unit
            if not hint and self._context_unit and self._takes(metric, self._context_unit):
                hint = self._context_unit
            if hint:
                read = find_numbers(cell.value[bare[0].start : bare[0].end] + re.split(r"[/／]", hint)[0])
                fitting = [n for n in read if unit_fits(n.unit, metric)]
            elif BARE_UNIT in metric.units or metric.unit != "%" or bare[0].value > 1:
                # A count without unit under a header that names the metric (在园幼儿数：18600), or 86.5 under 普惠率.
                fitting = bare
        return fitting[0] if len(fitting) == 1 else None

    @staticmethod
    def _takes(metric: Metric, unit: str) -> bool:
        return any(unit_fits(n.unit, metric) for n in find_numbers("1" + re.split(r"[/／]", unit)[0]))

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
            self._row_scope(named.label, cell, named.metric) + own + _header_scope(cell, named.metric, self._district)
        )
        kept = [level for level in levels if not is_named(level, named.metric)]
        if levels and not kept:
            return WHOLE_DISTRICT
        return label_scope(kept, self._context, self._district)

    def _row_scope(self, used: Cell | None, cell: Cell, metric: Metric | None = None) -> list[str]:
        """What the row is about: its cell under 镇街, 学校 and the like, else a first cell that is a place or a group."""
        if any(is_total(cell.value) for cell in self._labels):
            return ["合计"]
        others = [cell for cell in self._labels if cell is not used]
        named = [
            cell for cell in others if _SCOPE_HEADER.search(cell.header) and not re.search(r"数|率|单位$", cell.header)
        ]
        first = [
            cell
            for cell in self._labels[:1]
            if cell in others and (not _NOT_A_SCOPE.search(cell.header) or place_name(cell.value, self._district))
        ]
        chosen = [other for other in (named or first) if not self._names_metric(other, metric)]
        before = [other for other in chosen if other.start < cell.start and other.header == chosen[0].header]
        return [other.value for other in before[-1:] or chosen[:1]]

    def _names_metric(self, cell: Cell, metric: Metric | None) -> bool:
        """A label such as 教师 or 社区教育中心 that is the subject of a metric, not for whom it is said."""
        value = re.sub(r"\s", "", cell.value)
        if value in GROUPS or place_name(value, self._district) or re.search(r"学段|阶段", cell.header):
            return False
        subjects = metric.subject if metric is not None else ()
        return any(value.endswith(subject) for subject in subjects) or bool(
            self._metrics.mentions(value, self._context)
        )


def _without_name(header: str, metric: Metric) -> str:
    """The header without the metric's own words: 班主任津贴标准 is no standard that is only demanded."""
    squeezed = re.sub(r"\s", "", header)
    for alias in sorted((metric.name, *metric.aliases, *metric.short), key=len, reverse=True):
        squeezed = squeezed.replace(alias, "")
    return squeezed


def _bare(header: str) -> str:
    return re.sub(r"[（(].*?[）)]|\s", "", header)


def _levels(header: str) -> list[str]:
    return [level for level in re.split(r"[/／>]", _bare(header)) if level]


def _unit_in(text: str) -> str:
    """The unit in brackets of a header or label (在园幼儿数（人）), "" when there is none."""
    for match in reversed(list(_IN_BRACKETS.finditer(text))):
        unit = re.split(r"[/／]", match["unit"])[0]
        numbers = find_numbers("1" + unit)
        if len(numbers) == 1 and numbers[0].unit and numbers[0].end == len(unit) + 1:
            return unit
    return ""


def _header_scope(cell: Cell, metric: Metric, district: str) -> list[str]:
    """Of a nested header (公办 / 在园幼儿数) the other levels; totals count as no scope."""
    levels = [re.sub(r"^其中", "", level) for level in _levels(cell.header)]
    if len(levels) == 1:
        level = levels[0]
        years = find_years(level)
        level = level[years[0].end :] if years else level
        return (
            [level]
            if level in GROUPS or _OWNERSHIP.fullmatch(level) or level in WIDER or place_name(level, district)
            else []
        )
    return [
        level
        for level in levels
        if level
        and not find_years(level)
        and not _RELATIVE.search(level)
        and not _GENERIC_HEADER.match(level)
        and not any(_same(level, alias) for alias in (metric.name, *metric.aliases, *metric.short))
    ]


def _same(level: str, alias: str) -> bool:
    return alias.replace("…", "") in level or level in alias
