"""Versions of a document: the same label handed in again. The newest that could be read counts; the others stay to be read.

A version that no longer counts keeps its row, its pages and its bytes, and loses its passages, so that search, mapping, facts and
every count by passage see what counts and nothing else. What people confirmed goes on to the passage with the same words.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from ingest.tables import Document, EvidenceLink, Examination, FactRow, Job, Page, Passage

# Called with passages that go, inside the transaction; takes them out of full text and returns the ids of their vectors.
Forget = Callable[[Session, Sequence[Passage]], Sequence[str]]

NEW_VERSION = "换了新版"
_SHOWN = 5
_EXCERPT = 60


@dataclass(frozen=True, slots=True)
class _Lost:
    """A judgement that found no passage with the same words in the new version."""

    subject: str
    words: str


def settle_versions(session: Session, document_id: int, *, forget: Forget) -> list[str]:
    """Decides which version of a document's label counts, now that this one has been read; the work on it is not ended yet.

    Returns the ids of vectors that are to be forgotten once this is committed; they are put on the job of the document as well,
    so that an interruption loses none. Called again it changes nothing.
    """
    document = session.get_one(Document, document_id)
    versions = versions_of(session, document)
    if len(versions) < 2:
        return []
    in_work = set(session.scalars(select(Job.document_id).where(Job.document_id.in_([one.id for one in versions]))))
    done = [one for one in versions if one.id == document_id or one.id not in in_work]
    # A version of which nothing could be read replaces nothing: otherwise a broken file would take away good evidence.
    readable = [one for one in done if one.state != "failed"]
    if not readable:
        return []
    newest = readable[-1]
    newest.superseded_by = None
    orphans: list[str] = []
    lost: list[_Lost] = []
    for one in done[: done.index(newest)]:
        if one.superseded_by is None:
            gone, missing = _retire(session, one, newest, forget)
            orphans += gone
            lost += missing
    if lost:
        newest.findings = [*newest.findings, [NEW_VERSION, _told(newest.file, lost), lost[0].words]]
    job = session.get(Job, document_id)
    if job is not None and orphans:
        job.orphans = [*job.orphans, *orphans]
    session.flush()
    return orphans


def versions_of(session: Session, document: Document) -> list[Document]:
    """All versions of a document's label, in the order in which they were handed in."""
    query = select(Document).where(
        Document.district == document.district, Document.cycle == document.cycle, Document.file == document.file
    )
    return sorted(session.scalars(query), key=lambda one: (one.ingested_at, one.id))


def _retire(session: Session, old: Document, newest: Document, forget: Forget) -> tuple[Sequence[str], list[_Lost]]:
    """Takes a version out of what counts; (ids of vectors to be forgotten, judgements that went with it)."""
    old.superseded_by = newest.id
    copies = select(Document).where(Document.duplicate_of == old.id, Document.superseded_by.is_(None))
    heir = session.scalars(copies.order_by(Document.id)).first()
    if heir is not None:
        _move(session, old, heir)
        return (), []
    passages = session.scalars(select(Passage).where(Passage.document_id == old.id)).all()
    orphans = list(forget(session, passages)) if passages else []
    session.flush()
    holder = newest.duplicate_of or newest.id
    lost = _hand_over(session, passages, holder)
    ids = [passage.id for passage in passages]
    session.execute(delete(EvidenceLink).where(EvidenceLink.passage_id.in_(ids)))
    session.execute(delete(FactRow).where(FactRow.passage_id.in_(ids)))
    session.execute(delete(Passage).where(Passage.id.in_(ids)))
    session.execute(delete(Examination).where(Examination.document_id == old.id))
    session.expire(old)
    return orphans, lost


def _move(session: Session, old: Document, heir: Document) -> None:
    """Another label has the same bytes and still counts: it gets the pages and passages, and the old version refers to it."""
    heir.duplicate_of, heir.reason, heir.indexed_at = None, old.reason, old.indexed_at
    session.flush()
    session.execute(update(Page).where(Page.document_id == old.id).values(document_id=heir.id))
    session.execute(update(Passage).where(Passage.document_id == old.id).values(document_id=heir.id))
    session.execute(update(Document).where(Document.duplicate_of == old.id).values(duplicate_of=heir.id))
    session.execute(delete(Examination).where(Examination.document_id.in_((old.id, heir.id))))
    old.duplicate_of = heir.id
    session.flush()
    session.expire_all()


def _hand_over(session: Session, gone: Sequence[Passage], holder: int) -> list[_Lost]:
    """What people confirmed or rejected goes on to the passage of the new version with the same words; returns what cannot."""
    ids = {passage.id: passage for passage in gone}
    same: dict[str, Passage] = {}
    for passage in session.scalars(select(Passage).where(Passage.document_id == holder).order_by(Passage.id)):
        same.setdefault(_words(passage.text), passage)
    lost: list[_Lost] = []
    judged = select(EvidenceLink).where(EvidenceLink.passage_id.in_(ids), EvidenceLink.state != "proposed")
    for link in session.scalars(judged.order_by(EvidenceLink.id)).all():
        words = _words(ids[link.passage_id].text)
        if (new := same.get(words)) is None:
            lost.append(_Lost(link.item, words[:_EXCERPT]))
            continue
        session.execute(delete(EvidenceLink).where(EvidenceLink.passage_id == new.id, EvidenceLink.item == link.item))
        link.passage_id = new.id
    facts = select(FactRow).where(FactRow.passage_id.in_(ids), FactRow.state != "proposed")
    for fact in session.scalars(facts.order_by(FactRow.id)).all():
        words = _words(ids[fact.passage_id].text)
        twin = None if (new := same.get(words)) is None else _same_fact(session, new, fact)
        if twin is None:
            lost.append(_Lost(fact.metric, words[:_EXCERPT]))
        else:
            twin.state = fact.state
    session.flush()
    return lost


def _same_fact(session: Session, passage: Passage, fact: FactRow) -> FactRow | None:
    """The figure of that passage which says the same as this one."""
    query = select(FactRow).where(FactRow.passage_id == passage.id, FactRow.metric == fact.metric)
    said = (fact.value, fact.unit, fact.year, fact.scope)
    return next((one for one in session.scalars(query) if (one.value, one.unit, one.year, one.scope) == said), None)


def _words(text: str) -> str:
    return "".join(text.split())


def _told(file: str, lost: Sequence[_Lost]) -> str:
    subjects = list(dict.fromkeys(one.subject for one in lost))
    more = "等" if len(subjects) > _SHOWN else ""
    return (
        f"《{file}》换了新版，旧版里已核实的 {len(lost)} 处（{'、'.join(subjects[:_SHOWN])}{more}）在新版中找不到原来的文字，"
        "不再计入，请重新核实。"
    )
