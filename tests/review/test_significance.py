"""The paired test against what can be reckoned by hand."""

from __future__ import annotations

import pytest

from review.significance import compare, holm


def test_三题全胜_符号检验可以手算() -> None:
    found = compare([1.0, 0.9, 0.8], [0.5, 0.4, 0.3], rounds=40_000)
    # 8 sign patterns, of which all + and all − are as far from 0 as what was seen.
    assert found.p == pytest.approx(2 / 8, abs=0.01)
    assert found.mean == pytest.approx(0.5)
    assert (found.n, found.better, found.worse) == (3, 3, 0)


def test_没有差别时p为1() -> None:
    found = compare([0.5, 0.5], [0.5, 0.5], rounds=1000)
    assert found.p == 1.0
    assert (found.low, found.high) == (0.0, 0.0)


def test_互有胜负且相抵时不显著() -> None:
    found = compare([1, 0] * 20, [0, 1] * 20, rounds=5000)
    assert found.p > 0.9
    assert found.low < 0 < found.high


def test_多数题都胜才显著() -> None:
    found = compare([1.0] * 20 + [0.0] * 2, [0.0] * 20 + [1.0] * 2, rounds=20_000)
    assert found.p < 0.001
    assert found.low > 0.5


def test_p从不为零_同样的输入同样的结果() -> None:
    first = compare([1.0] * 40, [0.0] * 40, rounds=2000)
    assert first.p == pytest.approx(1 / 2001)
    assert first == compare([1.0] * 40, [0.0] * 40, rounds=2000)


def test_题数不同不能配对() -> None:
    with pytest.raises(ValueError, match="paired"):
        compare([1.0], [1.0, 0.0])
    with pytest.raises(ValueError, match="paired"):
        compare([], [])


def test_多重比较的校正() -> None:
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([0.6, 0.7]) == [1.0, 1.0]
