"""每条界线的数，照文件手抄一遍（不读参数文件），在界线下一点、恰在、上一点各试；取值有变动的，变动前后两个年度都试。"""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from scoring_rules.annex1_proposals import proposals
from scoring_rules.case import load_case
from scoring_rules.checks import evaluate
from scoring_rules.observations import ItemInput, Observation
from scoring_rules.open_terms import Act
from scoring_rules.parameters import load_parameters, with_parameter_acts
from scoring_rules.scheme_loader import load_scheme
from scoring_rules.scoring import score_case

SCHEME = load_scheme()
E = "0.01"
# Item, metric, law's direction, and the number by data year, as they stand in the papers. 「以上」「达到」 include the number.
IN_SCHEME = [
    ("B1-2", "party_coverage_rate", ">=", {2018: "100", 2021: "100"}, E),  # 全覆盖
    ("B2-2", "standing_meetings", ">=", {2018: "2", 2021: "2"}, "1"),  # 每年 2 次以上
    ("B3-2", "charter_rate", ">=", {2018: "100", 2021: "100"}, E),  # 一校一章程
    ("B5-5", "puhui_rate", ">=", {2018: "80", 2021: "80"}, E),  # 80%以上
    ("B5-5", "enrolment_rate_preschool", ">=", {2018: "95.5", 2021: "95.5"}, E),  # 95.5%以上
    ("B10-2", "community_college_rate", ">=", {2018: "100", 2021: "100"}, E),
    ("B10-2", "community_centre_rate", ">=", {2018: "85", 2021: "85"}, E),
    ("B16-1", "staffing_check_year", ">=", {2018: "2015", 2021: "2018"}, "1"),  # 每三年核定一次
    ("B17-2", "unqualified_substitutes", "<=", {2018: "0", 2021: "0"}, "1"),
    ("B17-3", "training_fund_rate", ">=", {2018: "5", 2021: "5"}, E),  # 公用经费预算总额的 5%
]
SOURCED = [
    ("B5-2", "preschool_per_child_fund", ">=", {2018: "710", 2021: "710"}, E),
    ("B6-1", "primary_per_pupil_fund", ">=", {2018: "710", 2021: "710"}, E),
    ("B6-1", "junior_per_pupil_fund", ">=", {2018: "910", 2021: "910"}, E),
    ("B9", "special_school_per_pupil_fund", ">=", {2018: "6000", 2019: "8000", 2021: "8000"}, E),
    ("B13-1", "special_school_per_pupil_fund", ">=", {2018: "6000", 2019: "8000"}, E),
    ("B6-2", "disabled_enrolment_rate", ">=", {2018: "95", 2021: "95"}, E),
    ("B6-5", "variation_coefficient", "<=", {2018: "0.65", 2021: "0.65"}, E),
    ("B14-2", "large_class_rate", "<=", {2019: "5", 2020: "0", 2021: "0"}, E),
    ("B14-2", "super_classes", "<=", {2018: "0", 2021: "0"}, "1"),
    ("B15-3", "schools_per_inspector", "<=", {2018: "5", 2019: "5"}, "1"),
    ("B16-1", "primary_pupils_per_staff", "<=", {2018: "19"}, E),
    ("B16-1", "junior_pupils_per_staff", "<=", {2018: "13.5"}, E),
    ("B16-1", "senior_pupils_per_staff", "<=", {2018: "12.5"}, E),
]  # fmt: skip
OFFICE = ("督导办（演示）", date(2019, 4, 1), "演示文件")


def confirmed():
    """The shipped parameters with every sourced value confirmed."""
    acts = [
        Act(p.id, dated.value, *OFFICE)
        for p in load_parameters().values()
        for dated in (p.values if p.status == "sourced" else ())
        if dated.value is not None
    ]
    return with_parameter_acts(load_parameters(), acts)


CONFIRMED = confirmed()


def find_check(item, metric):
    found = [c for c in SCHEME.rule(item).checks if c.metrics == (metric,) and not c.shows_only]
    assert found, f"{item} does not look at {metric}"
    return found[0]


def outcome(item, metric, value, year, parameters):
    check = find_check(item, metric)
    seen = Observation(metric, Decimal(value), check.units[0].replace("纯数", ""), year, check.scope or "全区", "k")
    given = ItemInput(item, (seen,), frozenset(), "found")
    return evaluate(check, given, data_year=year, parameters=parameters, scheme=SCHEME)


def rows(table):
    for item, metric, direction, by_year, step in table:
        for year, limit in by_year.items():
            yield pytest.param(
                item, metric, direction, year, Decimal(limit), Decimal(step), id=f"{item} {metric} {year}"
            )


@pytest.mark.parametrize(("item", "metric", "direction", "year", "limit", "step"), list(rows(IN_SCHEME + SOURCED)))
def test_界线下一点_恰在_上一点(item, metric, direction, year, limit, step):
    tried = {limit - step: direction == "<=", limit: True, limit + step: direction == ">="}
    for value, is_met in tried.items():
        if value < 0 or (value > 100 and find_check(item, metric).units[0] == "%") or value > year:
            continue
        found = outcome(item, metric, value, year, CONFIRMED)
        assert (found.state, found.rating) == ("decided", 1 if is_met else 0), (value, found.reason)


@pytest.mark.parametrize(("item", "metric", "direction", "year", "limit", "step"), list(rows(SOURCED)))
def test_别处的数确认以前从不判定(item, metric, direction, year, limit, step):
    for value in (limit - step, limit, limit + step):
        if value >= 0:
            found = outcome(item, metric, value, year, load_parameters())
            assert (found.state, found.rating) == ("reference", 0)
            assert found.unconfirmed


def changes():
    """Every day on which a shipped number changes: parameter, the day, the values before and after."""
    for parameter in load_parameters().values():
        for old, new in zip(parameter.values, parameter.values[1:], strict=False):
            yield pytest.param(parameter, new.since, old.value, new.value, id=f"{parameter.id} {new.since}")


@pytest.mark.parametrize(("parameter", "day", "old", "new"), list(changes()))
def test_变动前一日与当日(parameter, day, old, new):
    before = parameter.number(day - timedelta(days=1))
    assert (before, parameter.number(day)) == tuple(None if v is None else Fraction(v) for v in (old, new))
    assert parameter.at(day).since == day


def test_有变动的参数至少两个():
    changed = {p.values[0].id for p in changes()}
    assert {"special_fund_min", "large_class_rate_max"} <= changed


@pytest.mark.parametrize(
    ("amount", "year", "met_then"),
    [
        ("5999.99", 2018, False), ("6000", 2018, True), ("7999.99", 2018, True), ("8000", 2018, True),
        ("5999.99", 2019, False), ("6000", 2019, False), ("7999.99", 2019, False), ("8000", 2019, True), ("8000.01", 2019, True),
    ],
)  # fmt: skip
def test_同一个数在变动前后两年判得不同(amount, year, met_then):
    assert (outcome("B9", "special_school_per_pupil_fund", amount, year, CONFIRMED).rating == 1) == met_then


@pytest.mark.parametrize(("stage", "limit"), [("小学", "0.65"), ("初中", "0.55")])
@pytest.mark.parametrize(
    ("more", "state"), [("-0.0001", "not_triggered"), ("0", "not_triggered"), ("0.0001", "triggered")]
)
def test_附件1均衡的界线(stage, limit, more, state):
    figures = [
        Observation("variation_coefficient", Decimal(limit) + Decimal(more), "", 2018, stage, "k"),
        Observation("variation_coefficient", Decimal("0.3"), "", 2018, {"小学": "初中", "初中": "小学"}[stage], "k"),
    ]
    assert proposals(SCHEME, figures, data_year=2018, parameters=load_parameters())["2"].state == state


@pytest.mark.parametrize(("found", "hints"), [
    ("47.99", ("核查自评",)), ("48.00", ()), ("48.01", ()),  # 48/60 = 0.80: below it only
    ("58.50", ()), ("58.51", ("两人复核",)), ("58.80", ("两人复核",)), ("59.09", ("两人复核",)), ("59.10", ()),  # 0.98 ± 0.005, not included
])  # fmt: skip
def test_可信度提示的界线(case_data, found, hints):
    data = case_data(verified={"B1": found}, rectification={"due": 0, "unrectified": 0})
    notes = score_case(SCHEME, load_case(json.dumps(data, ensure_ascii=False))).notes
    assert len(notes) == len(hints)
    for words, note in zip(hints, notes, strict=True):
        assert words in note or words in note.replace("建议核查自评", "核查自评")


@pytest.mark.parametrize("status", ["in_scheme", "sourced", "convention", "unset"])
def test_各种来源的数能不能判定(status):
    for parameter in load_parameters().values():
        if parameter.status != status:
            continue
        for dated in parameter.values:
            may = status in ("in_scheme", "convention") and dated.value is not None
            assert parameter.decides(dated.since) == may, parameter.id
