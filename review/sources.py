"""The cited page of a document and its original file, for whoever may see the district they belong to."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from ingest.tables import Document, Page
from review.errors import UnknownDocumentError
from review.rights import allowed
from review.workspace import Workspace


@dataclass(frozen=True, slots=True)
class OpenedPage:
    """A page of a document: its label, text and size, and how many pages the document has."""

    number: int
    label: str
    text: str
    spans: list[list[Any]]
    width: float
    height: float
    pages: int
    kind: str = ""
    source: str = ""


@allowed("read_evidence")
def cited_page(workspace: Workspace, district: str, cycle: int, document: int, page: int) -> OpenedPage:
    """The page (1-based) of the stored document of that number. UnknownDocumentError when the district has no such page."""
    with workspace.store.session() as session:
        held = session.scalar(
            select(Document).where(Document.id == document, Document.district == district, Document.cycle == cycle)
        )
        holder = None if held is None else held.duplicate_of or held.id
        found = session.scalar(select(Page).where(Page.document_id == holder, Page.number == page))
        if held is None or found is None:
            raise UnknownDocumentError(f"编号 {document} 第 {page} 页")
        count = session.scalar(select(func.count(Page.id)).where(Page.document_id == holder)) or 0
        return OpenedPage(
            found.number, found.label, found.text, found.spans, found.width, found.height, count, held.kind, found.source
        )  # fmt: skip


@allowed("read_evidence")
def original_file(workspace: Workspace, district: str, cycle: int, sha256: str) -> Path:
    """Where the bytes are kept that were handed in. UnknownDocumentError when the district handed in no such file."""
    query = select(Document.id).where(Document.sha256 == sha256, Document.district == district, Document.cycle == cycle)
    with workspace.store.session() as session:
        if session.scalar(query.limit(1)) is None:
            raise UnknownDocumentError(sha256[:12])
    return workspace.store.original(sha256)
