"""Base points: the identity of R24, and bounds that hold whatever the field check finds."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest

from scoring_rules.base_points import Adjustment, base_points
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


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([("B5", 36, 18)], {"B5": 18}),
        ([("B5", 36, 40), ("B1", 60, 50)], {"B5": 40, "B1": 50}),
        ([("B5", 36, 40), ("B1", 60, 56)], {}),
        ([("B5", 36, 40), ("B1", 60, 57)], {}),
        ([("B14", 40, 30), ("B14", 40, 20)], {"B14": 210}),
    ],
)
def test_只调抽中的指标时其余照列自评分(rows, expected):
    sample = [sampled(name, name, own, found, 250) for name, own, found in rows]
    assert Adjustment(shows_found=True, sampled_only=True).lines(OWN, sample, Fraction(1, 2)) == {**OWN, **expected}


def test_按比值的平均调整时抽中的也乘系数():
    sample = [sampled("B5", "B5", 36, 20, 40)]
    lines = Adjustment(shows_found=False, sampled_only=False).lines(OWN, sample, Fraction(1, 2))
    assert lines == {"B1": 30, "B5": 18, "B14": 120, "B15": 19}


@pytest.mark.parametrize(
    ("regainable", "given_back"),
    [
        ({"B5": "10"}, {"B5": 10}),
        ({"B1": "100"}, {"B1": 30}),
        ({"B5": "0.5"}, {"B5": Fraction(1, 2)}),
        ({"B5": "0"}, {}),
    ],
)
def test_复查加回不超过该项自评分(regainable, given_back):
    sample = [sampled("B5", "B5", 36, 18, 40)]
    given = {name: Fraction(points) for name, points in regainable.items()}
    base = base_points(OWN, sample, credibility(sample), TOLERANCE, Fraction(0), "", regainable=given)
    plain = {"B1": 30, "B5": 18, "B14": 120, "B15": 19}
    assert base.regained == given_back
    assert base.lines == {name: points + given_back.get(name, 0) for name, points in plain.items()}
    assert (base.interval.settled, base.deducted) == (187 + sum(given_back.values()), 0)


def test_复查加回合计不超过自评合计():
    # C＝60÷96＝5/8，各行 20、40、150、23.75，共 233.75；自评合计 374，只能加回 140.25，应加回 144.25
    sample = [sampled("B1", "B1", 60, 20, 60), sampled("B5", "B5", 36, 40, 40)]
    given = {"B1": Fraction(40), "B14": Fraction(90), "B15": Fraction(38)}
    base = base_points(OWN, sample, credibility(sample), TOLERANCE, Fraction(0), "", regainable=given)
    part = Fraction("140.25") / Fraction("144.25")
    assert base.regained == {"B1": 40 * part, "B14": 90 * part, "B15": Fraction("14.25") * part}
    assert base.interval.settled == 374


@pytest.mark.parametrize(
    ("adjustment", "deduction", "low", "high"),
    [
        (Adjustment(shows_found=True, sampled_only=True), 0, 356, 360),
        (Adjustment(shows_found=True, sampled_only=True), 10, 346, 350),
        (Adjustment(shows_found=True, sampled_only=True), 1000, 318, 322),
        (Adjustment(shows_found=False, sampled_only=False), 0, 187, Fraction(2057, 9)),
        (Adjustment(shows_found=False, sampled_only=False), 10, 177, Fraction(2057, 9) - 10),
        (Adjustment(shows_found=False, sampled_only=False), 1000, 168, Fraction(616, 3)),
    ],
)
def test_未查完时的上下限(adjustment, deduction, low, high):
    # B5 自评 36，已得 18，至多 22：可信度在 1/2 与 11/18 之间，一定调整
    sample = [Sampled("B5", "B5", Fraction(36), False, Fraction(18), Fraction(22))]
    base = base_points(OWN, sample, credibility(sample), TOLERANCE, Fraction(deduction), "B15", adjustment)
    assert (base.interval.low, base.interval.high) == (low, high)
