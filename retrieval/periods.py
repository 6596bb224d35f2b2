"""Of which year each clause of a text speaks, measured against the data year: its own words first, then what went before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from retrieval.clauses import Clause
from retrieval.numbers import find_years

Period = Literal["in", "earlier", "later", "unknown"]

# What names a paper or a plan says nothing of when the thing was done: 《…（2016—2020年）》, 云政发〔2016〕3号.
_NAMES = re.compile(r"《[^》]*》|[〔\[［]\s*(?:19|20)\d\d\s*[〕\]］]\s*\d*\s*号?")
_SPAN = re.compile(
    r"(?<!\d)((?:19|20)\d\d)\s*年?\s*(?:[-—－–~～/至到]{1,2})\s*((?:19|20)\d\d|\d\d(?!\d))\s*(?:学年|年)"
)
# 2015年建成的学校, 2017年反馈的问题: the year belongs to the thing, not to what is said of it.
_OF_A_THING = re.compile(
    r"\s*(?:\d{1,2}月)?[^，。；、]{0,8}?(?:印发|建成|成立|启动|制定|出台|公布|核定|反馈|发现|遗留|新建|颁布|修订|批准|开办|通报|检查|督导)[^，。；]{0,6}?的"
)
_NOW = re.compile(r"现有|目前|至今|现已|现在|当前|仍")
_LAST_YEAR = re.compile(r"(?:上|去)(?:一)?年度?(?!度?(?:增|减|提|下|同|相|基|反馈|督导|检查|遗留|未|的?问题|末))")
_COMPARED = re.compile(r"(?:比|较|同|与)\s*$")


@dataclass(frozen=True, slots=True)
class Dated:
    """A clause with its period. year : that of its own words or of those before it in the paragraph; None: of the document."""

    clause: Clause
    period: Period
    year: int | None


def date_clauses(text: str, clauses: Sequence[Clause], *, data_year: int, document_year: int | None) -> list[Dated]:
    """The clauses with their periods.

    data_year : the year that is judged. document_year : the one the document speaks of, None when it is not known (then what names
    no year is "unknown"). A table row is of its document's year: the dates in its cells are those of single events.
    """
    found: list[Dated] = []
    leading: int | None = None  # of the sentence that opened with a year: holds to the end of its paragraph
    carried: int | None = None  # holds to the end of the sentence
    last_end = 0
    for clause in clauses:
        if "\n" in text[last_end : clause.start]:
            leading = None
        if clause.first:
            carried = leading
        last_end = clause.end
        words = _NAMES.sub(lambda match: " " * len(match.group()), text[clause.start : clause.end])
        own = None if clause.row else _own(words, data_year, document_year)
        if own is not None:
            carried = own
        elif _NOW.search(words):
            carried = None
        if clause.first and (own is not None or carried is None):
            leading = own
        year = carried if carried is not None else document_year
        found.append(Dated(clause, _period(year, data_year), carried))
    return found


def _own(words: str, data_year: int, document_year: int | None) -> int | None:
    """The year a clause speaks of: the data year when it is among those it names, else the nearest to it; None without any."""
    years: list[int] = []
    blotted = words
    for match in _SPAN.finditer(words):
        first = int(match[1])
        last = int(match[2]) if len(match[2]) == 4 else first // 100 * 100 + int(match[2])
        school_year = last == first + 1 and "学年" in match.group()
        years.append(first if school_year else data_year if first <= data_year <= last else last)
        blotted = blotted[: match.start()] + " " * len(match.group()) + blotted[match.end() :]
    for year in find_years(blotted):
        if year.role == "compared" or _OF_A_THING.match(blotted[year.end :]):
            continue
        # 自2016年起 goes on to this day.
        years.append(data_year if year.role in ("from", "since") and year.year <= data_year else year.year)
    last_year = _LAST_YEAR.search(words)
    if not years and document_year is not None and last_year and not _COMPARED.search(words[: last_year.start()]):
        years.append(document_year - 1)
    return min(years, key=lambda year: abs(year - data_year), default=None)


def _period(year: int | None, data_year: int) -> Period:
    if year is None:
        return "unknown"
    return "in" if year == data_year else "earlier" if year < data_year else "later"
