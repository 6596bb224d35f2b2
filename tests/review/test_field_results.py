"""Results of the field check and the bonus: bound to the sample, with papers, kept, and taken into the decision."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest

from review.annex1 import findings
from review.audit import acts
from review.decisions import decide_district, replay
from review.errors import RefusedRecordError
from review.field_results import award_bonus, bonus, record_result, result_history, results, to_check
from review.people import Person
from review.reviewers import give_points
from review.sampling import recorded_sample, replace_unit
from review.standing_case import standing_case
from review.workspace import Workspace
from scoring_rules.case_errors import OpenCaseError
from tests.review.conftest import CYCLE, DISTRICT

WHERE = (DISTRICT, CYCLE)
WHO = "虚构核查员"


@pytest.fixture
def sampled(workspace: Workspace, recorded: Callable[..., None]) -> tuple[str, ...]:
    """A case that leaves verified points and bonus open; the drawn criteria, B1 among them."""
    recorded()
    recorded(verified=dict.fromkeys(to_check(workspace, *WHERE)), bonus={})
    return to_check(workspace, *WHERE)


def enter_all(workspace: Workspace, drawn: tuple[str, ...], share: str = "1") -> None:
    for name in drawn:
        points = workspace.scheme.criterion(name).points * Fraction(share)
        record_result(workspace, *WHERE, name, str(float(points)), ["核查表.pdf"], WHO)


def test_登记的结果与加分进入决定并可复算(workspace: Workspace, sampled: tuple[str, ...]) -> None:
    with pytest.raises(OpenCaseError, match="加分（B21）尚未评定"):
        decide_district(workspace, *WHERE)
    enter_all(workspace, sampled, "0.5")
    award_bonus(workspace, *WHERE, "5", ["推广证明.pdf"], WHO)
    document = decide_district(workspace, *WHERE, "虚构主任").document
    assert document["result"]["credibility"] == "1/2"
    assert document["result"]["adjusted"] is True
    assert document["result"]["bonus_points"] == "5.00"
    assert [one["key"] for one in document["results"]] == [*sampled, "B21"]
    assert document["results"][0]["papers"] == [{"document": "核查表.pdf", "sha256": ""}]
    assert [one.failure for one in replay(workspace)] == [""]


def test_改了一处依据就不再逐字节相同(workspace: Workspace, sampled: tuple[str, ...]) -> None:
    import json

    from scoring_rules.case_errors import ReplayError
    from scoring_rules.decision import replay_decision

    enter_all(workspace, sampled)
    award_bonus(workspace, *WHERE, "0", [], WHO)
    document = json.loads(json.dumps(decide_district(workspace, *WHERE).document))
    document["case"]["verified"]["B1"] = "1"
    with pytest.raises(ReplayError):
        replay_decision(document)


def test_逐个要点登记时合计_缺一个就未决(workspace: Workspace, sampled: tuple[str, ...]) -> None:
    enter_all(workspace, tuple(name for name in sampled if name != "B1"))
    award_bonus(workspace, *WHERE, "0", [], WHO)
    record_result(workspace, *WHERE, "b1-1", "29", ["记录.txt"], WHO)
    with pytest.raises(OpenCaseError, match="B1 的核查结果还缺B1-2"):
        decide_district(workspace, *WHERE)
    with pytest.raises(RefusedRecordError, match="已按要点登记"):
        record_result(workspace, *WHERE, "B1", "50", ["记录.txt"], WHO)
    record_result(workspace, *WHERE, "B1-2", "28.5", ["记录.txt"], WHO)
    assert decide_district(workspace, *WHERE).document["case"]["verified"]["B1"] == "57.5"
    other = next(name for name in sampled if name != "B1" and len(workspace.scheme.criterion(name).items) > 1)
    with pytest.raises(RefusedRecordError, match="已登记总分，不能再按要点"):
        record_result(workspace, *WHERE, f"{other}-1", "1", ["记录.txt"], WHO)


@pytest.mark.parametrize(
    ("key", "points", "papers", "told"),
    [
        ("B1", "61", ["甲"], "应为 0 至 60"),
        ("B1", "-1", ["甲"], "应为 0 至 60"),
        ("B1", "nan", ["甲"], "应为 0 至 60"),
        ("B1-1", "30.01", ["甲"], "应为 0 至 30"),
        ("B1", "50", [], "记录或照片"),
        ("B1", "50", ["  "], "记录或照片"),
        ("B1", "", [], "没有可以撤回的"),
        ("B21", "5", ["甲"], "没有抽中"),
        ("B99", "5", ["甲"], "没有抽中"),
    ],
)
def test_登记不了的说明原因(
    workspace: Workspace, sampled: tuple[str, ...], key: str, points: str, papers: list[str], told: str
) -> None:
    with pytest.raises(RefusedRecordError, match=told):
        record_result(workspace, *WHERE, key, points, papers, WHO)
    assert results(workspace, *WHERE) == ()


def test_没有抽样不能登记_没抽中的也不能(workspace: Workspace, recorded: Callable[..., None]) -> None:
    with pytest.raises(RefusedRecordError, match="没有登记抽样"):
        record_result(workspace, *WHERE, "B1", "50", ["甲"], WHO)
    recorded()
    drawn = to_check(workspace, *WHERE)
    other = next(c.id for c in workspace.scheme.criteria if c.id not in drawn)
    with pytest.raises(RefusedRecordError, match="没有抽中"):
        record_result(workspace, *WHERE, other, "1", ["甲"], WHO)


def test_替补顶上之后核查替补(workspace: Workspace, sampled: tuple[str, ...]) -> None:
    sample = recorded_sample(workspace, *WHERE)
    assert sample is not None
    stratum = next(one for one in sample["criteria"] if one["reserve"])
    out, reserve = stratum["drawn"][0], stratum["reserve"][0]
    replace_unit(workspace, *WHERE, out, "虚构：停办", "虚构主任")
    assert out not in to_check(workspace, *WHERE)
    record_result(workspace, *WHERE, reserve, "1", ["甲"], WHO)
    with pytest.raises(RefusedRecordError, match="没有抽中"):
        record_result(workspace, *WHERE, out, "1", ["甲"], WHO)


def test_更改要写理由_旧的都留着_别人先改了就被告知(workspace: Workspace, sampled: tuple[str, ...]) -> None:
    record_result(workspace, *WHERE, "B1", "50", ["甲"], WHO, base=0)
    with pytest.raises(RefusedRecordError, match="更改或撤回要写明理由"):
        record_result(workspace, *WHERE, "B1", "40", ["甲"], WHO)
    with pytest.raises(RefusedRecordError, match="您打开之后，虚构核查员登记了 B1 的核查结果，现为 50 分"):
        record_result(workspace, *WHERE, "B1", "40", ["甲"], "虚构乙", reason="复核", base=0)
    record_result(workspace, *WHERE, "B1", "40", ["乙"], "虚构乙", reason="复核", base=1)
    assert [(one.number, one.points) for one in result_history(workspace, *WHERE)] == [(1, 50), (2, 40)]
    record_result(workspace, *WHERE, "B1", "", [], "虚构乙", reason="抽错了")
    assert results(workspace, *WHERE) == ()
    with pytest.raises(RefusedRecordError, match="现已撤回"):
        record_result(workspace, *WHERE, "B1", "40", ["乙"], WHO, reason="再登记", base=2)
    told = [act for act in acts(workspace) if act.act == "result_entered"]
    assert [(act.before or {}).get("points") for act in told] == [None, "50", "40"]


def test_案卷与登记不一致就未决(workspace: Workspace, recorded: Callable[..., None]) -> None:
    recorded()
    record_result(workspace, *WHERE, "B1", "50", ["甲"], WHO)
    award_bonus(workspace, *WHERE, "6", ["甲"], WHO)
    with pytest.raises(OpenCaseError) as refused:
        decide_district(workspace, *WHERE)
    assert any("B1 案卷核查分 60 与登记的核查结果 50 不一致" in one for one in refused.value.open)
    assert any("加分 5 与登记的 6 不一致" in one for one in refused.value.open)


def test_没抽中的专家打分作为案头审核_不挡住决定(workspace: Workspace, sampled: tuple[str, ...]) -> None:
    enter_all(workspace, sampled)
    award_bonus(workspace, *WHERE, "0", [], WHO)
    other = next(c.id for c in workspace.scheme.criteria if c.id not in sampled and not c.is_bonus)
    for expert in "甲乙":
        give_points(workspace, *WHERE, other, expert, "1")
        give_points(workspace, *WHERE, "B1", expert, "30")
    case = standing_case(workspace, *WHERE)
    assert case is not None
    assert (case.desk, case.verified["B1"]) == ({other: 1, "B1": 30}, 60)
    document = decide_district(workspace, *WHERE).document
    assert document["case"]["desk"] == {other: "1", "B1": "30"}
    assert [one.failure for one in replay(workspace)] == [""]
    step = next(step for step in document["result"]["ledger"] if step["rule"] == "desk_review")
    assert step["result"] == {"counted": [other]}


def test_加分的限度_依据_更改(workspace: Workspace, sampled: tuple[str, ...]) -> None:
    for points in ("20.1", "-1", "x"):
        with pytest.raises(RefusedRecordError, match="应为 0 至 20"):
            award_bonus(workspace, *WHERE, points, ["甲"], WHO)
    with pytest.raises(RefusedRecordError, match="所依据的文件"):
        award_bonus(workspace, *WHERE, "3", [], WHO)
    award_bonus(workspace, *WHERE, "3", ["甲"], WHO)
    with pytest.raises(RefusedRecordError, match="更改要写明理由"):
        award_bonus(workspace, *WHERE, "4", ["甲"], WHO)
    award_bonus(workspace, *WHERE, "4", ["甲"], WHO, reason="补交证明")
    awarded = bonus(workspace, *WHERE)
    assert awarded is not None
    assert (awarded.points, awarded.number) == (4, 2)


def test_专家可登记核查结果_但不能评加分_以自己的名义(workspace: Workspace, sampled: tuple[str, ...]) -> None:
    from review.errors import NotAllowedError

    expert = workspace.acting_as(Person("虚构专家", "expert", frozenset({DISTRICT})))
    assert record_result(expert, *WHERE, "B1", "50", ["甲"]).by == "虚构专家"
    with pytest.raises(NotAllowedError):
        award_bonus(expert, *WHERE, "3", ["甲"])
    with pytest.raises(NotAllowedError, match="名义"):
        record_result(expert, *WHERE, "B1", "50", ["甲"], "别人", reason="改")
    assert findings(workspace, *WHERE)
