"""约定 R1–R34：每一项有名、有默认、有依据，印在每份账本上；只有登记的决定能改；缺一项就不出等级。"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from scoring_rules.case import load_case
from scoring_rules.case_errors import CaseError
from scoring_rules.decision import Records, what_is_open
from scoring_rules.open_terms import REQUIRED_TERMS, Act, unsettled, with_acts
from scoring_rules.parameters import load_parameters
from scoring_rules.plain_data import from_data, to_data
from scoring_rules.scheme_loader import load_scheme
from scoring_rules.score_steps import USED_PARAMETERS
from scoring_rules.scoring import score_case

SCHEME = load_scheme()
BY_ID = {term.id: term for term in SCHEME.terms}
SETTINGS = dict.fromkeys(USED_PARAMETERS, "1")


def act(target, value, on="2019-05-06"):
    return Act(target, value, "市政府教育督导办（演示）", date.fromisoformat(on), "演示督办〔2019〕3号")


def recorded(*acts):
    return [entry.to_json() for entry in acts]


def test_R1到R34都有一项():
    assert {ruling for term in SCHEME.terms for ruling in term.rulings} == {f"R{n}" for n in range(1, 35)}
    assert all(term.title and term.why for term in SCHEME.terms)


def test_可选的都列出默认与备选_规则需要的一项不少():
    needed = {a.needs for term in SCHEME.terms for a in term.alternatives if a.needs}
    assert needed == {"rectification_points_per_problem", "submission_deadline"}
    chosen = [term for term in SCHEME.terms if term.kind != "fixed" and term.id not in needed]
    assert {term.id for term in chosen} == set(REQUIRED_TERMS)
    for term in chosen:
        if term.kind == "choice":
            assert len(term.alternatives) >= 2, term.id
            assert term.default in {a.value for a in term.alternatives}
            assert term.is_implemented, term.id
        else:
            assert term.parameter in USED_PARAMETERS, term.id


def test_每份账本都印出全部约定(score):
    for changes in ({}, {"verified": {}}, {"annex1": dict.fromkeys("123456", "unknown")}):
        step = next(s for s in score(**changes).ledger.steps if s.rule == "open_terms")
        assert set(step.result) == set(BY_ID)
        for shown in step.result.values():
            assert {"rulings", "title", "value", "default", "alternatives", "sentence", "why", "act"} <= shown.keys()
            assert shown["sentence"]
        assert {name for name, shown in step.result.items() if shown["value"] is None} == {
            "rectification_points_per_problem",
            "submission_deadline",
        }
        assert step.result["credibility_tolerance"]["value"] == "0.98"


@pytest.mark.parametrize("name", REQUIRED_TERMS)
def test_去掉任何一项就不出等级(case_of, name):
    without = replace(SCHEME, terms=tuple(term for term in SCHEME.terms if term.id != name))
    result = score_case(without, case_of())
    assert (result.total_points, result.grade, result.points_grade) == (None, "待认定", "待认定")
    assert len(result.open) == 1
    assert name in result.open[0]
    assert result.total_interval.published() == ["0.00", "1020.00"]


@pytest.mark.parametrize("name", REQUIRED_TERMS)
def test_任何一项没有取值就不出等级(case_of, name):
    term = BY_ID[name]
    parameters = dict(load_parameters())
    if term.kind == "number":
        old = parameters[term.parameter]
        parameters[term.parameter] = replace(old, values=(replace(old.values[0], value=None),))
    terms = tuple(replace(t, default=None) if t.id == name and t.kind == "choice" else t for t in SCHEME.terms)
    result = score_case(replace(SCHEME, terms=terms), case_of(), parameters)
    assert (result.total_points, result.grade) == (None, "待认定")
    assert term.title in result.open[0]
    assert "请" in result.open[0]


def test_去掉的参数也不出等级(case_of):
    parameters = {key: value for key, value in load_parameters().items() if key != "credibility_tolerance"}
    assert score_case(SCHEME, case_of(), parameters).grade == "待认定"


def test_决定改变约定_谁哪天哪份文件都在账本上(score, case_of):
    decided = act("credibility_tolerance", "0.95")
    result = score(verified={"B1": "57.6"}, acts=recorded(decided))
    assert result.adjusted is False
    assert score(verified={"B1": "57.6"}).adjusted is True
    printed = {step.rule: step for step in result.ledger.steps}
    assert printed["open_terms"].inputs == recorded(decided)
    assert printed["open_terms"].result["credibility_tolerance"]["act"] == decided.to_json()
    assert printed["open_terms"].result["credibility_tolerance"]["value"] == "0.95"
    assert "演示督办〔2019〕3号" in printed["parameters"].result["credibility_tolerance"]["reference"]
    assert load_case(json.dumps(case_of(acts=recorded(decided)).to_inputs()), "再读").acts == (decided,)


def test_决定先于案卷改写_后来的先于早先的(score):
    later = [act("bonus_in_grade", "yes", "2019-06-01"), act("bonus_in_grade", "no", "2019-05-01")]
    result = score(parameters={"bonus_in_grade": "no"}, acts=recorded(*later))
    assert result.parameters["bonus_in_grade"] == "yes"
    assert result.ledger.sha256() != score(parameters={"bonus_in_grade": "no"}).ledger.sha256()


EQUAL_B1 = {"B1-1": Fraction(30), "B1-2": Fraction(30)}
WITH = {"rectification_points_per_problem": "2", "submission_deadline": "2019-03-31"}


def test_2019方案的每个备选都会算(score):
    tried = 0
    for term in SCHEME.terms:
        for alternative in term.alternatives:
            decided = act(term.id, alternative.value)
            if alternative.value == "weight_file":
                decided = replace(decided, weights=EQUAL_B1)
            acts = [decided] + ([act(alternative.needs, WITH[alternative.needs])] if alternative.needs else [])
            result = score(acts=recorded(*acts))
            assert (result.grade, result.open) == ("优秀", ()), (term.id, alternative.value)
            printed = next(step for step in result.ledger.steps if step.rule == "open_terms").result[term.id]
            assert printed["alternatives"][printed["value"]] == alternative.meaning
            tried += 1
    assert tried > 40


@pytest.mark.parametrize(
    ("term", "value"), [("rectification_deduction", "per_problem"), ("missing_evidence", "zero_after_deadline")]
)
def test_备选要用到的数没有定就不出等级(score, term, value):
    result = score(acts=recorded(act(term, value)))
    assert (result.total_points, result.grade) == (None, "待认定")
    needed = BY_ID[next(a.needs for a in BY_ID[term].alternatives if a.value == value)]
    assert needed.title in result.open[0]
    assert "请" in result.open[0]


def test_定为不会算的读法就不出等级(case_of):
    terms = tuple(
        replace(t, alternatives=(t.alternatives[0], replace(t.alternatives[1], implemented=False)))
        if t.id == "ties"
        else t
        for t in SCHEME.terms
    )
    case = case_of(acts=recorded(act("ties", "base_points")))
    assert score_case(SCHEME, case).grade == "优秀"
    result = score_case(replace(SCHEME, terms=terms), case)
    assert result.grade == "待认定"
    assert "不能按这一读法计算" in result.open[0]


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({"target": "nowhere"}, "约定表里没有“nowhere”"),
        ({"target": "ties", "value": "random"}, "只能取shared、base_points"),
        ({"target": "band_borders", "value": "x"}, "由方案原文确定，不能改"),
        ({"target": "credibility_tolerance", "value": "1.2"}, "在 0 至 1 之间"),
        ({"target": "credibility_tolerance", "value": "零点九"}, "要十进制数"),
        ({"target": "submission_deadline", "value": "三月底"}, "要日期"),
        ({"target": "item_weights", "value": "weight_file"}, "要有权重表"),
        ({"target": "ties", "value": "shared", "weights": {"B1": {"B1-1": "20", "B1-2": "40"}}}, "只有 item_weights"),
        ({"target": "points_decimals", "value": "3"}, "不能在案卷中改写"),
        ({"by": ""}, "文字不能为空"),
        ({"on": "五月"}, "日期请写成"),
        ({"document": None}, "这里要文字"),
        ({"why": "x"}, "不认识“why”"),
    ],
)
def test_不成立的决定拒收(case_of, entry, words):
    whole = act("bonus_in_grade", "no").to_json() | entry
    with pytest.raises(CaseError, match=words):
        case_of(acts=[whole])


@pytest.mark.parametrize("gone", ["target", "value", "by", "on", "document"])
def test_决定缺谁哪天哪份文件都拒收(case_of, gone):
    whole = {key: value for key, value in act("bonus_in_grade", "no").to_json().items() if key != gone}
    with pytest.raises(CaseError, match=f"缺少“{gone}”"):
        case_of(acts=[whole])


def test_约定不因次序而变():
    acts = [act("ties", "base_points", "2019-05-01"), act("ties", "shared", "2019-06-01"), act("bonus_in_grade", "no")]
    assert with_acts(SCHEME.terms, acts) == with_acts(SCHEME.terms, acts[::-1])
    with pytest.raises(ValueError, match="只能取"):
        with_acts(SCHEME.terms, [act("ties", "x")])
    assert with_acts(SCHEME.terms, [act("puhui_rate_min", "1")]) == SCHEME.terms
    assert len(unsettled(SCHEME.terms, SETTINGS)) == 0


def test_案卷改写没有决定只能试算(score, case_of):
    changed = {"parameters": {"credibility_tolerance": "0.9"}}
    assert any("只能试算" in note for note in score(**changed).notes)
    nothing = Records()
    assert any("只能试算" in s for s in what_is_open(SCHEME, case_of(**changed), load_parameters(), nothing))
    signed = case_of(**changed, acts=recorded(act("credibility_tolerance", "0.9")))
    assert not any("试算" in s for s in what_is_open(SCHEME, signed, load_parameters(), nothing))


def test_读法随方案一起存进决定再读出来():
    assert from_data(type(SCHEME), to_data(SCHEME)) == SCHEME
