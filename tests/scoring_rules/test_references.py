"""参考标准只列出、不判定，确认后才判定；约数从不判定；不带方案的账本用账本里的约定复算。"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from scoring_rules.annex1_proposals import proposals
from scoring_rules.case_errors import CaseError, ReplayError
from scoring_rules.checks import UNCONFIRMED
from scoring_rules.findings import find_item
from scoring_rules.observations import ItemInput, Observation
from scoring_rules.open_terms import Act
from scoring_rules.parameters import load_parameters, with_parameter_acts
from scoring_rules.replay import replay
from scoring_rules.scheme_loader import load_scheme
from scoring_rules.scoring import score_case

SCHEME = load_scheme()

# 不能成为一条判据的：定义用的人数线，全市的规划总数，按校规模分档的编制，只用于提示或抽样的约定。
NO_CHECK = {
    "central_city_schools", "kindergarten_cleanup_year", "large_class_pupils", "super_class_pupils", "resource_room_pupils",
    "rural_allowance_standard", "vocational_departments_large_max", "vocational_departments_medium_max",
    "vocational_departments_small_max", "vocational_leaders_large_max", "vocational_leaders_medium_max",
    "vocational_leaders_small_max", "rectification_points_per_problem",
}  # fmt: skip


def observed(metric, value, unit, scope="全区", approximate=False, citation="k"):
    return Observation(metric, Decimal(value), unit, 2018, scope, citation, approximate)


def finding(item, *observations, parameters=None):
    given = ItemInput(item, tuple(observations), frozenset(), "found")
    return find_item(SCHEME, given, data_year=2018, parameters=parameters or load_parameters())


def test_每个参数都有判据_或说得出为什么没有():
    used = {check.parameter for rule in SCHEME.rules for check in rule.checks}
    without = {name for name, p in load_parameters().items() if name not in used and p.status != "convention"}
    assert without == NO_CHECK


@pytest.mark.parametrize(
    ("item", "metric", "unit", "scope", "just", "beyond", "limit"),
    [
        ("B14-2", "average_class_size", "人", "小学", "45", "45.1", "45"),
        ("B14-2", "average_class_size", "人", "初中", "50", "50.1", "50"),
        ("B11-1", "max_classes_primary_junior", "班", "全区", "36", "37", "36"),
        ("B11-2", "service_radius_kindergarten", "米", "全区", "300", "300.5", "300"),
        ("B20", "aid_senior_amount", "元", "全区", "2000", "1999", "2000"),
        ("B20", "aid_coverage_boarding_rate", "%", "全区", "30", "29.9", "30"),
        ("B13-1", "boarding_extra_fund", "元", "全区", "200", "199", "200"),
        ("B8-2", "vocational_land_per_pupil", "平方米", "全区", "33", "32.9", "33"),
        ("B6-7", "quality_qualified_teachers", "人", "小学", "4.2", "4.1", "4.2"),
    ],
)
def test_参考标准列出而不判定(item, metric, unit, scope, just, beyond, limit):
    whole = SCHEME.share(item)
    for value in (just, beyond):
        found = finding(item, observed(metric, value, unit, scope))
        (reason,) = [r for r in found.reasons if UNCONFIRMED in r]
        assert "不判定" in reason
        assert limit in reason
        assert found.unconfirmed
        assert found.points == (0, whole)
    met = next(r for r in finding(item, observed(metric, just, unit, scope)).reasons if UNCONFIRMED in r)
    missed = next(r for r in finding(item, observed(metric, beyond, unit, scope)).reasons if UNCONFIRMED in r)
    words = ("未达到", "超过")
    assert any(word in missed for word in words)
    assert not any(word in met for word in words)


def test_确认后参与判定_优质均衡仍只列出():
    def confirmed(*names):
        acts = [Act(n, v, "督导办（演示）", date(2019, 4, 1), "演示文件") for n, v in names]
        return with_parameter_acts(load_parameters(), acts)

    parameters = confirmed(("vocational_land_min", "33"))
    found = finding("B8-2", observed("vocational_land_per_pupil", "33", "平方米"), parameters=parameters)
    assert (found.status, found.points) == ("met", (5, 10))
    found = finding("B8-2", observed("vocational_land_per_pupil", "32", "平方米"), parameters=parameters)
    assert (found.status, found.points) == ("not_met", (0, 5))
    parameters = confirmed(("quality_qualified_teachers_primary_min", "4.2"))
    found = finding("B6-7", observed("quality_qualified_teachers", "4.1", "人", "小学"), parameters=parameters)
    assert found.points == (0, SCHEME.share("B6-7"))
    assert any("只列出，不判定" in reason for reason in found.reasons)


def test_参考标准很多而没有数时不逐项罗列():
    reasons = finding("B6-7").reasons
    assert len(reasons) == 3
    assert reasons[2] == "其余 14 项参考标准也没有找到数"


def test_约数不作判定():
    rate, other = "puhui_rate", observed("enrolment_rate_preschool", "96", "%")
    exact = finding("B5-5", observed(rate, "86", "%"), other)
    assert exact.status == "met"
    about = finding("B5-5", observed(rate, "86", "%", approximate=True), other)
    assert (about.status, about.points) == ("needs_reviewer", (0, SCHEME.share("B5-5")))
    assert "约 86%" in about.reasons[0]
    assert "约数，不作判定" in about.reasons[0]
    both = finding("B5-5", observed(rate, "86", "%", approximate=True, citation="a"), observed(rate, "86", "%"), other)
    assert both.status == "met"
    assert "约" not in both.reasons[0]


def test_约数不作附件1的建议():
    def spent(approximate):
        return [
            observed("education_expenditure", "90", "元", approximate=approximate),
            Observation("education_expenditure", Decimal(100), "元", 2017, "全区", "k"),
        ]

    def proposed(given):
        return proposals(SCHEME, given, data_year=2018, parameters=load_parameters())["1"].state

    assert (proposed(spent(False)), proposed(spent(True))) == ("triggered", "unknown")


def test_没有方案的复算用账本里的约定(case_of, monkeypatch):
    act = {"target": "ties", "value": "base_points", "by": "督导办", "on": "2019-05-06", "document": "演示〔2019〕3号"}
    terms = tuple(
        replace(term, default="expert_only", why="旧的理由", title="旧的说法") if term.id == "figures_part" else term
        for term in SCHEME.terms
    )
    old = replace(SCHEME, terms=terms)
    steps = json.loads(json.dumps(score_case(old, case_of(verified={"B5": "20"}, acts=[act])).ledger.to_json()))
    again = replay(steps)
    assert again.ledger.to_json() == steps
    assert again.credibility == Fraction(1, 2)
    printed = next(step for step in steps if step["rule"] == "open_terms")["result"]
    printed["figures_part"]["why"] = 5
    with pytest.raises((ReplayError, TypeError)):
        replay([*steps[:1]])
    del printed["ties"]
    with pytest.raises((ReplayError, CaseError)):
        replay(steps)
