"""The facts of the record with the document each stands in: what answers, conflicts and the facts command read."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from pathlib import PurePosixPath

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from ingest.tables import Document, FactRow, Page, Passage
from retrieval.cite import Citation, cite
from retrieval.metrics import load_metrics
from retrieval.numbers import find_numbers
from retrieval.revisions import is_revision

NEEDS_CONFIRMATION = "needs_confirmation"
PAGES_AT_ONCE = 500  # databases take only so many values in one question
LOW_CONFIDENCE = 85  # percent; below it a figure read from a picture is to be looked at before it counts


@dataclass(frozen=True, slots=True)
class StoredFact:
    """A stored fact. `start`, `end` in the page's text.

    state : proposed or confirmed (rejected ones are left out); needs_confirmation for one that text recognition read from a
        table, or read with low confidence, or that lies outside its metric's range, until a person confirms it.
    plausible : whether the value lies in the range its metric can have.  revised : the sentence or the file's name says that it
        corrects a figure given before.
    """

    row_id: int
    passage_id: int
    metric: str
    value: Decimal
    unit: str
    year: int | None
    scope: str
    start: int
    end: int
    state: str
    approximate: bool
    file: str
    district: str
    cycle: int
    plausible: bool = True
    revised: bool = False

    @property
    def needs_confirmation(self) -> bool:
        """Whether the figure must be confirmed by a person before any rule may use it."""
        return self.state == NEEDS_CONFIRMATION

    @property
    def shown(self) -> str:
        """Value and unit as people write them."""
        return f"{format(self.value, 'f')}{self.unit}"


def stored_facts(
    session: Session, *, district: str | None = None, cycle: int | None = None, metrics: Collection[str] | None = None
) -> list[StoredFact]:
    """The facts of a district and cycle (None = all), of these metrics (None = all), in the order of the documents."""
    query = (
        select(FactRow, Passage.page_id, Document)
        .join(Passage, FactRow.passage_id == Passage.id)
        .join(Document, Passage.document_id == Document.id)
        .where(FactRow.state != "rejected")
        .order_by(Document.id, FactRow.start, FactRow.id)
    )
    if district is not None:
        query = query.where(Document.district == district)
    if cycle is not None:
        query = query.where(Document.cycle == cycle)
    if metrics is not None:
        query = query.where(FactRow.metric.in_(metrics))
    rows = session.execute(query).all()
    # Each page once: joined, its words and spans would be read again with every fact of it.
    wanted = sorted({page_id for _, page_id, _ in rows})
    pages: dict[int, Page] = {}
    for start in range(0, len(wanted), PAGES_AT_ONCE):
        found = select(Page).where(Page.id.in_(wanted[start : start + PAGES_AT_ONCE])).options(defer(Page.char_boxes))
        pages |= {page.id: page for page in session.scalars(found)}
    return [
        StoredFact(
            row.id, row.passage_id, row.metric, Decimal(row.value), row.unit, row.year, row.scope, row.start, row.end, _state(row, page),
            _is_about(page.text, row), document.file, document.district, document.cycle, _in_range(row),
            is_revision(_around(page.text, row), PurePosixPath(document.file).stem),
        )
        for row, page_id, document in rows
        for page in (pages[page_id],)
    ]  # fmt: skip


def _is_about(text: str, row: FactRow) -> bool:
    """Whether the words of a fact say 约 of its number; the 多 of 多媒体 and the 近 of 最近 say nothing."""
    return any(number.approximate for number in find_numbers(text[row.start : row.end + 2]))


def _in_range(row: FactRow) -> bool:
    metric = load_metrics().by_id.get(row.metric)
    return metric is None or metric.low <= Decimal(row.value) <= metric.high


def _around(text: str, row: FactRow) -> str:
    """The sentence or row a fact stands in."""
    start = max(text.rfind(mark, 0, row.start) for mark in "。\n") + 1
    ends = [place for mark in "。\n" if (place := text.find(mark, row.end)) >= 0]
    return text[start : min(ends, default=len(text))]


def _state(row: FactRow, page: Page) -> str:
    if row.state != "proposed":
        return row.state
    if not _in_range(row):
        return NEEDS_CONFIRMATION
    if page.state != "ocr":
        return row.state
    for start, end, kind, _group, locator in page.spans:
        confidence = locator.get("confidence")
        if confidence is None or start >= row.end or end <= row.start:
            continue
        if kind == "cell" or confidence < LOW_CONFIDENCE:
            return NEEDS_CONFIRMATION
    return row.state


def fact_citation(session: Session, fact: StoredFact) -> Citation:
    """The words that state the fact."""
    return cite(session, session.get_one(Passage, fact.passage_id), fact.start, fact.end)
