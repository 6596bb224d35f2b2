"""Sentences are put through the model once, by district; the oldest go first."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from retrieval.embedder import Vectors
from retrieval.sentence_vectors import SentenceVectors


class Counting:
    """An embedder that remembers what it was given; a text's vector is its length."""

    name = "counting"

    def __init__(self) -> None:
        self.given: list[str] = []

    def warm_up(self) -> None: ...

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        self.given += texts
        return np.array([[len(text), 1.0] for text in texts], dtype=np.float32)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        return self.embed_passages(texts)

    def embed_query(self, text: str) -> list[float]:
        return [float(one) for one in self.embed_passages([text])[0]]

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [[float(one) for one in row] for row in self.embed_passages(texts)]


@pytest.fixture
def model() -> Counting:
    return Counting()


def test_each_sentence_once_and_in_the_given_order(model: Counting) -> None:
    kept = SentenceVectors(model)
    first = kept.vectors([("云山区", "甲"), ("云山区", "乙乙"), ("云山区", "甲")])
    again = kept.vectors([("云山区", "乙乙"), ("云山区", "丙丙丙")])
    assert first[:, 0].tolist() == [1, 2, 1]
    assert again[:, 0].tolist() == [2, 3]
    assert model.given == ["甲", "乙乙", "丙丙丙"]


def test_another_district_with_the_same_words_does_not_make_it_faster(model: Counting) -> None:
    kept = SentenceVectors(model)
    kept.vectors([("云山区", "同一句话")])
    kept.vectors([("清河区", "同一句话")])
    assert model.given == ["同一句话", "同一句话"]


def test_those_used_longest_ago_go_first(model: Counting) -> None:
    kept = SentenceVectors(model, most=2)
    for text in ("甲", "乙", "甲", "丙", "甲", "乙"):
        kept.vectors([("云山区", text)])
    assert model.given == ["甲", "乙", "丙", "乙"]


def test_more_at_once_than_are_kept(model: Counting) -> None:
    found = SentenceVectors(model, most=1).vectors([("云山区", "甲"), ("云山区", "乙乙"), ("云山区", "丙丙丙")])
    assert found[:, 0].tolist() == [1, 2, 3]
