"""Names that differ between two wordings of a sentence: of files, places, schools, offices and people.

A name is known by its end (小学, 教育局, 镇 …); where it begins nobody writes down. So each end of one sentence is looked up in
the other, as far to the left as both agree: they tell the same name when both sentences begin it at a word boundary there.
Names the record knows are compared whole.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

# Longer ends first: 虚构镇中心小学 ends with 小学, and with 镇 before it.
_ENDS = re.compile(
    r"人民政府|领导小组|委员会|督导委|督导组|办公室|办事处|派出所|幼儿园|教研室|研究院|电教馆|少年宫|图书馆|文化馆|卫生院|联合会|基金会|"
    r"小学(?!生(?!均))|中学(?!生(?!均))|初中|高中|学校|学院|大学(?!生(?!均))|中心校|教学点|医院|集团|公司|协会|支队|大队|街道|社区|中心(?!小学|校|城区)|"
    r"(?:宣传|组织|统战|武装)部|(?<![本学专文理工百内外各分])科(?![学研目技])|(?<![财参持])股(?!份)|(?<![格布结全大])局|(?<![客大])厅|[镇乡村县区市省]"
)
# Words before which a name may end and after which one may begin; whatever else stands there is taken as part of a name.
_BOUNDARY = re.compile(
    r"(?:[^\u4e00-\u9fff]|[由据经在对向和与及的是为把被将至从请让给但且而虽因如各该本其每某凡年月日有无未不共已仍尚均都也还再又就则只仅等或跟同比到了着过于以所此这那全两几]|"
    r"要求|督促|责成|组织|指导|反映|显示|发现|涉及|包括|其中|目前|现有|部分|没有|缺少|抽查|检查|核查|走访|说明|指出|承担|建设|新建|改建|提供|报送|安排|负责|"
    r"尤其|特别|一些|个别|多数|少数|有关|相关|农村|镇街|乡镇|中小|城乡|乡村|辖区|全[区县市省镇乡])$"
)
_QUOTED = re.compile(r"《[^》]*》|“[^”]*”|[AB]\d+(?:-\d+)?")
_TITLE = "校长|园长|局长|主任|书记|区长|县长|镇长|乡长|科长|股长|处长|所长|组长|主席|老师|同志|督学"
_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
_PERSON = re.compile(
    rf"(?<=[，。；：、（\s由经])[{_SURNAMES}][\u4e00-\u9fff]{{1,2}}(?=(?:副)?(?:{_TITLE}))|(?<={_TITLE})[{_SURNAMES}][\u4e00-\u9fff]"
)
_TITLES = re.compile(f"副?(?:{_TITLE})")
# So far to the left a name may reach.
_LONGEST = 14


def names_changed(before: str, after: str, known: Iterable[str] = ()) -> list[str]:
    """Names that one of the two sentences tells and the other does not, each once; [] when all are kept.

    known : names that are compared whole, each as often as it stands there.
    """
    found: list[str] = []
    for name in sorted({one for one in known if len(one) > 1}, key=lambda one: (-len(one), one)):
        if before.count(name) != after.count(name):
            found.append(name)
        # What is compared whole is no part of any other name.
        before, after = before.replace(name, "□"), after.replace(name, "□")
    for pattern in (_QUOTED, _PERSON, _TITLES):
        old, new = (Counter(pattern.findall(text)) for text in (before, after))
        found += [*(old - new), *(new - old)]
    for text, other in ((before, after), (after, before)):
        for match in _ENDS.finditer(text):
            name = _as_told(text, match)
            if name != match.group() and not _stands(text, match, other):
                found.append(name)
    return list(dict.fromkeys(found))


def _begins(text: str) -> bool:
    """Whether a name may begin behind this text."""
    return not text or _BOUNDARY.search(text) is not None


def _as_told(text: str, end: re.Match[str]) -> str:
    """The name with that end, back to where a word ends before it; the bare end of 学校 or 各区县 is no name."""
    start = end.start()
    while end.start() - start < _LONGEST and not _begins(text[:start]):
        start -= 1
    return text[start : end.end()]


def _stands(text: str, end: re.Match[str], other: str) -> bool:
    """Whether the other sentence tells the name with that end: begun at the same place behind a word in both."""
    for found in re.finditer(re.escape(end.group()), other):
        for size in range(1, min(_LONGEST, end.start(), found.start()) + 1):
            here, there = end.start() - size, found.start() - size
            if text[here] != other[there]:
                break
            if _begins(text[:here]) and _begins(other[:there]):
                return True
    return False
