"""Sentences found in the evidence on the way to an answer: what ranks them, and which pieces of a passage can answer anything."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.tables import Passage
from retrieval.annotate import group_starts, heading_places
from retrieval.sentences import split_sentences

# Captions, the header row of a table, the district's own points: they say that something is said, or claim, but state nothing.
_NOT_AN_ANSWER = re.compile(r"^表\s?\d|^[^：。]*；[^：。]*；[^：。]*$|^整理：|^[^。！？；：]{0,60}$|^演示数据")


@dataclass(frozen=True, slots=True)
class Found:
    """A sentence at `page.text[start:end]` of a passage, with what ranks it."""

    passage: Passage
    start: int
    end: int
    score: float

    @property
    def text(self) -> str:
        return self.passage.page.text[self.start : self.end]


def answering_places(passage: Passage, *, claims: bool = False) -> list[tuple[int, int]]:
    """The sentences of a passage that can answer something, as offsets in its page.

    claims : the district's own points are asked for; else they answer nothing.
    """
    places = split_sentences(passage.text, group_starts(passage.page, passage))
    placed = ((start + passage.start, end + passage.start) for start, end in places)
    headings = heading_places(passage.page)
    return [
        (start, end)
        for start, end in placed
        if not _NOT_AN_ANSWER.search(passage.page.text[start:end])
        and (claims or "自评得分：" not in passage.page.text[start:end])
        and not any(a <= start < b for a, b in headings)
    ]


def place_around(passage: Passage, start: int, end: int) -> tuple[int, int]:
    """The sentence a fact stands in; the fact's own place when it runs over two."""
    places = split_sentences(passage.text, group_starts(passage.page, passage))
    whole = ((a + passage.start, b + passage.start) for a, b in places)
    return next(((a, b) for a, b in whole if a <= start and end <= b), (start, end))


def one_per_document(found: Sequence[Found], seen: set[int]) -> list[Found]:
    """The best sentence of each document first, then the rest, both in the given order."""
    first: list[Found] = []
    rest: list[Found] = []
    for sentence in found:
        (rest if sentence.passage.document_id in seen else first).append(sentence)
        seen.add(sentence.passage.document_id)
    return first + rest
