"""For whom a figure speaks: the whole district, a town, a school, or a group such as 小学 or 民办."""

from __future__ import annotations

import re

WHOLE_DISTRICT = "全区"

_TOTALS = frozenset(
    ["合计", "总计", "全区", "全县", "全区合计", "全县合计", "区合计", "县合计", "总体", "全部", "整体", "区级", "县级", "全区平均", "全县平均", "本区", "本县",
     "我区", "我县", "全区总计", "全县总计", "共计", "总数", "小计", "平均", "全区总体", "区平均", "区直合计", "汇总", "全区汇总"]
)  # fmt: skip
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
    "中心城区",
    "城镇",
    "农村",
    "乡村",
    "乡镇",
    "镇区",
    "幼儿园",
    "学前",
    "义务教育阶段",
)
_PARTS = ("中心城区", "城区", "镇区", "农村", "乡村")
_STAGES = ("小学", "初中", "高中", "普通高中", "幼儿园")
# 我校 in a paper whose title names no school: not the district, whichever school it is.
_THIS_SCHOOL = "本校"
_LONGEST_GROUPS = sorted(GROUPS, key=len, reverse=True)
WIDER = ("全国", "全省", "全市", "省平均", "市平均", "省级", "市级")
# 县一中, 实验二小, 龙山镇中心校
_SHORT_SCHOOL = r"第?[一二三四五六七八九十]+[中小](?![学心])|中心校|完小|职业中专|职专|职教中心"
_PLACE = rf"(?:街道办事处|街道|镇|乡|小学|中学|幼儿园|学校|学院|{_SHORT_SCHOOL})"
# The shortest name that ends right there: 望云街道, 云山区实验小学.
_NAME = re.compile(rf"([\u4e00-\u9fff]{{2,11}}{_PLACE}|县(?:{_SHORT_SCHOOL}))(?:的|内)?$")
# 河埠镇中心小学 is a school, not all of the town.
_SCHOOL_OF_TOWN = r"(?:中心|实验|希望|联合|第[一二三四五六七八九十]|[一二三四五六七八九十])[\u4e00-\u9fff]{0,2}(?:小学|中学|幼儿园|学校)"
_NAME_FIRST = re.compile(
    rf"^(?:其中|目前|截至|例如|如)*([\u4e00-\u9fff]{{2,11}}?(?:街道办事处|街道|镇(?!街)|乡(?!镇|村)|小学|中学|幼儿园|学校|{_SHORT_SCHOOL})|县(?:{_SHORT_SCHOOL}))(?!学|生|教|阶|和|与|及|、|在园|数|总|{_SCHOOL_OF_TOWN})"
)
_GENERIC = re.compile(
    r"义务教育|普通|特殊教育学校|各级|各类|各|职业学校|农村|城乡|公办|民办|普惠|全区|全部|全县|中小学|区属|县属|所|区直|辖区|个|镇街|乡镇|新建|薄弱|招收|残疾|寄宿|挂牌|幼儿园和|与|及|和|在|的"
    r"|我区|我县|本区|本县|应|已|有|建|配套|均|其中|年|将|无证|小区|居住|规模|覆盖|达标|每|核准|制定|完成|教育|未|向|无|没有|给|对|以|由|从|按|依据|持证|不|城区|镇区|城镇|乡村|部分|一些|多数|全体|该|某|(?<!中)等|为|到|随迁|就读|平均|最大|规模|百名|小规模|寄宿制|中职|高中|初中|指标|实现|工作|我校"
)
_OF_GROUP = re.compile(r"(?:学校|教师|专任|学生|阶段|儿童|段|部|园|校际|的)+$")
_GROUP_FIRST = re.compile(
    rf"^(?:其中|全区)?({'|'.join(sorted(GROUPS, key=len, reverse=True))})(?:学段|阶段|段|部|学校)?$"
)
# 公办园38所、在园幼儿8120人: the children of these, not of all.
_OF_SCHOOLS = re.compile(
    r"^(?:目前|现有|共有|认定|其中|设有|有|共|全区|我区|全县|我县)*(?P<kind>[\u4e00-\u9fff]{2,9}?)(?:共|有|为|计)*[0-9一二两三四五六七八九十]+所$"
)
# 小学7所、初中1所，在校学生2863人: of both.
_SEVERAL_KINDS = re.compile(
    r"[0-9一二两三四五六七八九十]所、[\u4e00-\u9fff]{2,10}[0-9一二两三四五六七八九十]+所[，,][^，,]*$"
)
_KINDS = {
    "公办园": "公办", "公办幼儿园": "公办", "民办园": "民办", "民办幼儿园": "民办", "其他民办园": "民办", "其他民办幼儿园": "民办",
    "普惠性民办园": "普惠性民办", "普惠性民办幼儿园": "普惠性民办", "中等职业学校": "中职", "中职学校": "中职", "特殊教育学校": "特殊教育",
}  # fmt: skip
_CLAUSE = re.compile(r"[，。；：,;:、\n（(]")
_WHOLE = re.compile(r"全区|全县|我区|我县|本区|本县|区内|县内|辖区内")
_SCHOOL_TITLE = re.compile(
    r"([\u4e00-\u9fff]{2,12}(?:小学|中学|幼儿园|职业技术学校|职业中等专业学校|中等专业学校|职业中专|职业高中|高级中学|外国语学校|实验学校|中心学校))(?!学|和|与|、|教|生|阶|规|布|建|课|课)"
)
_TOWN_TITLE = re.compile(r"^([\u4e00-\u9fff]{2,5}(?:街道|镇|乡))(?!街|村|镇|（)")


def prose_scope(sentence: str, position: int, context: str, district: str, *, share: bool = False) -> str:
    """The scope of a metric named at `position` of `sentence`; "全区" when nothing narrower or wider is said.

    share : it is the metric of a share, which is said of all the schools counted before it, not of the kind counted last.
    context : title and headings; a school or town named there narrows every figure of its document that is not said of 全区.
    """
    before = sentence[:position]
    clause = re.sub(r"\s", "", _CLAUSE.split(before)[-1])[-24:]
    if re.search(r"该[校园镇乡]|该街道", clause) and (name := _last_name(before, district)):
        return name
    if re.search(r"[我本][校园](?!区)", clause) and title_scope(context, district) == WHOLE_DISTRICT:
        return _THIS_SCHOOL
    if any(word in clause for word in WIDER):
        return next(word for word in WIDER if word in clause)
    for match in (_NAME.search(clause[-14:]), _NAME_FIRST.search(clause)):
        if match and (name := _own_name(match[1], district)):
            return name
    # 初中生 are no students of a group called 初中生.
    bare = _OF_GROUP.sub("", re.sub(r"(小学|初中|高中|中职)生$", r"\1", clause))
    # 中小学、幼儿园 are all schools.
    joined = re.search(r"学校?[、和与及]$", re.sub(r"\s", "", before)[: -len(clause)] if clause else "")
    if re.fullmatch(r"(?:全区|我区|全县|我县)?(?:各级)?(?:各类)?幼儿园", clause) and not joined:
        return "幼儿园"
    for group in _LONGEST_GROUPS:
        if bare.endswith(group) and not bare.endswith(("中小学", "中小学幼儿园")):
            # 城区小学 are not all primary schools.
            part = next((one for one in _PARTS if bare.removesuffix(group).endswith(one)), "")
            return f"{part}/{group}" if part and group in _STAGES else group
    if _WHOLE.search(clause):
        return WHOLE_DISTRICT
    return _topic(before, district, share) or _as_written(title_scope(context, district), sentence, district)


def is_total(label: str) -> bool:
    """Whether a label cell marks the row of the whole: 合计, 全区."""
    return re.sub(r"\s", "", label) in _TOTALS


def place_name(text: str, district: str) -> str:
    """The town or school that `text` is the name of (望云街道), "" when it is none."""
    text = re.sub(r"\s", "", text)
    match = re.fullmatch(rf"[\u4e00-\u9fff]{{2,12}}{_PLACE}|县(?:{_SHORT_SCHOOL})", text)
    return _own_name(text, district) if match else ""


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
    return WHOLE_DISTRICT if texts else title_scope(context, district)


def title_scope(context: str, district: str) -> str:
    """The school or town whose paper it is by its title, else the whole district."""
    title = context.split("\n")[0].split(" > ")[0]
    match = _SCHOOL_TITLE.search(title) or _TOWN_TITLE.search(title.removeprefix(district))
    return (_own_name(match[1], district) if match else "") or WHOLE_DISTRICT


def _as_written(name: str, sentence: str, district: str) -> str:
    """A school as the sentence calls it, which may leave out the district that the title names."""
    short = name.removeprefix(district)
    return short if name not in sentence and len(short) > 3 and short in sentence else name


def _topic(before: str, district: str, share: bool) -> str:
    """The school, town or group that an earlier clause of the sentence begins with (实验小学现有教学班24个，大班额2个)."""
    # A semicolon starts another topic.
    before = re.sub(r"\s", "", re.split(r"[；;]", before)[-1])
    pieces = re.split(r"[，、：,:（(]", before)
    if len(pieces) > 1 and (match := _OF_SCHOOLS.fullmatch(pieces[-2])) and not _is_aside(before, pieces, share):
        kind = _KINDS.get(match["kind"], match["kind"])
        return kind if kind in GROUPS or kind in _KINDS.values() else ""
    for clause in reversed(re.split(r"[，：,:]", before)[:-1]):
        if _WHOLE.search(clause) or any(word in clause for word in WIDER):
            return ""
        if match := _GROUP_FIRST.search(clause):
            return match[1]
        if (match := _NAME_FIRST.search(clause)) and (name := _own_name(match[1], district)):
            return name
    return ""


def _is_aside(before: str, pieces: list[str], share: bool) -> bool:
    """Whether the schools counted last are one kind among several, so that what follows a comma is said of all of them:
    幼儿园112所，其中普惠性民办园41所，普惠率86.2%."""
    if _SEVERAL_KINDS.search(before):
        return True
    if not share:
        return False
    after_comma = before[len(before) - len(pieces[-1]) - 1] in "，,"
    earlier = any(_OF_SCHOOLS.fullmatch(piece) for piece in pieces[:-2])
    return after_comma and (earlier or pieces[-2].startswith("其中"))


def _last_name(before: str, district: str) -> str:
    """The school or town that 该校 or 该镇 points back to, "" when none is named."""
    lead = re.escape(district) if district else "[\u4e00-\u9fff]{2,3}[区县市]"
    named = re.findall(rf"{lead}[\u4e00-\u9fff]{{1,8}}?{_PLACE}", re.sub(r"\s", "", before))
    return _own_name(named[-1], district) if named else ""


def _own_name(name: str, district: str) -> str:
    own = name.removeprefix(district)
    # 云山区幼儿园 names no kindergarten: all of the district's are meant.
    kind_alone = re.fullmatch(r"(?:公办|民办)?(?:幼儿园|中小学|小学|中学|学校|街道|乡镇)", own)
    return "" if _GENERIC.search(own) or kind_alone or len(own) < 3 else name
