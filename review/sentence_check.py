"""Whether the words quoted carry a sentence: its numbers, names, negations and comparisons have to stand in the quotes.

No model and no meaning: a sentence is let through when it says little else than what is quoted. One that is true but puts it
in other words is refused with the rest; the reader then has the quote itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from retrieval.numbers import find_numbers
from retrieval.tokens import normalise

LEAST_QUOTE = 4  # characters; shorter words stand everywhere
UNCOVERED = 0.35  # share of the sentence's pairs of characters that may be the model's own
_UNCOVERED_RUN = 4  # so many characters in a row that are nowhere in what was given say something of their own

# Points, grades and verdicts are never a model's to give, whatever an uploaded file says.
_POINTS = re.compile(
    r"\d\s*分(?![之钟别校部园类布配析局工管支为期年级段流组层项镇])|[零一二三四五六七八九十百千]+分(?=$|[，。；、！（）\s])|满分|得分|扣分|加分|评分|打分|计分|分数|分值|最高分|"
    r"触发|一票否决|可信度|名次|第[\d一二三四五六七八九十]+名|(?:优秀|良好|合格)等[级次]|(?:材料|佐证|证据)(?:已经?)?(?:充分|齐全|完整|足够|真实)|"
    r"\bpoints?\b|\bscores?\b|\bgrades?\b|full marks|excellent|\bmet\b|satisf",
    re.IGNORECASE,
)
# What a district says of its schools in these words may be repeated; said of the district or an item it is a verdict.
_VERDICT = re.compile(
    r"优秀|良好|合格|达标|符合|满足|评为|评定|评级|定为|定级|认定|核定|判定|等级|排名|(?:达到)[^，。]{0,12}(?:要求|标准|指标|规定|条件)"
)
_OF_REVIEW = re.compile(
    r"(?:\b[ab]\d{1,2}(?:-\d)?\b|附件\s*1|要点|指标|[本该此]项|[本我该全]区|区政府|履[职行])[^，。；]{0,12}(?:优秀|良好|合格|达标|符合|满足|评为|评定|认定)(?![率数线证]|人数|学校)",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
_CLAUSE = re.compile(r"[^，。；！？,;!?\n\t|]+")
_CJK = re.compile(r"[\u3400-\u9fff]+")
_LATIN = re.compile(r"[a-z][a-z0-9_-]*")
_TITLE = re.compile(r"《([^》]{1,60})》")
_NEGATION = re.compile(
    r"未|没|不(?!低于|少于|得低于|得少于|超过|高于|足)|无(?!障碍|锡|线)|非(?!营利|物质|税)|缺|尚无|否"
)
_DISTRICT = re.compile(r"[\u4e00-\u9fff]{2,3}[区县](?![域间别级划情])")
_PERSON = re.compile(
    r"(?:校长|局长|区长|县长|书记|主任|园长|教师|老师|科长)[\u4e00-\u9fff]{2,3}|[\u4e00-\u9fff]{2,3}(?:同志|校长|局长|区长|县长|书记|主任|园长|科长)"
)
# Each list one direction: a word of a sentence needs one of its own list in the clause it rests on.
_DIRECTIONS = (
    ("提高", "上升", "增加", "增长", "提升", "扩大", "新增", "增至", "增幅"),
    ("降低", "下降", "减少", "缩小", "回落", "降至", "降幅", "压减"),
    ("高于", "超过", "多于", "超出", "超额", "大于", "优于", "领先", "突破"),
    ("低于", "少于", "不足", "不到", "小于", "落后", "未达", "没有达到", "未能达到"),
    ("全部", "均", "都", "所有", "每", "全覆盖", "一律", "各", "100%"),
    ("完成", "建成", "已完成", "竣工", "落成"),
    ("整改", "改正"),
    ("计划", "拟", "将", "力争", "目标", "预计"),
    ("最高", "第一", "首位", "领先"),
    ("最低", "末位", "最后"),
    ("属实", "真实"),
    ("达标",),
    ("合格",),
    ("通过",),
    ("落实",),
)
_PLANNED = ("计划", "拟", "力争", "目标", "预计", "争取")
# What any figure can do; it does not tell whose figure it is.
_MOVES = re.compile(r"(?:比|较)(?:上|去|前)年|同比|环比|提高|增加|增长|提升|上升|下降|降低|减少|百分点|目标")
# Such a clause has its subject in the one before it: 覆盖率86.5%，比上年提高1.2个百分点.
_GOES_ON = re.compile(
    r"\s*(?:(?:比|较|同比|环比|分别|未|没|已|达|高于|低于|高出|增|提|上升|下降|降|减|超|占|其中)|[\d.%]+)"
)
# Official text speaks of districts in general; a sentence that rests on it alone says nothing of a certain one.
_OF_ONE = re.compile(r"该区|我区|本区|全区|贵区|你区|该县|我县|本县|应得|实得|可得|获得|得了?\d")
_GLUE = re.compile(
    r"根据|依据|按照|材料|显示|表明|其中|以及|并且|同时|此外|另外|目前|情况|如下|该区|本区|全区|我区|区内|该校|共有|一共|总共|分别|包括|"
    r"达到|达|约|为|是|有|的|了|在|和|与|及|对|由|于|等|中|共|就|也|已|这|该|各|所|个|名|人|年|月|日|至|到"
)


@dataclass(frozen=True, slots=True)
class Ground:
    """What a sentence may rest on. quotes : the words quoted, as stored. names : of the district whose papers they are.

    question : what was asked, whose words may be repeated. of_scheme : the quotes are official text, which may speak of points.
    """

    quotes: tuple[str, ...]
    question: str
    names: tuple[str, ...] = ()
    of_scheme: bool = False


def judges(sentence: str, quoted: str = "") -> bool:
    """Whether the sentence speaks of points, grades or verdicts on what is reviewed. quoted : words that it may repeat."""
    folded = normalise(sentence)
    if any(pattern.search(text) for pattern in (_POINTS, _OF_REVIEW) for text in (folded, sentence)):
        return True
    stood = normalise(quoted)
    return any(normalise(word) not in stood for word in _VERDICT.findall(sentence))


def why_unsupported(sentence: str, ground: Ground) -> str:
    """Why the quotes do not carry the sentence, in Chinese; "" when they do."""
    quoted = "\n".join(normalise(quote) for quote in ground.quotes)
    if not any(len(normalise(quote)) >= LEAST_QUOTE for quote in ground.quotes):
        return "没有给出足够长的原文"
    for find in (_number_missing, _name_missing, _turned, _own_words):
        if why := find(sentence, ground, quoted):
            return why
    return ""


def _number_missing(sentence: str, ground: Ground, quoted: str) -> str:
    """Every number, with its unit and its limit, in the clause that speaks of the same thing."""
    clauses = [clause for quote in ground.quotes for clause in _clauses(quote)]
    stated = {(n.value, n.unit, n.bound, n.approximate) for quote in ground.quotes for n in find_numbers(quote)}
    digits = {run.replace(",", "") for run in _DIGITS.findall(quoted)}
    for clause in _clauses(sentence):
        numbers = find_numbers(clause)
        for number in numbers:
            if (number.value, number.unit, number.bound, number.approximate) not in stated:
                return f"“{clause[number.start : number.end].strip()}”不在引文里"
        for run in _DIGITS.findall(normalise(clause)):
            bare = run.replace(",", "")
            if bare not in digits and not any(n.value == Decimal(bare) for n in numbers):
                return f"“{run}”不在引文里"
        if numbers and not _speaks_of_the_same(clause, [n.value for n in numbers], clauses):
            return "数字在引文里说的是另一件事"
    return ""


def _speaks_of_the_same(clause: str, values: Sequence[object], clauses: Sequence[str]) -> bool:
    """Whether of the quoted clauses none that lacks the number is nearer to the sentence's clause than those that have it."""
    wanted = _pairs(_MOVES.sub(" ", clause))
    if not wanted:
        return True
    nearest, holding = 0, []
    for place, other in enumerate(clauses):
        nearest = max(nearest, len(wanted & _pairs(other)))
        if set(values) & {number.value for number in find_numbers(other)}:
            said = _pairs(other) | (_pairs(clauses[place - 1]) if place and _GOES_ON.match(other) else frozenset())
            holding.append(len(wanted & said))
    return not holding or max(holding) >= nearest


def _name_missing(sentence: str, ground: Ground, quoted: str) -> str:
    folded_names = [normalise(name) for name in ground.names]
    allowed = quoted + "\n" + "\n".join(folded_names)
    for title in _TITLE.findall(sentence):
        if normalise(title) not in quoted:
            return f"《{title}》不在引文里"
    for word in _LATIN.findall(normalise(sentence)):
        if word not in allowed and word not in normalise(ground.question):
            return f"“{word}”不在引文里"
    for name in _DISTRICT.findall(sentence):
        if normalise(name) not in allowed and not any(own in name for own in ground.names) and not _is_common(name):
            return f"“{name}”不在引文里"
    for name in _PERSON.findall(sentence):
        if normalise(name) not in quoted:
            return f"“{name}”不在引文里"
    if ground.of_scheme:
        for word in _OF_ONE.findall(normalise(sentence)):
            if word not in quoted:
                return f"“{word}”不在引文里"
    return ""


def _is_common(name: str) -> bool:
    return name.endswith(("全区", "我区", "本区", "该区", "各区", "辖区", "社区", "校区", "学区", "城区", "片区", "园区", "地区", "山区", "市区", "区县", "全县", "各县"))  # fmt: skip


def _turned(sentence: str, ground: Ground, quoted: str) -> str:
    """Negations and directions as in the clause that is quoted."""
    clauses = [clause for quote in ground.quotes for clause in _clauses(quote)]
    for clause in _clauses(sentence):
        nearest = _nearest(clause, clauses)
        negated = bool(_NEGATION.search(clause))
        if negated and not any(_NEGATION.search(other) for other in nearest or clauses):
            return "否定的话不在引文里"
        if not negated and _only_where_negated(clause, clauses):
            return "引文是否定的，句子不是"
        for words in _DIRECTIONS:
            told = [word for word in words if word in clause and word not in ground.question]
            if told and not any(word in quoted for word in words):
                return f"“{told[0]}”不在引文里"
        planned = nearest and all(any(word in other for word in _PLANNED) for other in nearest)
        if planned and not any(word in clause for word in _PLANNED):
            return "引文说的是计划或目标，句子没有说明"
    return ""


def _only_where_negated(clause: str, clauses: Sequence[str]) -> bool:
    """Whether words of the clause stand only in quoted clauses that deny something."""
    denied = frozenset[str]().union(*(_pairs(other) for other in clauses if _NEGATION.search(other)))
    said = frozenset[str]().union(*(_pairs(other) for other in clauses if not _NEGATION.search(other)))
    wanted = _pairs(clause)
    only = wanted & denied - said
    return len(only) >= 2 or bool(only and not wanted & said)


def _nearest(clause: str, clauses: Sequence[str]) -> list[str]:
    """The quoted clauses that share most with the clause, at least two pairs of characters."""
    wanted = _pairs(clause)
    scores = [len(wanted & _pairs(other)) for other in clauses]
    best = max(scores, default=0)
    return [other for other, score in zip(clauses, scores, strict=True) if score == best] if best >= 2 else []


def _own_words(sentence: str, ground: Ground, quoted: str) -> str:
    given = frozenset[str]().union(*(_pairs(text) for text in (*ground.quotes, ground.question, *ground.names)))
    total = own = 0
    for run in _words(sentence):
        streak = ""
        for position in range(len(run) - 1):
            total += 1
            pair = run[position : position + 2]
            if pair in given:
                streak = ""
                continue
            own += 1
            streak = streak + pair[-1] if streak else pair
            if len(streak) >= _UNCOVERED_RUN and not any(streak[n : n + 2] in given for n in range(len(streak) - 1)):
                return f"“{streak}”不在引文里"
    if total == 0:
        return "" if _DIGITS.search(sentence) else "句子没有说出引文里的内容"
    return "句子的说法与引文相差太多" if own / total > UNCOVERED else ""


def _clauses(text: str) -> list[str]:
    return [clause for clause in _CLAUSE.findall(text) if clause.strip()]


def _words(text: str) -> Iterator[str]:
    """Runs of Chinese characters without numbers and the words that only join others."""
    for number in reversed(find_numbers(text)):
        text = f"{text[: number.start]} {text[number.end :]}"
    for run in _CJK.findall(_GLUE.sub(" ", normalise(text))):
        if len(run) > 1:
            yield run


@lru_cache(maxsize=2048)
def _pairs(text: str) -> frozenset[str]:
    return frozenset(run[at : at + 2] for run in _words(text) for at in range(len(run) - 1))
