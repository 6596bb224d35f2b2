"""How near sentences are in meaning to a question: worked out for those that may still come first, best chances first.

Putting a sentence through the model is most of what an answer costs. The nearness of its passage is known from the search, and a
sentence is hardly ever nearer than the passage it stands in.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from retrieval.found_sentences import Found
from retrieval.index import EvidenceIndex

# A cosine of e5 between a question and a sentence that says nothing of it lies around .82; each .01 above is worth this much.
COSINE_ZERO: Final = 0.83
COSINE_WORTH: Final = 4.0
# Sentences far below the best one would only dilute the answer.
NEAR_BEST: Final = 0.8
# Of 3,000 pairs of question and sentence fewer than one in a hundred were nearer by more; of 381 questions no answer changed.
_NEARER_AT_MOST: Final = 0.03
# More sentences than an answer shows.
_SHOWN: Final = 8
_AT_ONCE: Final = 4


def with_meaning(
    index: EvidenceIndex, question: str, found: Sequence[Found], near: Mapping[int, float], *, enough: float,
    seen: Collection[int] | None, counts: Callable[[Found], bool],
) -> list[Found]:  # fmt: skip
    """The sentences with words and meaning together as their score, best first; those that cannot come to be shown are left out.

    near : cosine of each passage (by id) to the question. enough : the least score that is shown. seen : documents that are shown
    anyway: the first sentence of every other one comes before a second of any; None = in the order of the scores alone.
    counts : whether a sentence, once good enough, is shown for certain; others may have to give way.
    """
    if not found:
        return []
    asked = np.asarray(index.embedder.embed_query(question), dtype=np.float32)

    def at_most(sentence: Found) -> float:
        return sentence.score + COSINE_WORTH * (near.get(sentence.passage.id, 1.0) + _NEARER_AT_MOST - COSINE_ZERO)

    waiting = sorted(found, key=lambda f: (-at_most(f), f.passage.id, f.start))
    scored: list[Found] = []
    while waiting:
        least = max(enough, scored[0].score * NEAR_BEST) if scored else enough
        shown = _Shown([f for f in scored if f.score >= least and counts(f)], seen)
        waiting = [f for f in waiting if at_most(f) >= least and shown.has_room(f, at_most(f))]
        part, waiting = waiting[:_AT_ONCE], waiting[_AT_ONCE:]
        if part:
            texts = [(f.passage.document.district, f"{f.passage.context}\n{f.text}") for f in part]
            scored += [
                replace(f, score=f.score + COSINE_WORTH * (float(cosine) - COSINE_ZERO))
                for f, cosine in zip(part, index.sentences.vectors(texts) @ asked, strict=True)
            ]
            scored.sort(key=lambda f: (-f.score, f.passage.id, f.start))
    return scored


class _Shown:
    """What would be shown as far as it is known: the best sentence of each document, then the rest."""

    def __init__(self, good: Sequence[Found], seen: Collection[int] | None) -> None:
        """good : best first."""
        self._seen = seen
        self._firsts: dict[int, float] = {}
        self._rest: list[float] = []
        for sentence in good:
            document = sentence.passage.document_id
            if seen is None or document in seen or document in self._firsts:
                self._rest.append(sentence.score)
            else:
                self._firsts[document] = sentence.score

    def has_room(self, sentence: Found, at_most: float) -> bool:
        """Whether fewer than are shown stand before a sentence of at most this score."""
        document = sentence.passage.document_id
        is_first = self._seen is not None and document not in self._seen and self._firsts.get(document, 0.0) < at_most
        firsts = sum(score >= at_most for score in self._firsts.values()) if is_first else len(self._firsts)
        rest = 0 if is_first else sum(score >= at_most for score in self._rest)
        return firsts + rest < _SHOWN
