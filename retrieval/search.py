"""Finds passages for a text: by words and by meaning, put together, with the filters inside every query.

`hybrid` is what the program uses. `dense` (meaning alone) and `bm25` (words alone, as SQLite ranks them) are there to compare with.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from ingest.tables import Page, Passage
from retrieval import lexical
from retrieval.candidates import POOL, Candidates, gather, nearest, valid_ids
from retrieval.cite import Citation, cite
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
    vectors.open()  # first: the model loads in another thread meanwhile
    asked, official = search_text(text), official_wording(load_scheme()).items_of(text)
    question = np.asarray(embedder.embed_query(text), dtype=np.float32)
    return gather(session, vectors, places, filters, asked, question, official, pool), asked, official


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
    query = select(Passage).where(Passage.id.in_(ids))
    # With the boxes, which otherwise are fetched for each page by itself when it is cited.
    page = selectinload(Passage.page).undefer(Page.char_boxes)
    query = query.options(selectinload(Passage.document), page, selectinload(Passage.links))
    passages = {passage.id: passage for passage in session.scalars(query)}
    beside = neighbours(session, [entry.first for entry in shown]) if around else {}
    hits = []
    for number, entry in enumerate(shown, start=1):
        copies = tuple(_cited(session, passages[id_]) for id_ in entry.copies)
        before, after = beside.get(entry.first, ("", ""))
        passage, cosine = passages[entry.first], meaning.get(entry.first)
        hits.append(_hit(session, number, passage, scores[entry.first], cosine, copies, before, after))
    return hits


def _cited(session: Session, passage: Passage) -> Citation:
    return cite(session, passage, passage.start, passage.end)


def _hit(
    session: Session, number: int, passage: Passage, score: float, cosine: float | None, copies: tuple[Citation, ...],
    before: str, after: str,
) -> Hit:  # fmt: skip
    document = passage.document
    return Hit(
        number, score, cosine, passage.id, passage.key, passage.text, document.id, document.file, document.district, document.cycle,
        passage.page.number, tuple((link.item, link.confidence) for link in passage.links if link.state != "rejected"),
        _cited(session, passage), copies, before, after,
    )  # fmt: skip
