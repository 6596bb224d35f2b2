"""A decision from the recorded case to the frozen row, and its replay; what is open is told, and nothing is overwritten."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from ingest.tables import DecisionRow
from ingest.tables_cycle import SubmissionAct
from review.acts import set_parameter, set_term
from review.annex1 import record_finding
from review.cases import record_case, recorded_case
from review.cli import main
from review.decisions import decide_district, replay, stored_decisions
from review.errors import NoCaseError, UnknownDecisionError
from review.reviewers import arbitrate, give_points
from review.sampling import draw_sample, recorded_sample, replace_unit
from review.self_points import Entry, save_points
from review.workspace import Workspace
from scoring_rules.case_errors import OpenCaseError
from scoring_rules.parameters import DatedValue, load_parameters

DISTRICT, CYCLE = "虚构区", 2019


def test_从案卷到决定再复算(workspace: Workspace, recorded: Callable[..., None], tmp_path: Path) -> None:
    recorded()
    decided = decide_district(workspace, DISTRICT, CYCLE, "虚构的主任")
    assert decided.document["result"]["total_points"] == "1005.00"
    assert decided.document["signature"]["by"] == "虚构的主任"
    (again,) = replay(workspace)
    assert (again.failure, again.sha256, again.changed) == ("", decided.sha256, ())
    exported = tmp_path / "决定.json"
    exported.write_text(json.dumps(decided.to_json(), ensure_ascii=False, indent=2), encoding="utf-8")
    names = ["1", decided.sha256[:8], str(exported)]
    assert [one.failure for one in replay(workspace, names)] == ["", "", ""]


def test_没有变化不新增决定(workspace: Workspace, recorded: Callable[..., None]) -> None:
    recorded()
    first = decide_district(workspace, DISTRICT, CYCLE)
    assert decide_district(workspace, DISTRICT, CYCLE).number == first.number
    assert decide_district(workspace, DISTRICT, CYCLE, "虚构的主任").number == first.number + 1
    recorded(bonus={"awarded": "6"})
    assert [d.number for d in stored_decisions(workspace)] == [2, 1]
    assert decide_district(workspace, DISTRICT, CYCLE).number == 3


def test_没有案卷或有未决项不能认定(workspace: Workspace, recorded: Callable[..., None]) -> None:
    with pytest.raises(NoCaseError, match="没有案卷，不能认定"):
        decide_district(workspace, DISTRICT, CYCLE)
    recorded(bonus={})
    with pytest.raises(OpenCaseError, match="加分（B21）尚未评定"):
        decide_district(workspace, DISTRICT, CYCLE)
    assert stored_decisions(workspace) == []


def test_专家组的认定填入案卷(workspace: Workspace, recorded: Callable[..., None]) -> None:
    recorded(verified={"B1": None})
    give_points(workspace, DISTRICT, CYCLE, "B1", "甲", "60")
    with pytest.raises(OpenCaseError, match="B1 只有 1 位专家打分"):
        decide_district(workspace, DISTRICT, CYCLE)
    give_points(workspace, DISTRICT, CYCLE, "B1", "乙", "50", "缺一份")
    with pytest.raises(OpenCaseError, match="尚未仲裁"):
        decide_district(workspace, DISTRICT, CYCLE)
    arbitrate(workspace, DISTRICT, CYCLE, "B1", "丙", "59", "已补材料")
    decided = decide_district(workspace, DISTRICT, CYCLE)
    assert decided.document["case"]["verified"]["B1"] == "59"
    assert decided.document["panel"][0]["settled"] == "59"
    recorded(verified={"B1": "60"})
    with pytest.raises(OpenCaseError, match="与专家组认定的 59 不一致"):
        decide_district(workspace, DISTRICT, CYCLE)


def test_按要点核查的与专家组比合计(workspace: Workspace, recorded: Callable[..., None]) -> None:
    marks = {c.id: str(c.points) for c in workspace.scheme.criteria if not c.is_bonus and c.id != "B1"}
    recorded(self={**marks, "B1-1": "30", "B1-2": "30"}, verified={"B1-1": "30", "B1-2": "29"})
    for expert in "甲乙":
        give_points(workspace, DISTRICT, CYCLE, "B1", expert, "60")
    with pytest.raises(OpenCaseError, match="B1 案卷核查分 59 与专家组认定的 60 不一致"):
        decide_district(workspace, DISTRICT, CYCLE)


def test_登记的样本进入决定(workspace: Workspace, recorded: Callable[..., None]) -> None:
    recorded()
    sample = draw_sample(workspace, DISTRICT, CYCLE, 7).sample
    with pytest.raises(OpenCaseError, match="抽样抽中了"):
        decide_district(workspace, DISTRICT, CYCLE)
    recorded()
    assert decide_district(workspace, DISTRICT, CYCLE).document["sample"]["seed"] == sample["seed"] == 7
    assert [one.failure for one in replay(workspace)] == [""]


def test_没有登记抽样不能认定(workspace: Workspace, recorded: Callable[..., None]) -> None:
    recorded(sample=False)
    with pytest.raises(OpenCaseError, match="没有登记抽样"):
        decide_district(workspace, DISTRICT, CYCLE)


def test_替补登记后才能用替补的核查分(workspace: Workspace, recorded: Callable[..., None]) -> None:
    recorded()
    sample = recorded_sample(workspace, DISTRICT, CYCLE)
    assert sample is not None
    stratum = next(s for s in sample["criteria"] if len(s["reserve"]) > 1)
    out, first, second = stratum["drawn"][0], stratum["reserve"][0], stratum["reserve"][1]
    marks = {c.id: str(c.points) for c in workspace.scheme.criteria}
    others = {s["drawn"][0]: marks[s["drawn"][0]] for s in sample["criteria"] if s is not stratum}

    def only(name: str) -> None:
        data = recorded_case(workspace, DISTRICT, CYCLE).to_inputs() | {"verified": {**others, name: marks[name]}}  # type: ignore[union-attr]
        record_case(workspace, json.dumps(data, ensure_ascii=False), "虚构.yaml")

    only(first)
    with pytest.raises(OpenCaseError, match=f"{first} 的核查分，但它不在登记的样本中"):
        decide_district(workspace, DISTRICT, CYCLE)
    replace_unit(workspace, DISTRICT, CYCLE, out, "虚构：撤并", "虚构的主任")
    decided = decide_district(workspace, DISTRICT, CYCLE)
    assert decided.document["replacements"] == [
        {"kind": "criterion", "out": out, "in": first, "reason": "虚构：撤并", "approved_by": "虚构的主任"}
    ]
    only(second)
    with pytest.raises(OpenCaseError, match=f"抽样抽中了 {first}"):
        decide_district(workspace, DISTRICT, CYCLE)
    assert [one.failure for one in replay(workspace)] == [""]


def test_附件1只认登记的认定(workspace: Workspace, recorded: Callable[..., None]) -> None:
    recorded(found=False)
    with pytest.raises(OpenCaseError, match="第1、2、3、4、5、6条只写在案卷里，没有登记的认定"):
        decide_district(workspace, DISTRICT, CYCLE)
    recorded()
    assert decide_district(workspace, DISTRICT, CYCLE).document["result"]["grade"] == "优秀"
    found = ("虚构的科长", "2019-05-07", "虚构认定书")
    record_finding(workspace, DISTRICT, CYCLE, "3", "triggered", *found)
    with pytest.raises(OpenCaseError, match="第3条案卷写的是“没有”，登记的认定是“命中”"):
        decide_district(workspace, DISTRICT, CYCLE)
    recorded(annex1=dict.fromkeys("123456", "unknown"))
    decided = decide_district(workspace, DISTRICT, CYCLE).document
    assert decided["result"]["grade"] == "良好"
    assert {entry["condition"]: entry["state"] for entry in decided["annex1"]}["3"] == "triggered"
    record_finding(workspace, DISTRICT, CYCLE, "3", "unknown", *found, "虚构：须再查")
    with pytest.raises(OpenCaseError, match="第3条待核实"):
        decide_district(workspace, DISTRICT, CYCLE)
    assert [one.failure for one in replay(workspace)] == ["", ""]


def test_决定里有登记的约定_后来再改也照样复算(workspace: Workspace, recorded: Callable[..., None]) -> None:
    recorded(verified={"B1": "57.6"})
    before = decide_district(workspace, DISTRICT, CYCLE)
    act = ("虚构的主任", "2019-05-06", "虚构〔2019〕3号")
    set_term(workspace, "credibility_tolerance", "0.99", *act)
    set_term(workspace, "ties", "base_points", *act)
    (again,) = replay(workspace)
    assert again.failure == ""
    assert {"credibility_tolerance", "ties"} <= set(again.changed)
    after = decide_district(workspace, DISTRICT, CYCLE)
    assert after.number == before.number + 1
    printed = {step["rule"]: step for step in after.document["result"]["ledger"]}
    assert printed["open_terms"]["result"]["credibility_tolerance"]["act"]["document"] == "虚构〔2019〕3号"
    assert after.document["result"]["parameters"]["credibility_tolerance"] == "0.99"
    set_parameter(workspace, "credibility_alert", "0.5", *act)
    newest, oldest = replay(workspace, ["2"])[0], replay(workspace, ["1"])[0]
    assert (newest.failure, newest.changed, oldest.failure) == ("", ("credibility_alert",), "")


def test_案卷里没有登记过的决定不算数(workspace: Workspace, recorded: Callable[..., None]) -> None:
    act = {"target": "ties", "value": "base_points", "by": "甲", "on": "2019-05-06", "document": "虚构〔2019〕3号"}
    recorded(acts=[act])
    with pytest.raises(OpenCaseError, match="关于“ties”的决定（虚构〔2019〕3号）没有登记"):
        decide_district(workspace, DISTRICT, CYCLE)
    set_term(workspace, "ties", "base_points", "甲", "2019-05-06", "虚构〔2019〕3号")
    assert decide_district(workspace, DISTRICT, CYCLE).document["case"]["acts"] == [act]


def test_参数后来改了照样复算并说明(
    workspace: Workspace, recorded: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    recorded()
    decide_district(workspace, DISTRICT, CYCLE)
    changed = dict(load_parameters())
    values = (DatedValue(date(2018, 1, 1), "0.5", "后来的文件"),)
    changed["credibility_tolerance"] = replace(changed["credibility_tolerance"], values=values)
    for module in ("scoring_rules.case", "scoring_rules.scoring", "scoring_rules.replay", "review.acts"):
        monkeypatch.setattr(f"{module}.load_parameters", lambda: changed)
    (again,) = replay(workspace)
    assert (again.failure, again.changed) == ("", ("credibility_tolerance",))


@pytest.mark.parametrize(
    "statement",
    ["UPDATE decisions SET grade = '优秀'", "DELETE FROM decisions", "UPDATE decisions SET document = '{}'"],
)
def test_数据库拒绝改动决定(workspace: Workspace, recorded: Callable[..., None], statement: str) -> None:
    recorded()
    decide_district(workspace, DISTRICT, CYCLE)
    with pytest.raises(DBAPIError, match="frozen row: decisions"), workspace.store.session() as session:
        session.execute(text(statement))
    assert [one.failure for one in replay(workspace)] == [""]


def test_绕过数据库改动也看得出(
    workspace: Workspace, recorded: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    recorded()
    decide_district(workspace, DISTRICT, CYCLE)
    with workspace.store.session() as session:
        session.execute(text("DROP TRIGGER decisions_frozen_update"))
        session.execute(text('UPDATE decisions SET document = replace(document, \'"B2":"40"\', \'"B2":"39"\')'))
    assert replay(workspace)[0].failure.startswith("评分账本复算不一致：内容与登记的 SHA-256 不符")
    assert main(["replay"]) == 1
    assert "1 份决定复算不一致，请停止使用" in capsys.readouterr().err
    with workspace.store.session() as session:
        row = session.get(DecisionRow, 1)
        assert row is not None
        path = workspace.settings.home / "改过.json"
        path.write_text(row.document, encoding="utf-8")
    assert "不同" in replay(workspace, [str(path)])[0].failure


def test_没有这份决定(workspace: Workspace, tmp_path: Path) -> None:
    bad = tmp_path / "坏.json"
    bad.write_text("[]", encoding="utf-8")
    for name in ("1", "deadbeef", "没有.json", str(bad)):
        with pytest.raises(UnknownDecisionError, match="请给出编号"):
            replay(workspace, [name])
    assert replay(workspace) == []


def test_命令行(
    workspace: Workspace, recorded: Callable[..., None], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recorded(bonus={})
    assert main(["decide", "--district", DISTRICT]) == 1
    assert "1. 加分（B21）尚未评定" in capsys.readouterr().err
    recorded()
    target = tmp_path / "决定.json"
    assert main(["decide", "--district", DISTRICT, "--by", "虚构的主任", "-o", str(target), "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert (printed["number"], printed["decision"]["result"]["grade"]) == (1, "优秀")
    assert main(["replay", str(target), "1", "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert [(one["byte_equal"], one["sha256"]) for one in shown] == [(True, printed["sha256"])] * 2
    assert main(["decide", "--district", DISTRICT, "--by", "虚构的主任"]) == 0
    capsys.readouterr()
    assert main(["replay"]) == 0
    assert "字节一致" in capsys.readouterr().out


def test_案卷与提交的自评不一致时不能认定(workspace: Workspace, recorded: Callable[..., None]) -> None:
    recorded()
    handed_in = {c.id: Entry(c.points, "虚构") for c in workspace.scheme.criteria if not c.is_bonus}
    save_points(workspace, DISTRICT, CYCLE, handed_in | {"B1": Entry(Fraction(1), "虚构")}, base=0, by="虚构的经办人")
    assert decide_district(workspace, DISTRICT, CYCLE, "虚构的主任").number
    with workspace.store.session() as session:
        session.add(
            SubmissionAct(
                district=DISTRICT, cycle=CYCLE, number=1, kind="submit", manifest="{}", sha256="", by="虚构", reason="",
                recorded_at=datetime(2019, 6, 1),
            )
        )  # fmt: skip
    with pytest.raises(OpenCaseError, match="B1（案卷 60，提交 1）"):
        decide_district(workspace, DISTRICT, CYCLE, "虚构的主任")
