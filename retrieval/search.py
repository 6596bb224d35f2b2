"""Finds passages for a text: by words and by meaning, fused, filtered by district, cycle and item inside the query."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from ingest.tables import Document, EvidenceLink, Passage
from retrieval import lexical
from retrieval.cite import Citation, cite
from retrieval.collections import Partition
from retrieval.embedder import Embedder, Vectors
from retrieval.hybrid import System, fuse
from retrieval.vectors import VectorStore, passage_id, vector_id

POOL = 100  # how many of the best by words, and by meaning, are put together


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found.

    rank : 1 = best. score : 0..1, for this ranking only. cosine : likeness of meaning to the text, comparable between searches;
    None when only words were asked for. items : items it is proposed or confirmed for, with confidence, best first.
    """

    rank: int
    score: float
    cosine: float | None
    passage_id: int
    key: str
    text: str
    document_id: int
    file: str
    district: str
    cycle: int
    page: int
    items: tuple[tuple[str, float], ...]
    citation: Citation


def search(
    session: Session, vectors: VectorStore, embedder: Embedder, text: str, *, district: str | None = None, cycle: int | None = None,
    item: str | None = None, k: int = 10, system: System = "hybrid",
) -> list[Hit]:  # fmt: skip
    """The `k` best passages, best first; fewer when fewer fit.

    district, cycle : only this district or evaluation year; None = all. item : only passages with a link to the item that nobody rejected.
    """
    if not text.strip() or k < 1:
        return []
    partitions = _partitions(session, district, cycle)
    if not partitions:
        return []
    pool = max(POOL, k)
    linked = None if item is None else _linked(session, partitions, item)
    words: dict[int, float] = {}
    meaning: dict[int, float] = {}
    question = None
    if system != "bm25":
        vectors.open()  # first: the model loads in another thread meanwhile
        question = np.asarray(embedder.embed_query(text), dtype=np.float32)
    for partition in partitions:
        only = None if linked is None else linked[partition]
        found = {} if system == "dense" else lexical.search(session, partition, text, limit=pool, among=only)
        near = {} if question is None else _nearest(vectors, partition, question, pool, only)
        # Checked against the record: a derived index may for a moment hold what the record has no more.
        valid = _vector_ids(session, partition, found.keys() | {passage_id(id_) for id_ in near})
        words |= {id_: score for id_, score in found.items() if id_ in valid}
        if question is not None:
            near |= vectors.cosines(
                partition, question, {valid[id_] for id_ in found.keys() & valid.keys()} - near.keys()
            )
            meaning |= {id_: near[vector] for id_, vector in valid.items() if vector in near}
    ranked = fuse(words, meaning, system=system)[:k]
    return _hits(session, ranked, meaning)


def _partitions(session: Session, district: str | None, cycle: int | None) -> list[Partition]:
    query = select(Document.district, Document.cycle).distinct()
    if district is not None:
        query = query.where(Document.district == district)
    if cycle is not None:
        query = query.where(Document.cycle == cycle)
    return sorted(Partition(name, year) for name, year in session.execute(query))


def _linked(session: Session, partitions: list[Partition], item: str) -> Mapping[Partition, Mapping[int, str]]:
    """Passages with a link to the item that nobody rejected: id → vector id, by partition."""
    query = (
        select(Passage.id, Passage.key, Document.district, Document.cycle)
        .join(Document, Passage.document_id == Document.id)
        .join(EvidenceLink, EvidenceLink.passage_id == Passage.id)
        .where(EvidenceLink.item == item, EvidenceLink.state != "rejected")
    )
    found: dict[Partition, dict[int, str]] = {partition: {} for partition in partitions}
    for id_, key, name, year in session.execute(query):
        partition = Partition(name, year)
        if partition in found:
            found[partition][id_] = vector_id(id_, key)
    return found


def _nearest(
    vectors: VectorStore, partition: Partition, question: Vectors, pool: int, only: Mapping[int, str] | None
) -> dict[str, float]:  # fmt: skip
    """Vector ids of the `pool` nearest passages with their cosines; of those in `only` when given, without approximation."""
    if only is not None:
        exact = vectors.cosines(partition, question, only.values())
        return dict(sorted(exact.items(), key=lambda pair: (-pair[1], pair[0]))[:pool])
    return vectors.query(partition, question, pool)


def _vector_ids(session: Session, partition: Partition, ids: Collection[int]) -> dict[int, str]:
    """Of these passages, those that are in the record under this partition and indexed, with the id their vector must have.

    A passage still to be indexed may have been given the id of a deleted one, with whose words it would be found.
    """
    query = (
        select(Passage.id, Passage.key)
        .join(Document)
        .where(Passage.id.in_(ids), Passage.indexed)
        .where(Document.district == partition.district, Document.cycle == partition.cycle)
    )
    return {id_: vector_id(id_, key) for id_, key in session.execute(query)}


def _hits(session: Session, ranked: Sequence[tuple[int, float]], meaning: Mapping[int, float]) -> list[Hit]:
    """The ranked passages with their citations."""
    query = select(Passage).where(Passage.id.in_([id_ for id_, _ in ranked]))
    query = query.options(selectinload(Passage.document), selectinload(Passage.page), selectinload(Passage.links))
    passages = {passage.id: passage for passage in session.scalars(query)}
    return [
        _hit(session, rank, passages[id_], score, meaning.get(id_)) for rank, (id_, score) in enumerate(ranked, start=1)
    ]


def _hit(session: Session, rank: int, passage: Passage, score: float, cosine: float | None) -> Hit:
    document = passage.document
    return Hit(
        rank, score, cosine, passage.id, passage.key, passage.text, document.id, document.file, document.district, document.cycle,
        passage.page.number, tuple((link.item, link.confidence) for link in passage.links if link.state != "rejected"),
        cite(session, passage, passage.start, passage.end),
    )  # fmt: skip
