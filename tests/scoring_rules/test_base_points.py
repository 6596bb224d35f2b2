"""Base points: the identity of R24, and bounds that hold whatever the field check finds."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest

from scoring_rules.base_points import base_points
from scoring_rules.credibility import Sampled, credibility

TOLERANCE = Fraction("0.98")
OWN = {"B1": Fraction(60), "B5": Fraction(36), "B14": Fraction(240), "B15": Fraction(38)}


def sampled(name, criterion, own, verified, maximum):
    """One sampled row; `verified` None: not yet checked."""
    if verified is None:
        return Sampled(name, criterion, Fraction(own), False, Fraction(0), Fraction(maximum))
    return Sampled(name, criterion, Fraction(own), True, Fraction(verified), Fraction(verified))


def base_of(own, sample, deduction):
    return base_points(own, sample, credibility(sample), TOLERANCE, Fraction(deduction), "B15")


def test_各行之和等于自评总分乘可信度():
    for v5, v14 in product(range(0, 41, 4), range(0, 251, 25)):
        sample = [sampled("B5", "B5", 36, v5, 40), sampled("B14", "B14", 240, v14, 250)]
        c = Fraction(v5 + v14, 276)
        base = base_of(OWN, sample, 0)
        wanted = sum(OWN.values()) * (1 if c >= TOLERANCE else c)
        assert base.interval.settled == sum(base.lines.values()) == wanted
        assert wanted <= sum(OWN.values())


def test_未采纳时抽中的列核查分():
    base = base_of(OWN, [sampled("B5", "B5", 36, 18, 40)], 0)
    assert base.lines == {"B1": 30, "B5": 18, "B14": 120, "B15": 19}


def test_采纳时列自评分():
    assert base_of(OWN, [sampled("B5", "B5", 36, 40, 40)], 0).lines == OWN


@pytest.mark.parametrize(("deduction", "left"), [("3", "16"), ("19", "0"), ("25", "0")])
def test_整改扣分在可信度之后且扣到零为止(deduction, left):
    base = base_of(OWN, [sampled("B5", "B5", 36, 18, 40)], deduction)
    assert base.lines["B15"] == Fraction(left)
    assert base.deducted == 19 - Fraction(left)
    assert base.interval.settled == sum(base.lines.values())


def test_什么也没抽():
    base = base_of(OWN, [], 3)
    assert (base.interval.low, base.interval.high) == (0, sum(OWN.values()))
    assert base.lines is None


SITUATIONS = {
    "都在B15以外": (OWN, [("B5", "B5", 36, 40), ("B14", "B14", 240, 250)]),
    "有一部分在B15": ({**OWN, "B15": Fraction(30)}, [("B15-1", "B15", 10, 10), ("B5", "B5", 36, 40)]),
    "B15扣到零": ({"B1": Fraction(60), "B15": Fraction(10)}, [("B15-1", "B15", 10, 10), ("B1", "B1", 60, 60)]),
}


@pytest.mark.parametrize("deduction", [0, 3, 10, 30])
@pytest.mark.parametrize("checked", [(None, None), (0, None), (None, 0), (5, None), (None, 30), (10, None), (None, 39)])
@pytest.mark.parametrize("situation", SITUATIONS)
def test_上下限包住核查的每一种结果(situation, checked, deduction):
    own, rows = SITUATIONS[situation]
    open_rows = [sampled(name, c, s, v, m) for (name, c, s, m), v in zip(rows, checked, strict=True)]
    bounds = base_of(own, open_rows, deduction).interval
    choices = [
        [Fraction(v)] if v is not None else [Fraction(m * n, 40) for n in range(41)]
        for (_, _, _, m), v in zip(rows, checked, strict=True)
    ]
    totals = []
    for found in product(*choices):
        settled = [sampled(name, c, s, v, m) for (name, c, s, m), v in zip(rows, found, strict=True)]
        totals.append(base_of(own, settled, deduction).interval.settled)
    assert all(bounds.low <= total <= bounds.high for total in totals)
    assert min(totals) == bounds.low, "下限应能达到"
    assert bounds.high - max(totals) <= bounds.high / 20, "上限不应太松"


def test_可信度越过界线时扣分可能变多():
    # Just below the tolerance B15 has nothing left to lose; above it 8 points are lost: the higher total comes first.
    own = {"B1": Fraction(90), "B15": Fraction(10)}
    rows = [sampled("B15-1", "B15", 10, 0, 10), sampled("B1", "B1", 90, None, 100)]
    bounds = base_of(own, rows, 8).interval
    below = base_of(own, [rows[0], sampled("B1", "B1", 90, "97.9", 100)], 8).interval.settled
    above = base_of(own, [rows[0], sampled("B1", "B1", 90, "98", 100)], 8).interval.settled
    assert below > above
    assert bounds.low <= above < below <= bounds.high


def test_上限不把B15以内的核查分算到以外():
    # B15 holds 9 already, so at most 49.8 of B1 keeps the credibility below the tolerance; accepting gives 50.
    own = {"B1": Fraction(50), "B15": Fraction(10)}
    rows = [sampled("B15", "B15", 10, 9, 10), sampled("B1", "B1", 50, None, 60)]
    assert base_of(own, rows, 30).interval.high == 50


@pytest.mark.parametrize(("low", "high", "bounds"), [(0, 98, (0, 110)), (98, 100, (110, 110))])
def test_可信度的上下限恰在界线(low, high, bounds):
    own = {"B14": Fraction(100), "B15": Fraction(10)}
    rows = [Sampled("B14", "B14", Fraction(100), False, Fraction(low), Fraction(high))]
    interval = base_of(own, rows, 0).interval
    assert (interval.low, interval.high) == bounds
