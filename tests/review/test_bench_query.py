"""The measuring of searches: made-up material that is the same every time, both sides judged alike, goals said truthfully."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from review import bench_query
from review.bench_passages import DISTRICTS, Wording, by_district, questions, texts_of_mixed_length, wordings
from review.bench_query import Row, Side, to_json


class Counting:
    """Vectors that say which text they are of."""

    name = "counting"

    def embed_passages(self, texts: Sequence[str]) -> np.ndarray:
        vectors = np.random.default_rng(len(texts)).normal(size=(len(texts), 16)).astype(np.float32)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@pytest.fixture
def made() -> list[Wording]:
    return wordings(Counting(), 40)  # type: ignore[arg-type]


def test_虚构材料每次相同而段段不同(made: list[Wording]) -> None:
    one, again = list(by_district(made, 245)), list(by_district(made, 245))
    assert [district for district, _, _ in one] == list(DISTRICTS)
    assert sum(len(texts) for _, texts, _ in one) == 245
    assert [texts for _, texts, _ in one] == [texts for _, texts, _ in again]
    every = [text for _, texts, _ in one for text in texts]
    assert len(set(every)) == 245
    assert all("{" not in text and 60 < len(text) < 500 for text in every)


def test_向量长度为一且近于所出的说法(made: list[Wording]) -> None:
    (_, texts, vectors), *_ = by_district(made, 120)
    assert vectors.shape == (len(texts), 16)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert (vectors @ np.stack([w.vector for w in made]).T).max(axis=1).min() > 0.95


def test_问题各不相同() -> None:
    assert len(set(questions(80))) == 80
    assert questions(80)[:10] == questions(10)


def test_长短不一的段落() -> None:
    lengths = [len(text) for text in texts_of_mixed_length(100)]
    assert min(lengths) < 70 < 200 < max(lengths)
    assert lengths != sorted(lengths)


def _side(p50: float, p95: float, recall: float = 1.0) -> Side:
    return Side(cold=1000.0, p50=p50, p95=p95, cpu=p50, megabytes=300.0, recall=recall)


def test_目标如实判断() -> None:
    rows = [Row(10_000, 40, _side(10, 20), None), Row(100_000, 40, _side(20, 45), _side(120, 150, 0.99))]
    found = to_json(rows)["query"]
    assert (found["goal_p95_met"], found["goal_ratio_met"], found["goal_growth_met"]) == (True, True, True)
    assert found["rows"][1]["ratio_p50"] == 6.0
    assert found["growth_p50"] == 2.0
    slower = to_json([rows[0], Row(100_000, 40, _side(41, 51), _side(120, 150))])["query"]
    assert (slower["goal_p95_met"], slower["goal_ratio_met"], slower["goal_growth_met"]) == (False, False, False)
    # Faster because it finds less is not faster.
    worse = to_json([rows[0], Row(100_000, 40, _side(20, 45, 0.9), _side(120, 150, 0.99))])["query"]
    assert worse["goal_ratio_met"] is False
    alone = to_json([rows[0]])["query"]
    assert (alone["growth_p50"], alone["goal_ratio_met"], alone["goal_growth_met"]) == (None, None, None)


def test_百万段只看增长不看毫秒目标() -> None:
    found = to_json([Row(10_000, 40, _side(20, 30), None), Row(1_000_000, 40, _side(60, 90), None)])["query"]
    assert (found["goal_p95_met"], found["goal_growth_met"]) == (True, True)


@pytest.mark.model
def test_从生成到量出一行() -> None:
    said: list[str] = []
    found = bench_query.bench_query([1200], distinct=26, say=said.append)["query"]
    (row,) = found["rows"]
    assert (row["passages"], row["districts"], row["questions"]) == (1200, 12, 40)
    assert row["ours"]["recall_of_nearest"] > 0.95
    assert 0 < row["ours"]["p50_milliseconds"] <= row["ours"]["p95_milliseconds"] < row["ours"]["cold_milliseconds"]
    assert any("1200" in line for line in said)
