"""Districts that a text names: by the shape of the name (鹤汀区), or by a name that is known (鹤汀)."""

from __future__ import annotations

import re
from collections.abc import Iterable

_SHAPE = re.compile(r"[区县]")
# 区 and 县 that end a common word, whatever stands before it.
_COMMON = (
    "学区", "社区", "小区", "城区", "校区", "住区", "园区", "片区", "地区", "市区", "郊区", "辖区", "住宅区", "景区", "灾区", "库区", "牧区", "老区",
    "特区", "分区", "街区", "考区", "赛区", "镇区", "村区", "教区", "战区", "禁区", "误区", "专区", "功能区", "开发区", "居住区", "活动区", "林区",
    "矿区", "厂区", "营区", "服务区", "示范区", "实验区", "试验区", "先行区", "均衡区", "先进区", "强区", "大区", "商区", "生活区", "教学区", "运动区",
    "县区", "区县", "均衡县", "先进县", "强县", "示范县", "贫困县",
)  # fmt: skip
# What people do with 区政府 and 区教育局.
_VERBS = frozenset(
    ("证明", "说明", "体现", "反映", "支撑", "支持", "提供", "落实", "要求", "报送", "查看", "关于", "根据", "按照", "针对", "涉及", "研究", "佐证",
     "显示", "看看", "查查", "列出", "表明", "提到", "关乎", "检查", "督促", "通知", "告诉", "评价", "考核", "督导", "上报", "反馈", "去年", "今年", "上年",
     "当年", "目前", "现在", "年度", "工作", "组织", "领导", "全体", "部分", "主要", "重点", "城乡", "农村", "学校", "教育", "所有", "其中", "包括"),
)  # fmt: skip
# Characters that no name begins with, and such as stand before 区 in 我区, 各区, 邻区.
_NEVER_FIRST = frozenset("的了吗呢吧是有没不也都还就才多少个所名几哪这那我你他她它请问看")
_NEVER_LAST = _NEVER_FIRST | frozenset(
    "本各该全每两此某外邻别咱您弟其在到和与跟同比及或被把让给对从向离距为于由一二三四五六七八九十"
)
_POOR_HILLS = re.compile(r"(?:偏远|贫困|边远|农村|深|老少边|落后|在|的|^)山区$")
_AFTER = re.compile(r"(?:域|划|位|级|间|块|内外|县|镇|里|直属|属|委书记|长)")
_OTHERS = re.compile(
    r"(?:别的|其他|其它|兄弟|隔壁|邻近|相邻|周边|旁边|另外(?:的)?|另一个?|外|邻|他)(?:几个|一些)?(?:的)?(?:区县|县区|区|县)"
    r"|(?:各|每个|所有|全部|哪些?个?|几个|十二个|12个)(?:的)?(?:区县|县区|区(?!域|块|片|里|直)|县(?!域|城))|区县之间|区与区|全市(?:的)?(?:排|最|各|倒数|第)|横向"
)


def district_names(text: str, known: Iterable[str] = ()) -> list[str]:
    """The names of districts the text holds, in order, each once.

    known : names of districts; of these the first characters (鹤汀) are enough. A name that is not known is seen by its shape.
    """
    found: dict[int, str] = {}
    ends: dict[int, int] = {}  # of a short name it is nearer than its whole length: 云山鹤汀
    for name in known:
        for short in dict.fromkeys((name, name[:-1] if len(name) > 2 else name)):
            at = text.find(short)
            if at >= 0 and not any(start <= at < end for start, end in ends.items()):
                found[at], ends[at] = name, at + len(short)
    for match in _SHAPE.finditer(text):
        end = match.end()
        if any(start < end <= start + len(name) for start, name in found.items()) or _AFTER.match(text, end):
            continue
        if name := _shaped(text[:end]):
            found.setdefault(end - len(name), name)
    return list(dict.fromkeys(found[at] for at in sorted(found)))


def asks_of_others(text: str) -> bool:
    """Whether the text speaks of other districts, or of all of them, without naming one (各区, 别的区, 全市排名)."""
    return bool(_OTHERS.search(text))


def _shaped(before: str) -> str:
    """The name that ends the text: two characters and 区 or 县; "" when these are no name."""
    name = before[-3:]
    if (
        len(name) < 3
        or not re.fullmatch(r"[\u4e00-\u9fff]{3}", name)
        or name.endswith(_COMMON)
        or before.endswith(_COMMON)
    ):
        return ""
    if name[:2] in _VERBS or _POOR_HILLS.search(before) or name[0] in _NEVER_FIRST or name[1] in _NEVER_LAST:
        return ""
    return name
