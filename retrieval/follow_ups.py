"""What a question leaves out because it was said before: "那去年呢？", "B6呢", "只看会议纪要", made into a whole question.

Only words decide. A question that stands by itself is left as it is; what was put in is told to the asker.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from retrieval.district_names import asks_of_others, district_names
from retrieval.metrics import Metrics
from retrieval.numbers import find_years
from retrieval.question import Question
from retrieval.question_signs import FIGURE, ID_PATTERN
from retrieval.scopes import GROUPS

Parse = Callable[[str], Question]

_ONLY = re.compile(
    r"(?:只|仅|光|就|单)(?:看|要|查|用|认|找|算|按)(?P<what>[^，。？?！]{2,16}?)(?:里面?|中)?(?:的|里的)?(?:呢|吧|就行|可以吗)?[，。？?！]*$"
    r"|^(?:从|在)(?P<from>[^，。？?！]{2,12}?)(?:里面?|中)(?:找|看|查)(?:一下|呢|吧)?[。？?]*$"
)
_LEAD = re.compile(
    r"^(?:那(?!个)么?|哦|嗯|好的?|行|另外|还有|再(?:问|说)?(?:一下)?|然后|顺便(?:问)?(?:一下)?|请问|换成|改成|那边|这边)[，,、 ]*"
)
_TAIL = re.compile(r"(?:又|也|的)?(?:呢|吧|啊|呀|嘛)*[？?。！!，,]*$")
# Where it stands is asked of what was told: 请出示这一数字在材料中的原文.
_SHOWN = re.compile(
    r"(?:请|麻烦|帮我)?(?:出示|提供|给出|指出)?(?:这一?个?|该|上述)(?:数字?|数据|数值)(?:在?材料[中里]?)?的?(?=原文|出处|依据|来源)"
)
# What asks and says nothing of what is asked about.
_EMPTY_ASK = re.compile(
    r"^(?:的|是|为|有|又|也|都|情况|数|数据|数字|值|结果|多少|几|什么|啥|怎么样|怎样|如何|咋样|各|分别|同一|同样|指标|这一?项|该项|数值|呢|了|吗|一下|看看|看|说|讲|换|年|年度|全年|那|这个|那个|下|再|也要|一起|单独|分开|占|这边|那边)*$"
)
# How it stands, and not what: 达标了没.
_ONLY_STATE = re.compile(r"^(?:达标|达到|做到|完成|落实|整改|到位)(?:了|到|好|完)?(?:没有?|吗|呢)?$")
_RELATIVE_YEARS = (
    (re.compile(r"(?<![比跟较与和同])(?:前年|再前一年|再往前一年)"), -2),
    (re.compile(r"(?<![比跟较与和同])(?:去年|上年度?|上一年度?|前一年度?|上一年|往年)"), -1),
    (re.compile(r"(?<![比跟较与和同])(?:今年|本年度?|当年)"), 0),
)
_YEAR_WORDS = re.compile(r"(?:20)?\d{2}年度?|去年|上年度?|上一年度?|前年|今年|本年度?|当年|近[三3]年")
_ORDINAL = re.compile(r"第[一二三四五六七八九十\d]+[条项个款种]")
_PLACE = re.compile(r"[\u4e00-\u9fff]{2,6}?(?:街道|镇|乡)|[\u4e00-\u9fff]{2,10}?(?:小学|中学|幼儿园|学校)$")
_SHORT_PLACE = 3  # characters of a town's name without 街道 or 镇
_ELLIPTIC = re.compile(r"(?:呢|的)[？?。！!]*$")
# Tells apart what was asked of together.
_APART = re.compile(r"分开|单独|分别|各自|呢(?=[，,])|应|实际")
_THERE = re.compile(r"^那边的?|^那里的?|^那儿的?|该(?:街道|镇|校|园)")
_MEASURE = re.compile(r"(?:率|比例|人数)$")
_SCHOOLS = re.compile(r"特教|特殊教育|职校|中职|职业|幼儿园|学校$")
_WHOLE = re.compile(r"全区|全县|我区|本区")
ASKS = re.compile(
    r"多少|几|什么|啥|哪|谁|多[大高久长]|怎么|怎样|如何|咋|为何|为什么|为啥|吗|么$|没有|有没有|是否|能不能|够不够|达标|缺|差|原文|出处|依据|要求|标准|规定|满分|材料|佐证|证据"
    r"|页|触发|比一下|比一比|对比|比较|不能|没$|不$"
)
_BARE_WHY = re.compile(
    r"^(?:这是)?(?:为什么|为啥|为何|咋回事|怎么回事|什么原因|原因呢?|凭什么)(?:呢|啊|这样|这么低|这么少|这么高)?$"
)
_BARE_HOW = re.compile(
    r"^(?:是)?(?:怎么|如何|咋)(?:来|算|得)(?:出来|到)?的?|^(?:具体)?(?:计算|计分|算分)过程|一步步|逐条说|详细说说"
)
_POINTING = re.compile(
    r"^(?:这|那|它|其|该|此|上面|前面|刚才|同样|剩下|其中|里面|还有|还|另外|分|哪|原文|出处|依据|为|缺|差|够|达|要求|方案|标准|满分|材料|佐证|证据|有没有|处理|后来|结果|完成|占|人均|比例|一共|总共|什么)"
)
# What asks, at the end or anywhere in a question; without it the words left name what is asked about.
_ASKING = re.compile(
    r"(?:一共|总共|分别|各|到底)?(?:是|为|有|达到|开了?|还剩?有?|占)?(?:多少|几)(?:个班|个|名|人|所|项|次|条|处|万元|万|分|套|起|回|家|种)?(?:是|了)?|(?:有|是)?(?:哪些|哪个|哪几个|什么|啥)(?:材料|佐证|证据)?|"
    r"(?:的)?原文(?:是(?:什么|啥))?|(?:怎么|如何)(?:写|说|规定)?的?|怎么样|有没有|是否|了吗|吗|呢|[？?。！!，,]|请问|查一下|帮我|看看"
)
# What the evaluation itself is spoken of in.
_OF_EVALUATION = re.compile(
    r"评价|自评|自查|督导|方案|提交|截止|报送|上报|公布|评审|考核|评定|附件|等级|得分|材料|排名|优秀|良好|触发"
)
_OF_THE_YEAR = ("rectification", "deadline", "procedure")
_SHORT = 9  # characters of a question that may lean on the one before it though it has words of its own
_RECALLED = 8


@dataclass(frozen=True, slots=True)
class Understood:
    """A whole question. only : words of the kind of document it is kept to, as it was typed ("会议纪要").

    changed : it is not what was typed. lacking : it leans on something that was not said.
    otherwise : of a question that may stand by itself, the same with what the one before it was about; to be tried when nothing is found.
    of_evidence : it goes on about what the evidence says, though by itself it would be a question of the procedure (啥时候能弄好).
    """

    text: str
    only: tuple[str, ...] = ()
    changed: bool = False
    lacking: bool = False
    otherwise: str = field(default="", compare=False)
    of_evidence: bool = field(default=False, compare=False)


def understand(
    text: str,
    earlier: Sequence[str],
    parse: Parse,
    metrics: Metrics,
    *,
    data_year: int | None = None,
    districts: Sequence[str] = (),
) -> Understood:
    """The question with what the earlier ones (oldest first) say of it.

    data_year : the year whose figures are meant where none is named. districts : names that are known.
    """
    before: Understood | None = None
    reader = _Reader(parse, metrics, data_year, districts)
    for question in earlier[-_RECALLED:]:
        understood = reader.read(question, before)
        before = before if understood.lacking else understood
    return reader.read(text, before)


@dataclass(frozen=True, slots=True)
class _Reader:
    parse: Parse
    metrics: Metrics
    data_year: int | None
    districts: Sequence[str]

    def read(self, typed: str, before: Understood | None) -> Understood:
        """One question after the one before it."""
        text, only = _limited(typed.strip())
        if before is not None and (place := _PLACE.search(before.text)):
            text = _THERE.sub(place[0], text)
        bare = _SHOWN.sub("", _TAIL.sub("", _LEAD.sub("", text)))
        if not bare and only:
            return Understood(before.text, only, True) if before else Understood(typed, only, lacking=True)
        if before is None:
            return Understood(text, only, bool(only), lacking=self._leans(text, bare))
        made = None
        if not self._leaves_ledger(bare, before):
            made = self._replaced(text, bare, before) or self._combined(text, bare, before)
        if made is None or _TAIL.sub("", made) == _TAIL.sub("", text):
            return Understood(text, only, bool(only), otherwise=self._otherwise(text, bare, before))
        goes_on = self.parse(text).about in _OF_THE_YEAR and self._of_evidence(bare, before)
        return Understood(made, only or before.only, True, of_evidence=goes_on)

    def _leaves_ledger(self, bare: str, before: Understood) -> bool:
        """Whether what the evidence says is asked after a question of points: 普惠率多少 after B5 为什么扣分 is no why."""
        asked = self.parse(bare)
        told = asked.kind == "evidence" and asked.subject and ASKS.search(bare) and not _POINTING.search(bare)
        return bool(told) and self.parse(before.text).kind == "ledger"

    def _otherwise(self, text: str, bare: str, before: Understood) -> str:
        asked, subject = self.parse(text), _subject_of(before.text)
        open_ = asked.kind in ("evidence", "unknown") and not asked.names and self.parse(before.text).kind == "evidence"
        return f"{subject} {bare}" if open_ and subject else ""

    def _of_evidence(self, bare: str, before: Understood) -> bool:
        """Whether a question goes on about the evidence: it says no word of the evaluation, and the one before was no question of it."""
        return self.parse(before.text).kind == "evidence" and not (
            _OF_EVALUATION.search(bare) or self.parse(bare).names
        )

    def _leans(self, text: str, bare: str) -> bool:
        """Whether a first question points at something nobody has said: 那去年呢, 为什么, B6呢 does not."""
        if _BARE_WHY.match(bare) or _BARE_HOW.match(bare):
            return True
        if self.parse(text).names:
            return False
        left = _YEAR_WORDS.sub("", bare)
        for name in district_names(left, self.districts):
            left = left.replace(name, "").replace(name[:-1], "")
        return bool(_EMPTY_ASK.match(left) or _ONLY_STATE.match(left))

    def _replaced(self, text: str, bare: str, before: Understood) -> str | None:
        """The question before with its year, id, metric, district, place, ordinal or group replaced; None when more is asked."""
        made, left = before.text, bare
        for name in district_names(left, self.districts):
            left = left.replace(name, "") if name in left else left.replace(name[:-1], "")
            made = self._with_district(made, name)
        year, left = self._year(left, made)
        if year is not None:
            made = _with_year(made, year)
        ids = [match[0] for match in ID_PATTERN.finditer(left)]
        if ids:
            left = ID_PATTERN.sub("", left)
            made = self._with_subject(made, "和".join(ids))
        if ordinal := _ORDINAL.search(left):
            if not _ORDINAL.search(made):
                return None
            left, made = left.replace(ordinal[0], ""), _ORDINAL.sub(ordinal[0], made)
        named = self.metrics.mentions(left)
        if named and not ids:
            words = left[named[0].start : named[-1].end]
            left, made = left.replace(words, ""), self._with_subject(made, words)
        group = ""
        if place := _PLACE.search(left):
            left, made = left.replace(place[0], ""), place[0] + _PLACE.sub("", _WHOLE.sub("", made))
        elif group := next((g for g in sorted(GROUPS, key=len, reverse=True) if g in left), ""):
            left, made = left.replace(group, ""), _with_group(made, group)
        left = re.sub(r"^(?:按|在|和|跟|与|以及|对)|(?:的|里|方面)$", "", left)
        if made != before.text and _EMPTY_ASK.match(left):
            return made
        if left and not ASKS.search(left):
            if group and _ELLIPTIC.search(text) and self.parse(left).names:
                return f"{bare} {before.text}"  # 中职免学费的
            return self._of_another(text, left, made)
        return None

    def _of_another(self, text: str, left: str, made: str) -> str | None:
        """Something else of the same: 公务员呢, 其中教育费附加的, 职业中专那所."""
        asked = self.parse(text)
        if not _ELLIPTIC.search(text) and (asked.names or asked.kind != "evidence"):
            return None
        words = re.sub(r"^(?:其中|里面)的?", "", left)
        measure = not self.metrics.mentions(made) or _MEASURE.search(words)
        if words == left and self.parse(words).names and measure:
            return self._with_subject(made, words)
        if _PLACE.search(made) and len(words) <= _SHORT_PLACE and not asked.names:
            return _PLACE.sub(words, made)
        return f"{words}{_without_group(made)}" if _SCHOOLS.search(words) else f"{words} {made}"

    def _combined(self, text: str, bare: str, before: Understood) -> str | None:
        """What the question before was about, and what is asked now; None when the question stands by itself."""
        if _BARE_WHY.match(bare):
            return f"为什么{before.text}"
        if _BARE_HOW.match(bare):
            return f"{_subject_of(before.text)}{bare}"
        question = self.parse(text)
        if question.names:
            return None
        if (
            question.kind in ("indicator", "ledger", "missing")
            and not question.guessed
            and not _POINTING.match(bare)
            and len(bare) > _SHORT
        ):
            return None
        if (
            question.kind == "unknown"
            and question.subject
            and not any(p.search(bare) for p in (FIGURE, _ORDINAL, _POINTING))
        ):
            return None  # 今天天气怎么样
        own = question.subject.replace(" ", "")
        if len(bare) > _SHORT and len(own) > 3 and not _POINTING.match(bare) and not _APART.search(bare):
            return None
        # 整改了多少 after 安全隐患 is no question of last year's problems, 啥时候能弄好 none of the deadline.
        goes_on = question.about in _OF_THE_YEAR and self._of_evidence(bare, before)
        if question.about in ("grade", "annex1", *_OF_THE_YEAR) and not goes_on:
            subject = "".join(self._district_of(before.text, text))
            return f"{subject}{bare}" if subject else None
        names = district_names(bare, self.districts)
        if names or asks_of_others(bare):
            return f"{bare} {_subject_of(before.text)}"
        year, rest = self._year(bare, before.text)
        subject = _subject_of(before.text)
        if year is not None:
            return _with_year(f"{subject}{rest}", year)
        return f"{subject} {bare}" if subject else None

    def _district_of(self, before: str, text: str) -> list[str]:
        return [] if district_names(text, self.districts) else district_names(before, self.districts)[:1]

    def _year(self, text: str, before: str) -> tuple[int | None, str]:
        """The year a text names, also by 去年 seen from the year spoken of before, and the text without it."""
        if years := find_years(text):
            year = years[0]
            return year.year, text[: year.start] + re.sub(r"^年?度?", "", text[year.end :])
        for pattern, shift in _RELATIVE_YEARS:
            if match := pattern.search(text):
                spoken = [year.year for year in find_years(before)]
                base = self.data_year if shift == 0 or not spoken else spoken[-1]
                if base is not None:
                    return base + shift, text[: match.start()] + text[match.end() :]
        return None, text

    def _with_district(self, text: str, name: str) -> str:
        others = district_names(text, self.districts)
        for other in others[:1]:
            return text.replace(other, name) if other in text else text.replace(other[:-1], name)
        return f"{name}{_WHOLE.sub('', text)}"

    def _with_subject(self, text: str, words: str) -> str:
        """The text with what it is about replaced: its ids, else its metric, else the item it names, else what is left of it."""
        if ID_PATTERN.search(text):
            first = ID_PATTERN.search(text)
            assert first is not None
            return text[: first.start()] + words + ID_PATTERN.sub("", text[first.end() :])
        if mentions := self.metrics.mentions(text):
            return text[: mentions[0].start] + words + text[mentions[-1].end :]
        subject = max(self.parse(text).subject.split(), key=len, default="")
        return text.replace(subject, words) if subject and subject in text else f"{words} {text}"


def _limited(text: str) -> tuple[str, tuple[str, ...]]:
    """The text without "只看……", and the words of the documents it is kept to."""
    match = _ONLY.search(text)
    if match is None:
        return text, ()
    what = match["what"] or match["from"]
    if re.search(r"多少|几|哪|什么|[区县]$|20\d\d|去年|B\d|A\d", what):
        return text, ()
    if match.start() == 0 and (what.rstrip("的") in GROUPS or _PLACE.fullmatch(what.rstrip("的"))):
        return f"{what.rstrip('的')}呢", ()
    return text[: match.start()].rstrip("，,。；; "), (re.sub(r"^[那这]?[份个些]?|的$", "", what),)


def _with_year(text: str, year: int) -> str:
    if _YEAR_WORDS.search(text):
        return _YEAR_WORDS.sub(f"{year}年", text, count=1)
    return f"{year}年{text}"


def _without_group(text: str) -> str:
    return next((text.replace(g, "", 1) for g in sorted(GROUPS, key=len, reverse=True) if g in text), text)


def _with_group(text: str, group: str) -> str:
    for other in sorted(GROUPS, key=len, reverse=True):
        if other in text:
            return text.replace(other, group, 1)
    return f"{group}{text}"


def _subject_of(text: str) -> str:
    """The words of a question without what asks."""
    return re.sub(r"\s+", " ", _ASKING.sub(" ", text)).strip()
