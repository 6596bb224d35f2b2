"""Fusion of both rankings, reckoned by hand."""

from __future__ import annotations

from itertools import product

import pytest

from retrieval.hybrid import fuse, min_max


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
