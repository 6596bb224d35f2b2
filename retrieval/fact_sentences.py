"""Reads facts from one sentence of prose: the words of a metric, the value they are given, its year and its scope."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from retrieval.metrics import BARE_UNIT, YEAR_UNIT, Mention, Metric, Metrics
from retrieval.numbers import Number, find_numbers, find_years
from retrieval.scopes import GROUPS, WHOLE_DISTRICT, prose_scope

# How far a value may stand behind the words of its metric, brackets and years left out.
_WINDOW = 24
_BRACKETS = re.compile(r"[（(][^（）()]*[）)]")
_CHANGE_BEFORE = re.compile(
    r"(?:提高|增长|上升|增加|下降|降低|减少|新增|提升|增幅|降幅|缩小|扩大|压减|同比)(?:了|约|近|为|达)?\s*$"
)
_STANDARD_AFTER = re.compile(r"\s*的?(?:目标|要求|标准|任务|指标|规定|底线|红线|最低)")
_STANDARD_BETWEEN = re.compile(
    r"目标|力争|确保|争取|应达|应当|须达|必须|不得|计划|规划|预计|高于|低于|超过|优于|多于|少于|要求|规定|标准为|提高了?$|下降了?$"
)
_AIM_BEFORE = re.compile(r"目标|力争|确保|争取|高于|低于|优于|要求|规定|计划|规划|预计|(?:到|至)\s*20\d\d年")
_COMPARED = re.compile(r"比|较|同期|其中")
_CONNECTED = re.compile(
    r"^[，,、\s]*(?:逐年|稳步|进一步|持续)?(?:提高|提升|增长|上升|增加|下降|降低|降|升|增|达)?(?:到|至|为)?了?\s*$"
)
_RESPECTIVELY = re.compile(r"分别(?:达到|达|为|是|占)?|依次为")
_JOINED = re.compile(r"[、和与及，,\s]|以及|“|”|[（(][^（）()]*[）)]")
_GROUP = "|".join(sorted(GROUPS, key=len, reverse=True))
_OF_GROUP = re.compile(
    rf"^[，,、\s]*(?:其中|分布为)?[:：]?(?P<group>{_GROUP})(?:学校|学生|教师|阶段|段)?(?:为|是|有|达到|达|占|共)?$"
)
_OWN_GROUP = {"B5": ("幼儿园", "学前"), "B7": ("高中", "普通高中"), "B8": ("中职",), "B6": ("义务教育阶段",)}
_GROUPS_BEFORE = re.compile(rf"(?:(?:{_GROUP})[、和与及]+)+(?:{_GROUP})(?:的|学校|学生|教师)?$")
_YEAR_AFTER = re.compile(r"^(?:工作|总量)?(?:时间|年份|年度)?(?:为|是|于|在|：|:|（|\()?\s*$")


@dataclass(frozen=True, slots=True)
class Stated:
    """A value stated at `text[start:end]` of a sentence or row."""

    metric: Metric
    value: Decimal
    year: int | None
    scope: str
    start: int
    end: int
    approximate: bool = False


def sentence_facts(sentence: str, metrics: Metrics, *, year: int | None, context: str, district: str) -> list[Stated]:
    """The facts of a sentence.

    year : for values the sentence names no year for.  context : title and headings.
    """
    mentions = metrics.mentions(sentence, context)
    if not mentions:
        return []
    reader = _Reader(sentence, mentions, year, context, district)
    return [stated for stated in reader.read() if stated.metric.low <= stated.value <= stated.metric.high]


class _Reader:
    def __init__(self, sentence: str, mentions: list[Mention], year: int | None, context: str, district: str) -> None:
        self._sentence, self._mentions, self._year = sentence, mentions, year
        self._context, self._district = context, district
        self._numbers, self._years = find_numbers(sentence), find_years(sentence)
        self._used: set[int] = set()

    def read(self) -> Iterator[Stated]:
        blocked: set[int] = set()
        for match in _RESPECTIVELY.finditer(self._sentence):
            paired = list(self._respectively(match, blocked))
            self._used |= {stated.end for stated in paired}
            yield from paired
        for position, mention in enumerate(self._mentions):
            clause = re.split(r"[，。；,;]", self._sentence[: mention.start])[-1]
            if mention.start in blocked or _AIM_BEFORE.search(clause):
                continue
            if mention.metric.unit == YEAR_UNIT:
                yield from self._year_value(mention)
                continue
            following = (
                self._mentions[position + 1].start if position + 1 < len(self._mentions) else len(self._sentence)
            )
            # 没有超计划招生；某校跨市招生46人: what is denied has no number, the one that follows belongs to something else.
            denied = re.sub(r"\s", "", self._sentence[: mention.start]).endswith(mention.metric.zero_words or ("\0",))
            taken = [] if denied else list(self._after(mention, following))
            if not taken and mention.metric.value_before:
                taken = list(self._before(mention, self._mentions[:position]))
            for number, group in taken:
                self._used.add(number.end)
                yield self._stated(mention, number, group)
            if not taken:
                yield from self._worded(mention)

    def _after(self, mention: Mention, limit: int) -> Iterator[tuple[Number, str]]:
        """The values behind a mention, each with the group it is for ("" when none is named): the first one, those joined to it
        by 提高到 and the like, and those of a list by groups (小学为…、初中为…)."""
        last: Number | None = None
        for number in self._numbers:
            if (
                number.start < mention.end
                or number.start >= limit
                or number.end in self._used
                or not _fits(number, mention.metric)
            ):
                continue
            between = self._sentence[mention.end if last is None else last.end : number.start]
            bare = _BRACKETS.sub("", between)
            group = _OF_GROUP.match(re.sub(r"\s", "", bare))
            inside = self._sentence[mention.end : number.start]
            bracketed = inside.count("（") + inside.count("(") > inside.count("）") + inside.count(")")
            if last is None:
                if bracketed and between.strip() not in {"（", "("}:
                    continue
                if len(_without_years(bare)) > _WINDOW or _STANDARD_BETWEEN.search(bare):
                    return
            elif group is None and (_COMPARED.search(bare) or not _CONNECTED.match(_without_years(bare))):
                return
            if not _is_statement(self._sentence, number):
                if last is None:
                    return
                continue
            last = number
            yield number, group["group"] if group else ""

    def _before(self, mention: Mention, earlier: list[Mention]) -> Iterator[tuple[Number, str]]:
        """The value in front of a mention (3 次常务会议), close by and in the same clause."""
        for number in reversed([n for n in self._numbers if n.end <= mention.start and n.end not in self._used]):
            between = self._sentence[number.end : mention.start]
            if len(between) > 14 or re.search(r"[，。；,]", between) or any(m.start >= number.start for m in earlier):
                return
            if _fits(number, mention.metric):
                if _is_statement(self._sentence, number):
                    yield number, ""
                return

    def _worded(self, mention: Mention) -> Iterator[Stated]:
        """Values that words state: 未发生重大安全事故 is 0; 12 所学校均设有资源教室 is 12."""
        if not re.search(r"[，。；：]", self._sentence):
            # A title (无重大安全事故情况说明) names a paper; it states nothing.
            return
        window = self._sentence[max(0, mention.start - 12) : mention.start]
        before, metric = re.sub(r"\s", "", window), mention.metric
        after = re.sub(r"\s", "", self._sentence[mention.end : mention.end + 6])
        year = self._year_at(mention.start)
        for word in metric.zero_words:
            # 无证园 holds 无 but denies nothing: a single word must stand directly before, only a verb like 未发生 may stand apart.
            if before.endswith(word) or (len(word) > 1 and word in before):
                start = self._sentence.rfind(word[0], 0, mention.start)
                yield Stated(metric, Decimal(0), year, self._scope(mention), start, mention.end)
                return
            if after.startswith(word):
                end = self._sentence.find(word[-1], mention.end) + 1
                yield Stated(metric, Decimal(0), year, self._scope(mention), mention.start, end)
                return
        if metric.all_of and any(word in before[-6:] for word in metric.all_words):
            for position, other in enumerate(self._mentions):
                if other.metric.id == metric.all_of:
                    self._used.clear()
                    for number, _ in [
                        *self._after(other, len(self._sentence)),
                        *self._before(other, self._mentions[:position]),
                    ][:1]:
                        start = min(number.start, other.start, mention.start)
                        end = max(number.end, other.end, mention.end)
                        yield Stated(
                            metric,
                            number.value,
                            self._year_of(number),
                            self._scope(other),
                            start,
                            end,
                            number.approximate,
                        )
                    return

    def _respectively(self, match: re.Match[str], blocked: set[int]) -> Iterator[Stated]:
        """Values after 分别: one for each of several metrics, of several years, or of several groups.

        When it is not clear which belongs to what, the mention is blocked: its first value would be a guess.
        """
        joined = self._joined_before(match.start())
        if not joined:
            return
        first = joined[0]
        values = [n for n in self._numbers if n.start >= match.end() and _fits(n, first.metric)]
        years = [y for y in self._years if y.end <= match.start() and y.role != "compared"]
        groups = re.findall(_GROUP, group[0]) if (group := _GROUPS_BEFORE.search(self._sentence[: first.start])) else []
        aimed = _AIM_BEFORE.search(re.split(r"[，。；,;]", self._sentence[: first.start])[-1])
        if len(values) < 2 or aimed:
            return
        blocked |= {mention.start for mention in joined}
        if len(joined) > 1:
            if len(values) >= len(joined):
                for mention, number in zip(joined, values, strict=False):
                    if _fits(number, mention.metric) and _is_statement(self._sentence, number):
                        yield self._stated(mention, number, "")
        elif len(groups) > 1 and len(values) >= len(groups):
            for group_name, number in zip(groups, values, strict=False):
                if _is_statement(self._sentence, number):
                    yield self._stated(first, number, group_name)
        elif len(years) > 1 and len(values) >= len(years):
            for year, number in zip(years, values, strict=False):
                if _is_statement(self._sentence, number):
                    yield self._stated(first, number, "", year.year)

    def _joined_before(self, edge: int) -> list[Mention]:
        """The mentions listed directly before `edge`: 普惠率、入园率."""
        joined: list[Mention] = []
        for mention in reversed([m for m in self._mentions if m.end <= edge]):
            if _JOINED.sub("", self._sentence[mention.end : edge]):
                break
            joined.insert(0, mention)
            edge = mention.start
        return joined

    def _year_value(self, mention: Mention) -> Iterator[Stated]:
        """A metric whose value is itself a year: directly behind the words, else before them in the same clause."""
        for year in self._years:
            behind = year.start >= mention.end and _YEAR_AFTER.match(self._sentence[mention.end : year.start])
            between = self._sentence[year.end : mention.start]
            ahead = year.end <= mention.start and not re.search(r"[。；]", between) and len(between) <= 30
            if (behind or ahead) and year.role != "until" and not _STANDARD_BETWEEN.search(between):
                start, end = min(mention.start, year.start), max(mention.end, year.end)
                yield Stated(mention.metric, Decimal(year.year), self._year, self._scope(mention), start, end)
                return

    def _stated(self, mention: Mention, number: Number, group: str, year: int | None = None) -> Stated:
        start, end = min(mention.start, number.start), max(mention.end, number.end)
        scope = self._scope(mention)
        if group:
            scope = group if scope == WHOLE_DISTRICT or scope in GROUPS else f"{scope}/{group}"
        return Stated(
            mention.metric, number.value, year or self._year_of(number), scope, start, end, number.approximate
        )

    def _scope(self, mention: Mention) -> str:
        scope = prose_scope(self._sentence, mention.start, self._context, self._district)
        # 全区幼儿园普惠率 is the whole: a figure of kindergartens is not narrowed by naming them.
        return WHOLE_DISTRICT if scope in _OWN_GROUP.get(mention.metric.item.split("-")[0], ()) else scope

    def _year_of(self, number: Number) -> int | None:
        return self._year_at(number.start)

    def _year_at(self, position: int) -> int | None:
        """The year a value belongs to: the last named before it; 较2017年 names what it is compared with, not its own."""
        own = [y for y in self._years if y.end <= position and y.role != "compared"]
        if not own:
            return self._year
        nearest = own[-1]
        if nearest.role == "from" and position - nearest.end > 3:
            # 由2017年的82.3%提高到86.5%: only the first value belongs to 2017.
            earlier = [y for y in own if y.role != "from"]
            return earlier[-1].year if earlier else self._year
        return nearest.year


def _fits(number: Number, metric: Metric) -> bool:
    return number.unit in metric.units or (not number.unit and BARE_UNIT in metric.units)


def _is_statement(sentence: str, number: Number) -> bool:
    """Whether the number is a value that was reached: no limit, no change, no standard."""
    before, after = sentence[: number.start], sentence[number.end : number.end + 8]
    return not (number.bound or _CHANGE_BEFORE.search(before[-8:]) or _STANDARD_AFTER.match(after))


def _without_years(text: str) -> str:
    for year in reversed(find_years(text)):
        text = text[: year.start] + text[year.end :]
    return re.sub(r"(?:由|从|自|比|较|的)", "", text).strip()
