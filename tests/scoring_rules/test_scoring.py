"""From a case to a grade: borders, openness, bounds, order, rounding."""

from __future__ import annotations

import json
import unicodedata
from fractions import Fraction
from importlib.resources import files
from itertools import product

import pytest

from scoring_rules.case import load_case
from scoring_rules.case_errors import NotInForceError
from scoring_rules.parameters import load_parameters
from scoring_rules.score_steps import USED_PARAMETERS
from scoring_rules.scoring import score_case

NO_HIT = dict.fromkeys("123456", "not_triggered")
HIT = {**NO_HIT, "5": "triggered"}


@pytest.mark.parametrize(
    ("total", "without_hit", "with_hit"),
    [
        ("900", "优秀", "良好"), ("899.99", "良好", "合格"), ("750", "良好", "合格"), ("749.99", "合格", "不合格"),
        ("600", "合格", "不合格"), ("599.99", "不合格", "不合格"), ("1000", "优秀", "良好"),
    ],
)  # fmt: skip
def test_界线与降级(score, total, without_hit, with_hit):
    for annex1, grade in ((NO_HIT, without_hit), (HIT, with_hit)):
        result = score(total=total, annex1=annex1)
        assert (result.total_points, result.points_grade, result.grade) == (Fraction(total), without_hit, grade)
        assert result.open == ()


def test_一份案卷从头到尾(score):
    result = score(
        own={"B5": "36", "B14": "240"},
        verified={"B5": "31", "B14": "190"},
        bonus={"claimed": "12", "awarded": "8"},
        rectification={"due": 6, "unrectified": 2},
        annex1={**HIT, "4": "unknown"},
    )
    c = Fraction(221, 276)
    total = 986 * c - Fraction(10, 3) + 8
    shown = result.to_json()
    assert shown["self_points"] == "986.00"
    assert shown["credibility"] == "221/276"
    assert shown["adjusted"] is True
    assert shown["bonus_points"] == "8.00"
    assert abs(Fraction(shown["total_points"]) - total) <= Fraction(1, 200)
    assert abs(Fraction(shown["base_points"]) - (total - 8)) <= Fraction(1, 200)
    assert shown["total_interval"] == [shown["total_points"]] * 2
    assert (shown["points_grade"], shown["grade"]) == ("良好", "合格")
    assert shown["annex1"] == {"status": "triggered", "triggered": ["5"], "unknown": ["4"]}
    assert shown["open"] == []
    assert any("附件 1 第4条待核实" in note for note in shown["notes"])


def test_核查高于自评只认可自评(score):
    result = score(own={"B5": "20"}, verified={"B5": "40"})
    assert (result.credibility, result.adjusted, result.base_points) == (2, False, 980)


@pytest.mark.parametrize(("verified", "adjusted", "base"), [("58.8", False, "1000"), ("58.79", True, "979.833333")])
def test_界线含本数(score, verified, adjusted, base):
    result = score(verified={"B1": verified})
    assert result.adjusted is adjusted
    assert abs(result.base_points - Fraction(base)) < Fraction(1, 1000)


def test_界线可以改写且印在账本里(score):
    result = score(verified={"B1": "58.8"}, parameters={"credibility_tolerance": "1"})
    assert result.adjusted is True
    printed = next(step for step in result.ledger.steps if step.rule == "parameters").result
    assert printed["credibility_tolerance"]["value"] == "1"
    assert printed["credibility_tolerance"]["reference"] == "案卷改写"
    assert set(printed) == set(USED_PARAMETERS)


def test_没有核查就没有总分(score):
    result = score(verified={}, bonus={"awarded": "8"})
    shown = result.to_json()
    assert [shown[key] for key in ("credibility", "adjusted", "base_points", "total_points")] == [None] * 4
    assert shown["total_interval"] == ["8.00", "1008.00"]
    assert (shown["points_grade"], shown["grade"]) == ("待认定", "待认定")
    assert len(shown["open"]) == 1
    assert "请完成抽样核查" in shown["open"][0]


def test_每一个未决项都列出(score):
    result = score(verified={"B1": "60", "B5": None}, bonus={}, annex1={**NO_HIT, "2": "unknown"})
    assert len(result.open) == 3
    assert "B5" in result.open[0]
    assert "B21" in result.open[1]
    assert "第2条" in result.open[2]


def test_加分未评定的区间是零到二十(score):
    result = score(total="890", bonus={"claimed": "3"})
    assert result.base_points == 890
    assert result.to_json()["total_interval"] == ["890.00", "910.00"]
    assert (result.total_points, result.bonus_points, result.grade) == (None, None, "待认定")
    assert result.grade_without_bonus == "良好"


def test_未决而等级已定(score):
    # 700 to 720 is 合格 either way; the total stays open.
    result = score(total="700", bonus={})
    assert (result.total_points, result.points_grade, result.grade) == (None, "合格", "合格")
    assert len(result.open) == 1
    # Lowered once by the known hit, whatever the unknown one turns out to be.
    assert score(total="700", annex1={**HIT, "1": "unknown"}).grade == "不合格"
    # 不合格 cannot fall.
    result = score(total="599.99", annex1=dict.fromkeys("123456", "unknown"))
    assert (result.grade, result.open) == ("不合格", ())


def test_附件1未知则待认定(score):
    result = score(total="800", annex1={**NO_HIT, "6": "unknown"})
    assert (result.total_points, result.points_grade, result.grade) == (800, "良好", "待认定")
    assert len(result.open) == 1


def test_精确值与公布值落在不同档要提示(score):
    result = score(total="899.995")
    assert (result.to_json()["total_points"], result.points_grade) == ("900.00", "优秀")
    assert any("精确值 899.995 属“良好”" in note for note in result.notes)
    assert not any("精确值" in note for note in score(total="899.994").notes)


def test_等级因加分而变要提示(score):
    result = score(total="895", bonus={"awarded": "5"})
    assert (result.grade_without_bonus, result.grade) == ("良好", "优秀")
    assert any("不含加分为“良好”" in note for note in result.notes)
    without = score(total="895", bonus={"awarded": "5"}, parameters={"bonus_in_grade": "no"})
    assert (without.grade, without.total_points) == ("良好", 900)


def test_总分不封顶而可改为封顶(score):
    assert score(bonus={"awarded": "20"}).total_points == 1020
    capped = score(bonus={"awarded": "20"}, parameters={"total_points_cap": "1000"})
    assert capped.total_points == 1000
    assert sum(line.points for line in capped.lines) == 1000


def test_整改扣分只扣一次(score):
    lost = {"due": 4, "unrectified": 1}
    assert score(rectification=lost).total_points == Fraction("997.5")
    assert score(rectification=lost, verified={"B15": "40"}).total_points == 1000
    own = {"B15": None, "B15-1": "10", "B15-2": "10", "B15-3": "10", "B15-4": "10"}
    assert score(rectification=lost, own=own, verified={"B15-4": "10"}).total_points == 1000
    assert score(rectification=lost, own=own, verified={"B15-3": "10"}).total_points == Fraction("997.5")
    assert score(rectification={"due": 0, "unrectified": 0}).total_points == 1000
    assert any("整改" in note for note in score().notes)
    assert not any("整改" in note for note in score(rectification=lost).notes)


def test_兄弟要点不适用时整改的分值变大(score):
    lost = {"due": 4, "unrectified": 4}
    assert score(rectification=lost, not_applicable=["B15-1", "B15-2"]).total_points == 980


def test_整个二级指标不适用按适用满分折算(score):
    result = score(own={"B8": None, "B5": "30"}, not_applicable=["B8"])
    assert result.self_points == 950
    assert result.base_points == Fraction(950, 960) * 1000
    assert result.to_json()["total_points"] == "989.58"
    assert sum(line.points for line in result.lines) == result.total_points
    assert score(own={"B8": None}, not_applicable=["B8"]).total_points == 1000


def test_部分不适用不折算(score):
    assert score(own={"B14": "240"}, not_applicable=["B14-4"]).total_points == 990


CASES = {
    "认可": {},
    "调整": {"own": {"B5": "36"}, "verified": {"B5": "31", "B14": "190"}},
    "整改": {"rectification": {"due": 7, "unrectified": 3}, "verified": {"B5": "31"}},
    "加分": {"bonus": {"awarded": "7.77"}, "verified": {"B1": "51.11"}},
    "不适用": {"own": {"B7": None, "B8": None}, "not_applicable": ["B7", "B8", "B14-4"], "verified": {"B6": "55"}},
}


@pytest.mark.parametrize("name", CASES)
def test_各行之和等于公布的总分(score, name):
    result = score(**CASES[name])
    assert sum(line.points for line in result.lines) == result.total_points
    step = next(step for step in result.ledger.steps if step.rule == "lines")
    assert sum(Fraction(points) for points in step.inputs.values()) == Fraction(step.result) == result.total_points
    for line in result.lines:
        others = sum(other.points for other in result.lines if other is not line)
        assert line.points == 0 or others != result.total_points


def test_区间包住补齐后的每一个总分(score):
    open_case = {"own": {"B5": "36"}, "bonus": {}, "rectification": {"due": 3, "unrectified": 1}}
    partly = score(**open_case, verified={"B5": "30", "B20": None}).total_interval
    nothing = score(**open_case, verified={}).total_interval
    for found, awarded in product(range(0, 11), ("0", "12.34", "20")):
        settled = {**open_case, "bonus": {"awarded": awarded}, "verified": {"B5": "30", "B20": str(found)}}
        total = score(**settled).total_points
        assert partly.low <= total <= partly.high
        assert nothing.low <= total <= nothing.high
    assert (
        partly.low == score(**{**open_case, "bonus": {"awarded": "0"}}, verified={"B5": "30", "B20": "0"}).total_points
    )


def test_核查分越高总分不会越低(score):
    totals = [score(verified={"B5": str(v), "B6": "50"}).total_points for v in range(0, 41)]
    assert totals == sorted(totals)
    assert all(0 <= total <= 1000 for total in totals)


def test_每一步的依据是原文或约定(score, scheme):
    text = (files("corpus") / "schemes" / "2019" / "official.txt").read_text(encoding="utf-8")
    official = "".join(unicodedata.normalize("NFKC", text).split())
    seen = set()
    for name, annex1 in product(CASES, (NO_HIT, HIT)):
        for step in score(**CASES[name], annex1=annex1).ledger.steps:
            words = "".join(unicodedata.normalize("NFKC", step.basis).split())
            assert step.basis.startswith("约定 R") or words in official, step.rule
            seen.add(step.rule)
    assert {"credibility", "adjustment", "rectification", "scaling", "bonus", "annex1", "grade"} <= seen


def test_方案与案卷要一致(scheme, case_of):
    case = case_of()
    object.__setattr__(case, "scheme", "2020")
    with pytest.raises(ValueError, match="2020"):
        score_case(scheme, case)


def test_参数生效前不能评分(scheme, case_of, monkeypatch):
    case = case_of()
    object.__setattr__(case, "cycle", 2018)
    with pytest.raises(NotInForceError, match="请核对评价年度"):
        score_case(scheme, case, load_parameters())


def test_打印的键(score):
    shown = score().to_json()
    wanted = {
        "district", "self_points", "credibility", "adjusted", "base_points", "bonus_points", "total_points",
        "total_interval", "points_grade", "annex1", "grade", "open", "ledger", "sha256",
    }  # fmt: skip
    assert wanted <= set(shown)
    assert all(set(step) == {"rule", "basis", "inputs", "result", "citations"} for step in shown["ledger"])
    assert json.loads(json.dumps(shown)) == shown


def test_提示复核与核查(score):
    assert any("请两人复核" in note for note in score(verified={"B1": "58.9"}).notes)
    assert any("建议核查" in note for note in score(verified={"B1": "40"}).notes)
    assert score(rectification={"due": 0, "unrectified": 0}).notes == ()


def test_读不同写法的同一案卷结果相同(scheme, case_data):
    data = case_data(own={"B5": "36"}, verified={"B5": "31"})
    turned = {**{key: data[key] for key in reversed(data)}, "self": dict(reversed(data["self"].items()))}
    sheets = [score_case(scheme, load_case(json.dumps(d))).to_json()["sha256"] for d in (data, turned)]
    assert sheets[0] == sheets[1]


def test_折算一步只在整个二级指标不适用时有(score):
    def rules(**changes):
        return {step.rule for step in score(**changes).ledger.steps}

    assert "scaling" in rules(own={"B8": None}, not_applicable=["B8"])
    assert "scaling" not in rules(not_applicable=["B14-4"])


def test_逐行列出自评核查与得分(score):
    own = {"B5": "36", "B7": None, "B7-1": "7", "B7-2": "6"}
    lines = {line.id: line for line in score(own=own, verified={"B5": "27", "B7-1": "5", "B9": None}).lines}
    assert (lines["B5"].self_points, lines["B5"].sampled, lines["B5"].verified) == (36, ("B5",), 27)
    assert (lines["B7"].self_points, lines["B7"].sampled, lines["B7"].verified) == (13, ("B7-1",), 5)
    assert (lines["B9"].sampled, lines["B9"].verified) == (("B9",), None)
    assert (lines["B1"].sampled, lines["B1"].verified) == ((), None)
    assert {line.points for line in lines.values() if line.id != "B21"} == {None}
    closed = {line.id: line for line in score(own=own, verified={"B5": "27", "B7-1": "5"}).lines}
    c = Fraction(32, 43)
    assert (closed["B5"].points, closed["B7"].points, closed["B1"].points) == (27, 5 + 6 * c, 60 * c)


@pytest.mark.parametrize(
    ("verified", "words", "value"),
    [({"B1": "60"}, "则认可自评结果", "1"), ({"B1": "45"}, "予以调整", "3/4"), ({}, "约定 R21", None)],
)
def test_采用哪一句原文(score, verified, words, value):
    steps = {step.rule: step for step in score(verified=verified).ledger.steps}
    assert words in steps["adjustment"].basis
    assert steps["credibility"].result["value"] == value
    assert steps["adjustment"].inputs == {"credibility": value, "tolerance": "0.98"}


def test_恰在提示界线上不提示(score):
    rectified = {"due": 0, "unrectified": 0}
    assert score(verified={"B1": "59.1"}, rectification=rectified).notes == ()
    assert score(verified={"B1": "48"}, rectification=rectified).notes == ()
    assert score(bonus={"claimed": "5", "awarded": "5"}, rectification=rectified).notes == ()
    assert "高于申报的 5" in score(bonus={"claimed": "5", "awarded": "5.5"}, rectification=rectified).notes[0]


@pytest.mark.parametrize(
    ("verified", "bounds"),
    [({"B1": "45"}, ["3/4", "3/4"]), ({"B1": "45", "B2": None}, ["9/20", "17/20"]), ({}, ["0", None])],
)
def test_账本里写明可信度的上下限(score, verified, bounds):
    step = next(step for step in score(verified=verified).ledger.steps if step.rule == "credibility")
    assert step.result["bounds"] == bounds
