"""什么会改变等级: the distance to the borders, and which open items could move the grade."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from scoring_rules.parameters import DatedValue, load_parameters
from scoring_rules.rounding import published
from scoring_rules.scoring import score_case
from scoring_rules.sensitivity import possible_grades, sensitivity

NONE_HIT = dict.fromkeys("123456", "not_triggered")


@pytest.fixture
def what(scheme, case_of):
    return lambda **changes: sensitivity(scheme, case_of(**changes))


@pytest.mark.parametrize(
    ("total", "upper", "lower"),
    [
        ("1000", None, ("良好", "900.00", "100.00")),
        ("900", None, ("良好", "900.00", "0.00")),
        ("899.99", ("优秀", "900.00", "0.01"), ("合格", "750.00", "149.99")),
        ("750", ("优秀", "900.00", "150.00"), ("合格", "750.00", "0.00")),
        ("640.5", ("良好", "750.00", "109.50"), ("不合格", "600.00", "40.50")),
        ("599.99", ("合格", "600.00", "0.01"), None),
    ],
)
def test_离上下两档的距离(what, total, upper, lower):
    found = what(total=total).to_json()
    for key, border in (("upper", upper), ("lower", lower)):
        assert (found[key] and tuple(found[key].values())) == border


def test_不计加分时按基础分算距离(what):
    found = what(total="890", bonus={"awarded": "15"}, parameters={"bonus_in_grade": "no"})
    assert found.upper is not None
    assert found.upper.distance == 10
    assert what(total="890", bonus={"awarded": "15"}).lower.distance == 5


def test_没有未决项(what):
    assert what().open_items == ()


@pytest.mark.parametrize(("total", "moves"), [("885", True), ("870", False), ("880", True), ("879.99", False)])
def test_加分评定能否跨线(what, total, moves):
    (item,) = what(total=total, bonus={"claimed": "20"}).open_items
    assert (item.name, item.moves_grade) == ("bonus", moves)
    assert [o["settled"] for o in item.to_json()["outcomes"]] == ["加分 0", "加分 20"]
    assert item.outcomes[0][1] == (published(Fraction(total)),) * 2


def test_未核实的附件1(what):
    (item,) = what(total="950", annex1=NONE_HIT | {"4": "unknown"}).open_items
    assert (item.name, item.moves_grade) == ("annex1.4", True)
    assert [grades for _, _, grades in item.outcomes] == [("良好",), ("优秀",)]
    (item,) = what(total="500", annex1=NONE_HIT | {"4": "unknown"}).open_items
    assert not item.moves_grade
    (item,) = what(total="950", annex1=NONE_HIT | {"4": "unknown", "2": "triggered"}).open_items
    assert not item.moves_grade


def test_未核查完的指标(what):
    items = what(own={"B14": "150"}, verified={"B1": "60", "B9": None, "B14": "150"}).open_items
    assert [(item.name, item.moves_grade) for item in items] == [("B9", True)]
    assert items[0].outcomes == (
        ("核查分 0", ("879.07", "879.07"), ("良好",)),
        ("核查分 5", ("900.00", "900.00"), ("优秀",)),
    )
    (item,) = what(own={"B14": "200"}, verified={"B14": "200", "B9": None}).open_items
    assert not item.moves_grade


def test_还没有实地核查(what):
    (item,) = what(verified={}).open_items
    assert (item.name, item.moves_grade) == ("verified", True)
    assert item.outcomes == (
        ("核查全部为 0 分", ("0.00", "0.00"), ("不合格",)),
        ("核查与自评一致", ("1000.00", "1000.00"), ("优秀",)),
    )


def test_打印的全部内容(what):
    found = what(total="890", verified={"B1": "60", "B9": None}).to_json()
    assert found == {
        "upper": None,
        "lower": None,
        "credibility": None,
        "open_items": [
            {
                "name": "B9",
                "what": "B9 的核查分",
                "moves_grade": False,
                "outcomes": [
                    {"settled": "核查分 0", "total_interval": ["821.54", "821.54"], "grades": ["良好"]},
                    {"settled": "核查分 5", "total_interval": ["890.00", "890.00"], "grades": ["良好"]},
                ],
            }
        ],
    }
    assert set(what().to_json()["credibility"]) == {
        "accepted", "verified_points", "total_points_beyond", "points_grade_beyond",
    }  # fmt: skip
    (border,) = [b for b in (what(total="950").to_json()["lower"],) if b]
    assert border == {"grade": "良好", "at_least": "900.00", "distance": "50.00"}


def test_按评价要点核查的未决项(what):
    own = {"B7": None, "B7-1": "7", "B7-2": "7"}
    (item,) = what(own=own, verified={"B1": "60", "B7-1": None}).open_items
    assert [settled for settled, _, _ in item.outcomes] == ["核查分 0", "核查分 7.5"]


def test_多个未决项时区间与等级都列出(what):
    told = what(total="890", verified={}, bonus={}).sentences()
    assert told[0] == (
        "实地核查会影响等级（核查全部为 0 分：总分 0.00 至 20.00，等级可能为 不合格；"
        "核查与自评一致：总分 890.00 至 910.00，等级可能为 优秀、良好）。"
    )


def test_核查分高于自评时的可信度界线(what):
    border = what(own={"B5": "30"}, verified={"B5": "40"}).credibility
    assert (border.verified, border.total) == (Fraction("10.6"), Fraction("970.2"))


def test_参数照给定的算(scheme, case_of):
    changed = dict(load_parameters())
    values = (DatedValue(date(2018, 1, 1), "0.5", "演示"),)
    changed["credibility_tolerance"] = replace(changed["credibility_tolerance"], values=values)
    found = sensitivity(scheme, case_of(verified={"B1": "45"}), changed)
    assert (found.credibility.accepted, found.credibility.verified, found.credibility.total) == (True, 15, 500)
    (item,) = sensitivity(scheme, case_of(verified={"B1": "45", "B9": None}), changed).open_items
    assert not item.moves_grade


def test_约定未确定时哪一档都可能(scheme, case_of):
    bare = replace(scheme, terms=tuple(t for t in scheme.terms if t.id != "credibility_adjusts"))
    assert bare.terms != scheme.terms
    case = case_of(bonus={})
    result = score_case(bare, case)
    assert possible_grades(bare, result) == ("优秀", "良好", "合格", "不合格")
    assert [item.moves_grade for item in sensitivity(bare, case).open_items] == [False]


def test_总分未定时没有距离(what):
    found = what(bonus={})
    assert (found.upper, found.lower, found.credibility) == (None, None, None)


def test_可信度界线_已调整(what):
    border = what(verified={"B1": "58.2"}).credibility
    assert border is not None
    assert (border.accepted, border.verified, border.total) == (False, Fraction("0.6"), 1000)
    assert border.to_json() == {
        "accepted": False, "verified_points": "0.60", "total_points_beyond": "1000.00", "points_grade_beyond": "优秀",
    }  # fmt: skip


def test_可信度界线_已认可(what):
    border = what(total="910", own={}, verified={"B1": "60"}).credibility
    assert border is not None
    assert (border.accepted, border.verified) == (True, Fraction("1.2"))
    assert (border.total, border.points_grade) == (Fraction("891.8"), "良好")


def test_可信度无定义时没有界线(what):
    assert what(own={"B9": "0"}, verified={"B9": "0"}).credibility is None


def test_句子(what):
    told = what(total="890", annex1=NONE_HIT | {"4": "unknown"}).sentences()
    assert told[0] == "距“优秀”还差 10.00 分。"
    assert told[1] == "高出本档下限 140.00 分，失分超过此数即降为“合格”。"
    assert told[2] == "抽样核查分距可信度界线高出 1.20 分，再少于此即按可信度调整，总分约为 872.20，属“良好”。"
    assert told[3] == (
        "附件 1 第4条会影响等级（认定属实：总分 890.00，等级可能为 合格；认定没有：总分 890.00，等级可能为 良好）。"
    )
    adjusted = what(verified={"B1": "58.2"}).sentences()
    assert "还差 0.60 分，补足即认可自评" in adjusted[-1]
    (kept,) = what(bonus={}).sentences()
    assert kept.startswith("加分评定不会影响等级（加分 0：总分 1000.00，等级可能为 优秀；")


def test_每种未决都有可能的等级(scheme, score):
    assert possible_grades(scheme, score(total="890", bonus={})) == ("优秀", "良好")
    assert possible_grades(scheme, score(total="890", annex1=NONE_HIT | {"1": "unknown"})) == ("良好", "合格")
