"""For whom a figure speaks: the whole district, a town, a school, or a group such as 小学 or 民办."""

from __future__ import annotations

import re

WHOLE_DISTRICT = "全区"

_TOTALS = frozenset(
    ["合计", "总计", "全区", "全县", "全区合计", "区合计", "总体", "全部", "整体", "区级", "全区平均", "本区"]
)
GROUPS = (
    "小学",
    "初中",
    "高中",
    "普通高中",
    "中职",
    "公办",
    "民办",
    "普惠性民办",
    "城区",
    "农村",
    "乡镇",
    "镇区",
    "幼儿园",
    "学前",
    "义务教育阶段",
)
_WIDER = ("全国", "全省", "全市", "省平均", "市平均", "省级", "市级")
# The shortest name that ends right there: 望云街道, 云山区实验小学.
_NAME = re.compile(r"([\u4e00-\u9fff]{2,9}(?:街道办事处|街道|镇|乡|小学|中学|幼儿园|学校))(?:的|内)?$")
_GENERIC = re.compile(
    r"义务教育|普通|特殊教育学校|各级|各类|各|职业学校|农村|城乡|公办|民办|普惠|全区|全部|全县|中小学|区属|所|区直|辖区|个|镇街|乡镇|新建|薄弱|招收|残疾|寄宿|挂牌|幼儿园和|与|及|和|在"
)
_OF_GROUP = re.compile(r"(?:学校|教师|专任|学生|阶段|儿童|段|部|的)+$")
_CLAUSE = re.compile(r"[，。；：,;:、\n（(]")
_SCHOOL_TITLE = re.compile(r"([\u4e00-\u9fff]{2,12}(?:小学|中学|幼儿园))(?!学)")


def prose_scope(sentence: str, position: int, context: str, district: str) -> str:
    """The scope of a metric named at `position` of `sentence`; "全区" when nothing narrower or wider is said.

    context : title and headings; a school named there narrows every figure of its document.
    """
    clause = _CLAUSE.split(sentence[:position])[-1]
    clause = re.sub(r"\s", "", clause)[-14:]
    if any(word in clause for word in _WIDER):
        return next(word for word in _WIDER if word in clause)
    bare = _OF_GROUP.sub("", clause)
    for group in GROUPS:
        if bare.endswith(group) and not bare.endswith(("中小学", "中小学幼儿园")):
            return group
    match = _NAME.search(clause)
    if match and (name := _own_name(match[1], district)):
        return name
    return _title_scope(context, district)


def is_total(label: str) -> bool:
    """Whether a label cell marks the row of the whole: 合计, 全区."""
    return re.sub(r"\s", "", label) in _TOTALS


def label_scope(labels: list[str], context: str, district: str) -> str:
    """The scope of a cell with these row labels and header levels: those that are no total, joined; "全区" when all are totals."""
    texts = [re.sub(r"\s", "", label) for label in labels]
    narrower = [
        text
        for text in texts
        if text not in _TOTALS and text.removeprefix(district) not in _TOTALS and text != district
    ]
    if narrower:
        return "/".join(narrower)[:60]
    return WHOLE_DISTRICT if texts else _title_scope(context, district)


def _own_name(name: str, district: str) -> str:
    own = name.removeprefix(district)
    return "" if _GENERIC.search(own) or len(own) < 3 else own


def _title_scope(context: str, district: str) -> str:
    title = context.split("\n")[0].split(" > ")[0]
    match = _SCHOOL_TITLE.search(title)
    return (_own_name(match[1], district) if match else "") or WHOLE_DISTRICT
