"""The ledger replays to the same bytes, and any change shows."""

from __future__ import annotations

import copy
import hashlib
import json
from dataclasses import replace
from datetime import date

import pytest

from scoring_rules.case import load_case
from scoring_rules.case_errors import CaseError, ReplayError
from scoring_rules.ledger import canonical_json
from scoring_rules.parameters import DatedValue, load_parameters
from scoring_rules.replay import replay
from scoring_rules.scheme_loader import load_scheme
from scoring_rules.scoring import score_case

CHANGES = {
    "own": {"B5": "36", "B14": None, **{f"B14-{n}": "41.5" for n in range(1, 7)}},
    "verified": {"B5": "31", "B14-2": "30", "B9": None},
    "bonus": {"claimed": "3"},
    "rectification": {"due": 3, "unrectified": 1},
    "not_applicable": ["B7-1"],
    "parameters": {"credibility_tolerance": "0.95"},
    "district": "演示\"区'：#",
}


@pytest.mark.parametrize("changes", [{}, CHANGES, {"verified": {}}], ids=["认可", "未决", "未核查"])
def test_复算得到同样的字节(score, changes):
    result = score(**changes)
    stored = json.loads(json.dumps(result.to_json()["ledger"]))
    again = replay(stored)
    assert canonical_json(again.ledger.to_json()) == canonical_json(stored)
    assert again.to_json() == result.to_json()


def test_摘要就是账本字节的摘要(score):
    shown = score().to_json()
    assert shown["sha256"] == hashlib.sha256(canonical_json(shown["ledger"])).hexdigest()


def test_改动任何一步都看得出(score):
    stored = score(**CHANGES).to_json()["ledger"]
    for position, step in enumerate(stored):
        if step["rule"] == "case":
            continue
        changed = copy.deepcopy(stored)
        changed[position]["result"] = "改过"
        with pytest.raises(ReplayError, match=f"从“{step['rule']}”一步起不同"):
            replay(changed)
        with pytest.raises(ReplayError):
            replay(stored[:position] + stored[position + 1 :])


def test_改动案卷也看得出(score):
    stored = copy.deepcopy(score().to_json()["ledger"])
    stored[0]["inputs"]["self"]["B2"] = "39"
    with pytest.raises(ReplayError, match="从“self_points”一步起不同"):
        replay(stored)
    stored[0]["inputs"]["self"]["B2"] = "41"
    with pytest.raises(CaseError, match="B2 的自评分最高 40 分"):
        replay(stored)


def test_空账本不能复算():
    with pytest.raises(ReplayError, match="：账本的第一步不是案卷。"):
        replay([])


def test_同样的数据同样的字节():
    assert canonical_json({"乙": [1, None], "甲": "x"}) == '{"乙":[1,null],"甲":"x"}'.encode()
    assert canonical_json({"b": 1, "a": 2}) == canonical_json({"a": 2, "b": 1})


@pytest.mark.parametrize("value", [0.5, {"a": [1, 0.5]}])
def test_账本里没有浮点数(value):
    with pytest.raises(TypeError, match="floats"):
        canonical_json(value)


def test_参数后来改了仍按当时的取值复算(score, monkeypatch):
    stored = score(verified={"B1": "58"}).to_json()["ledger"]
    changed = dict(load_parameters())
    tolerance = changed["credibility_tolerance"]
    changed["credibility_tolerance"] = replace(
        tolerance, status="sourced", values=(DatedValue(date(2018, 1, 1), "0.5", "后来的文件"),)
    )
    assert score_case(load_scheme(), load_case(json.dumps(stored[0]["inputs"])), changed).ledger.to_json() != stored
    for module in ("replay", "scoring", "case"):
        monkeypatch.setattr(f"scoring_rules.{module}.load_parameters", lambda: changed)
    assert replay(stored).ledger.to_json() == stored


def test_引用编号随步骤走(scheme, case_of):
    citations = {"B1": ["p2", "p1"], "附件1": ["p3"], "B21": ["p1"], "B15": ["p4"], "B2": ["p9"]}
    case = case_of(verified={"B1": "60"}, rectification={"due": 2, "unrectified": 1})
    steps = score_case(scheme, case, citations=citations).ledger.to_json()
    found = {step["rule"]: step["citations"] for step in steps if step["citations"]}
    assert found == {"sample": ["p2", "p1"], "annex1": ["p3"], "bonus": ["p1"], "rectification": ["p4"]}
    assert replay(steps, citations=citations).ledger.to_json() == steps
    with pytest.raises(ReplayError, match="从“sample”一步起不同"):
        replay(steps)


def test_缺一步多一步都说步骤的数目不同(score):
    stored = score().to_json()["ledger"]
    for changed in (stored[:-1], [*stored, stored[-1]]):
        with pytest.raises(ReplayError, match="：步骤的数目不同。"):
            replay(changed)


def test_账本里的案卷不能读时说清是哪一份(score):
    stored = copy.deepcopy(score().to_json()["ledger"])
    stored[0]["inputs"]["cycle"] = "2019"
    with pytest.raises(CaseError, match="案卷“账本中的案卷”有1处错误") as caught:
        replay(stored)
    assert caught.value.source == "账本中的案卷"


def test_按给定的方案复算(scheme, score):
    stored = score().to_json()["ledger"]
    other = replace(scheme, document_number="另一文号")
    assert replay(stored, scheme).ledger.to_json() == stored
    with pytest.raises(ReplayError, match="从“case”一步起不同"):
        replay(stored, other)
    with pytest.raises(CaseError, match="现在按“9999”核对"):
        replay(stored, replace(scheme, id="9999"))
