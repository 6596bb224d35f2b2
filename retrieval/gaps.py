"""What may stand between a metric's words and its value, and between one value and the next of the same metric."""

from __future__ import annotations

import re

from retrieval.fact_parts import ParsedSentence
from retrieval.metrics import Metric
from retrieval.scopes import GROUPS, WIDER, is_total, place_name
from retrieval.years import find_all_years

# How long the words between may be: attached to the metric, and altogether.
_ATTACHED, _WINDOW = 22, 34
_BRACKETS = re.compile(r"[（(][^（）()]*[）)]")
_SEGMENTS = re.compile(r"[，,；;、：:]")
# A noun of its own between the words and the number: the number is its value.
_OWN_NOUN = re.compile(r"率|比例|占比|比重|系数|占|差额")
_OTHER_DEED = re.compile(
    r"(?:返校|整改|取缔|清退|清理|新增|减少|招聘|引进|消除|化解|解决|完成|新建|改建|投入|安排|处理|查处|核减|中)(?!到|至|为|心|小学|学|职)"
)
_FILLERS = re.compile(
    r"其中|首次|过半|有误|错误|系笔误|目前|现有|现已|现在|已经|今年|本年|当年|全年|年末|年底|年初|截至|截止|达到|保持在?|稳定在?|实现|仅为|只有|仅有|共有|共计|合计|总计|总体|平均|逐年|稳步|先后|最低|最高|最好|最差|较高|较低|次之|其次|持续|进一步|有所|明显|大幅|不断|显著|虽然|虽"
    r"|提高|提升|增长|上升|增加|下降|降低|减少|压减|缩小|扩大|改善|好转|回落|更正|调整|修正|订正|修订|核定|应为|以及|并且|分别|均|都|全部|每生每年|每人每月|每人每年|每月|每年|每生|每人|每次|每学期|每校|达"
    r"|[到至为是约近仅只共的了在于由从比较降升增减计和与及已现即高低有尚则而=＝一]|□|\s"
)
_OTHER_GROUPS = (
    "特殊教育",
    "特教",
    "特殊教育学校",
    "普高",
    "中等职业学校",
    "中职学校",
    "公办园",
    "民办园",
    "普惠性民办园",
    "学前教育",
    "公办幼儿园",
    "民办幼儿园",
)
_GROUP = "|".join(sorted({*GROUPS, *WIDER, *_OTHER_GROUPS}, key=len, reverse=True))
_OF_GROUP = re.compile(rf"(?P<group>{_GROUP})(?:学校|学生|教师|阶段|学段|段|平均|生(?!均))?")
_PLACE = re.compile(r"[\u4e00-\u9fff]{2,9}?(?:街道|镇|乡|小学|中学|幼儿园|学校)(?![学生])")
# 最低的是虎山镇
_WHICH = re.compile(r"^(?:最[低高少多好差大小]|其中|[的是为])+")
_WHOLE = re.compile(r"全区|全县|我区|我县|本区|本县")


def leads_to(gap: str, parsed: ParsedSentence, metric: Metric, dated: bool) -> str | None:
    """The scope named between a metric's words and its first value ("" when none is), None when the value is not the metric's.

    gap : the words between, mentions blanked.  dated : the value has a year of its own attached.
    """
    if gap.count("（") + gap.count("(") > gap.count("）") + gap.count(")"):
        # Inside brackets only when they open right there or hold nothing but a year: 普惠率（86.5%）.
        inside = re.split(r"[（(]", gap)[-1]
        if re.sub(r"[\s约]", "", _without_years(inside, parsed)) or (
            _rest(gap.rpartition("（")[0], parsed)[0] and not dated
        ):
            return None
        gap = re.split(r"[（(]", gap)[0]
    segments = _segments(gap, parsed)
    if sum(map(len, segments)) > _WINDOW or len(segments[0]) > _ATTACHED:
        return None
    if metric.unit == "%":
        # 学前教育经费占…教育经费的比例为8.6%: the words of a share may end before 比例.
        segments[0] = re.sub(r"^(?:的|总额|总数|总量)*(?:比例|比重|占比|百分比)", "", segments[0])
        # A rate is completed, not done: 普惠率实际完成86.2%.
        segments[-1] = re.sub(r"(?:完成|达成|完成值)(?:了|为|到)?$", "", segments[-1])
    if _OWN_NOUN.search(segments[0]) or (_OTHER_DEED.search(segments[0]) and not dated):
        return None
    if len(segments) > 1 and not segments[-1] and not dated:
        # 8所已建成，1所在建: a number that follows a comma with nothing before it is counted for something else.
        return None
    # 应配套学校和幼儿园9所: what is joined to the words is no scope.
    scope = "" if re.match(r"[和与及或]", segments[0]) else _scope_of(segments[0], parsed)[0]
    for segment in segments[1:]:
        named, rest = _scope_of(segment, parsed)
        if rest:
            return None
        scope = named or scope
    return scope


def continues(gap: str, parsed: ParsedSentence, metric: Metric, dated: bool) -> str | None:
    """The scope named between one value and the next ("" when none is), None when the next is not of the same metric."""
    scope, rest = _rest(gap, parsed)
    if rest:
        return None
    moved = re.search(
        r"(?:到|至|达|为|达到|实现|更正|调整|修正)\s*(?:约|近|每[生人年月次]{1,3}|(?:目前|现在|当前|年底|年末)的?)*\s*$",
        _BRACKETS.sub("", gap),
    )
    return scope if scope or dated or moved else None


def _rest(gap: str, parsed: ParsedSentence) -> tuple[str, str]:
    """The scope a gap names and what is left of it when fillers are taken out."""
    scope = rest = ""
    for segment in _segments(gap, parsed):
        named, left = _scope_of(segment, parsed)
        scope, rest = named or scope, rest + left
    return scope, rest


def _segments(gap: str, parsed: ParsedSentence) -> list[str]:
    # By how much it rose says nothing of where it stands: 比上年的92.6%提高1.5个百分点，达到94.1%.
    gap = re.sub(r"(?:提高|上升|增加|增长|提升|下降|降低|减少|回落)了?约?[0-9.]+\s*个?百分点", "", gap)
    bare = re.sub(r"[（()）]", "", _BRACKETS.sub("", gap))
    return [segment.strip() for segment in _SEGMENTS.split(_without_years(bare, parsed))]


def _without_years(text: str, parsed: ParsedSentence) -> str:
    for year in reversed(find_all_years(text, parsed.year or 0)):
        text = text[: year.start] + text[year.end :]
    # A date leaves its mark: 3月12日、6月20日两次 is a number that something stands before.
    return re.sub(r"(?:1[0-2]|[1-9])月(?:底|末|份|([0-9]{1,2})[日号])?", lambda date: "□" if date[1] else "", text)


def _scope_of(segment: str, parsed: ParsedSentence) -> tuple[str, str]:
    """The group or place a segment names, and what is left of it when that and the fillers are taken out."""
    segment = _WHICH.sub("", segment)
    place = _PLACE.search(segment)
    if place and (name := place_name(place[0].removeprefix("其中"), parsed.district)):
        return name, _FILLERS.sub("", segment.replace(place[0], ""))
    group = _OF_GROUP.search(segment)
    if group:
        return group["group"], _FILLERS.sub("", segment.replace(group[0], "", 1))
    whole = _WHOLE.search(segment)
    if whole or is_total(segment):
        return "全区", _FILLERS.sub("", _WHOLE.sub("", segment)) if whole else ""
    return "", _FILLERS.sub("", segment)
