"""The searchable form of the evidence: full text in the SQL record, vectors in Chroma. Both derived, both checked against the record."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import numpy as np
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from ingest.store import Store
from ingest.tables import Document, Passage
from retrieval import lexical
from retrieval.collections import Partition
from retrieval.embedder import Embedder, Vectors
from retrieval.errors import RetrievalError
from retrieval.filters import Filters
from retrieval.hybrid import System
from retrieval.search import Hit, search
from retrieval.sentence_vectors import SentenceVectors
from retrieval.vectors import VectorStore, passage_id, vector_id

EMBED_AT_ONCE = 64  # passages that go in together: what was embedded before survives an interruption
READ_STATES = ("indexed", "partly", "failed")  # "reading" is still being taken in

Annotate = Callable[[Session, Sequence[Passage], Vectors], None]


@dataclass(frozen=True, slots=True)
class Difference:
    """What the derived parts of a partition lack, or hold beyond the record (ids of passages and of vectors)."""

    partition: Partition
    missing_text: frozenset[int]
    extra_text: frozenset[int]
    missing_vectors: frozenset[int]
    extra_vectors: frozenset[str]

    def __bool__(self) -> bool:
        return bool(self.missing_text or self.extra_text or self.missing_vectors or self.extra_vectors)

    @property
    def count(self) -> int:
        """How many passages it concerns."""
        return len(
            self.missing_text | self.extra_text | self.missing_vectors | {passage_id(v) for v in self.extra_vectors}
        )


def embedded_text(passage: Passage) -> str:
    """What is embedded and searched: title and section path, then the text. The same for both, and for removing it again."""
    return f"{passage.context}\n{passage.text}" if passage.context else passage.text


class EvidenceIndex:
    """Index and search of one record."""

    def __init__(self, store: Store, home: Path, embedder: Embedder, *, chroma_url: str | None = None) -> None:
        """home : the vectors go to `home`/chroma, unless chroma_url names a server. Opens nothing yet.

        Raises DatabaseKindError when the record is in a database that full text is not written for.
        """
        lexical.full_text(store.engine.dialect.name)
        self.store, self.embedder = store, embedder
        self.vectors = VectorStore(home, embedder.name, url=chroma_url)
        self.sentences = SentenceVectors(embedder)
        self._model_loaded = False

    def search(
        self, text: str, *, district: str | None = None, cycle: int | None = None, item: str | None = None, type_code: str | None = None,
        year: int | None = None, document: str | None = None, k: int = 10, system: System = "hybrid", fold: bool = False,
        around: bool = False,
    ) -> list[Hit]:  # fmt: skip
        """The `k` best passages for a text, best first; the filters as in Filters, the rest as in retrieval.search.search."""
        if system != "bm25":
            self.warm_up()
        filters = Filters(district, cycle, item, type_code, year, document)
        with self.store.session() as session:
            return search(
                session, self.vectors, self.embedder, text, filters=filters, k=k, system=system, fold=fold, around=around
            )  # fmt: skip

    def warm_up(self) -> None:
        """Begins to load the model in the background, so that it is ready when Chroma and LangChain have been imported."""
        if not self._model_loaded:
            # No daemon: ending the process in the middle of the library's own C++ would abort it.
            threading.Thread(target=self._load_model).start()

    def _load_model(self) -> None:
        # An error is not shown here: the search runs into the same one a moment later, and raises it to its caller.
        with suppress(RetrievalError):
            self.embedder.warm_up()
            self._model_loaded = True

    def index_pending(
        self, on_passages: Callable[[int], None] | None = None, *, annotate: Annotate | None = None
    ) -> int:
        """Indexes every document that was read and is not indexed yet; returns the number of passages.

        on_passages : told now and then how many passages are done. annotate : see `index_document`.
        May be interrupted at any point and called again.
        """
        done = 0
        with self.store.session() as session:
            query = select(Document.id).where(Document.indexed_at.is_(None), Document.state.in_(READ_STATES))
            pending = list(session.scalars(query.order_by(Document.id)))
            places = select(Document.district, Document.cycle).where(Document.id.in_(pending)).distinct()
            touched = session.execute(places).all()
        for document_id in pending:
            done += self.index_document(document_id, partial(_tell, on_passages, done), annotate=annotate)
        for district, cycle in touched:
            self.settle(district, cycle)
        return done

    def settle(self, district: str, cycle: int) -> None:
        """Told that nothing more is to come for a while: the first question of the next process is then quicker."""
        self.vectors.keep(Partition(district, cycle))

    def index_document(
        self, document_id: int, tell: Callable[[int], object] = int, *, annotate: Annotate | None = None
    ) -> int:
        """Puts what is not yet found of a document into full text and vectors; returns the number of passages it looked at.

        annotate : proposes links and facts for some passages of the document, in the transaction that makes them found.
        A document that is still being read gets its new passages indexed; one that was read is annotated anew as a whole (its year and
        title are known only now) and marked as indexed. Passages go in `EMBED_AT_ONCE` at a time, each time whole or not at all; after an
        interruption the same call ends as if there had been none.
        """
        with self.store.session() as session:
            document = session.get_one(Document, document_id)
            partition, final = Partition(document.district, document.cycle), document.state in READ_STATES
            ids = [passage.id for passage in document.passages if final or not passage.indexed]
        for at in range(0, len(ids), EMBED_AT_ONCE):
            part = ids[at : at + EMBED_AT_ONCE]
            with self.store.session() as session:
                vectors = self._vectors_of(partition, _in_order(session, part))
            self.store.write(partial(self._enter, partition=partition, ids=part, vectors=vectors, annotate=annotate))
            tell(at + len(part))
        if final:
            self.store.write(partial(mark_indexed, document_id=document_id))
        return len(ids)

    def _enter(
        self, session: Session, *, partition: Partition, ids: Sequence[int], vectors: Vectors, annotate: Annotate | None
    ) -> None:
        passages = _in_order(session, ids)
        self._add_text(session, partition, [passage for passage in passages if not passage.indexed])
        if annotate is not None:
            annotate(session, passages, vectors)
        for passage in passages:
            passage.indexed = True

    def _vectors_of(self, partition: Partition, passages: Sequence[Passage]) -> Vectors:
        """Vectors of the passages, in their order; those not yet in Chroma are made and put there."""
        ids = [vector_id(passage.id, passage.key) for passage in passages]
        present, stored = self.vectors.get(partition, ids)
        known = dict(zip(present, stored, strict=True))
        missing = [(id_, passage) for id_, passage in zip(ids, passages, strict=True) if id_ not in known]
        if missing:
            made = self.embedder.embed_passages([embedded_text(passage) for _, passage in missing])
            self.vectors.upsert(partition, [id_ for id_, _ in missing], made)
            known |= dict(zip((id_ for id_, _ in missing), made, strict=True))
        return np.stack([known[id_] for id_ in ids]) if ids else np.zeros((0, 0), dtype=np.float32)

    def _add_text(self, session: Session, partition: Partition, passages: Sequence[Passage]) -> None:
        """Adds passages to full text. SQL gives ids of deleted rows out again: then the table is written anew."""
        if lexical.holds_any(session, partition, [passage.id for passage in passages]):
            lexical.drop(session, partition)
            passages = list({passage.id: passage for passage in (*_indexed(session, partition), *passages)}.values())
        lexical.add(session, partition, ((passage.id, embedded_text(passage)) for passage in passages))

    def forget(self, session: Session, passages: Sequence[Passage]) -> list[str]:
        """Takes passages of one document out of full text, before they change or go; returns the ids their vectors had.

        The vectors are not in the SQL record: `forget_vectors` is for them, once the change is committed.
        """
        found = [passage for passage in passages if passage.indexed]
        if found:
            document = session.get_one(Document, found[0].document_id)
            partition = Partition(document.district, document.cycle)
            lexical.remove(session, partition, ((passage.id, embedded_text(passage)) for passage in found))
        return [vector_id(passage.id, passage.key) for passage in passages]

    def forget_vectors(self, district: str, cycle: int, ids: Sequence[str]) -> None:
        """Forgets vectors of passages that are no more; ids that are not there are no mistake."""
        self.vectors.delete(Partition(district, cycle), ids)

    def remove_document(self, document_id: int) -> None:
        """Takes a document out of full text and vectors; call it before the document leaves the record."""

        def write(session: Session) -> tuple[Document, list[str]]:
            document = session.get_one(Document, document_id)
            ids = self.forget(session, document.passages)
            document.indexed_at = None
            for passage in document.passages:
                passage.indexed = False
            return document, ids

        document, ids = self.store.write(write)
        self.forget_vectors(document.district, document.cycle, ids)

    def check(self) -> list[Difference]:
        """Where full text or vectors differ from the record; empty when all is well. Raises IndexModelMismatchError."""
        with self.store.session() as session:
            partitions = {
                Partition(district, cycle)
                for district, cycle in session.execute(select(Document.district, Document.cycle).distinct())
            }
            found = [
                self._difference(session, partition)
                for partition in sorted(partitions | set(self.vectors.partitions()))
            ]
        return [difference for difference in found if difference]

    def _difference(self, session: Session, partition: Partition) -> Difference:
        wanted = _vector_ids(session, partition, pending=False)
        text, vectors = lexical.stored(session, partition), self.vectors.stored(partition)
        # Vectors of a document that is just being indexed come before the mark that it is.
        coming = _vector_ids(session, partition, pending=True)
        return Difference(
            partition,
            missing_text=frozenset(wanted.keys() - text),
            extra_text=frozenset(text - wanted.keys()),
            missing_vectors=frozenset(id_ for id_, vector in wanted.items() if vector not in vectors),
            extra_vectors=frozenset(vectors - set(wanted.values()) - set(coming.values())),
        )

    def repair(self) -> int:
        """Makes full text and vectors agree with the record again; returns how many passages it concerned."""
        differences = self.check()
        for difference in differences:
            partition = difference.partition
            self.vectors.delete(partition, difference.extra_vectors)
            with self.store.session() as session:
                passages = {passage.id: passage for passage in _indexed(session, partition)}
                if difference.extra_text:
                    # The words of what is gone are gone too, so single rows cannot be taken out.
                    lexical.drop(session, partition)
                    self._add_text(session, partition, list(passages.values()))
                else:
                    self._add_text(session, partition, [passages[id_] for id_ in sorted(difference.missing_text)])
            missing = [passages[id_] for id_ in sorted(difference.missing_vectors)]
            for at in range(0, len(missing), EMBED_AT_ONCE):
                self._vectors_of(partition, missing[at : at + EMBED_AT_ONCE])
        return sum(difference.count for difference in differences)

    def rebuild(self) -> None:
        """Forgets full text and vectors (of whatever model) and marks every document as pending; index_pending does the rest."""
        for partition in self.vectors.partitions():
            self.vectors.drop(partition)
        with self.store.session() as session:
            lexical.drop_all(session)
            session.execute(update(Passage).values(indexed=False))
            session.execute(update(Document).values(indexed_at=None))


def mark_indexed(session: Session, document_id: int) -> None:
    """Marks a document as indexed, if all of it was read."""
    document = session.get_one(Document, document_id)
    if document.state in READ_STATES:
        document.indexed_at = datetime.now(UTC).replace(tzinfo=None)


def _tell(on_passages: Callable[[int], None] | None, before: int, count: int) -> None:
    if on_passages is not None:
        on_passages(before + count)


def _in_order(session: Session, ids: Sequence[int]) -> list[Passage]:
    """These passages, in the order of their ids as given."""
    found = {passage.id: passage for passage in session.scalars(select(Passage).where(Passage.id.in_(ids)))}
    return [found[id_] for id_ in ids]


def _vector_ids(session: Session, partition: Partition, *, pending: bool) -> dict[int, str]:
    """Passages of a partition with the ids their vectors have: of those that can be found, or of those still to be indexed."""
    query = select(Passage.id, Passage.key).join(Document).where(Passage.indexed.is_(not pending))
    query = query.where(Document.district == partition.district, Document.cycle == partition.cycle)
    return {id_: vector_id(id_, key) for id_, key in session.execute(query)}


def _indexed(session: Session, partition: Partition) -> Sequence[Passage]:
    """Passages of a partition that can be found."""
    query = select(Passage).join(Document).where(Passage.indexed)
    query = query.where(Document.district == partition.district, Document.cycle == partition.cycle)
    return session.scalars(query.order_by(Passage.id)).all()
