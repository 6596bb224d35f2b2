"""Finds passages for a text: by words and by meaning, put together, with the filters inside every query.

`hybrid` is what the program uses. `dense` (meaning alone) and `bm25` (words alone, as SQLite ranks them) are there to compare with.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from ingest.tables import Document, EvidenceLink, Page, Passage
from retrieval import lexical
from retrieval.candidates import POOL, Candidates, gather, nearest, valid_ids
from retrieval.cite import Citation, citation_on
from retrieval.collections import Partition
from retrieval.embedder import Embedder
from retrieval.filters import Filters, allowed, partitions
from retrieval.folding import Folded, fold_alike
from retrieval.hybrid import System, combine, fuse
from retrieval.neighbours import neighbours
from retrieval.official_query import OfficialQuery, official_wording
from retrieval.search_text import SearchText, search_text
from retrieval.vectors import VectorStore, passage_id
from retrieval.word_scores import exact_shares, folded, word_scores
from scoring_rules.scheme_loader import load_scheme

_MODEL = ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="query-vector")


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found.

    rank : 1 = best. score : 0..1, for this ranking only. cosine : likeness of meaning to the text, comparable between searches;
    None when only words were asked for. items : items it is proposed or confirmed for, with confidence, best first.
    copies : where the same is said again, when near copies are folded. before, after : the passages around it on its page, when asked for.
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
    copies: tuple[Citation, ...] = ()
    before: str = ""
    after: str = ""


def search(
    session: Session, vectors: VectorStore, embedder: Embedder, text: str, *, filters: Filters | None = None, k: int = 10,
    system: System = "hybrid", fold: bool = False, around: bool = False,
) -> list[Hit]:  # fmt: skip
    """The `k` best passages, best first; fewer when fewer fit.

    fold : near copies are shown once, each with the places of all. around : with the passages before and after.
    """
    filters = filters or Filters()
    if not text.strip() or k < 1:
        return []
    places = partitions(session, filters)
    if not places:
        return []
    if system == "hybrid":
        found = _candidates(session, vectors, embedder, text, places, filters, max(POOL, k))
        ranked, meaning = rank(*found), found[0].cosines
    else:
        ranked, meaning = _one_half(session, vectors, embedder, text, places, filters, max(POOL, k), system)
    scores = dict(ranked)
    if fold:
        shown = fold_alike(scores, _texts(session, list(scores)).__getitem__, k)
    else:
        shown = [Folded(id_, []) for id_, _ in ranked[:k]]
    return _hits(session, shown, scores, meaning, around)


def _candidates(
    session: Session, vectors: VectorStore, embedder: Embedder, text: str, places: list[Partition], filters: Filters, pool: int
) -> tuple[Candidates, SearchText, OfficialQuery]:  # fmt: skip
    # The model works on the text while the words are looked up; both let other threads run.
    vector = _MODEL.submit(lambda: np.asarray(embedder.embed_query(text), dtype=np.float32))
    vectors.prepare(places)
    asked, official = search_text(text), official_wording(load_scheme()).items_of(text)
    return gather(session, vectors, places, filters, asked, vector.result, official, pool), asked, official


def rank(found: Candidates, asked: SearchText, official: OfficialQuery) -> list[tuple[int, float]]:
    """(passage id, score 0..1) of every candidate, best first; equal scores in the order of the ids."""
    ids = sorted(found.texts)
    if not ids:
        return []
    texts = [found.texts[id_] for id_ in ids]
    scores = combine(
        words=word_scores(asked, texts, found.frequency, found.total),
        meaning=np.array([found.cosines[id_] for id_ in ids]),
        exact=exact_shares(asked, texts) if asked.exact else None,
        items=np.array([found.shares.get(id_, 0.0) for id_ in ids]) if official.items else None,
        items_weight=official.weight,
    )
    order = np.lexsort((np.array(ids), -scores))
    return [(ids[at], float(scores[at])) for at in order]


def _one_half(
    session: Session, vectors: VectorStore, embedder: Embedder, text: str, places: list[Partition], filters: Filters, pool: int,
    system: System,
) -> tuple[list[tuple[int, float]], dict[int, float]]:  # fmt: skip
    """The ranking by words alone, or by meaning alone."""
    words: dict[int, float] = {}
    meaning: dict[int, float] = {}
    question = None if system == "bm25" else np.asarray(embedder.embed_query(text), dtype=np.float32)
    for place in places:
        only = allowed(session, place, filters)
        if question is None:
            found = lexical.search(session, place, text, limit=pool, among=only)
            words |= {id_: found[id_] for id_ in valid_ids(session, place, found.keys())}
        else:
            near = nearest(vectors, place, question, pool, only)
            valid = valid_ids(session, place, {passage_id(vector) for vector in near})
            meaning |= {id_: near[vector] for id_, vector in valid.items() if vector in near}
    return fuse(words, meaning, system=system), meaning


def _texts(session: Session, ids: Sequence[int]) -> dict[int, str]:
    """The passages' own words: copies of a report are copies under whatever title."""
    query = select(Passage.id, Passage.text).where(Passage.id.in_(ids))
    return {id_: folded(text) for id_, text in session.execute(query)}


def _hits(
    session: Session, shown: Sequence[Folded[int]], scores: Mapping[int, float], meaning: Mapping[int, float], around: bool
) -> list[Hit]:  # fmt: skip
    """The passages to show, with their citations."""
    ids = [id_ for entry in shown for id_ in (entry.first, *entry.copies)]
    cited, items = _cited(session, ids), _items(session, [entry.first for entry in shown])
    beside = neighbours(session, [entry.first for entry in shown]) if around else {}
    hits = []
    for number, entry in enumerate(shown, start=1):
        id_, (key, text, citation) = entry.first, cited[entry.first]
        copies = tuple(cited[copy][2] for copy in entry.copies)
        before, after = beside.get(id_, ("", ""))
        hits.append(
            Hit(
                number,
                scores[id_],
                meaning.get(id_),
                id_,
                key,
                text,
                citation.document_id,
                citation.file,
                citation.district,
                citation.cycle,
                citation.page,
                items.get(id_, ()),
                citation,
                copies,
                before,
                after,
            )
        )
    return hits


def _cited(session: Session, ids: Sequence[int]) -> dict[int, tuple[str, str, Citation]]:
    """Passage id → key, text and citation of the whole passage."""
    # Columns, not objects: building these of ten passages with their pages and documents took a tenth of the search.
    passages = select(
        Passage.id, Passage.key, Passage.text, Passage.start, Passage.end, Passage.page_id, Passage.document_id
    )
    rows = session.execute(passages.where(Passage.id.in_(ids))).all()
    pages = select(Page.id, Page.number, Page.text, Page.spans, Page.char_boxes).where(
        Page.id.in_({row.page_id for row in rows})
    )
    page_of = {page.id: page for page in session.execute(pages)}
    documents = select(Document.id, Document.sha256, Document.file, Document.district, Document.cycle)
    documents = documents.where(Document.id.in_({row.document_id for row in rows}))
    document_of = {document.id: document for document in session.execute(documents)}
    return {
        row.id: (row.key, row.text, citation_on(page_of[row.page_id], document_of[row.document_id], row.start, row.end))
        for row in rows
    }


def _items(session: Session, ids: Sequence[int]) -> dict[int, tuple[tuple[str, float], ...]]:
    """Passage id → items it is proposed or confirmed for, with confidence, best first."""
    query = select(EvidenceLink.passage_id, EvidenceLink.item, EvidenceLink.confidence)
    query = query.where(EvidenceLink.passage_id.in_(ids), EvidenceLink.state != "rejected").order_by(EvidenceLink.rank)
    found: dict[int, tuple[tuple[str, float], ...]] = {}
    for id_, item, confidence in session.execute(query):
        found[id_] = (*found.get(id_, ()), (item, confidence))
    return found
