"""附件 1 的计算：降低要严格小于，界线本身不算超过，缺数既不是命中也不是没有命中。"""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest

from scoring_rules.annex1_calculators import Spending, balance, expenditure, fitness, rural_allowance

E = Fraction(1, 100)


def spent(total, pupils, **stages):
    return Spending(None if total is None else Fraction(total), None if pupils is None else Fraction(pupils), stages)


@pytest.mark.parametrize("now", [Fraction(1000) - E, Fraction(1000), Fraction(1000) + E])
@pytest.mark.parametrize("pupils", [99, 100, 101])
def test_总量与生均任一严格降低即命中(now, pupils):
    found = expenditure(spent(now, pupils), spent(1000, 100), per_pupil_scope="all_pupils")
    assert (found.state == "triggered") == (now < 1000 or now / pupils < 10)
    assert found.state != "unknown"


def test_持平不算降低():
    found = expenditure(spent(1000, 100), spent(1000, 100), per_pupil_scope="all_pupils")
    assert found.state == "not_triggered"
    assert all("等于" in reason for reason in found.reasons)


@pytest.mark.parametrize(
    ("now", "before", "state"),
    [
        (spent(None, 100), spent(1000, 100), "unknown"),
        (spent(1000, None), spent(1000, 100), "unknown"),
        (spent(999, None), spent(1000, None), "triggered"),
        (spent(1000, 0), spent(900, 90), "unknown"),
    ],
)
def test_缺数待核实_已降低的不因缺数而免(now, before, state):
    assert expenditure(now, before, per_pupil_scope="all_pupils").state == state


def test_分学段只在定为任一学段时算():
    now = spent(1200, 100, 小学=(Fraction(90), Fraction(10)), 初中=(Fraction(200), Fraction(10)))
    before = spent(1000, 100, 小学=(Fraction(100), Fraction(10)), 初中=(Fraction(100), Fraction(10)))
    assert expenditure(now, before, per_pupil_scope="all_pupils").state == "not_triggered"
    assert expenditure(now, before, per_pupil_scope="any_stage").state == "triggered"
    only = spent(1000, 100, 小学=(Fraction(100), Fraction(10)))
    assert expenditure(now, only, per_pupil_scope="any_stage").state == "triggered"
    missing = spent(1200, 100, 初中=(Fraction(200), Fraction(10)))
    assert expenditure(missing, before, per_pupil_scope="any_stage").state == "unknown"


LIMITS = {"小学": Fraction("0.65"), "初中": Fraction("0.55")}


@pytest.mark.parametrize("primary", ["0.6499", "0.65", "0.6501"])
@pytest.mark.parametrize("junior", ["0.5499", "0.55", "0.5501"])
def test_综合系数的界线本身不超过(primary, junior):
    values = {"小学": [Fraction(primary)], "初中": [Fraction(junior)]}
    found = balance(values, LIMITS, balance_measure="comprehensive", unconfirmed=True)
    hit = Fraction(primary) > LIMITS["小学"] or Fraction(junior) > LIMITS["初中"]
    assert found.state == ("triggered" if hit else "not_triggered")
    assert found.unconfirmed
    assert found.to_json()["needs_confirmation"] is True


def test_系数缺一个学段待核实_另一学段超过仍命中():
    only = {"小学": [Fraction("0.6")]}
    assert balance(only, LIMITS, balance_measure="comprehensive", unconfirmed=False).state == "unknown"
    over = {"小学": [Fraction("0.7")]}
    assert balance(over, LIMITS, balance_measure="comprehensive", unconfirmed=False).state == "triggered"
    unset = {"小学": None, "初中": None}
    whole = {"小学": [Fraction("0.9")], "初中": [Fraction("0.9")]}
    assert balance(whole, unset, balance_measure="comprehensive", unconfirmed=False).state == "unknown"


def test_逐项比要八个数_任一项超过即命中():
    eight = [Fraction("0.5")] * 8
    for stage, position in product(LIMITS, range(8)):
        values = {"小学": list(eight), "初中": list(eight)}
        assert balance(values, LIMITS, balance_measure="each_indicator", unconfirmed=False).state == "not_triggered"
        values[stage][position] = Fraction("0.881")
        assert balance(values, LIMITS, balance_measure="each_indicator", unconfirmed=False).state == "triggered"
        values[stage][position] = None
        assert balance(values, LIMITS, balance_measure="each_indicator", unconfirmed=False).state == "unknown"


@pytest.mark.parametrize("paid", [Fraction(2400000) - E, Fraction(2400000), Fraction(2400000) + E])
def test_津贴补贴实发不少于应发(paid):
    found = rural_allowance(Fraction(2400), Fraction(1000), paid)
    assert found.state == ("triggered" if paid < 2400000 else "not_triggered")


def test_津贴补贴三者缺一为疑似():
    numbers = [Fraction(2400), Fraction(1000), Fraction(2400000)]
    for missing in product([False, True], repeat=3):
        given = [None if gone else number for number, gone in zip(numbers, missing, strict=True)]
        found = rural_allowance(*given)
        assert found.state == ("unknown" if any(missing) else "not_triggered")
        assert ("疑似" in found.reasons[0]) == any(missing)
    assert rural_allowance(None, None, None, has_rural_schools=False).state == "not_triggered"


def test_连续两年下降要三年的数_逐一核对():
    values = [None, Fraction(92), Fraction(93), Fraction(94)]
    for now, before, first in product(values, repeat=3):
        found = fitness([now, before, first], fitness_measure="pass_rate")
        falls = [None if a is None or b is None else a < b for a, b in ((now, before), (before, first))]
        if False in falls:
            wanted = "not_triggered"
        elif None in falls:
            wanted = "unknown"
        else:
            wanted = "triggered"
        assert found.state == wanted, (now, before, first)
        assert len(found.reasons) == 2


def test_优良率写在理由里_年数不对要报错():
    found = fitness([Fraction(1), Fraction(2), Fraction(3)], fitness_measure="good_rate")
    assert "优良率" in found.reasons[0]
    with pytest.raises(ValueError, match="three years"):
        fitness([Fraction(1)], fitness_measure="pass_rate")


def test_不尽的生均数写成约数():
    found = expenditure(spent(1000, 3), spent(900, 7), per_pupil_scope="all_pupils")
    assert "约 333.33" in found.reasons[1]


def test_第三第六条没有计算_只认认定(scheme):
    assert {c.id: c.calculator for c in scheme.conditions} == {
        "1": "expenditure", "2": "balance", "3": "", "4": "rural_allowance", "5": "fitness", "6": "",
    }  # fmt: skip
