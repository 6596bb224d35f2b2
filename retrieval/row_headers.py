"""What the header of a table's column says: a unit, a year, for whom, that it holds values - or targets, which are none."""

from __future__ import annotations

import re

from retrieval.metrics import Metric
from retrieval.numbers import find_numbers, find_years
from retrieval.scopes import GROUPS, WIDER, is_total, place_name

NOT_A_VALUE = re.compile(
    r"目标|标准|要求|规定|应达|增减|增长|增幅|增加|减少|降幅|差距|差额|同比|比上年|较上年|变化|计划|序号|文号|编号|下限|上限|排名|名次|得分|分值|权重|页码|自评分|底线值|预期|限值"
)
_GENERIC_HEADER = re.compile(
    r"^(?:截至)?(?:(?:自查|核查|检查|监测|填报|实际|统计|测算|完成|达到|落实|抽查|现场|评估|认定|调查|上报|审核|自评|年末|期末|本期|核实|实测)(?:结果|情况|数值|值|数据|数|内容)?|数值|数量|数据|数|合计|总计|小计|实际|实际值|实际数|完成情况|完成值|完成数|完成|现状|现状值|结果|指标值|年末数|年末|期末|期末数|填报数|填报值|统计数|统计值|统计结果|核查结果|监测值|监测结果|检查结果|测算结果|实有|实有数|实有人数|人数|金额|数额|执行|执行数|实际执行|执行标准|决算|决算数|支出|实际支出|值|全区|全县|本区|本县|区平均|全区平均|全区合计|达到值|达成值|自评数据|自评值|统计|比例|比率|占比|百分比|标准额|发放金额|情况|落实情况|实际完成|实际达到)$"
)
_BUDGET_HEADER = re.compile(r"^(?:预算|预算数|年初预算|预算安排|安排|安排数)$")
_IN_BRACKETS = re.compile(r"[（(]\s*(?:单位[:：]?)?\s*(?P<unit>[^（）()\s]{1,8}?)\s*[）)]")
_RELATIVE = re.compile(r"上一?年度?|去年|前一年度?|本年度?|今年|当年|同期|本期|上期")
OWNERSHIP = re.compile(r"(?:其他|普惠性|非普惠性?|普惠)?(?:公办|民办)(?:园|幼儿园|学校)?")
# What each is paid, not what is demanded.
PAID_STANDARD = re.compile(
    r"(?:拨款|补助|补贴|资助|发放|津贴|执行|人均|月均|人月均|年均|生均|每人每月|每生每年)*标准额?"
)
DUE_HEADER = re.compile(r"^(?:计划|计划数|任务数|任务|年度计划|年度任务|规划数|应完成|应完成数|目标任务数?)$")


def is_generic(header: str, metric: Metric, *, has_due: bool, has_actual: bool, district: str) -> bool:
    """Whether a header says nothing but when, for whom or that it is the value of the metric a row's label names.

    has_due : the metric is what has to be done, so that 计划 is its figure.  has_actual : another column holds what was spent.
    """
    money = metric.unit == "元" and "budget" not in metric.id and not has_actual
    own = {district, f"{district}合计", f"{district}平均"} if district else set()
    for level in (re.sub(r"^其中", "", level) for level in levels(header)):
        plain = _RELATIVE.sub("", level)
        for year in reversed(find_years(plain)):
            plain = plain[: year.start] + plain[year.end :]
        plain = re.sub(r"^(?:(?:19|20)\d{2}|年|度|末|底|的)+|[年末底]+$", "", plain)
        for_whom = plain in GROUPS or plain in WIDER or plain in own or is_total(plain) or OWNERSHIP.fullmatch(plain)
        plain = re.sub(r"^(?:全|本)?[区县](?=完成|实际|达到|统计|自评)", "", plain)
        value = (
            _GENERIC_HEADER.match(plain)
            or (metric.unit == "元" and PAID_STANDARD.fullmatch(plain))
            or (has_due and DUE_HEADER.match(plain))
        )
        value = value or (money and _BUDGET_HEADER.match(plain))
        named = len(plain) > 1 and any(alias.endswith(plain) for alias in (metric.name, *metric.aliases))
        if plain and not (for_whom or value or named or place_name(plain, district)):
            return False
    return True


def without_name(header: str, metric: Metric) -> str:
    """The header without the metric's own words: 班主任津贴标准 is no standard that is only demanded."""
    squeezed = re.sub(r"\s", "", header)
    for alias in sorted((metric.name, *metric.aliases, *metric.short), key=len, reverse=True):
        squeezed = squeezed.replace(alias, "")
    return squeezed


def bare(header: str) -> str:
    return re.sub(r"[（(].*?[）)]|\s", "", header)


def levels(header: str) -> list[str]:
    return [level for level in re.split(r"[/／>]", bare(header)) if level]


def unit_in(text: str) -> str:
    """The unit in brackets of a header or label (在园幼儿数（人）), "" when there is none."""
    for match in reversed(list(_IN_BRACKETS.finditer(text))):
        unit = re.split(r"[/／]", match["unit"])[0]
        numbers = find_numbers("1" + unit)
        if len(numbers) == 1 and numbers[0].unit and numbers[0].end == len(unit) + 1:
            return unit
    return ""


def header_scope(header: str, metric: Metric, district: str) -> list[str]:
    """Of a nested header (公办 / 在园幼儿数) the other levels; totals count as no scope."""
    named = [re.sub(r"^其中", "", level) for level in levels(header)]
    if len(named) == 1:
        level = named[0]
        years = find_years(level)
        level = level[years[0].end :] if years else level
        return (
            [level]
            if level in GROUPS or OWNERSHIP.fullmatch(level) or level in WIDER or place_name(level, district)
            else []
        )
    return [
        level
        for level in named
        if level
        and not find_years(level)
        and not _RELATIVE.search(level)
        and not _GENERIC_HEADER.match(level)
        and not any(_same(level, alias) for alias in (metric.name, *metric.aliases, *metric.short))
    ]


def _same(level: str, alias: str) -> bool:
    return alias.replace("…", "") in level or level in alias
