"""Drafts: sums of intervals, never a silent zero."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from scoring_rules.drafting import ItemInput, Observation, draft
from scoring_rules.parameters import load_parameters


def given(item_id, *observations, state="found", not_applicable=False):
    return ItemInput(item_id, observations, frozenset(), state, not_applicable)


@pytest.fixture
def drafted(scheme):
    return lambda inputs: draft(scheme, inputs, data_year=2018, parameters=load_parameters())


def of(result, criterion_id):
    return next(entry for entry in result.criteria if entry.id == criterion_id)


def test_什么也没有就全是区间(drafted, scheme):
    result = drafted({item.id: given(item.id, state="missing") for item in scheme.items})
    assert [entry.id for entry in result.criteria] == [criterion.id for criterion in scheme.criteria]
    for entry, criterion in zip(result.criteria, scheme.criteria, strict=True):
        assert entry.points == (0, criterion.points)
        assert [finding.item_id for finding in entry.items] == [item.id for item in criterion.items]
    assert result.points == (0, 1000)


def test_没有检查过的不是没有材料(drafted):
    result = drafted({})
    assert {finding.status for entry in result.criteria for finding in entry.items} == {"needs_reviewer"}
    assert all("尚未检查" in finding.reasons[0] for entry in result.criteria for finding in entry.items)
    assert result.points == (0, 1000)


def test_分值是各要点之和(drafted):
    charter = Observation("charter_rate", Decimal(100), "%", 2018, "全区", "甲")
    meetings = Observation("standing_meetings", Decimal(1), "次", 2018, "全区", "乙")
    result = drafted({"B3-2": given("B3-2", charter), "B2-2": given("B2-2", meetings)})
    assert of(result, "B3").points == (Fraction("2.5"), 10)
    assert of(result, "B2").points == (0, 30)
    assert result.points == (Fraction("2.5"), 990)
    for entry in result.criteria:
        for end in (0, 1):
            assert entry.points[end] == sum(finding.points[end] for finding in entry.items)


def test_不适用要点的分值归其余要点(drafted):
    total = Observation("bottom_line_schools_total", Decimal(80), "所", 2018, "全区", "甲")
    met = Observation("bottom_line_schools_met", Decimal(80), "所", 2018, "全区", "乙")
    due = Observation("renovation_due", Decimal(40), "个", 2018, "全区", "丙")
    done = Observation("renovation_done", Decimal(30), "个", 2018, "全区", "丁")
    result = drafted({"B14-4": given("B14-4", not_applicable=True), "B14-1": given("B14-1", total, met, due, done)})
    points = {finding.item_id: finding.points for finding in of(result, "B14").items}
    assert points["B14-4"] == (0, 0)
    # Three parts of 50 ÷ 3: all schools, three quarters of the projects (R34), and what the expert judges.
    assert points["B14-1"] == (Fraction(50, 3) * Fraction(7, 4), Fraction(50, 3) * Fraction(11, 4))
    assert of(result, "B14").points == (points["B14-1"][0], 200 + points["B14-1"][1])


def test_整个二级指标不适用(drafted):
    charter = Observation("charter_rate", Decimal(100), "%", 2018, "全区", "甲")
    left_out = {item: given(item, not_applicable=True) for item in ("B7-1", "B7-2")}
    result = drafted({**left_out, "B3-2": given("B3-2", charter)})
    assert (of(result, "B7").points, of(result, "B7").maximum) == ((0, 0), 0)
    assert result.points == (Fraction("2.5") * 1000 / 985, 1000)


def test_加分不进基础分(drafted):
    assert of(drafted({}), "B21").points == (0, 20)


def test_写错的输入不放过(drafted, scheme):
    with pytest.raises(KeyError):
        drafted({"B99": given("B99")})
    with pytest.raises(ValueError, match="stands under"):
        drafted({"B1-1": given("B1-2")})
    with pytest.raises(ValueError, match="no criterion applies"):
        drafted({item.id: given(item.id, not_applicable=True) for item in scheme.items})


def fund(value, citation, item="B13-1", conflicting=()):
    seen = Observation("primary_per_pupil_fund", Decimal(value), "元", 2018, "全区", citation)
    return ItemInput(item, (seen,), frozenset(conflicting), "found")


def test_一个数给所有要看它的要点用(drafted):
    result = drafted({"B13-1": fund("700", "甲"), "B6-1": given("B6-1")})
    for criterion, item in (("B13", "B13-1"), ("B6", "B6-1")):
        found = next(f for f in of(result, criterion).items if f.item_id == item)
        assert any("未达到 710元" in reason for reason in found.reasons)
        assert found.citations == ("甲",)
        assert found.unconfirmed


def test_别处发现的矛盾也一起带来(drafted):
    result = drafted({"B13-1": fund("700", "甲", conflicting=["primary_per_pupil_fund"]), "B6-1": given("B6-1")})
    found = next(f for f in of(result, "B6").items if f.item_id == "B6-1")
    assert any("前后矛盾" in reason for reason in found.reasons)


def test_各要点输入的次序无关(drafted):
    inputs = {"B13-1": fund("700", "甲"), "B6-1": fund("720", "乙", item="B6-1"), "B3-2": given("B3-2")}
    assert drafted(inputs) == drafted(dict(reversed(inputs.items())))
