"""Reads facts from a passage: which metric, what value, which year, for whom - each with its exact place.

Only what the words state is taken.  A target (达到 80% 以上, 力争), a change (提高 4.2 个百分点), a comparison (高于全市平均)
or a number two metrics could claim is left to the reader: a fact that is missing is found by a person, a wrong one is believed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal

from retrieval.fact_rows import RowFact, is_row, row_facts
from retrieval.metrics import BARE_UNIT, YEAR_UNIT, Mention, Metric, Metrics
from retrieval.numbers import Number, Year, find_numbers, find_years
from retrieval.scopes import WHOLE_DISTRICT, prose_scope
from retrieval.sentences import split_sentences

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
_CONNECTED = re.compile(
    r"^[，,、\s]*(?:逐年|稳步|进一步|持续)?(?:提高|提升|增长|上升|增加|下降|降低|降|升|增|达)?(?:到|至|为)?了?\s*$"
)
_RESPECTIVELY = re.compile(r"分别(?:达到|达|为|是|占)?|依次为")
_JOINED = re.compile(r"[、和与及，,\s]|以及|“|”|[（(][^（）()]*[）)]")


@dataclass(frozen=True, slots=True)
class Fact:
    """A metric's value as stated at `text[start:end]` of the text it was read from.

    value : in the metric's unit, exact.  year : None when neither the text nor the document says one.
    scope : "全区", or the town, school or group the value speaks of.  approximate : 约, 近, 余.
    """

    metric: str
    value: Decimal
    unit: str
    year: int | None
    scope: str
    start: int
    end: int
    approximate: bool = False


def extract_facts(
    text: str,
    metrics: Metrics,
    *,
    default_year: int | None = None,
    context: str = "",
    district: str = "",
    breaks: Collection[int] | None = None,
) -> list[Fact]:
    """The facts stated in `text`, in order; each metric, year, scope and value once.

    default_year : the year the document speaks of, for sentences that name none.
    context : title and headings: they may name a metric's subject or the school, but are never quoted.
    breaks : as for `split_sentences`.
    """
    found: list[Fact] = []
    carried: Year | None = None
    for start, end in split_sentences(text, breaks):
        sentence = text[start:end]
        if is_row(sentence):
            rows = row_facts(sentence, metrics, default_year=default_year, context=context, district=district)
            found += [_from_row(row, start) for row in rows]
            continue
        leading = _leading_year(sentence)
        carried = leading or carried
        year = carried.year if carried else default_year
        found += [_shift(fact, start) for fact in _sentence_facts(sentence, metrics, year, context, district)]
        if "\n" in sentence.strip() or text[end : end + 1] == "\n":
            carried = None
    unique = {(fact.metric, fact.value, fact.year, fact.scope): fact for fact in reversed(found)}
    return sorted(unique.values(), key=lambda fact: (fact.start, fact.metric))


def _sentence_facts(sentence: str, metrics: Metrics, year: int | None, context: str, district: str) -> Iterator[Fact]:
    mentions = metrics.mentions(sentence, context)
    if not mentions:
        return
    numbers, years = find_numbers(sentence), find_years(sentence)
    used: set[int] = set()
    for mention, number, stated in _paired(sentence, mentions, numbers, years):
        used.add(number.start)
        yield from _fact(sentence, mention, number, stated or _year_of(number, years, year), context, district)
    for position, mention in enumerate(mentions):
        if _AIM_BEFORE.search(re.split(r"[，。；,;]", sentence[: mention.start])[-1]):
            continue
        following = mentions[position + 1].start if position + 1 < len(mentions) else len(sentence)
        if mention.metric.unit == YEAR_UNIT:
            yield from _year_fact(sentence, mention, years, year, context, district)
            continue
        taken = list(_values_after(sentence, mention, following, numbers, used))
        if (
            not taken
            and mention.metric.value_before
            and (before := _value_before(sentence, mention, mentions[:position], numbers, used))
        ):
            taken = [before]
        for number in taken:
            used.add(number.start)
            yield from _fact(sentence, mention, number, _year_of(number, years, year), context, district)
        if not taken:
            yield from _worded(sentence, mention, mentions, numbers, years, year, context, district)


def _values_after(
    sentence: str, mention: Mention, limit: int, numbers: list[Number], used: set[int]
) -> Iterator[Number]:
    """The values the mention is given: the first, and those joined to it by 提高到 and the like."""
    units = mention.metric.units
    last: Number | None = None
    for number in numbers:
        if number.start < mention.end or number.start >= limit or number.start in used:
            continue
        if not _fits(number, units):
            continue
        between = sentence[mention.end if last is None else last.end : number.start]
        bare = _BRACKETS.sub("", between)
        bracketed = _in_brackets(sentence, mention.end, number.start)
        if last is None:
            direct = bracketed and between.strip() in {"（", "("}
            if (bracketed and not direct) or len(_without_years(bare)) > _WINDOW or _STANDARD_BETWEEN.search(bare):
                if bracketed:
                    continue
                return
        elif not _CONNECTED.match(_without_years(bare)):
            return
        if not _is_statement(sentence, number):
            if last is None:
                return
            continue
        last = number
        yield number


def _value_before(
    sentence: str, mention: Mention, earlier: list[Mention], numbers: list[Number], used: set[int]
) -> Number | None:
    for number in reversed([n for n in numbers if n.end <= mention.start and n.start not in used]):
        between = sentence[number.end : mention.start]
        if len(between) > 14 or re.search(r"[，。；,]", between) or any(m.start >= number.start for m in earlier):
            return None
        if _fits(number, mention.metric.units):
            return number if _is_statement(sentence, number) else None
    return None


def _worded(
    sentence: str,
    mention: Mention,
    mentions: list[Mention],
    numbers: list[Number],
    years: list[Year],
    year: int | None,
    context: str,
    district: str,
) -> Iterator[Fact]:
    """Values that words state: 未发生重大安全事故 is 0; 12 所学校均设有资源教室 is 12."""
    before = re.sub(r"\s", "", sentence[max(0, mention.start - 12) : mention.start])
    after = re.sub(r"\s", "", sentence[mention.end : mention.end + 6])
    metric = mention.metric
    stated_year = _year_of(Number(mention.start, mention.end, Decimal(0), ""), years, year)
    for word in metric.zero_words:
        position = before.rfind(word)
        # 无证园 holds 无 but denies nothing: the word must stand directly before, or be a verb like 未发生.
        if after.startswith(word) or (position >= 0 and (len(word) > 1 or before.endswith(word))):
            start = mention.start if after.startswith(word) else sentence.rfind(word[0], 0, mention.start)
            end = sentence.find(word[-1], mention.end) + 1 if after.startswith(word) else mention.end
            scope = prose_scope(sentence, mention.start, context, district)
            yield Fact(metric.id, Decimal(0), metric.unit, stated_year, scope, start, end)
            return
    if metric.all_of and any(before.endswith(word) or word in before[-6:] for word in metric.all_words):
        for other in mentions:
            if other.metric.id == metric.all_of:
                for number in [
                    *_values_after(sentence, other, len(sentence), numbers, set()),
                    _value_before(sentence, other, [], numbers, set()),
                ]:
                    if number is not None:
                        start, end = (
                            min(number.start, other.start, mention.start),
                            max(number.end, mention.end, other.end),
                        )
                        scope = prose_scope(sentence, other.start, context, district)
                        yield Fact(
                            metric.id,
                            number.value,
                            metric.unit,
                            _year_of(number, years, year),
                            scope,
                            start,
                            end,
                            number.approximate,
                        )
                        return


def _paired(
    sentence: str, mentions: list[Mention], numbers: list[Number], years: list[Year]
) -> Iterator[tuple[Mention, Number, int | None]]:
    """Values after 分别: one for each of several metrics, or one for each of several years."""
    for match in _RESPECTIVELY.finditer(sentence):
        before = [m for m in mentions if m.end <= match.start()]
        joined: list[Mention] = []
        edge = match.start()
        for mention in reversed(before):
            if _JOINED.sub("", sentence[mention.end : edge]):
                break
            joined.insert(0, mention)
            edge = mention.start
        named_years = [y for y in years if y.end <= match.start() and y.role != "compared"]
        after = [n for n in numbers if n.start >= match.end()]
        if len(joined) > 1:
            values = [n for n in after if _fits(n, joined[0].metric.units)][: len(joined)]
            if len(values) == len(joined) and not _AIM_BEFORE.search(
                re.split(r"[，。；,;]", sentence[: joined[0].start])[-1]
            ):
                yield from (
                    (m, n, None)
                    for m, n in zip(joined, values, strict=True)
                    if _fits(n, m.metric.units) and _is_statement(sentence, n)
                )
        elif joined and len(named_years) > 1:
            values = [n for n in after if _fits(n, joined[0].metric.units)]
            if len(values) >= len(named_years):
                yield from (
                    (joined[0], n, y.year)
                    for y, n in zip(named_years, values, strict=False)
                    if _is_statement(sentence, n)
                )


def _fact(
    sentence: str, mention: Mention, number: Number, year: int | None, context: str, district: str
) -> Iterator[Fact]:
    metric = mention.metric
    if metric.low <= number.value <= metric.high:
        start, end = min(mention.start, number.start), max(mention.end, number.end)
        scope = prose_scope(sentence, mention.start, context, district)
        yield Fact(metric.id, number.value, metric.unit, year, scope, start, end, number.approximate)


def _year_fact(
    sentence: str, mention: Mention, years: list[Year], year: int | None, context: str, district: str
) -> Iterator[Fact]:
    """A metric whose value is itself a year (2017年核定编制): the nearest year of the sentence, before the words if there is one."""
    stated = [y for y in years if y.role != "until"]
    before = [y for y in stated if y.end <= mention.end]
    nearest = before[-1] if before else (stated[0] if stated else None)
    if nearest is None or _STANDARD_BETWEEN.search(sentence[nearest.end : mention.start]):
        return
    metric: Metric = mention.metric
    if metric.low <= nearest.year <= metric.high:
        start, end = min(mention.start, nearest.start), max(mention.end, nearest.end)
        yield Fact(
            metric.id,
            Decimal(nearest.year),
            metric.unit,
            year,
            prose_scope(sentence, mention.start, context, district),
            start,
            end,
        )


def _year_of(number: Number, years: list[Year], default: int | None) -> int | None:
    """The year a value belongs to: the last named before it; 较2017年 names what it is compared with, not its own."""
    own = [y for y in years if y.end <= number.start and y.role != "compared"]
    if not own:
        return default
    nearest = own[-1]
    if nearest.role == "from" and len(own) == 1:
        # 由2017年的82.3%提高到86.5%: only the first value belongs to 2017.
        return nearest.year if number.start - nearest.end <= 3 else default
    return nearest.year


def _leading_year(sentence: str) -> Year | None:
    """The year that opens a sentence (2018年，… / 截至2018年底，…) and holds for those that follow in its paragraph."""
    years = find_years(sentence)
    if (
        years
        and years[0].role == ""
        and re.fullmatch(r"\s*(?:截至|截止|至|在|全区|我区)?\s*", sentence[: years[0].start])
    ):
        return years[0]
    return None


def _fits(number: Number, units: tuple[str, ...]) -> bool:
    return number.unit in units or (not number.unit and BARE_UNIT in units)


def _is_statement(sentence: str, number: Number) -> bool:
    before, after = sentence[: number.start], sentence[number.end : number.end + 8]
    return not (number.bound or _CHANGE_BEFORE.search(before[-8:]) or _STANDARD_AFTER.match(after))


def _in_brackets(sentence: str, start: int, end: int) -> bool:
    between = sentence[start:end]
    return between.count("（") + between.count("(") > between.count("）") + between.count(")")


def _without_years(text: str) -> str:
    for year in reversed(find_years(text)):
        text = text[: year.start] + text[year.end :]
    return re.sub(r"(?:由|从|自|比|较|的)", "", text).strip()


def _shift(fact: Fact, offset: int) -> Fact:
    return Fact(
        fact.metric,
        fact.value,
        fact.unit,
        fact.year,
        fact.scope,
        fact.start + offset,
        fact.end + offset,
        fact.approximate,
    )


def _from_row(row: RowFact, offset: int) -> Fact:
    return Fact(
        row.metric,
        row.value,
        row.unit,
        row.year,
        row.scope or WHOLE_DISTRICT,
        row.start + offset,
        row.end + offset,
        row.approximate,
    )
