"""Sentences that search finds for a question: by words and meaning, kept to those that meet what the question demands."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, defer, selectinload

from ingest.tables import Page, Passage
from retrieval.claims import is_claim
from retrieval.demands import Demands
from retrieval.found_sentences import Found, answering_places, one_per_document
from retrieval.index import EvidenceIndex
from retrieval.question import Question
from retrieval.question_terms import Terms
from retrieval.sentence_likeness import NEAR_BEST, with_meaning

_POOL = 40
_EMBEDDED = 24
# A sentence is an answer when words and meaning together reach this; see tests for questions on both sides of it.
# Chosen on the odd-numbered questions of eval_sets/topics; README there tells what it gives on the even-numbered ones.
_ENOUGH = 0.78
_ENOUGH_BESIDE_FACTS = 1.1
_CLAIM_NEAR_BEST = 0.95
_NUMBER = re.compile(
    r"(?<!第)(?<![\d〔])\d+(?:\.\d+)?(?!年|月|日|\d|号|〕)|[一二两三四五六七八九十]+[个名所项次人条处]"
)


def search_sentences(
    index: EvidenceIndex, session: Session, question: Question, terms: Terms,
    demands: Demands, district: str | None, cycle: int | None, already: Sequence[Found], kept: frozenset[int] | None = None,
) -> list[Found]:  # fmt: skip
    """Sentences for the question beside those already found, best first.

    already : sentences known to answer. kept : ids of the documents to which it is kept; None = all.
    """
    from retrieval.retriever import EvidenceRetriever

    documents = EvidenceRetriever(index=index, district=district, cycle=cycle, k=_POOL).invoke(question.text)
    for item in question.items[:1]:
        linked = EvidenceRetriever(index=index, district=district, cycle=cycle, item=item, k=_POOL // 2)
        documents += linked.invoke(question.text)
    candidates: dict[tuple[int, int], Found] = {(f.passage.page_id, f.start): f for f in already}
    taken = set(candidates)
    for passage in _passages(session, [document.metadata["passage_id"] for document in documents]):
        if kept is not None and passage.document_id not in kept:
            continue
        for start, end in answering_places(passage, claims=question.claims):
            text = passage.page.text[start:end]
            if (passage.page_id, start) not in candidates and len(text) > 8 and _in_years(question, passage, text):
                if not demands.met_by(text, passage.context):
                    continue
                candidates[passage.page_id, start] = Found(passage, start, end, terms.coverage(text, passage.context))
    fresh = sorted(
        (f for key, f in candidates.items() if key not in taken), key=lambda f: (-f.score, f.passage.id, f.start)
    )
    # With figures at hand only sentences that say nearly all of the question are worth adding.
    # A figure that only the district's own assessment states still wants evidence.
    proven = any(not is_claim(f.passage.document.file) for f in already)
    enough = _ENOUGH_BESIDE_FACTS if proven else _ENOUGH
    # Of a figure that nothing states yet the best sentences come first, from whichever document.
    seen = None if question.wants_figure and not already else {f.passage.document_id for f in already}

    def counts(sentence: Found) -> bool:
        is_figure = question.about != "figure" or bool(_NUMBER.search(sentence.text))
        return is_figure and not is_claim(sentence.passage.document.file)

    near = {document.metadata["passage_id"]: document.metadata["cosine"] for document in documents}
    scored = with_meaning(index, question.text, fresh[:_EMBEDDED], near, enough=enough, seen=seen, counts=counts)
    least = max(enough, scored[0].score * NEAR_BEST) if scored else enough
    good = [sentence for sentence in scored if sentence.score >= least]
    if question.about == "figure" and any(_NUMBER.search(sentence.text) for sentence in good):
        good = [sentence for sentence in good if _NUMBER.search(sentence.text)]
    if any(not is_claim(sentence.passage.document.file) for sentence in good):
        # The district's own assessment is what the evidence has to prove.
        best = scored[0].score * _CLAIM_NEAR_BEST
        good = [one for one in good if one.score >= best or not is_claim(one.passage.document.file)]
    return good if seen is None else one_per_document(good, seen)


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
