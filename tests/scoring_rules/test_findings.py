"""Draft findings: limits of the scheme with both sides, and everything that must stay open."""

from __future__ import annotations

import unicodedata
from datetime import date
from decimal import Decimal
from fractions import Fraction
from importlib.resources import files
from itertools import permutations

import pytest

from scoring_rules.findings import find_item
from scoring_rules.observations import ItemInput, Observation
from scoring_rules.open_terms import Act
from scoring_rules.parameters import load_parameters, with_parameter_acts


def figure(metric, value, unit="%", *, year=2018, scope="全区", citation=""):
    return Observation(metric, Decimal(value), unit, year, scope, citation or f"{metric}@{year}={value}")


@pytest.fixture
def find(scheme):
    def _find(item_id, *observations, state="found", conflicting=(), data_year=2018, **more):
        given = ItemInput(item_id, tuple(observations), frozenset(conflicting), state, **more)
        return find_item(scheme, given, data_year=data_year, parameters=load_parameters())

    return _find


def test_两个数都未达标(find):
    found = find("B5-5", figure("puhui_rate", "70"), figure("enrolment_rate_preschool", "90"))
    assert (found.status, found.points) == ("not_met", (0, Fraction(20, 9)))


@pytest.mark.parametrize(("item", "metric"), [("B5-4", "cert_rate"), ("B19-4", "fitness_pass_rate")])
def test_方案没有给的数从不判定(find, scheme, item, metric):
    for value in ("0", "50", "100"):
        found = find(item, figure(metric, value))
        assert (found.status, found.points) == ("needs_reviewer", (0, scheme.share(item)))
        assert "方案没有给出界线" in found.reasons[0]
        assert not found.unconfirmed
        assert found.citations


@pytest.mark.parametrize("value", ["0", "94.99", "95", "100"])
def test_别处来的数标为参考标准待确认_从不判定(find, scheme, value):
    found = find("B6-2", figure("disabled_enrolment_rate", value))
    assert (found.status, found.points) == ("needs_reviewer", (0, scheme.share("B6-2")))
    assert found.reasons[0].startswith("参考标准，待确认")
    assert "只列出，不判定" in found.reasons[0]
    assert ("未达到 95%" in found.reasons[0]) == (Decimal(value) < 95)
    assert found.unconfirmed
    assert found.figures == ()


def test_参考标准不妨碍方案里的数判定(find, scheme):
    rooms = figure("resource_room_schools_due", "3", "所"), figure("resource_room_schools_done", "3", "所")
    found = find("B9", *rooms, figure("special_school_per_pupil_fund", "5000", "元"))
    assert (found.status, found.points) == ("met", (Fraction(5, 2), 5))
    assert any("待确认" in reason and "未达到 6000元" in reason for reason in found.reasons)
    assert found.unconfirmed


def test_确认以后才判定(scheme):
    act = Act("special_fund_min", "6000", "市政府教育督导办（演示）", date(2019, 4, 1), "演示文件")
    parameters = with_parameter_acts(load_parameters(), [act])
    rooms = figure("resource_room_schools_due", "3", "所"), figure("resource_room_schools_done", "3", "所")
    for amount, status in (("5999.99", "partly_met"), ("6000", "met")):
        money = figure("special_school_per_pupil_fund", amount, "元")
        given = ItemInput("B9", (*rooms, money), frozenset(), "found")
        found = find_item(scheme, given, data_year=2018, parameters=parameters)
        assert (found.status, found.unconfirmed) == (status, False)


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


def test_没有数的参考标准不啰嗦_只有参考标准时要说(find):
    rooms = figure("resource_room_schools_due", "3", "所"), figure("resource_room_schools_done", "3", "所")
    assert not any("生均公用经费" in reason for reason in find("B9", *rooms).reasons)
    assert "没有找到 2018 年全区的幼儿园生均公用经费" in find("B5-2").reasons[0]


def test_总数为零不重算(find):
    parts = [
        figure("children_in_kindergarten", "0", "人"),
        figure("children_in_public_kindergarten", "0", "人"),
        figure("children_in_inclusive_private_kindergarten", "0", "人"),
        figure("enrolment_rate_preschool", "97"),
    ]
    assert find("B5-5", *parts).status == "needs_reviewer"
    assert find("B5-5", *parts, figure("puhui_rate", "85")).status == "met"


def test_列入预算的几笔都要大于零(find):
    one, other = figure("inspection_budget", "50000", "元"), figure("inspection_budget", "60000", "元")
    assert find("B15-2", one, other).status == "met"
    assert find("B15-2", one, figure("inspection_budget", "0", "元")).status == "not_met"


def test_范围是学段的数不用全区的(find):
    whole = figure("variation_coefficient", "0.5", "")
    primary = figure("variation_coefficient", "0.66", "", scope="小学")
    found = find("B6-5", whole, primary)
    assert any("小学校际综合差异系数为 0.66，超过上限 0.65" in reason for reason in found.reasons)
    assert any("没有初中的数" in reason for reason in found.reasons)
