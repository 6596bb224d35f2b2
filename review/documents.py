"""What is stored of a district: every document with its state, every page with its state and reason."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from ingest.tables import Document, Page
from review.errors import UnknownDocumentError
from review.rights import allowed
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
    """One stored document; a duplicate lists the pages of the document it repeats.

    version : 1, 2, … among those of the same label. superseded_by : SHA-256 of the version that counts instead, None = it counts.
    """

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
    version: int
    superseded_by: str | None
    pages: tuple[PageSummary, ...]

    def to_json(self) -> dict[str, Any]:
        """One entry of `documents --json`."""
        return {
            "district": self.district, "cycle": self.cycle, "file": self.file, "sha256": self.sha256, "state": self.state,
            "reason": self.reason, "title": self.title, "type": self.type_code, "year": self.data_year,
            "version": self.version, "superseded_by": self.superseded_by,
            "pages": [{"page": p.page, "label": p.label, "state": p.state, "reason": p.reason, "chars": p.chars} for p in self.pages],
        }  # fmt: skip


@allowed("read_evidence", filters=True)
def list_documents(
    workspace: Workspace, district: str | None = None, cycle: int | None = None, *, replaced: bool = True
) -> list[DocumentSummary]:
    """Stored documents by district, cycle and file name, the versions of one label in their order.

    replaced : False leaves out the versions that count no longer.
    """
    query = (
        select(Document)
        .options(selectinload(Document.pages))
        .where(workspace.actor.visible(Document.district))
        .order_by(Document.district, Document.cycle, Document.file, Document.id)
    )
    if district is not None:
        query = query.where(Document.district == district)
    if cycle is not None:
        query = query.where(Document.cycle == cycle)
    with workspace.store.session() as session:
        documents = session.scalars(query).all()
        by_id = {document.id: document for document in documents}
        versions = _versions(documents)
        return [
            _summary(document, by_id.get(document.duplicate_of or document.id, document).pages, versions)
            for document in documents
            if replaced or document.superseded_by is None
        ]


@allowed("read_evidence", filters=True)
def stored_text(
    workspace: Workspace, name: str, district: str | None = None
) -> list[tuple[DocumentSummary, list[tuple[int, str]]]]:
    """(page number, text) of every document whose file name, or whose SHA-256 in its first characters, is `name`.

    By its file name the version that counts, by its SHA-256 any.
    Raises UnknownDocumentError when there is none.
    """
    query = (
        select(Document)
        .options(selectinload(Document.pages))
        .where(workspace.actor.visible(Document.district))
        .order_by(Document.district, Document.cycle, Document.id)
    )
    if district is not None:
        query = query.where(Document.district == district)
    with workspace.store.session() as session:
        every = session.scalars(query).all()
        chosen = [
            d
            for d in every
            if (d.superseded_by is None and name in (d.file, d.file.rsplit("/", 1)[-1]))
            or (len(name) >= 6 and d.sha256.startswith(name.lower()))
        ]
        if not chosen:
            raise UnknownDocumentError(name)
        by_id = {document.id: document for document in every}
        versions = _versions(every)
        return [
            (_summary(d, pages, versions), [(page.number, page.text) for page in pages])
            for d in chosen
            for pages in [by_id.get(d.duplicate_of or d.id, d).pages]
        ]


@dataclass(frozen=True, slots=True)
class _Version:
    """number : among those of the label. successor : the version that counts instead, None = it counts."""

    number: int
    of: int
    successor: Document | None


def _versions(documents: Sequence[Document]) -> dict[int, _Version]:
    """Of each document which version of its label it is; the one at the end of the chain of replacements counts."""
    by_id = {document.id: document for document in documents}
    labels: dict[tuple[str, int, str], list[Document]] = defaultdict(list)
    for document in sorted(documents, key=lambda one: (one.ingested_at, one.id)):
        labels[document.district, document.cycle, document.file].append(document)
    found = {}
    for group in labels.values():
        for number, document in enumerate(group, 1):
            last = document
            while last.superseded_by in by_id:
                last = by_id[last.superseded_by]
            found[document.id] = _Version(number, len(group), None if last is document else last)
    return found


def _summary(document: Document, pages: Sequence[Page], versions: Mapping[int, _Version]) -> DocumentSummary:
    version = versions[document.id]
    reason = document.reason
    if version.successor is not None:
        number = versions[version.successor.id].number
        reason = f"旧版（第 {version.number} 版），已由第 {number} 版代替，不再计入检索和对应；文字仍可查看。{reason}"
    return DocumentSummary(
        document.id, document.district, document.cycle, document.file, document.sha256, document.state, reason,
        document.title, document.type_code, document.data_year,
        version.number, None if version.successor is None else version.successor.sha256,
        tuple(PageSummary(page.number, page.label, page.state, page.reason, len(page.text)) for page in pages),
    )  # fmt: skip
