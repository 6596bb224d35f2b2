"""For whom a row of a table speaks: the town, school or group of its label, or what the label says before a metric's name."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from retrieval.cells import Cell
from retrieval.scopes import GROUPS, is_total, place_name

_NOT_A_SCOPE = re.compile(
    r"序号|备注|说明|文号|时间|日期|年度|年份|责任|单位(?!名)|来源|依据|公式|口径|负责|计量|电话|状态|结论|要点|编号|措施|问题|项目|指标|内容|名称$|事项|材料|科目"
)
_SCOPE_HEADER = re.compile(
    r"镇街|街道|乡镇|学校|学段|幼儿园|园所|群体|区域|类别|类型|层级|机构|责任区|督学区|单位名称|区县|范围|办园性质|办学性质|性质|阶段|园名|校名|片区"
)
_NEUTRAL = re.compile(
    r"全区|我区|全县|我县|全部|各级各类|年度|当年|本年|学校|教师|学生|的|[一二三四五六七八九十]+(?=[、.．])|^[0-9]+"
)


def row_scope(
    labels: Sequence[Cell], cell: Cell, used: Cell | None, names_metric: Callable[[str], bool], district: str
) -> list[str]:
    """What the row is about at `cell`: its label under 镇街, 学校 and the like, else a first label that is a place or a group; at
    most one, ["合计"] in a row of totals.

    used : the label that already helps to name the metric.  names_metric : whether a label (教师, 社区教育中心) is the subject of
    the metric and not for whom it is said.
    """
    if any(is_total(label.value) for label in labels):
        return ["合计"]
    others = [label for label in labels if label is not used]
    named = [o for o in others if _SCOPE_HEADER.search(o.header) and not re.search(r"数|率|单位$", o.header)]
    first = [
        label
        for label in labels[:1]
        if label in others and (not _NOT_A_SCOPE.search(label.header) or place_name(label.value, district))
    ]
    chosen = [label for label in (named or first) if _is_plain(label, district) or not names_metric(_squeezed(label))]
    before = [label for label in chosen if label.start < cell.start and label.header == chosen[0].header]
    return [label.value for label in before[-1:] or chosen[:1]]


def qualifier(text: str, district: str) -> str:
    """For whom the words before a metric's name say it is (中等职业学校 of 中等职业学校在校生数), "" when they say the whole district
    or nothing."""
    bare = re.sub(r"[（(].*?[）)]|\s|[0-9０-９.、．]+|^其中[:：]?", "", text).removeprefix(district)
    return "" if is_total(bare) or not _NEUTRAL.sub("", bare) else bare


def _is_plain(label: Cell, district: str) -> bool:
    value = _squeezed(label)
    return value in GROUPS or bool(place_name(value, district)) or bool(re.search(r"学段|阶段", label.header))


def _squeezed(label: Cell) -> str:
    return re.sub(r"\s", "", label.value)
