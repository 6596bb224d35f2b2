"""Sentences that answer a question: those found by words and meaning and those that state its figure, the likeliest chosen."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, defer, selectinload

from ingest.tables import EvidenceLink, Page, Passage
from retrieval.claims import is_claim
from retrieval.demands import Demands
from retrieval.found_sentences import Found, answering_places
from retrieval.index import EvidenceIndex
from retrieval.question import Question
from retrieval.question_terms import Terms
from retrieval.sentence_measures import USUAL_COSINE, Candidate, Rows, likelihood, measure, put_meaning, shares_of
from retrieval.single_asks import asks_several
from retrieval.tokens import normalise

_POOL = 40
_MEASURED = 24
# Putting a sentence through the model is most of what an answer costs: those that would be likely with the meaning of their passage.
_EMBEDDED = 16
_FACTS = 6
_LEAST_CHARACTERS = 8
# What the likeliest sentence has to reach before anything is answered, and how far below it another may lie.
ENOUGH = -0.3
NEAR_BEST = 0.7
_SEVERAL = 0.6  # how much further below it may lie when several things are asked
# What a sentence gains by speaking of all that those before it left out, and the least any has to reach by itself.
_NEW = 2.5
_LEAST = ENOUGH - 1.5
# The district's own assessment is what the evidence has to prove: it is shown where it says more than all the evidence.
_CLAIM_AHEAD = 2.0


def search_sentences(
    index: EvidenceIndex, session: Session, question: Question, terms: Terms, demands: Demands,
    district: str | None, cycle: int | None, facts: Sequence[Found], kept: frozenset[int] | None = None, *, most: int,
) -> list[Found]:  # fmt: skip
    """The sentences that answer the question, best first, at most `most`; empty when none is likely enough to.

    facts : sentences that state a figure of its metrics, best first. kept : ids of the documents to which it is kept; None = all.
    """
    candidates, rows, matched = weighed_candidates(
        index, session, question, terms, demands, district, cycle, facts, kept
    )
    if not candidates:
        return []
    scores = likelihood(rows)
    stated = np.array([one.fact for one in candidates])
    if stated.any():
        # A figure of the very metric asked for, of its year and place, is an answer however it was asked.
        scores = scores + max(0.0, ENOUGH - float(scores.max()))
        if question.about == "evidence":
            # Whoever asks for material wants every paper that states it.
            scores = np.where(stated, np.maximum(scores, scores.max() - NEAR_BEST), scores)
    if not question.claims:
        claims = np.array([is_claim(one.found.passage.document.file) for one in candidates])
        proving = scores[~claims]
        if len(proving) and proving.max() >= max(ENOUGH, scores.max() - _CLAIM_AHEAD):
            scores = np.where(claims, -np.inf, scores)
    return [
        Found(one.passage, one.start, one.end, float(scores[at]))
        for at in choose(
            scores, matched, shares_of(terms), most, several=question.about == "evidence" or asks_several(question.text)
        )
        for one in (candidates[at].found,)
    ]


def weighed_candidates(
    index: EvidenceIndex, session: Session, question: Question, terms: Terms, demands: Demands,
    district: str | None, cycle: int | None, facts: Sequence[Found], kept: frozenset[int] | None = None,
) -> tuple[list[Candidate], Rows, Rows]:  # fmt: skip
    """All sentences that may answer, with their measures (see `sentence_measures.measure`)."""
    from retrieval.retriever import EvidenceRetriever

    documents = EvidenceRetriever(index=index, district=district, cycle=cycle, k=_POOL).invoke(question.text)
    hits = {document.metadata["passage_id"]: document.metadata["score"] for document in documents}
    stated = {(one.passage.page_id, one.start) for one in facts}
    places = [
        (passage, start, end)
        for passage in _passages(session, list(hits))
        if kept is None or passage.document_id in kept
        for start, end in answering_places(passage, claims=question.claims)
    ]
    seen = [normalise(f"{passage.page.text[start:end]}|{passage.context}") for passage, start, end in places]
    demands = demands.among(seen)
    proper = [one for one in facts if demands.met_by(one.text, one.passage.context)][:_FACTS]
    fresh: list[Found] = []
    for passage, start, end in places:
        text = passage.page.text[start:end]
        if (passage.page_id, start) in stated or len(text) <= _LEAST_CHARACTERS:
            continue
        if _in_years(question, passage, text) and demands.met_by(text, passage.context):
            fresh.append(Found(passage, start, end, terms.coverage(text, passage.context)))
    fresh.sort(key=lambda one: (-one.score, one.passage.id, one.start))
    proper = [replace(one, score=terms.coverage(one.text, one.passage.context)) for one in proper]
    found = [*proper, *fresh[:_MEASURED]]
    links = _links(session, question, {one.passage.id for one in found})
    candidates = [
        Candidate(one, hits.get(one.passage.id, 0.0), links.get(one.passage.id, 0.0), at < len(proper))
        for at, one in enumerate(found)
    ]
    if not candidates:
        return [], np.zeros((0, 0)), np.zeros((0, 0))
    near = {document.metadata["passage_id"]: document.metadata["cosine"] for document in documents}
    nearest = max(near.values(), default=USUAL_COSINE)
    rows, matched = measure(question, terms, candidates, seen)
    of_passages = np.array([near.get(one.found.passage.id, USUAL_COSINE) for one in candidates], dtype=np.float32)
    hoped = likelihood(put_meaning(rows, of_passages, nearest))
    best = [*range(len(proper)), *(at for at in np.argsort(-hoped, kind="stable") if at >= len(proper))]
    best = best[: len(proper) + _EMBEDDED]
    candidates, rows, matched = [candidates[at] for at in best], rows[best], matched[best]
    return candidates, put_meaning(rows, _cosines(index, question, candidates), nearest), matched


def choose(scores: Rows, matched: Rows, shares: Rows, most: int, *, several: bool = False) -> list[int]:
    """Which sentences to show, best first: the likeliest, then those near it, what speaks of something still unsaid before the rest.

    scores : shape (n,), -inf = never. matched : shape (n, n_terms), 0..1. shares : of the terms, shape (n_terms,).
    several : more than one thing is asked.
    """
    chosen: list[int] = []
    left = shares.copy()
    best = float(scores.max())
    if best < ENOUGH:
        return []
    near = NEAR_BEST + (_SEVERAL if several else 0.0)
    while len(chosen) < most:
        worth = scores + (_NEW * (matched @ left) if chosen else 0.0)
        worth[chosen] = -np.inf
        at = int(np.argmax(worth))
        if worth[at] < best - near or scores[at] < _LEAST:
            break
        chosen.append(at)
        left = left * (1 - matched[at])
    return chosen


def _in_years(question: Question, passage: Passage, text: str) -> bool:
    """Whether a sentence can speak of the years asked for: it names one, or its heading or document does.

    A figure of a year without material has to stand beside that year itself.
    """
    if not question.years:
        return True
    if question.metrics and all(year >= passage.document.cycle for year in question.years):
        return any(str(year) in text for year in question.years)
    return any(
        str(year) in text or str(year) in passage.context or passage.document.data_year == year
        for year in question.years
    )


def _passages(session: Session, ids: Sequence[int]) -> list[Passage]:
    """The passages in this order, each once, with their pages and documents: one by one they were a sixth of the time."""
    query = select(Passage).where(Passage.id.in_(ids))
    query = query.options(selectinload(Passage.page).options(defer(Page.char_boxes)), selectinload(Passage.document))
    found = {passage.id: passage for passage in session.scalars(query)}
    return [found[id_] for id_ in dict.fromkeys(ids) if id_ in found]


def _links(session: Session, question: Question, passages: Collection[int]) -> dict[int, float]:
    """Passage → how surely it is for an item the question names, 0 to 1; those that only mention one are left out."""
    items = () if question.guessed else question.items
    if not items and not question.criteria:
        return {}
    named = [EvidenceLink.item.in_(items), *(EvidenceLink.item.startswith(f"{one}-") for one in question.criteria)]
    query = select(EvidenceLink.passage_id, func.max(EvidenceLink.confidence)).where(
        EvidenceLink.passage_id.in_(passages),
        or_(*named),
        EvidenceLink.state != "rejected",
        EvidenceLink.verdict != "mentions",
    )
    return {row[0]: row[1] for row in session.execute(query.group_by(EvidenceLink.passage_id))}


def _cosines(index: EvidenceIndex, question: Question, candidates: Sequence[Candidate]) -> NDArray[np.float32]:
    asked = np.asarray(index.embedder.embed_query(question.text), dtype=np.float32)
    found = [one.found for one in candidates]
    texts = [(one.passage.document.district, f"{one.passage.context}\n{one.text}") for one in found]
    cosines: NDArray[np.float32] = index.sentences.vectors(texts) @ asked
    return cosines
