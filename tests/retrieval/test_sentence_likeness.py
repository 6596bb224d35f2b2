"""Sentences that cannot come to be shown are not put through the model; those that can are, and nothing else changes."""

from __future__ import annotations

import random
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from retrieval.found_sentences import Found, one_per_document
from retrieval.sentence_likeness import COSINE_WORTH, COSINE_ZERO, NEAR_BEST, with_meaning

SHOWN = 6


class Model:
    """A sentence's cosine is its text, a question's vector is 1; remembers how many sentences it was given."""

    def __init__(self) -> None:
        self.given = 0
        self.embedder, self.sentences = self, self

    def embed_query(self, text: str) -> list[float]:
        return [1.0]

    def vectors(self, sentences: Sequence[tuple[str, str]]) -> Any:
        self.given += len(sentences)
        return np.array([[float(text.splitlines()[-1])] for _, text in sentences], dtype=np.float32)


def sentence(number: int, document: int, words: float, cosine: float) -> Found:
    text = f"{cosine:.4f}"
    document_ = SimpleNamespace(district="云山区", file="总结.pdf")
    page = SimpleNamespace(text=text)
    passage: Any = SimpleNamespace(id=number, document_id=document, document=document_, page=page, context="标题")
    return Found(passage, 0, len(text), words)


def shown(scored: Sequence[Found], enough: float, seen: set[int] | None) -> list[int]:
    least = max(enough, scored[0].score * NEAR_BEST) if scored else enough
    good = [one for one in scored if one.score >= least]
    return [one.passage.id for one in (good if seen is None else one_per_document(good, set(seen)))][:SHOWN]


@pytest.mark.parametrize("seen", [None, set(), {1, 2}])
@pytest.mark.parametrize("documents", [2, 5, 40])
def test_the_same_is_shown_as_when_all_are_looked_at(seen: set[int] | None, documents: int) -> None:
    dice = random.Random(documents)
    saved = 0
    for _ in range(60):
        cosines = [round(dice.uniform(0.83, 0.93), 4) for _ in range(24)]
        found = [
            sentence(n, dice.randrange(documents), dice.choice([0.2, 0.5, 0.8, 1.0]), c) for n, c in enumerate(cosines)
        ]
        near = {n: c + dice.uniform(-0.03, 0.03) for n, c in enumerate(cosines)}
        model: Any = Model()
        some = with_meaning(model, "问", found, near, enough=0.78, seen=seen, counts=lambda one: True)
        every: Any = Model()
        all_ = with_meaning(every, "问", found, {}, enough=-9.0, seen=seen, counts=lambda one: False)
        saved += every.given - model.given
        assert shown(some, 0.78, seen) == shown(all_, 0.78, seen)
    assert saved > 60


def test_what_may_have_to_give_way_keeps_nothing_out() -> None:
    found = [sentence(n, n, 1.0, 0.9) for n in range(20)] + [sentence(99, 99, 0.7, 0.86)]
    near = {one.passage.id: 0.9 for one in found}
    model: Any = Model()
    scored = with_meaning(model, "问", found, near, enough=0.78, seen=set(), counts=lambda one: one.passage.id == 99)
    assert 99 in {one.passage.id for one in scored}


def test_the_score_is_words_and_meaning_together() -> None:
    model: Any = Model()
    scored = with_meaning(model, "问", [sentence(1, 1, 0.5, 0.9)], {}, enough=0.0, seen=None, counts=lambda one: True)
    assert scored[0].score == pytest.approx(0.5 + COSINE_WORTH * (0.9 - COSINE_ZERO))
    assert with_meaning(model, "问", [], {}, enough=0.0, seen=None, counts=lambda one: True) == []
