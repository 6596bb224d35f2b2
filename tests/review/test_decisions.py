"""A decision from the recorded case to the frozen row, and its replay; what is open is told, and nothing is overwritten."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from ingest.tables import DecisionRow
from review.cases import record_case
from review.cli import main
from review.decisions import decide_district, replay, stored_decisions
from review.errors import NoCaseError, UnknownDecisionError
from review.reviewers import arbitrate, give_points
from review.sampling import draw_sample
from review.workspace import Settings, Workspace
from scoring_rules.case_errors import OpenCaseError
from scoring_rules.parameters import DatedValue, load_parameters

DISTRICT, CYCLE = "虚构区", 2019


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("EDUREVIEW_HOME", str(tmp_path))
    return Workspace(Settings(tmp_path))


@pytest.fixture
def recorded(workspace: Workspace) -> Callable[..., None]:
    """Records a case with full marks, B1 verified, unless changed."""

    def record(**changes: Any) -> None:
        marks = {c.id: str(c.points) for c in workspace.scheme.criteria if not c.is_bonus}
        data = {
            "scheme": "2019", "cycle": CYCLE, "district": DISTRICT, "self": marks, "verified": {"B1": "60"},
            "bonus": {"awarded": "5"}, "annex1": dict.fromkeys("123456", "not_triggered"), **changes,
        }  # fmt: skip
        record_case(workspace, json.dumps(data, ensure_ascii=False), "虚构.yaml")

    return record


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
    assert decided.document["case"]["verified"] == {"B1": "59"}
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
    drawn = [s["drawn"][0] for s in draw_sample(workspace, DISTRICT, CYCLE, 7).sample["criteria"]]
    with pytest.raises(OpenCaseError, match="抽样抽中了"):
        decide_district(workspace, DISTRICT, CYCLE)
    recorded(verified={name: str(workspace.scheme.criterion(name).points) for name in drawn})
    assert decide_district(workspace, DISTRICT, CYCLE).document["sample"]["seed"] == 7
    assert [one.failure for one in replay(workspace)] == [""]


def test_参数后来改了照样复算并说明(
    workspace: Workspace, recorded: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    recorded()
    decide_district(workspace, DISTRICT, CYCLE)
    changed = dict(load_parameters())
    values = (DatedValue(date(2018, 1, 1), "0.5", "后来的文件"),)
    changed["credibility_tolerance"] = replace(changed["credibility_tolerance"], values=values)
    for module in ("scoring_rules.case", "scoring_rules.scoring", "scoring_rules.replay", "review.decisions"):
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
    assert "没有登记抽样" in capsys.readouterr().out
    assert main(["replay"]) == 0
    assert "字节一致" in capsys.readouterr().out
