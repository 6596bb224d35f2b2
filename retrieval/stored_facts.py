"""The facts of the record with the document each stands in: what answers, conflicts and the facts command read."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from ingest.tables import Document, FactRow, Page, Passage
from retrieval.cite import Citation, cite

NEEDS_CONFIRMATION = "needs_confirmation"
LOW_CONFIDENCE = 85  # percent; below it a figure read from a picture is to be looked at before it counts
_ABOUT = ("约", "近", "余", "多")


@dataclass(frozen=True, slots=True)
class StoredFact:
    """A stored fact. `start`, `end` in the page's text.

    state : proposed or confirmed (rejected ones are left out); needs_confirmation for one that text recognition read from a
        table, or read with low confidence, until a person confirms it.
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
        select(FactRow, Page, Document)
        .join(Passage, FactRow.passage_id == Passage.id)
        .join(Page, Passage.page_id == Page.id)
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
    return [
        StoredFact(
            row.id, row.passage_id, row.metric, Decimal(row.value), row.unit, row.year, row.scope, row.start, row.end, _state(row, page),
            any(word in page.text[row.start : row.end] for word in _ABOUT), document.file, document.district, document.cycle,
        )
        for row, page, document in session.execute(query)
    ]  # fmt: skip


def _state(row: FactRow, page: Page) -> str:
    if row.state != "proposed" or page.state != "ocr":
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
