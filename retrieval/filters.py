"""Which passages a search may find: the filter is part of every query, in words and in meaning."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVarTuple

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from ingest.tables import Document, EvidenceLink, Passage
from retrieval.collections import Partition
from retrieval.vectors import vector_id

Columns = TypeVarTuple("Columns")
_LEAST_HASH = 6  # characters of a SHA-256 that name a document


@dataclass(frozen=True, slots=True)
class Filters:
    """None = all.

    item : passages with a link to the item that nobody rejected. type_code : evidence type of the document (M F R …).
    year : the year the document speaks of (its data year). document : its file name, with or without folders, or the first
    characters of its SHA-256, at least six; a copy of a document stands for the one that has the pages.
    """

    district: str | None = None
    cycle: int | None = None
    item: str | None = None
    type_code: str | None = None
    year: int | None = None
    document: str | None = None

    @property
    def narrow(self) -> bool:
        """Whether something beyond district and cycle, which have an index of their own, is asked for."""
        return any(value is not None for value in (self.item, self.type_code, self.year, self.document))


def partitions(session: Session, filters: Filters) -> list[Partition]:
    """The partitions that may hold what is asked for; with district and cycle given the one they name, whether it is there or not."""
    if filters.district is not None and filters.cycle is not None:
        return [Partition(filters.district, filters.cycle)]
    query = select(Document.district, Document.cycle).distinct()
    if filters.district is not None:
        query = query.where(Document.district == filters.district)
    if filters.cycle is not None:
        query = query.where(Document.cycle == filters.cycle)
    return sorted(Partition(name, year) for name, year in session.execute(query))


def allowed(session: Session, partition: Partition, filters: Filters) -> dict[int, str] | None:
    """Passages of the partition that pass the filter and can be found: id → vector id; None = no filter within the partition."""
    if not filters.narrow:
        return None
    query = within(select(Passage.id, Passage.key), partition)
    if filters.item is not None:
        query = query.join(EvidenceLink, EvidenceLink.passage_id == Passage.id)
        query = query.where(EvidenceLink.item == filters.item, EvidenceLink.state != "rejected")
    if filters.type_code is not None:
        query = query.where(Document.type_code == filters.type_code)
    if filters.year is not None:
        query = query.where(Document.data_year == filters.year)
    if filters.document is not None:
        named = _named(filters.document)
        holders = select(func.coalesce(Document.duplicate_of, Document.id)).where(
            named, Document.district == partition.district, Document.cycle == partition.cycle
        )
        query = query.where(Document.id.in_(holders))
    return {id_: vector_id(id_, key) for id_, key in session.execute(query)}


def within(query: Select[*Columns], partition: Partition) -> Select[*Columns]:
    """The query on passages, of this partition and already indexed only.

    A passage still to be indexed may have been given the id of a deleted one, with whose words it would be found.
    """
    return query.join(Document, Passage.document_id == Document.id).where(
        Passage.indexed, Document.district == partition.district, Document.cycle == partition.cycle
    )


def _named(name: str) -> ColumnElement[bool]:
    ways: list[ColumnElement[bool]] = [Document.file == name, Document.file.endswith(f"/{name}", autoescape=True)]
    if len(name) >= _LEAST_HASH:
        ways.append(Document.sha256.startswith(name.lower(), autoescape=True))
    return or_(*ways)
