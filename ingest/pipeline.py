"""Bytes → pages → passages → record, one file at a time. A bad file becomes a row with a reason, never an exception.

The steps one after the other, for a single file in a single thread; review.jobs does the same steps for a whole queue, many at
once. Indexing is not part of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from ingest.finish import settle
from ingest.folder import find_files
from ingest.isolate import Limits
from ingest.queue import FileResult, enqueue, result_of
from ingest.reading import read_document
from ingest.recognition import recognise_page
from ingest.store import Store
from ingest.tables import Document, Job, Page, Passage

__all__ = ["FileResult", "find_files", "ingest_file"]


def ingest_file(
    store: Store,
    path: Path,
    *,
    district: str,
    cycle: int,
    label: str,
    on_page: Callable[[int, int], None] | None = None,
    limits: Limits | None = None,
) -> FileResult:
    """Reads a file into the record of a district and cycle, or finds it there already.

    on_page : called with (pages read, pages in all) after each page. Safe to repeat and to interrupt: pages that are stored are
    not read again. Raises DiskFullError, RecordLockedError.
    """
    entry = enqueue(store, path, district=district, cycle=cycle, label=label)
    if entry.document_id is None or entry.state != "reading":
        return entry
    document_id = entry.document_id
    with store.session() as session:
        owner = session.get_one(Document, document_id).duplicate_of or document_id
    read_document(store, owner, on_page=on_page, limits=limits)
    for page_id in _waiting(store, owner):
        recognise_page(store, page_id)
    settle(store, owner, forget=_nothing_indexed)
    store.write(lambda session: session.delete(session.get_one(Job, owner)))
    with store.session() as session:
        return result_of(session, session.get_one(Document, document_id), is_new=entry.is_new)


def _waiting(store: Store, document_id: int) -> list[int]:
    query = select(Page.id).where(Page.document_id == document_id, Page.state == "waiting").order_by(Page.number)
    with store.session() as session:
        return list(session.scalars(query))


def _nothing_indexed(session: Session, passages: Sequence[Passage]) -> list[str]:
    """Passages of a document that was never published are in no index."""
    return []
