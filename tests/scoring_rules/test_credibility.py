"""可信度: exact, from the sample alone, never upwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from scoring_rules.credibility import adjustment_factor, credibility, sample_of
from scoring_rules.notes import credibility_notes
from scoring_rules.parameters import DatedValue, load_parameters


def known(case_of, scheme, **changes):
    case = case_of(**changes)
    return credibility(sample_of(case, scheme, case.maxima(scheme)))


def test_可信度是精确的分数(case_of, scheme):
    found = known(case_of, scheme, verified={"B5": "31", "B14": "190"})
    assert found.value == Fraction(221, 290)
    assert str(found.value) == "221/290"


def test_自评与核查都按要点(case_of, scheme):
    own = {"B7": None, "B7-1": "7", "B7-2": "6"}
    assert known(case_of, scheme, own=own, verified={"B7-1": "6.5"}).value == Fraction(13, 14)


def test_自评按要点而核查按二级指标(case_of, scheme):
    own = {"B7": None, "B7-1": "7", "B7-2": "6"}
    assert known(case_of, scheme, own=own, verified={"B7": "12"}).value == Fraction(12, 13)


def test_自评按二级指标而要点全部抽中(case_of, scheme):
    case = case_of(own={"B7": "13"}, verified={"B7-1": "7", "B7-2": "5"})
    found = sample_of(case, scheme, case.maxima(scheme))
    assert [s.id for s in found] == ["B7"]
    assert credibility(found).value == Fraction(12, 13)


def test_自评满分的要点按均分的分值比(case_of, scheme):
    assert known(case_of, scheme, verified={"B14-1": "40"}).value == Fraction(40) / Fraction(125, 3)


def test_没有编号的要点就是二级指标(case_of, scheme):
    assert known(case_of, scheme, own={"B9": "4"}, verified={"B9": "3"}).value == Fraction(3, 4)


def test_没有抽样就没有可信度(case_of, scheme):
    found = known(case_of, scheme, verified={})
    assert (found.state, found.value, found.high) == ("not_checked", None, None)


def test_抽中的自评全是零分就没有意义(case_of, scheme):
    assert known(case_of, scheme, own={"B1": "0"}, verified={"B1": "5"}).state == "no_self_points"


def test_没有核查完只有上下限(case_of, scheme):
    found = known(case_of, scheme, own={"B5": "36"}, verified={"B1": "54", "B5": None})
    assert (found.state, found.value) == ("unfinished", None)
    assert (found.low, found.high) == (Fraction(54, 96), Fraction(94, 96))


def test_合并的要点核查了一部分(case_of, scheme):
    found = known(case_of, scheme, own={"B7": "13"}, verified={"B7-1": "7", "B7-2": None})
    assert (found.low, found.high) == (Fraction(7, 13), Fraction("14.5") / 13)


@pytest.mark.parametrize(
    ("value", "factor"),
    [("1.2", "1"), ("1", "1"), ("0.98", "1"), ("0.97999", "0.97999"), ("0", "0")],
    ids=["高于自评只认可", "一致", "恰在界线", "略低于界线", "全不属实"],
)
def test_只降不升(value, factor):
    assert adjustment_factor(Fraction(value), Fraction("0.98")) == Fraction(factor)


def test_系数从不大于一也从不倒退():
    tolerance = Fraction("0.98")
    factors = [adjustment_factor(Fraction(n, 200), tolerance) for n in range(0, 300)]
    assert all(0 <= factor <= 1 for factor in factors)
    assert factors == sorted(factors)


@pytest.mark.parametrize(("value", "told"), [("0.79", 1), ("0.8", 0), ("0.81", 0)])
def test_恰在提醒线上不提醒(value, told):
    known = load_parameters()
    lines = {"credibility_alert": "0.8", "credibility_review_margin": "0"}
    fixed = {
        name: replace(known[name], values=(DatedValue(date(2018, 1, 1), line, "文件"),)) for name, line in lines.items()
    }
    notes = credibility_notes(Fraction(value), Fraction("0.98"), known | fixed, date(2018, 12, 31))
    assert len(notes) == told
