"""Points item by item: what was checked shows what was found; the parts always add up to the whole."""

from __future__ import annotations

from fractions import Fraction

import pytest

from scoring_rules.item_display import shown_points

BY_ITEM = {"B7": None, "B7-1": "7", "B7-2": "6"}
CASES = {
    "认可": {"verified": {"B1": "60"}},
    "调整": {"verified": {"B1": "30", "B5": "40"}},
    "按要点": {"own": BY_ITEM, "verified": {"B7-1": "3", "B14": "200"}},
    "要点齐了": {"own": {"B7": "13"}, "verified": {"B7-1": "7", "B7-2": "5"}},
    "整个核查": {"own": BY_ITEM, "verified": {"B7": "5"}},
    "满分只核一个要点": {"verified": {"B7-1": "3"}},
    "零分只核一个要点": {"own": {"B7": "0"}, "verified": {"B7-1": "0", "B1": "20"}},
    "有不适用": {"not_applicable": ["B7-1"], "own": {"B7": "13"}, "verified": {"B7-2": "5"}},
}


@pytest.mark.parametrize("changes", CASES.values(), ids=CASES)
def test_各行之和等于采用的自评分(scheme, case_of, score, changes):
    result = score(**changes)
    rows = shown_points(scheme, case_of(**changes), result)
    assert sum(row.self_points for row in rows) == result.self_points
    factor = min(result.credibility, 1) if result.adjusted else 1
    assert sum(row.shown for row in rows) == result.self_points * factor


def test_抽中的列核查分_其余按可信度(scheme, case_of, score):
    rows = {r.id: r.to_json() for r in shown_points(scheme, case_of(**CASES["按要点"]), score(**CASES["按要点"]))}
    assert rows["B7-1"] == {"id": "B7-1", "self": "7", "verified": "3", "ratio": "3/7", "shown": "3"}
    assert rows["B14"]["shown"] == "200"
    credibility = Fraction(203, 257)
    assert Fraction(rows["B7-2"]["shown"]) == 6 * credibility
    assert rows["B7-2"]["verified"] is rows["B7-2"]["ratio"] is None


def test_认可自评时列自评分(scheme, case_of, score):
    changes = {"own": {"B5": "30"}, "verified": {"B5": "40"}}
    row = next(r for r in shown_points(scheme, case_of(**changes), score(**changes)) if r.id == "B5")
    assert (row.shown, row.verified, row.ratio) == (30, 40, Fraction(4, 3))


def test_可信度未定时不列分(scheme, case_of, score):
    changes = {"verified": {"B1": "60", "B9": None}}
    rows = shown_points(scheme, case_of(**changes), score(**changes))
    assert {row.shown for row in rows} == {None}
    assert {row.id: row.verified for row in rows}["B9"] is None


def test_自评零分没有比值(scheme, case_of, score):
    changes = {"own": {"B9": "0"}, "verified": {"B9": "0", "B1": "60"}}
    row = next(r for r in shown_points(scheme, case_of(**changes), score(**changes)) if r.id == "B9")
    assert (row.ratio, row.to_json()["ratio"]) == (None, None)


@pytest.mark.parametrize(
    ("verified", "warned"), [("59.1", False), ("59.09", True), ("58.8", True), ("58.51", True), ("58.5", False)]
)
def test_可信度离界线不到0_005要两人复核(score, verified, warned):
    """|C − 0.98| < 0.005 with 60 points sampled: 58.5 and 59.1 are exactly 0.005 away and not warned."""
    told = score(verified={"B1": verified}).notes
    assert any("请两人复核" in note for note in told) is warned


@pytest.mark.parametrize(("verified", "told"), [("48", False), ("47.99", True), ("0", True)])
def test_可信度低只建议核查_从不认定弄虚作假(score, verified, told):
    result = score(verified={"B1": verified})
    sentences = [note for note in result.notes if "弄虚作假" in note]
    assert bool(sentences) is told
    assert all("建议核查" in note and "须由人认定" in note for note in sentences)
    assert (result.annex1.status, result.annex1.triggered) == ("not_triggered", ())
    assert result.grade == result.points_grade
