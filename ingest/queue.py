"""What is still to be read: files come in here, and every step asks here for its next work.

The queue is the tables `jobs` and `pages` themselves, so there is no second book that could disagree with the record. A row of
`jobs` is there from the moment a file is handed in until its last passage is indexed; a page in state "waiting" is work for
text recognition. Whoever works on the queue holds the lock of the data folder (review.jobs); handing files in needs no lock.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from ingest.errors import MissingFileError
from ingest.folder import skip_reason
from ingest.originals import keep
from ingest.store import Store
from ingest.tables import Document, Job, Page, Passage

READ, RECOGNISE, INDEX = "read", "recognise", "index"


@dataclass(frozen=True, slots=True)
class FileResult:
    """What became of a file.

    document_id : None when there is no row: skipped, or not there.
    state : "indexed", "partly", "failed", "reading" as in the record, or "skipped". reason : Chinese sentence, "" when all was read.
    pages : rows in the record. is_new : False when the same content was already there under this label.
    """

    document_id: int | None
    file: str
    state: str
    reason: str
    pages: int
    is_new: bool


@dataclass(frozen=True, slots=True)
class Progress:
    """How far documents are. files, pages, passages : done and in all, as far as is known by now.

    to_recognise : pages that need text recognition, done and in all; they are among `pages`, too.
    """

    files_done: int
    files: int
    pages_done: int
    pages: int
    recognised: int
    to_recognise: int
    passages_done: int
    passages: int

    @property
    def finished(self) -> bool:
        """Whether nothing is left to do for these documents."""
        return self.files_done == self.files


def enqueue(
    store: Store, path: Path, *, district: str, cycle: int, label: str, permit: Callable[[Session], None] | None = None
) -> FileResult:
    """Hands a file in: keeps its bytes and puts it into the queue, unless it is there already. Safe to repeat and to interrupt.

    Another content under a label that is there is a new version of it; an older version handed in again becomes the newest.
    permit : asked within the transaction, before anything new is taken in; what it raises is raised, and nothing is stored.
    Raises DiskFullError, RecordLockedError.
    """
    if reason := skip_reason(path, label):
        return FileResult(None, label, "skipped", reason, 0, False)
    try:
        sha256, size = keep(store, path, label)
    except MissingFileError as exc:
        return FileResult(None, label, "failed", str(exc), 0, False)

    def claim(session: Session) -> FileResult:
        same = select(Document).where(Document.district == district, Document.cycle == cycle, Document.sha256 == sha256)
        document = session.scalars(same.where(Document.file == label)).first()
        if document is not None and (document.superseded_by is None or _in_work(session, document.id)):
            return result_of(session, document, is_new=document.state == "reading")
        if permit is not None:
            permit(session)
        now = datetime.now(UTC).replace(tzinfo=None)
        label_there = select(Document.id).where(
            Document.district == district, Document.cycle == cycle, Document.file == label
        )
        is_version = session.scalars(label_there.limit(1)).first() is not None
        if document is None:
            document = Document(
                district=district, cycle=cycle, file=label, sha256=sha256, size=size, state="reading", facts={}, ingested_at=now
            )  # fmt: skip
            session.add(document)
            session.flush()
        else:
            # Read anew: its passages went when it was replaced, and nobody can say what else would be missing.
            session.execute(delete(Page).where(Page.document_id == document.id))
            session.expire(document)
            document.state, document.reason, document.ingested_at, document.indexed_at = "reading", "", now, None
            document.duplicate_of = None
        # One that was replaced has no passages: it cannot stand for another document.
        first = session.scalars(
            same.where(
                Document.duplicate_of.is_(None), Document.superseded_by.is_(None), Document.id != document.id
            ).order_by(Document.id)
        ).first()
        if first is None:
            session.add(Job(document_id=document.id, stage=READ, queued_at=now, defects=[], orphans=[]))
        else:
            document.duplicate_of = first.id
            take_over(document, first)
            if is_version:  # there is nothing to read, but the older versions are to be replaced
                session.add(Job(document_id=document.id, stage=INDEX, queued_at=now, defects=[], orphans=[]))
        session.flush()
        return result_of(session, document, is_new=True)

    return store.write(claim)


def _in_work(session: Session, document_id: int) -> bool:
    return session.get(Job, document_id) is not None


def take_over(document: Document, first: Document) -> None:
    """Gives a document that repeats another one's bytes what is known of that one."""
    document.state, document.kind, document.title = first.state, first.kind, first.title
    document.type_code, document.data_year, document.facts = first.type_code, first.data_year, first.facts
    document.findings = first.findings
    document.reason = f"《{document.file}》与《{first.file}》内容完全相同，不重复读取，请核对是否应为不同材料。"


def result_of(session: Session, document: Document, *, is_new: bool) -> FileResult:
    """What the record says of a document now."""
    pages = session.scalar(select(func.count(Page.id)).where(Page.document_id == document.id)) or 0
    return FileResult(document.id, document.file, document.state, document.reason, pages, is_new)


def next_document(store: Store, stage: str, *, besides: Collection[int] = ()) -> int | None:
    """The document that came first of those in this stage, None when there is none. besides : already being worked on."""
    query = select(Job.document_id).where(Job.stage == stage, Job.document_id.not_in(besides))
    with store.session() as session:
        return session.scalars(query.order_by(Job.document_id).limit(1)).first()


def next_waiting_page(store: Store, *, besides: Collection[int] = ()) -> int | None:
    """The first page (id) that waits for recognition, in the order of documents and pages; None when none does."""
    query = select(Page.id).join(Job, Job.document_id == Page.document_id)
    query = query.where(Page.state == "waiting", Page.id.not_in(besides))
    with store.session() as session:
        return session.scalars(query.order_by(Page.document_id, Page.number).limit(1)).first()


def next_settled(store: Store) -> int | None:
    """The first document whose pages are all final, but not yet described and cut."""
    waiting = select(Page.id).where(Page.document_id == Job.document_id, Page.state == "waiting").exists()
    query = select(Job.document_id).where(Job.stage == RECOGNISE, ~waiting)
    with store.session() as session:
        return session.scalars(query.order_by(Job.document_id).limit(1)).first()


def next_to_publish(store: Store, *, least: int) -> int | None:
    """The first document with enough new pages to make them findable before it is finished; None when none has.

    Enough : twice as many as were published last, so that a long document is cut a few times rather than a hundred; at least
    `least` while it is being read, one when it only waits for recognition.
    """
    final = func.count(Page.id)
    query = (
        select(Job.document_id, Job.stage, Job.published, final)
        .join(Page, Page.document_id == Job.document_id)
        .where(Job.stage.in_((READ, RECOGNISE)), Page.state.in_(("text", "ocr")))
        .group_by(Job.document_id, Job.stage, Job.published)
        .order_by(Job.document_id)
    )
    with store.session() as session:
        for document_id, stage, published, pages in session.execute(query):
            if pages >= max(2 * published, least if stage == READ else 1):
                return int(document_id)
    return None


def is_empty(store: Store) -> bool:
    """Whether nothing is left to do for any document."""
    with store.session() as session:
        return session.scalars(select(Job.document_id).limit(1)).first() is None


def documents_in_work(store: Store) -> list[int]:
    """Ids of the documents that are not finished, in order."""
    with store.session() as session:
        return list(session.scalars(select(Job.document_id).order_by(Job.document_id)))


def places_in_work(store: Store) -> list[tuple[str, int]]:
    """(district, cycle) of the documents that are not finished."""
    query = select(Document.district, Document.cycle).join(Job, Job.document_id == Document.id).distinct()
    with store.session() as session:
        return sorted((name, year) for name, year in session.execute(query))


def progress_of(store: Store, documents: Sequence[int]) -> Progress:
    """How far these documents are."""
    chosen = list(documents)
    with store.session() as session:
        jobs = {job.document_id: job for job in session.scalars(select(Job).where(Job.document_id.in_(chosen)))}
        # Grouped from outside: PostgreSQL does not see that two expressions with parameters of their own are the same.
        pages = select(
            Page.document_id, (Page.state == "waiting").label("waits"), (Page.source != "").label("pictured")
        )
        kind = pages.where(Page.document_id.in_(chosen)).subquery().c
        counts = select(kind.document_id, kind.waits, kind.pictured, func.count())
        rows = session.execute(counts.group_by(kind.document_id, kind.waits, kind.pictured)).all()
        cuts = select(func.count(Passage.id), func.count(Passage.id).filter(Passage.indexed))
        passages, indexed = session.execute(cuts.where(Passage.document_id.in_(chosen))).one()
    stored: dict[int, int] = {}
    for document_id, _, _, number in rows:
        stored[document_id] = stored.get(document_id, 0) + number
    known = {id_: max(count, jobs[id_].pages if id_ in jobs else 0) for id_, count in stored.items()}
    known |= {id_: job.pages for id_, job in jobs.items() if id_ not in known}
    return Progress(
        len(chosen) - len(jobs), len(chosen),
        sum(number for _, waits, _, number in rows if not waits), sum(known.values()),
        sum(number for _, waits, pictured, number in rows if pictured and not waits),
        sum(number for _, _, pictured, number in rows if pictured),
        indexed, passages,
    )  # fmt: skip
