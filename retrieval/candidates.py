"""Gathers what may fit a text: the best by words, by meaning, by exact figures and by proposed links, as they stand in the record."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ingest.tables import EvidenceLink, Passage
from retrieval import lexical
from retrieval.collections import Partition
from retrieval.embedder import Vectors
from retrieval.filters import Filters, allowed, within
from retrieval.official_query import OfficialQuery
from retrieval.search_text import SearchText
from retrieval.vectors import BREADTH, LEAST_BREADTH, VectorStore, passage_id, vector_id
from retrieval.word_scores import folded

POOL: Final = 100  # how many of the best by words, and by meaning, are looked at
# A filter that leaves no more than this has every passage it leaves looked at: then nothing is approximate.
EXACT: Final = 1000
_SETTLED: Final = {"confirmed": 1.0}  # what a person said outweighs any confidence


@dataclass(slots=True)
class Candidates:
    """Passages that may fit, in no order.

    texts : id → folded title, headings and text. cosines : id → likeness of meaning, of all of them unless only words are asked for.
    frequency, total : in how many of all passages of the partitions a token stands. shares : id → 0..1, how surely the passage is
    for one of the items the text is the wording of.
    """

    texts: dict[int, str] = field(default_factory=dict)
    cosines: dict[int, float] = field(default_factory=dict)
    frequency: dict[str, int] = field(default_factory=dict)
    total: int = 0
    shares: dict[int, float] = field(default_factory=dict)


def gather(
    session: Session, vectors: VectorStore, partitions: Sequence[Partition], filters: Filters, asked: SearchText,
    question: Callable[[], Vectors], official: OfficialQuery, pool: int = POOL,
) -> Candidates:  # fmt: skip
    """Candidates of all partitions. question : gives the text's vector, shape (dim,), asked for after the words were looked up."""
    found = Candidates()
    terms = asked.words[: lexical.MOST_TERMS]
    for partition in partitions:
        only = allowed(session, partition, filters)
        if only is not None and not only:
            continue
        frequency, total = lexical.frequencies(session, partition, terms)
        found.total += total
        for term, passages in frequency.items():
            found.frequency[term] = found.frequency.get(term, 0) + passages
        if only is not None and len(only) <= EXACT:
            ids = set(only)
        else:
            ids = _by_words(session, partition, frequency, asked, pool, only)
            ids |= _by_links(session, partition, official.items, pool, only)
        breadth = min(max(total // 100, LEAST_BREADTH), BREADTH)
        near = nearest(vectors, partition, question(), pool, only, breadth)
        ids |= {passage_id(id_) for id_ in near}
        # Checked against the record: a derived index may for a moment hold what the record has no more.
        valid = _enter_texts(session, partition, ids, found.texts)
        near |= vectors.cosines(partition, question(), set(valid.values()) - near.keys())
        # Without a vector for a moment (it is just being indexed): as unlike as the least like.
        least = min(near.values(), default=0.0)
        found.cosines |= {id_: near.get(vector, least) for id_, vector in valid.items()}
    if official.items:
        found.shares = _shares(session, found.texts.keys(), official.items)
    return found


def nearest(
    vectors: VectorStore, partition: Partition, question: Vectors, limit: int, only: dict[int, str] | None, breadth: int = BREADTH
) -> dict[str, float]:  # fmt: skip
    """Vector ids of the `limit` nearest passages with their cosines; of those in `only` when given (exactly when they are few)."""
    if only is None:
        return vectors.query(partition, question, limit, breadth=breadth)
    if len(only) > EXACT:
        return vectors.query_among(partition, question, frozenset(only.values()), limit)
    exact = vectors.cosines(partition, question, only.values())
    return dict(sorted(exact.items(), key=lambda pair: (-pair[1], pair[0]))[:limit])


def _by_words(
    session: Session, partition: Partition, frequency: dict[str, int], asked: SearchText, limit: int, only: Collection[int] | None
) -> set[int]:  # fmt: skip
    found = set(lexical.matching(session, partition, lexical.telling(frequency), limit=limit, among=only))
    exact = [mark.token for mark in asked.exact]
    return found | set(lexical.matching(session, partition, exact, limit=limit, among=only))


def _by_links(
    session: Session, partition: Partition, items: Sequence[str], limit: int, only: Collection[int] | None
) -> set[int]:
    """The passages most surely proposed for the items."""
    if not items:
        return set()
    query = within(select(EvidenceLink.passage_id).join(Passage, EvidenceLink.passage_id == Passage.id), partition)
    query = query.where(EvidenceLink.item.in_(items), EvidenceLink.state != "rejected")
    query = query.group_by(EvidenceLink.passage_id).order_by(func.max(EvidenceLink.confidence).desc()).limit(limit)
    return {id_ for (id_,) in session.execute(query) if only is None or id_ in only}


def _enter_texts(session: Session, partition: Partition, ids: Iterable[int], texts: dict[int, str]) -> dict[int, str]:
    """Puts the texts of those passages that are in the record and indexed into `texts`; returns their vector ids."""
    query = within(select(Passage.id, Passage.key, Passage.context, Passage.text), partition)
    valid = {}
    for id_, key, context, text in session.execute(query.where(Passage.id.in_(list(ids)))):
        texts[id_] = folded(f"{context}\n{text}" if context else text)
        valid[id_] = vector_id(id_, key)
    return valid


def _shares(session: Session, ids: Collection[int], items: Sequence[str]) -> dict[int, float]:
    query = select(EvidenceLink.passage_id, EvidenceLink.state, EvidenceLink.confidence)
    query = query.where(EvidenceLink.passage_id.in_(list(ids)), EvidenceLink.item.in_(items))
    shares: dict[int, float] = {}
    for id_, state, confidence in session.execute(query.where(EvidenceLink.state != "rejected")):
        shares[id_] = min(shares.get(id_, 0.0) + _SETTLED.get(state, confidence), 1.0)
    return shares


def valid_ids(session: Session, partition: Partition, ids: Collection[int]) -> dict[int, str]:
    """Of these passages, those that are in the record under this partition and indexed, with the id their vector must have."""
    query = within(select(Passage.id, Passage.key), partition).where(Passage.id.in_(list(ids)))
    return {id_: vector_id(id_, key) for id_, key in session.execute(query)}
