"""Reads facts from one sentence of prose: the words of a metric, the value they are given, its year and its scope."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from retrieval.fact_lists import respectively
from retrieval.fact_parts import ParsedSentence, Stated, fits, parse
from retrieval.fact_words import followed, worded
from retrieval.gaps import continues, leads_to
from retrieval.likely_facts import likely_facts
from retrieval.likely_metrics import likely_metrics
from retrieval.metrics import YEAR_UNIT, Mention, Metrics
from retrieval.numbers import Number
from retrieval.reached import clause_is_aimed, is_deed, is_difference, is_earlier_value, is_statement
from retrieval.scopes import title_scope

_YEAR_AFTER = re.compile(r"^(?:工作|总量)?(?:时间|年份|年度)?(?:为|是|于|在|的|：|:|（|\(|\s)*$")
_STANDARD_BETWEEN = re.compile(r"目标|必须|不得|高于|低于|超过|优于|多于|少于|省定|市定|规定|提高了?$|下降了?$")

# When it was done stands between the words and says nothing of how often: 先后于3月12日、6月20日两次专题研究教育工作.
_WHEN = re.compile(r"先后|[于在]?(?:1[0-2]|[1-9])月(?:[0-9]{1,2}[日号])?|[、和及]|专题|共|集中|平均")
_ACTUALLY = re.compile(
    r"(?:我区|我县|全区|全县|本区|本县|目前|现|已|年底|年末|当年|全年|截至目前)*(?:实际|现|已经|已)(?:达到|完成|达成|执行|发放|落实|达|为|是|有)+(?:了|到)?(?:每[生人月年次天学期]{1,3}){0,2}[约近]?"
)
_OPENS_COMPARED = re.compile(
    r"\s*(?:与|和|同|较|比)[^，。；0-9]{0,6}(?:(?:19|20)[0-9]{2}年|上年|去年)(?:年?[末底])?的?(?P<number>[0-9.,]+[^，。；]{0,4}?)(?:相比|相较|对比)，"
)
_BUDGETED = re.compile(r"预算|计划|安排")
_SPENT = re.compile(
    r"^[，,；;、（(]?(?:全年|当年|年底|年末|最终)?(?:决算|实际|实支|支出决算|执行)(?:支出|列支|使用|数|额|总额)*(?:达到|达|为|是|共)?[约近]?$"
)

__all__ = ["Stated", "facts_by_rule", "sentence_facts"]


def sentence_facts(
    sentence: str,
    metrics: Metrics,
    *,
    year: int | None,
    context: str,
    district: str,
    near: str = "",
    document_year: int | None = None,
) -> list[Stated]:
    """The facts of a sentence.

    year : for values the sentence names no year for.  context : title and headings.  near : the sentence before, where the subject
    of a short name may stand.  document_year : the year the document speaks of, which a metric that is itself a year belongs to;
    None: `year`.
    """
    parsed = parse(sentence, metrics.mentions(sentence, context, near), metrics, year, context, district)
    stated = facts_by_rule(parsed, document_year or year)
    return [*stated, *likely_facts(parsed, stated, likely_metrics(metrics), near)]


def facts_by_rule(parsed: ParsedSentence, document_year: int | None) -> list[Stated]:
    """The facts of a sentence whose wording is known. document_year : what a metric that is itself a year belongs to."""
    return list(_Reader(parsed, document_year).read()) if parsed.mentions else []


class _Reader:
    """Takes a sentence's numbers for its mentions, each number once for each unit."""

    def __init__(self, parsed: ParsedSentence, document_year: int | None) -> None:
        self._parsed, self._document_year = parsed, document_year
        self._used: set[int] = set()

    def read(self) -> Iterator[Stated]:
        parsed, stated = self._parsed, []
        blocked: set[int] = set()
        for fact, mention in respectively(parsed, blocked):
            self._used.add(fact.end)
            stated.append((mention, fact))
        for position, mention in enumerate(parsed.mentions):
            if mention.start in blocked:
                continue
            if clause_is_aimed(parsed.plain, mention.start):
                stated += [(mention, fact) for fact in self._reached_after(mention, self._limit(position))]
                continue
            if mention.metric.unit not in {"%", "", "元", YEAR_UNIT} and is_deed(parsed.plain, mention.start):
                continue
            stated += [(mention, fact) for fact in self._of(mention, position)]
        stated = [(mention, fact) for mention, fact in stated if not self._is_part(mention, fact, stated)]
        yield from (fact for _, fact in stated)
        yield from followed(parsed, stated, self._used)

    def _is_part(self, mention: Mention, fact: Stated, stated: list[tuple[Mention, Stated]]) -> bool:
        """Whether it says of some, after 其中, what was just said of all: 升学率98.9%，其中应届毕业生升学率99.2%."""
        clause = re.split(r"[，。；,;（(]", self._parsed.text[: mention.start])[-1]
        if not clause.lstrip().startswith("其中") or mention.start > fact.start:
            return False
        same = (fact.metric.id, fact.year, fact.scope)
        return any(
            (f.metric.id, f.year, f.scope) == same and f.end <= fact.start and f.value != fact.value for _, f in stated
        )

    def _of(self, mention: Mention, position: int) -> Iterator[Stated]:
        parsed = self._parsed
        if mention.metric.unit == YEAR_UNIT:
            yield from self._year_value(mention)
            return
        # 没有超计划招生；某校跨市招生46人: what is denied has no number, the one that follows belongs to something else.
        denied = list(worded(parsed, position)) if mention.metric.zero_words else []
        if denied:
            # 目前无自聘代课人员，2016年尚有23人: only a number of another year may follow.
            yield from denied
            yield from (f for f in self._after(mention, self._limit(position)) if f.year != denied[0].year)
            return
        found = list(self._inside(mention))
        compared = list(self._compared(mention)) if position == 0 else []
        if not found and mention.metric.value_before and self._stands_before(mention):
            found = list(self._before(mention, parsed.mentions[:position]))
        if not found:
            found = list(self._after(mention, self._limit(position)))
        if not found and mention.metric.value_before:
            found = list(self._before(mention, parsed.mentions[:position]))
        yield from compared
        found = found or list(worded(parsed, position))
        yield from found or self._reached_after(mention, self._limit(position))

    def _compared(self, mention: Mention) -> Iterator[Stated]:
        """The earlier value a sentence opens with: 与2017年的81.9%相比，普惠率…"""
        parsed = self._parsed
        number = next((n for n in parsed.numbers if n.end <= mention.start), None)
        opening = _OPENS_COMPARED.match(parsed.text)
        if number is None or opening is None or not fits(number, mention.metric):
            return
        year = parsed.attached_year(number)
        if (
            opening.start("number") <= number.start < opening.end()
            and year is not None
            and mention.start - opening.end() <= 12
        ):
            self._used.add(number.end)
            fact = parsed.stated(mention, number, "", year)
            if fact is not None:
                yield fact

    def _limit(self, position: int) -> int:
        """Where the next mention begins that could claim a number of the same unit."""
        mention = self._parsed.mentions[position]
        following = (
            other.start
            for other in self._parsed.mentions[position + 1 :]
            if other.start >= mention.end and set(other.metric.units) & set(mention.metric.units)
        )
        return next(following, len(self._parsed.text))

    def _after(self, mention: Mention, limit: int) -> Iterator[Stated]:
        """The values behind a mention: the first one, those joined to it by 提高到 and the like, those of other years, and those
        of a list by groups or places (小学为…、初中为…)."""
        parsed = self._parsed
        last = mention.end
        first, grouped = True, False
        for number in parsed.numbers:
            if number.start < mention.end or number.start >= limit:
                continue
            if number.end in self._used or not fits(number, mention.metric):
                continue
            gap = parsed.plain[last : number.start]
            if not first and parsed.attached_year(number) is None and _opens(gap):
                # 0.412（标准≤0.65），初中为0.386: what stands in brackets is a remark.
                continue
            own_year = parsed.attached_year(number)
            if not first and grouped and own_year is not None and not _grouped(gap):
                # 小学0.52、初中0.44，比2017年的0.55、0.47均有下降: of which of the two is not said.
                return
            scope = (
                leads_to(gap, parsed, mention.metric, own_year is not None)
                if first
                else ""
                if _SPENT.search(gap)
                else continues(gap, parsed, mention.metric, own_year is not None)
            )
            if scope is None or is_difference(parsed.plain, mention.start, number.end):
                return
            if first and _BUDGETED.search(gap) and self._is_spent_behind(number):
                # 年初预算680万元，决算支出655万元: what was meant, then what it came to.
                self._used.add(number.end)
                last, first = number.end, False
                continue
            if first and _STANDARD_BETWEEN.search(re.sub(r"[（(][^（）()]*[）)]", "", gap)) and own_year is None:
                return
            earlier = own_year is None and is_earlier_value(parsed.plain, number)
            if earlier:
                last, first = number.end, False
                continue
            if not is_statement(parsed.plain, number):
                # 连续三年在99%以上，2018年为99.1%: behind a limit the value may still come.
                if first and not number.bound:
                    return
                continue
            last, first, grouped = number.end, False, grouped or bool(scope)
            self._used.add(number.end)
            fact = parsed.stated(mention, number, scope)
            if fact is not None:
                yield fact

    def _reached_after(self, mention: Mention, limit: int) -> Iterator[Stated]:
        """The value said to be reached, in a later clause, where the mention's own clause names the target."""
        parsed = self._parsed
        for number in parsed.numbers:
            if not mention.end <= number.start < limit or number.end in self._used or not fits(number, mention.metric):
                continue
            clause = re.split(r"[，,；;。]", parsed.plain[mention.end : number.start])
            if len(clause) > 1 and _ACTUALLY.fullmatch(clause[-1]) and is_statement(parsed.plain, number):
                self._used.add(number.end)
                # Whose target it is (市级要求) is not whose value it is.
                fact = parsed.stated(mention, number, title_scope(parsed.context, parsed.district))
                if fact is not None:
                    yield fact
                return

    def _is_spent_behind(self, number: Number) -> bool:
        """Whether the next number of money is said to be what was spent in the end."""
        later = next((n for n in self._parsed.numbers if n.start >= number.end and n.unit == number.unit), None)
        return later is not None and bool(_SPENT.search(self._parsed.plain[number.end : later.start]))

    def _before(self, mention: Mention, earlier: list[Mention]) -> Iterator[Stated]:
        """The value in front of a mention (3 次常务会议), close by and in the same clause."""
        parsed = self._parsed
        for number in reversed([n for n in parsed.numbers if n.end <= mention.start and n.end not in self._used]):
            between = parsed.text[number.end : mention.start]
            if len(between) > 14 or re.search(r"[，。；,]", between) or any(m.start >= number.start for m in earlier):
                return
            if fits(number, mention.metric):
                if is_statement(parsed.plain, number):
                    self._used.add(number.end)
                    fact = parsed.stated(mention, number, "")
                    if fact is not None:
                        yield fact
                return

    def _inside(self, mention: Mention) -> Iterator[Stated]:
        """The value in the middle of a metric's words: 督导反馈的23个问题."""
        parsed = self._parsed
        if not mention.loose:
            return
        for number in parsed.numbers:
            if mention.start < number.start and number.end < mention.end and fits(number, mention.metric):
                rest = parsed.text[mention.start : number.start] + parsed.text[number.end : mention.end]
                rest = _WHEN.sub("", rest)
                words = {re.sub(r"[…的“”\s]", "", alias) for alias in mention.metric.aliases}
                if re.sub(r"[的“”\s]", "", rest) in words and is_statement(parsed.plain, number):
                    self._used.add(number.end)
                    fact = parsed.stated(mention, number, "")
                    if fact is not None:
                        yield fact
                return

    def _stands_before(self, mention: Mention) -> bool:
        """Whether a number stands directly before the words (其中8所已建成资源教室)."""
        before = [n for n in self._parsed.numbers if n.end <= mention.start and fits(n, mention.metric)]
        return bool(before) and bool(
            re.fullmatch(r"\s*(?:已经|已|均已|均|都)?", self._parsed.text[before[-1].end : mention.start])
        )

    def _year_value(self, mention: Mention) -> Iterator[Stated]:
        """A metric whose value is itself a year: directly behind the words, between them, or before them in the same clause."""
        parsed = self._parsed
        for year in parsed.all_years:
            behind = year.start >= mention.end and _YEAR_AFTER.match(parsed.text[mention.end : year.start])
            inside = mention.loose and mention.start <= year.start < mention.end
            between = parsed.text[year.end : mention.start]
            ahead = year.end <= mention.start and not re.search(r"[。；]", between) and len(between) <= 30
            if (behind or ahead or inside) and year.role != "until" and not clause_is_aimed(between, len(between)):
                start, end = min(mention.start, year.start), max(mention.end, year.end)
                value = Decimal(year.year)
                if mention.metric.low <= value <= mention.metric.high:
                    scope = parsed.scope(mention)
                    yield Stated(mention.metric, value, self._document_year, scope, start, end)
                return


def _grouped(gap: str) -> bool:
    """Whether a gap names a stage of schooling of its own."""
    return bool(re.search(r"小学|初中|高中|中职|幼儿园|全区|全县|公办|民办|城区|农村|镇", gap))


def _opens(gap: str) -> bool:
    """Whether a bracket opens in the gap and is not closed."""
    return gap.count("（") + gap.count("(") > gap.count("）") + gap.count(")")


def moved(fact: Stated, offset: int) -> Stated:
    """The fact with its place counted from `offset` further left."""
    return replace(fact, start=fact.start + offset, end=fact.end + offset)


def first_number(parsed: ParsedSentence, position: int) -> Number | None:
    """The first number at or behind `position`."""
    return next((number for number in parsed.numbers if number.start >= position), None)
