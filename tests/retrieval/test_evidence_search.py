"""哪几句作为答案：最像的先出，其次是说到别的方面的；都不像就不答。"""

from __future__ import annotations

import numpy as np

from retrieval.evidence_search import ENOUGH, NEAR_BEST, choose

SHARES = np.array([0.5, 0.5])
FIRST, SECOND, BOTH = [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]


def chosen(scores: list[float], matched: list[list[float]], most: int = 6, *, several: bool = False) -> list[int]:
    return choose(np.array(scores), np.array(matched), SHARES, most, several=several)


def test_都不像_不答() -> None:
    assert chosen([ENOUGH - 0.01], [BOTH]) == []
    assert chosen([ENOUGH + 0.01], [BOTH]) == [0]


def test_相近的才一起出() -> None:
    assert chosen([2.0, 2.01 - NEAR_BEST, 1.99 - NEAR_BEST], [BOTH] * 3) == [0, 1]


def test_没说到的方面先补上() -> None:
    # 两句都只说第一样；第三句弱一些，说的是第二样。
    assert chosen([2.0, 1.9, 1.0], [FIRST, FIRST, SECOND])[:2] == [0, 2]


def test_补的那句本身也得像() -> None:
    assert chosen([2.0, -3.0], [FIRST, SECOND]) == [0]


def test_问几样时放宽() -> None:
    scores = [2.0, 1.9 - NEAR_BEST]
    assert chosen(scores, [BOTH, BOTH]) == [0]
    assert chosen(scores, [BOTH, BOTH], several=True) == [0, 1]


def test_最多几句_排除的不出() -> None:
    assert chosen([1.0, 1.0, 1.0], [BOTH] * 3, most=2) == [0, 1]
    assert chosen([1.0, -np.inf], [BOTH, BOTH]) == [0]
