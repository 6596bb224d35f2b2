"""Describes a document and cuts its passages from the stored pages, always in the same way.

Everything here is computed from what is in the record, never from what a process happened to remember, so that a reading
that was interrupted ends exactly as one that was not. It can be done early, with the pages there are (`publish`), and is done at
the end (`settle`); passages that did not change keep their rows, and with them what people said about them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from ingest.describe import Description, describe
from ingest.page_rows import pages_of
from ingest.pages import ParsedPage
from ingest.passages import Slice, cut
from ingest.queue import INDEX, take_over
from ingest.store import Store
from ingest.tables import Document, EvidenceLink, Examination, FactRow, Job, Page, Passage

# Called with passages that change or go, inside the transaction; takes them out of full text and returns the ids of their vectors.
Forget = Callable[[Session, Sequence[Passage]], Sequence[str]]

_MOST_REASONS = 4
_MOST_NUMBERS = 20


@dataclass(frozen=True, slots=True)
class _Cut:
    """A document as its stored pages show it."""

    pages: list[ParsedPage]
    description: Description
    slices: list[Slice]


def publish(store: Store, document_id: int, *, forget: Forget) -> None:
    """Makes passages of the pages that are final so far. The document stays in state "reading"."""
    found = _cut(store, document_id)
    readable = sum(page.state in ("text", "ocr") for page in found.pages)

    def write(session: Session) -> None:
        document, job = session.get_one(Document, document_id), session.get_one(Job, document_id)
        _describe(document, found.description)
        job.orphans = [*job.orphans, *_replace(session, document, found, forget)]
        job.published = readable

    store.write(write)


def settle(store: Store, document_id: int, *, forget: Forget) -> None:
    """Describes the document, cuts its passages and settles its state, in one transaction; what remains is to index it."""
    found = _cut(store, document_id)

    def write(session: Session) -> None:
        document, job = session.get_one(Document, document_id), session.get_one(Job, document_id)
        _describe(document, found.description)
        document.state, document.reason = state_of(document.file, job.refusal, job.defects, found.pages)
        job.orphans = [*job.orphans, *_replace(session, document, found, forget)]
        job.stage = INDEX
        for copy in session.scalars(select(Document).where(Document.duplicate_of == document_id)):
            take_over(copy, document)

    store.write(write)


def settle_failed(store: Store, document_id: int, why: str) -> None:
    """Ends a document that cannot be described or cut: its pages stay, nothing of it is indexed. why : Chinese sentence."""

    def write(session: Session) -> None:
        document, job = session.get_one(Document, document_id), session.get_one(Job, document_id)
        document.state, document.reason = "failed", why
        job.stage = INDEX
        for copy in session.scalars(select(Document).where(Document.duplicate_of == document_id)):
            take_over(copy, document)

    store.write(write)


def _cut(store: Store, document_id: int) -> _Cut:
    with store.session() as session:
        document, job = session.get_one(Document, document_id), session.get_one(Job, document_id)
        pages = pages_of(session, document_id)
    description = describe(document.file, document.kind, pages, job.title, expected_year=document.cycle - 1)
    return _Cut(pages, description, list(cut(pages, description.title)))


def _describe(document: Document, found: Description) -> None:
    document.title, document.type_code, document.data_year = found.title, found.type_code, found.data_year
    document.facts = found.facts


def _replace(session: Session, document: Document, found: _Cut, forget: Forget) -> Sequence[str]:
    """Makes the passages of the record those of `found`; returns the ids of vectors that are to be forgotten."""
    session.execute(
        delete(Examination).where(Examination.document_id == document.id)
    )  # it looked at what was there before
    ids = {page.number: page.id for page in session.scalars(select(Page).where(Page.document_id == document.id))}
    texts = {page.number: page.text for page in found.pages}
    there = {
        passage.key: passage for passage in session.scalars(select(Passage).where(Passage.document_id == document.id))
    }
    wanted = {f"{document.sha256[:16]}-{piece.number}-{piece.start}-{piece.end}": piece for piece in found.slices}
    gone = [passage for key, passage in there.items() if key not in wanted]
    renamed = [there[key] for key, piece in wanted.items() if key in there and there[key].context != piece.context]
    orphans = forget(session, [*gone, *renamed])
    for passage in renamed:
        passage.context, passage.indexed = wanted[passage.key].context, False
    added = [
        Passage(
            key=key,
            document_id=document.id,
            page_id=ids[piece.number],
            start=piece.start,
            end=piece.end,
            text=texts[piece.number][piece.start : piece.end],
            context=piece.context,
        )
        for key, piece in wanted.items()
        if key not in there
    ]
    session.add_all(added)
    session.flush()
    _hand_over(session, gone, [*added, *renamed, *(there[key] for key in wanted if key in there)])
    for passage in gone:
        session.execute(delete(EvidenceLink).where(EvidenceLink.passage_id == passage.id))
        session.execute(delete(FactRow).where(FactRow.passage_id == passage.id))
        session.execute(delete(Passage).where(Passage.id == passage.id))
    return orphans


def _hand_over(session: Session, gone: Sequence[Passage], staying: Sequence[Passage]) -> None:
    """What people confirmed or rejected goes on to the passage that now has the place; only proposals go with the old one."""
    ids = [passage.id for passage in gone]
    if not ids:
        return
    old = {passage.id: passage for passage in gone}
    links = select(EvidenceLink).where(EvidenceLink.passage_id.in_(ids), EvidenceLink.state != "proposed")
    for link in session.scalars(links).all():
        heir = _heir(old[link.passage_id].page_id, old[link.passage_id].start, staying)
        if heir is not None:
            session.execute(
                delete(EvidenceLink).where(EvidenceLink.passage_id == heir.id, EvidenceLink.item == link.item)
            )
            link.passage_id = heir.id
    facts = select(FactRow).where(FactRow.passage_id.in_(ids), FactRow.state != "proposed")
    for fact in session.scalars(facts).all():
        heir = _heir(old[fact.passage_id].page_id, fact.start, staying)
        if heir is not None:
            fact.passage_id = heir.id
    session.flush()


def _heir(page_id: int, place: int, staying: Sequence[Passage]) -> Passage | None:
    """The passage that covers this place of this page."""
    return next((one for one in staying if one.page_id == page_id and one.start <= place < one.end), None)


def state_of(file: str, refusal: str, defects: Sequence[str], pages: Sequence[ParsedPage]) -> tuple[str, str]:
    """State and reason of the whole document."""
    if refusal and not pages:
        return "failed", refusal
    failed = [page for page in pages if page.state == "failed"]
    read = [page for page in pages if page.state in ("text", "ocr")]
    told = [page.reason for page in pages if page.reason and page.state != "empty"]
    reasons = list(dict.fromkeys([*defects, *told, *([refusal] if refusal else [])]))
    if not read and not failed:
        return "failed", f"《{file}》里没有任何文字，请核对是否传错文件。"
    if failed and not read and len(failed) > 1 and len(failed) == len(pages):
        return "failed", f"《{file}》共 {len(pages)} 页，全部没有读到文字。{failed[0].reason}"
    if len(failed) > 1:
        listed = "、".join(str(page.number) for page in failed[:_MOST_NUMBERS]) + (
            "等" if len(failed) > _MOST_NUMBERS else ""
        )
        reasons.insert(0, f"《{file}》共 {len(pages)} 页，第 {listed} 页没有读到文字。")
    shown = reasons[:_MOST_REASONS]
    if len(reasons) > _MOST_REASONS:
        shown.append(f"另有 {len(reasons) - _MOST_REASONS} 条说明，见各页。")
    state = "failed" if failed and not read else "partly" if failed or refusal else "indexed"
    return state, "".join(shown)
