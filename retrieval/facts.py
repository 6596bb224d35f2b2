"""Reads facts from a passage: which metric, what value, which year, for whom - each with its exact place.

Only what the words state is taken.  A target (达到 80% 以上, 力争), a change (提高 4.2 个百分点), a comparison (高于全市平均)
or a number two metrics could claim is left to the reader: a fact that is missing is found by a person, a wrong one is believed.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from decimal import Decimal

from retrieval.fact_parts import Stated
from retrieval.fact_rows import row_facts
from retrieval.fact_sentences import sentence_facts
from retrieval.metrics import Metrics
from retrieval.numbers import Year, find_years
from retrieval.revisions import is_revision
from retrieval.sentences import is_row, split_sentences


@dataclass(frozen=True, slots=True)
class Fact:
    """A metric's value as stated at `text[start:end]` of the text it was read from.

    value : in the metric's unit, exact.  year : None when neither the text nor the document says one.
    scope : "全区", or the town, school or group the value speaks of.  approximate : 约, 近, 余.
    plausible : False when the value lies outside the metric's range: a slip of the pen or of recognition, to be looked at.
    revised : the sentence or the title says that it corrects a figure given before.
    """

    metric: str
    value: Decimal
    unit: str
    year: int | None
    scope: str
    start: int
    end: int
    approximate: bool = False
    plausible: bool = True
    revised: bool = False


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
    district : its name is no scope of its own.  breaks : as for `split_sentences`.
    """
    found: list[Fact] = []
    carried: Year | None = None
    before = ""
    for start, end in split_sentences(text, breaks):
        sentence = text[start:end]
        stated: list[Stated]
        if is_row(sentence):
            stated = row_facts(sentence, metrics, default_year=default_year, context=context, district=district)
        else:
            carried = _leading_year(sentence) or carried
            year = carried.year if carried else default_year
            stated = sentence_facts(
                sentence,
                metrics,
                year=year,
                context=context,
                district=district,
                near=before,
                document_year=default_year,
            )
            before = sentence
        revised = bool(stated) and is_revision(sentence, context.split("\n")[0])
        found += [_at(fact, start, revised) for fact in stated]
        if text[end : end + 1] == "\n":
            # A year holds to the end of its paragraph.
            carried, before = None, ""
    unique = {(fact.metric, fact.value, fact.year, fact.scope): fact for fact in reversed(found)}
    return sorted(unique.values(), key=lambda fact: (fact.start, fact.metric))


def shifted(fact: Fact, offset: int) -> Fact:
    """The fact with its place counted from `offset` further left."""
    return replace(fact, start=fact.start + offset, end=fact.end + offset)


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


def _at(stated: Stated, offset: int, revised: bool) -> Fact:
    metric = stated.metric
    return Fact(
        metric.id, stated.value, metric.unit, stated.year, stated.scope, stated.start + offset, stated.end + offset,
        stated.approximate, stated.plausible, revised,
    )  # fmt: skip
