"""What is stored of a district: every document with its state, every page with its state and reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from ingest.tables import Document, Page
from review.errors import UnknownDocumentError
from review.workspace import Workspace

STATE_WORDS = {
    "indexed": "已读取",
    "partly": "部分可读",
    "failed": "不能读取",
    "reading": "正在读取",
    "skipped": "未导入",
}
PAGE_STATE_WORDS = {"text": "文字", "ocr": "文字识别", "empty": "空白", "failed": "不能读取", "waiting": "等待文字识别"}


@dataclass(frozen=True, slots=True)
class PageSummary:
    """chars : length of the stored text."""

    page: int
    label: str
    state: str
    reason: str
    chars: int


@dataclass(frozen=True, slots=True)
class DocumentSummary:
    """One stored document; a duplicate lists the pages of the document it repeats."""

    id: int
    district: str
    cycle: int
    file: str
    sha256: str
    state: str
    reason: str
    title: str
    type_code: str | None
    data_year: int | None
    pages: tuple[PageSummary, ...]

    def to_json(self) -> dict[str, Any]:
        """One entry of `documents --json`."""
        return {
            "district": self.district, "cycle": self.cycle, "file": self.file, "sha256": self.sha256, "state": self.state,
            "reason": self.reason, "title": self.title, "type": self.type_code, "year": self.data_year,
            "pages": [{"page": p.page, "label": p.label, "state": p.state, "reason": p.reason, "chars": p.chars} for p in self.pages],
        }  # fmt: skip


def list_documents(
    workspace: Workspace, district: str | None = None, cycle: int | None = None
) -> list[DocumentSummary]:
    """Stored documents by district, cycle and file name."""
    query = (
        select(Document)
        .options(selectinload(Document.pages))
        .order_by(Document.district, Document.cycle, Document.file, Document.id)
    )
    if district is not None:
        query = query.where(Document.district == district)
    if cycle is not None:
        query = query.where(Document.cycle == cycle)
    with workspace.store.session() as session:
        documents = session.scalars(query).all()
        by_id = {document.id: document for document in documents}
        return [
            _summary(document, by_id.get(document.duplicate_of or document.id, document).pages)
            for document in documents
        ]


def stored_text(
    workspace: Workspace, name: str, district: str | None = None
) -> list[tuple[DocumentSummary, list[tuple[int, str]]]]:
    """(page number, text) of every document whose file name, or whose SHA-256 in its first characters, is `name`.

    Raises UnknownDocumentError when there is none.
    """
    query = (
        select(Document).options(selectinload(Document.pages)).order_by(Document.district, Document.cycle, Document.id)
    )
    if district is not None:
        query = query.where(Document.district == district)
    with workspace.store.session() as session:
        every = session.scalars(query).all()
        chosen = [
            d
            for d in every
            if name in (d.file, d.file.rsplit("/", 1)[-1]) or (len(name) >= 6 and d.sha256.startswith(name.lower()))
        ]
        if not chosen:
            raise UnknownDocumentError(name)
        by_id = {document.id: document for document in every}
        return [
            (_summary(d, pages), [(page.number, page.text) for page in pages])
            for d in chosen
            for pages in [by_id.get(d.duplicate_of or d.id, d).pages]
        ]


def _summary(document: Document, pages: Sequence[Page]) -> DocumentSummary:
    return DocumentSummary(
        document.id, document.district, document.cycle, document.file, document.sha256, document.state, document.reason,
        document.title, document.type_code, document.data_year,
        tuple(PageSummary(page.number, page.label, page.state, page.reason, len(page.text)) for page in pages),
    )  # fmt: skip
