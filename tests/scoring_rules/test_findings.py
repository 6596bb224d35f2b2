"""Draft findings: limits of the scheme with both sides, and everything that must stay open."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from importlib.resources import files
from itertools import permutations

import pytest

from scoring_rules.findings import find_item
from scoring_rules.item_rules import ITEM_RULES
from scoring_rules.observations import ItemInput, Observation
from scoring_rules.parameters import DatedValue, load_parameters


def figure(metric, value, unit="%", *, year=2018, scope="全区", citation=""):
    return Observation(metric, Decimal(value), unit, year, scope, citation or f"{metric}@{year}={value}")


@pytest.fixture
def find(scheme):
    def _find(item_id, *observations, state="found", conflicting=(), data_year=2018, **more):
        given = ItemInput(item_id, tuple(observations), frozenset(conflicting), state, **more)
        return find_item(scheme, given, data_year=data_year, parameters=load_parameters())

    return _find


# item, figures that stand beside it, metric, unit, value that is just short, limit, value beyond
BORDERS = [
    ("B1-2", [], "party_coverage_rate", "%", "99.99", "100", None),
    ("B2-2", [], "standing_meetings", "次", "1", "2", "3"),
    ("B3-2", [], "charter_rate", "%", "99.9", "100", None),
    ("B5-5", [figure("enrolment_rate_preschool", "97")], "puhui_rate", "%", "79.99", "80", "80.01"),
    ("B5-5", [figure("puhui_rate", "86.5")], "enrolment_rate_preschool", "%", "95.49", "95.5", "95.51"),
    ("B9", [figure("resource_room_schools_due", "7", "所")], "resource_room_schools_done", "所", "6", "7", None),
    ("B10-2", [figure("community_centre_rate", "85")], "community_college_rate", "%", "99", "100", None),
    ("B10-2", [figure("community_college_rate", "100")], "community_centre_rate", "%", "84.99", "85", "85.01"),
    ("B12-2", [], "major_accidents", "起", "1", "0", None),
    ("B14-1", [figure("bottom_line_schools_total", "80", "所")], "bottom_line_schools_met", "所", "79", "80", None),
    ("B15-3", [], "inspector_coverage_rate", "%", "99.99", "100", None),
    ("B16-1", [], "staffing_check_year", "年份", "2014", "2015", "2016"),
    ("B17-1", [figure("civil_servant_salary_avg", "90000", "元")], "teacher_salary_avg", "元", "89999.99", "90000", "90000.01"),
    ("B17-2", [], "unqualified_substitutes", "人", "1", "0", None),
    ("B17-3", [], "training_fund_rate", "%", "4.99", "5", "5.01"),
]  # fmt: skip


@pytest.mark.parametrize("border", BORDERS, ids=[f"{b[0]} {b[2]}" for b in BORDERS])
def test_界线两边(find, scheme, border):
    item, beside, metric, unit, short, limit, beyond = border
    share, parts = scheme.share(item), len(ITEM_RULES[item].checks) + 1
    for value in (limit, beyond):
        if value is not None:
            found = find(item, figure(metric, value, unit), *beside)
            assert found.status == "met"
            assert found.points == (share * (parts - 1) / parts, share)
    found = find(item, figure(metric, short, unit), *beside)
    assert found.status == ("partly_met" if parts == 3 else "not_met")
    assert found.points == (share * (parts - 2) / parts, share * (parts - 1) / parts)
    assert found.rule == f"{item}.figures"
    assert f"{metric}@2018={short}" in found.citations


def test_每条规则都有界线测试():
    tested = {(b[0], b[2]) for b in BORDERS}
    unset = {"B5-4", "B6-2", "B19-4"}
    assert tested == {
        (item, c.metrics[0]) for item, rule in ITEM_RULES.items() if item not in unset for c in rule.checks
    }


def test_两个数都未达标(find):
    found = find("B5-5", figure("puhui_rate", "70"), figure("enrolment_rate_preschool", "90"))
    assert (found.status, found.points) == ("not_met", (0, Fraction(20, 9)))


@pytest.mark.parametrize(
    ("item", "metric"),
    [("B5-4", "cert_rate"), ("B6-2", "disabled_enrolment_rate"), ("B19-4", "fitness_pass_rate")],
)
def test_方案没有给的数从不判定(find, scheme, item, metric):
    for value in ("0", "50", "100"):
        found = find(item, figure(metric, value))
        assert (found.status, found.points) == ("needs_reviewer", (0, scheme.share(item)))
        assert "方案没有给出界线" in found.reasons[0]
        assert found.citations


def test_别处来的数也不判定(scheme):
    parameters = dict(load_parameters())
    sourced = DatedValue(date(2018, 1, 1), "95", "演示文件")
    parameters["cert_rate_min"] = replace(parameters["cert_rate_min"], status="sourced", values=(sourced,))
    given = ItemInput("B5-4", (figure("cert_rate", "100"),), frozenset(), "found")
    assert find_item(scheme, given, data_year=2018, parameters=parameters).status == "needs_reviewer"


OPEN = {
    "没有这个数": ([], "没有找到 2018 年全区的一校一章程覆盖率", 0),
    "只有上一年": ([figure("charter_rate", "100", year=2017)], "年度不符", 1),
    "没有写年度": ([figure("charter_rate", "100", year=None)], "没有写明年度", 1),
    "只有部分学校": ([figure("charter_rate", "100", scope="小学")], "只有小学的数", 1),
    "范围不明": ([figure("charter_rate", "100", scope="")], "只有范围不明的数", 1),
    "两个数不同": (
        [figure("charter_rate", "100"), figure("charter_rate", "98")],
        "前后矛盾（2018 年 100%、2018 年 98%）",
        2,
    ),
    "单位不对": ([figure("charter_rate", "100", "所")], "单位是“所”", 1),
    "没有单位": ([figure("charter_rate", "1", "")], "单位是“无”", 1),
    "超过百分之百": ([figure("charter_rate", "101")], "超过 100%", 1),
    "负数": ([figure("charter_rate", "-1")], "不是可用的数", 1),
    "不是数": ([figure("charter_rate", "NaN")], "不是可用的数", 1),
}


@pytest.mark.parametrize(("observations", "words", "cited"), OPEN.values(), ids=OPEN)
def test_缺的和说不清的都是整个区间(find, scheme, observations, words, cited):
    found = find("B3-2", *observations)
    assert (found.status, found.points) == ("needs_reviewer", (0, scheme.share("B3-2")))
    assert words in found.reasons[0]
    assert len(found.citations) == cited


def test_别处发现的矛盾(find, scheme):
    found = find("B3-2", figure("charter_rate", "100"), conflicting=["charter_rate"])
    assert (found.status, found.points) == ("needs_reviewer", (0, scheme.share("B3-2")))
    assert "前后矛盾" in found.reasons[0]
    assert find("B3-2", figure("charter_rate", "100"), conflicting=["puhui_rate"]).status == "met"


def test_两个数中缺一个就不判定(find, scheme):
    found = find("B5-5", figure("puhui_rate", "70"))
    assert (found.status, found.points) == ("needs_reviewer", (0, scheme.share("B5-5")))
    assert "未达到 80%" in found.reasons[0]
    assert "没有找到" in found.reasons[1]


def test_往年的数不影响当年的数(find):
    now = figure("puhui_rate", "86.5"), figure("enrolment_rate_preschool", "97.2")
    old = figure("puhui_rate", "70", year=2017), figure("puhui_rate", "60", scope="城区")
    assert find("B5-5", *now, *old) == find("B5-5", *now)


def test_多份材料同一个数都作引用(find):
    found = find("B3-2", figure("charter_rate", "100", citation="乙"), figure("charter_rate", "100.0", citation="甲"))
    assert (found.status, found.citations) == ("met", ("乙", "甲") if "乙" < "甲" else ("甲", "乙"))


def test_数据的次序与重复无关(find):
    figures = [figure("puhui_rate", "86.5"), figure("puhui_rate", "85", year=2017), figure("enrolment_rate_preschool", "97.2"), figure("puhui_rate", "86.5", citation="z")]  # fmt: skip
    wanted = find("B5-5", *figures)
    assert wanted.status == "met"
    for order in permutations(figures):
        assert find("B5-5", *order, order[0]) == wanted


def test_多次核编以最近一次为准(find):
    old, new = figure("staffing_check_year", "2012", "年份"), figure("staffing_check_year", "2017", "年份", year=2017)
    assert find("B16-1", old, new).status == "met"
    assert find("B16-1", old).status == "not_met"
    later = figure("staffing_check_year", "2019", "年份")
    assert find("B16-1", later).status == "needs_reviewer"


def test_应设为零要核对(find):
    rooms = figure("resource_room_schools_due", "0", "所"), figure("resource_room_schools_done", "0", "所")
    found = find("B9", *rooms)
    assert found.status == "needs_reviewer"
    assert "零报告" in found.reasons[0]


def test_已设多于应设要核对(find):
    rooms = figure("resource_room_schools_due", "3", "所"), figure("resource_room_schools_done", "4", "所")
    assert find("B9", *rooms).status == "needs_reviewer"


def test_件数不是整数要核对(find):
    assert find("B2-2", figure("standing_meetings", "2.5", "次")).status == "needs_reviewer"


def test_参数生效以前不判定(find):
    found = find("B3-2", figure("charter_rate", "100", year=2016), data_year=2016)
    assert found.status == "needs_reviewer"
    assert "2018-01-01 起才有取值" in found.reasons[0]


@pytest.mark.parametrize("item", ["B1-1", "B5-5"])
@pytest.mark.parametrize(
    ("state", "status"),
    [
        ("found", "needs_reviewer"), ("partly", "needs_reviewer"), ("missing", "no_evidence"),
        ("out_of_period", "needs_reviewer"), ("unreadable", "needs_reviewer"),
    ],
)  # fmt: skip
def test_没有数时看材料(find, scheme, item, state, status):
    found = find(item, state=state)
    assert (found.status, found.points) == (status, (0, scheme.share(item)))
    assert found.reasons


def test_有数就不是没有材料(find):
    assert find("B3-2", figure("charter_rate", "100", year=2017), state="missing").status == "needs_reviewer"
    found = find("B3-2", figure("charter_rate", "100"), state="partly")
    assert found.status == "met"
    assert any("不全" in reason for reason in found.reasons)


def test_不适用(find):
    found = find("B14-4", not_applicable=True)
    assert (found.status, found.points, found.rule) == ("not_applicable", (0, 0), "B14-4.not_applicable")


def test_加分由市评定(find):
    assert (find("B21").status, find("B21").points) == ("needs_reviewer", (0, 20))


def test_没有这个要点(find):
    with pytest.raises(KeyError):
        find("B99")


def test_依据都是方案原文(find, scheme):
    text = (files("corpus") / "schemes" / "2019" / "official.txt").read_text(encoding="utf-8")
    official = "".join(unicodedata.normalize("NFKC", text).split())
    for item in scheme.items:
        for more in ({}, {"not_applicable": True}):
            basis = find(item.id, **more).basis
            assert "".join(unicodedata.normalize("NFKC", basis).split()) in official, item.id
    assert find("B5-5").basis.endswith("达到80%以上；学前教育入园率达到95.5%以上")
    assert find("B2-2").basis == "区县政府常务会议每年听取、研究教育工作2次以上"


def test_矛盾只在部分学校时也列引用(find):
    found = find("B3-2", figure("charter_rate", "100", scope="小学"), conflicting=["charter_rate"])
    assert found.status == "needs_reviewer"
    assert "前后矛盾（2018 年 100%）" in found.reasons[0]
    assert len(found.citations) == 1
