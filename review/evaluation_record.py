"""Judged questions about a record: which of its passages are relevant, and the record as a collection for any system."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from ingest.tables import Document, Passage
from retrieval.index import embedded_text
from retrieval.tokens import fold
from review.evaluation_answers import JudgedQuestion, Place


@dataclass(frozen=True, slots=True)
class JudgedRecord:
    """passages : key → text with its title and headings. keys : passage id → key. qrels : question → key → grade.

    unplaced : (question, file, quote) of judged words that stand in no stored page; should be empty.
    """

    passages: dict[str, str]
    keys: dict[int, str]
    qrels: dict[str, dict[str, int]] = field(default_factory=dict)
    unplaced: list[tuple[str, str, str]] = field(default_factory=list)


def judged_record(session: Session, district: str, cycle: int, questions: Sequence[JudgedQuestion]) -> JudgedRecord:
    """The passages of one district and cycle, judged by where the quotes stand. A passage gets the highest grade it has for a question."""
    query = select(Passage).join(Document, Passage.document_id == Document.id)
    query = query.where(Document.district == district, Document.cycle == cycle)
    query = query.options(selectinload(Passage.document), selectinload(Passage.page)).order_by(Passage.id)
    stored = list(session.scalars(query))
    record = JudgedRecord(
        {f"p{passage.id}": embedded_text(passage) for passage in stored},
        {passage.id: f"p{passage.id}" for passage in stored},
    )
    by_file: dict[str, list[Passage]] = {}
    for passage in stored:
        by_file.setdefault(passage.document.file, []).append(passage)
    for question in questions:
        grades = record.qrels.setdefault(question.id, {})
        for place in question.places:
            holders = places_of(place, by_file.get(place.file, ()))
            if not holders:
                record.unplaced.append((question.id, place.file, "…".join(place.quote)))
            for passage in holders:
                key = record.keys[passage.id]
                grades[key] = max(grades.get(key, 0), place.grade)
    return record


def places_of(place: Place, passages: Sequence[Passage]) -> list[Passage]:
    """The passages that hold the quote; of a quote cut in two by a passage's end, the one with the greater part."""
    pattern = re.compile(".{0,200}?".join(map(re.escape, place.quote)), re.DOTALL)
    found: list[Passage] = []
    for page_id in dict.fromkeys(passage.page_id for passage in passages):
        of_page = [passage for passage in passages if passage.page_id == page_id]
        folded, origins = fold(of_page[0].page.text)
        for match in pattern.finditer(folded):
            start, end = origins[match.start()], origins[match.end() - 1] + 1
            shared = [(min(end, one.end) - max(start, one.start), -one.start, one) for one in of_page]
            size, _, best = max(shared, key=lambda entry: entry[:2])
            if size > 0 and best not in found:
                found.append(best)
    return found
