"""Fusion of both rankings, reckoned by hand."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from retrieval.hybrid import combine, fuse, min_max, stretched


def test_拉伸到零与一之间() -> None:
    assert min_max({"a": 2.0, "b": 4.0, "c": 3.0}) == {"a": 0.0, "b": 1.0, "c": 0.5}


def test_全都相等时都是一() -> None:
    assert min_max({1: 0.7, 2: 0.7}) == {1: 1.0, 2: 1.0}
    assert min_max({}) == {}


def test_两种得分在并集上各自拉伸后取平均() -> None:
    words = {1: 10.0, 2: 5.0}
    meaning = {1: 0.80, 2: 0.85, 3: 0.90}
    # words: 1 → 1, 2 → .5, 3 → 0;  meaning: 1 → 0, 2 → .5, 3 → 1
    assert dict(fuse(words, meaning)) == pytest.approx({1: 0.5, 2: 0.5, 3: 0.5})


def test_得分相同时按键的顺序() -> None:
    assert [key for key, _ in fuse({}, {3: 0.5, 1: 0.5, 2: 0.9, 4: 0.5})] == [2, 1, 3, 4]


def test_两边都好的排在前面() -> None:
    ranked = fuse({1: 9.0, 2: 8.0}, {1: 0.7, 2: 0.9, 3: 0.91, 4: 0.5})
    assert ranked[0][0] == 2


def test_没有共同的词时只看意思() -> None:
    assert fuse({}, {1: 0.7, 2: 0.9}) == [(2, 0.5), (1, 0.0)]


def test_单用一种时不看另一种() -> None:
    words, meaning = {1: 9.0, 2: 1.0}, {1: 0.1, 2: 0.9, 3: 0.5}
    assert [key for key, _ in fuse(words, meaning, system="bm25")] == [1, 2]
    assert [key for key, _ in fuse(words, meaning, system="dense")] == [2, 3, 1]


def test_得分总在零与一之间且顺序只由得分与键决定() -> None:
    values = (0.0, 1.0, 2.0)
    for a, b, c, d in product(values, repeat=4):
        ranked = fuse({1: a, 2: b}, {1: c, 2: d, 3: 1.5})
        assert all(0 <= score <= 1 for _, score in ranked)
        assert ranked == sorted(ranked, key=lambda pair: (-pair[1], pair[0]))
        # More of both never ranks below.
        if a > b and c > d:
            assert [key for key, _ in ranked if key != 3] == [1, 2]


def test_四种依据合在一起() -> None:
    words, meaning = np.array([10.0, 5.0, 0.0]), np.array([0.8, 0.85, 0.9])
    assert combine(words, meaning).tolist() == pytest.approx([0.6, 0.5, 0.4])
    # an exact mark outweighs half the words; the scale stays 0..1
    exact = combine(words, meaning, exact=np.array([0.0, 1.0, 0.0]))
    assert exact.tolist() == pytest.approx([0.6 / 1.3, 0.8 / 1.3, 0.4 / 1.3])
    items = combine(words, meaning, items=np.array([0.0, 0.0, 0.81]), items_weight=1.0)
    assert items.tolist() == pytest.approx([0.3, 0.25, (0.4 + 0.9) / 2])
    assert combine(words, meaning, items=np.array([0.0, 0.0, 1.0])).tolist() == combine(words, meaning).tolist()


def test_全都相等时不偏不倚() -> None:
    assert stretched(np.array([3.0, 3.0])).tolist() == [0, 0]
    assert combine(np.zeros(2), np.array([0.5, 0.7])).tolist() == pytest.approx([0, 0.4])
