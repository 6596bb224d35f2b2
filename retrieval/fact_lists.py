"""Values listed after 分别: one for each of several metrics, of several groups, or of several years."""

from __future__ import annotations

import re
from collections.abc import Iterator

from retrieval.fact_parts import ParsedSentence, Stated, fits
from retrieval.metrics import Mention
from retrieval.numbers import Number, chinese_integer
from retrieval.reached import clause_is_aimed, is_statement
from retrieval.scopes import GROUPS, WHOLE_DISTRICT, place_name

_RESPECTIVELY = re.compile(r"(?:分别|依次)(?:达到|达|为|是|占|提高到|增长到|下降到|降到|升至|降至)?(?:了)?|各为")
_JOINED = re.compile(r"[、和与及，,\s的]|以及|“|”|□|标准|[（(][^（）()]*[）)]")
_LISTED = re.compile(r"[、，,和与及\s]*(?:以及)?[约近]?")
_GROUP = "|".join(sorted({*GROUPS, "公办园", "民办园", "特殊教育", "普高"}, key=len, reverse=True))
_GROUP_END = re.compile(rf"(?P<group>{_GROUP})(?:学校|学生|教师|阶段|校际|的)*$")
_GROUP_START = re.compile(rf"(?P<group>{_GROUP})")
_LAST_YEARS = re.compile(r"近(?P<count>[两二三四五])年(?:来|间)?")


def respectively(parsed: ParsedSentence, blocked: set[int]) -> Iterator[tuple[Stated, Mention]]:
    """The facts of every list after 分别, with the mention they are of.

    When it is not clear which value belongs to what, nothing is read and the mention is blocked: its first value would be a guess.
    """
    again: list[tuple[Mention, str]] = []
    pairs: list[tuple[Mention, Number, str, int | None]]
    end = 0
    for match in _RESPECTIVELY.finditer(parsed.text):
        joined = _joined_before(parsed, match.start())
        values = _values(parsed, match.end())
        if len(values) < 2:
            continue
        if not joined and len(again) == len(values) and _only_a_year(parsed, end, match.start()):
            # …2018年分别为0.412、0.386，2017年分别为0.436、0.402: the same list for another year.
            pairs = [(mention, number, scope, None) for (mention, scope), number in zip(again, values, strict=True)]
        elif joined and not clause_is_aimed(parsed.plain, joined[0].start):
            blocked |= {mention.start for mention in joined}
            pairs = list(_pairs(parsed, joined, values))
        else:
            continue
        again, end = [(mention, scope) for mention, _, scope, _ in pairs], values[-1].end
        for mention, number, scope, year in pairs:
            if fits(number, mention.metric) and is_statement(parsed.plain, number):
                fact = parsed.stated(mention, number, scope, year)
                if fact is not None:
                    yield fact, mention


def _only_a_year(parsed: ParsedSentence, start: int, end: int) -> bool:
    """Whether nothing but a year stands between."""
    between = parsed.text[start:end]
    for year in reversed(parsed.years):
        if start <= year.start and year.end <= end:
            between = between[: year.start - start] + between[year.end - start :]
    return not re.sub(r"[，；,;\s而]|同期", "", between)


def _values(parsed: ParsedSentence, position: int) -> list[Number]:
    """The numbers listed from `position` on, nothing but 、 and 和 between them; none when the first has a label of its own."""
    values: list[Number] = []
    edge = position
    for number in (n for n in parsed.numbers if n.start >= position):
        gap = parsed.text[edge : number.start]
        if not _LISTED.fullmatch(gap):
            break
        values.append(number)
        edge = number.end
    return values


def _joined_before(parsed: ParsedSentence, edge: int) -> list[Mention]:
    """The mentions listed directly before `edge`: 普惠率、入园率."""
    joined: list[Mention] = []
    for mention in reversed([m for m in parsed.mentions if m.end <= edge]):
        between = parsed.text[mention.end : edge]
        for year in reversed(parsed.years):
            if mention.end <= year.start and year.end <= edge:
                between = between[: year.start - mention.end] + between[year.end - mention.end :]
        if _JOINED.sub("", _LAST_YEARS.sub("", between)):
            break
        joined.insert(0, mention)
        edge = mention.start
    return joined


def _pairs(
    parsed: ParsedSentence, joined: list[Mention], values: list[Number]
) -> Iterator[tuple[Mention, Number, str, int | None]]:
    groups = _groups(parsed, joined[0])
    if len(joined) > 1:
        if len(values) == len(joined):
            yield from ((mention, number, "", None) for mention, number in zip(joined, values, strict=True))
        elif len(values) == len(groups) + len(joined) - 1 and len(groups) > 1:
            # 小学、初中、高中生均公用经费 ends in words of its own metric: the groups stand before the first mention.
            pairs = [(joined[0], group) for group in groups] + [(mention, "") for mention in joined[1:]]
            yield from ((m, number, group, None) for (m, group), number in zip(pairs, values, strict=True))
    elif len(groups) > 1:
        if len(values) == len(groups):
            yield from ((joined[0], number, group, None) for group, number in zip(groups, values, strict=True))
    else:
        years = _years(parsed, values[0].start, len(values))
        if len(years) == len(values):
            yield from ((joined[0], number, "", year) for year, number in zip(years, values, strict=True))


def _groups(parsed: ParsedSentence, first: Mention) -> list[str]:
    """The groups or subjects listed up to the end of a mention (小学、初中综合差异系数; 专任教师、教辅人员占编制的比例), else []."""
    prefix = re.split(r"[，。；,;：:]", parsed.text[: first.start])[-1]
    pieces = re.split(r"[、和与及]", prefix)
    if len(pieces) < 2:
        return []
    named: list[str] = []
    for piece in pieces[:-1]:
        group = _GROUP_END.search(re.sub(r"\s", "", piece))
        sibling = parsed.metrics.sibling(first.metric, re.sub(r"\s|^(?:全区|我区|中职学校|中职)", "", piece))
        place = place_name(re.sub(r"\s|^其中", "", piece), parsed.district)
        if group is None and sibling is None and not place:
            return []
        named.append(group["group"] if group else place or re.sub(r"\s|^(?:全区|我区|中职学校|中职)", "", piece))
    last = re.sub(r"\s", "", pieces[-1])
    group = _GROUP_END.search(last) or _GROUP_START.match(parsed.text[first.start : first.end])
    if group:
        return [*named, group["group"]]
    if place := place_name(last, parsed.district):
        return [*named, place]
    named_by = last or parsed.text[first.start : first.end]
    own = any(last.endswith(subject) or (not last and named_by.startswith(subject)) for subject in first.metric.subject)
    return [*named, WHOLE_DISTRICT] if own else []


def _years(parsed: ParsedSentence, position: int, count: int) -> list[int]:
    """The `count` years a list before `position` speaks of: named one by one, as a span, or as 近三年."""
    years = [year for year in parsed.years if year.end <= position and year.role != "compared"]
    if len(years) >= 2 and years[-1].role == "until" and years[-1].year - years[-2].year + 1 == count:
        return list(range(years[-2].year, years[-1].year + 1))  # 2017年至2019年
    if years and years[-1].last is not None:
        return list(range(years[-1].year, years[-1].last + 1))
    if len(years) >= count:
        return [year.year for year in years[-count:]]
    lasting = _LAST_YEARS.search(parsed.text[:position])
    if lasting and parsed.year is not None and chinese_integer(lasting["count"]) == count:
        return list(range(parsed.year - count + 1, parsed.year + 1))
    return []
