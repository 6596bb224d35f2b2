"""Acts of the office: who, when, which paper; append-only; every place that reads terms or parameters follows them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from review.acts import confirm_parameter, office_rules, recorded_acts, set_parameter, set_term, term_rows
from review.cases import record_case, recorded_case
from review.cli import main
from review.errors import RefusedRecordError
from review.sampling import draw_sample
from review.workspace import Workspace
from scoring_rules.case_errors import CaseError
from scoring_rules.scoring import score_case
from tests.review.conftest import CYCLE, DISTRICT

ACT = ("虚构的主任", "2019-05-06", "虚构〔2019〕3号")
B1_WEIGHTS = 'B1: {B1-1: "45", B1-2: "15"}'


def test_登记的约定对每一处都有效(workspace: Workspace, recorded: Callable[..., None]) -> None:
    recorded()
    set_term(workspace, "sample_design", "simple_random", *ACT)
    set_term(workspace, "credibility_tolerance", "0.5", *ACT)
    case = recorded_case(workspace, DISTRICT, CYCLE)
    assert case is not None
    assert [act.target for act in case.acts] == ["sample_design", "credibility_tolerance"]
    assert score_case(workspace.scheme, case).parameters["credibility_tolerance"] == "0.5"
    assert len(draw_sample(workspace, DISTRICT, CYCLE, 7).sample["criteria"]) == 1
    rows = {row["id"]: row for row in term_rows(workspace, CYCLE)}
    assert (rows["credibility_tolerance"]["value"], rows["credibility_tolerance"]["words"]) == ("0.5", "0.5")
    assert rows["sample_design"]["act"]["document"] == "虚构〔2019〕3号"
    assert rows["ties"]["act"] is None


def test_后来的日期在先_与登记的次序无关(workspace: Workspace) -> None:
    set_term(workspace, "ties", "base_points", "甲", "2019-06-01", "虚构〔2019〕9号")
    set_term(workspace, "ties", "shared", "甲", "2019-05-01", "虚构〔2019〕1号")
    assert office_rules(workspace, CYCLE).scheme.term("ties") == "base_points"


def test_只适用于一个年度的决定(workspace: Workspace) -> None:
    set_term(workspace, "ties", "base_points", *ACT, cycle=2020)
    assert office_rules(workspace, 2019).scheme.term("ties") == "shared"
    assert office_rules(workspace, 2020).scheme.term("ties") == "base_points"
    assert [one.cycle for one in recorded_acts(workspace)] == [2020]
    assert recorded_acts(workspace, 2019) == []


def test_同样的决定不登记两次_数据库拒绝改动(workspace: Workspace) -> None:
    first = set_term(workspace, "item_weights", "weight_file", *ACT, weights=B1_WEIGHTS)
    assert set_term(workspace, "item_weights", "weight_file", *ACT, weights=B1_WEIGHTS).number == first.number
    other = 'B1: {B1-1: "50", B1-2: "10"}'
    assert set_term(workspace, "item_weights", "weight_file", *ACT, weights=other).number == first.number + 1
    for statement in (
        "UPDATE office_acts SET value = 'equal'",
        "DELETE FROM office_acts",
        "INSERT OR REPLACE INTO office_acts SELECT * FROM office_acts WHERE id = 1",
    ):
        with pytest.raises(DBAPIError, match="frozen row: office_acts"), workspace.store.session() as session:
            session.execute(text(statement))


def test_权重表先于各要点的上限(workspace: Workspace, recorded: Callable[..., None]) -> None:
    marks = {c.id: str(c.points) for c in workspace.scheme.criteria if not c.is_bonus and c.id != "B1"}
    by_item = {"self": {**marks, "B1-1": "45", "B1-2": "15"}}
    with pytest.raises(CaseError, match="B1-1 的自评分最高 30 分"):
        recorded(**by_item)
    set_term(workspace, "item_weights", "weight_file", *ACT, weights=B1_WEIGHTS)
    recorded(**by_item)
    case = recorded_case(workspace, DISTRICT, CYCLE)
    assert case is not None
    assert case.self_points["B1-1"] == 45
    limits = case.maxima(workspace.scheme.with_acts(case.acts))
    assert (limits.items["B1-1"], limits.items["B1-2"], limits.items["B2-1"]) == (45, 15, 20)
    with pytest.raises(CaseError, match="B1-2 的自评分最高 15 分"):
        recorded(self={**marks, "B1-1": "30", "B1-2": "30"})


@pytest.mark.parametrize(
    ("weights", "words"),
    [
        ("", "要有权重表"),
        ('B1: {B1-1: "45", B1-2: "16"}', "各要点之和是 61"),
        ('B1: {B1-1: "60"}', "缺少“B1-2”"),
        ("B1: {B1-1: 45, B1-2: 15}", "加引号的十进制数"),
        ('B99: {B99-1: "1"}', "没有“B99”"),
        ("[", "权重表"),
    ],
)
def test_不成立的权重表(workspace: Workspace, weights: str, words: str) -> None:
    with pytest.raises(RefusedRecordError, match=words):
        set_term(workspace, "item_weights", "weight_file", *ACT, weights=weights)
    assert recorded_acts(workspace) == []


@pytest.mark.parametrize(
    ("term", "value", "act", "words"),
    [
        ("nowhere", "x", ACT, "约定表里没有“nowhere”"),
        ("ties", "random", ACT, "只能取shared、base_points"),
        ("band_borders", "x", ACT, "由方案原文确定"),
        ("credibility_tolerance", "1.2", ACT, "在 0 至 1 之间"),
        ("submission_deadline", "三月底", ACT, "要日期"),
        ("ties", "shared", (" ", "2019-05-06", "文"), "是谁作出的"),
        ("ties", "shared", ("甲", "2019-05-06", ""), "依据哪份文件"),
        ("ties", "shared", ("甲", "五月", "文"), "写成“2019-03-04”"),
        ("ties", "shared", ("甲", (datetime.now(UTC).date() + timedelta(days=2)).isoformat(), "文"), "还没有到"),
    ],
)
def test_不成立的决定不登记(workspace: Workspace, term: str, value: str, act: tuple[str, str, str], words: str) -> None:
    with pytest.raises(RefusedRecordError, match=words):
        set_term(workspace, term, value, *act)
    assert recorded_acts(workspace) == []


def test_确认参考标准逐个取值(workspace: Workspace) -> None:
    from datetime import date

    def decides(year: int) -> bool:
        return office_rules(workspace, CYCLE).parameters["special_fund_min"].decides(date(year, 12, 31))

    assert not decides(2018)
    confirm_parameter(workspace, "special_fund_min", "6000", *ACT)
    assert (decides(2018), decides(2019)) == (True, False)
    with pytest.raises(RefusedRecordError, match="没有取值“7000”，只有6000、8000"):
        confirm_parameter(workspace, "special_fund_min", "7000", *ACT)
    with pytest.raises(RefusedRecordError, match="不是待确认的参考标准"):
        confirm_parameter(workspace, "puhui_rate_min", "80", *ACT)


def test_登记参数的取值(workspace: Workspace) -> None:
    from datetime import date

    set_parameter(workspace, "cert_rate_min", "95", *ACT)
    set_parameter(workspace, "cert_rate_min", "98", *ACT, since="2019-01-01")
    parameter = office_rules(workspace, CYCLE).parameters["cert_rate_min"]
    assert (parameter.number(date(2018, 12, 31)), parameter.number(date(2019, 1, 1))) == (95, 98)
    assert parameter.decides(date(2018, 12, 31))
    assert parameter.at(date(2019, 1, 1)).reference == "虚构〔2019〕3号"


@pytest.mark.parametrize(
    ("name", "value", "since", "words"),
    [
        ("nowhere", "1", "", "没有参数“nowhere”"),
        ("puhui_rate_min", "70", "", "由方案写明（.*任何决定都不能改"),
        ("cert_rate_min", "很多", "", "十进制数"),
        ("cert_rate_min", "-1", "", "不小于 0"),
        ("cert_rate_min", "101", "", "不能超过 100"),
        ("cert_rate_min", "90", "去年", "起始日应写成"),
        ("credibility_tolerance", "0.9", "2019-01-01", "没有起始日"),
    ],
)
def test_不成立的参数不登记(workspace: Workspace, name: str, value: str, since: str, words: str) -> None:
    with pytest.raises(RefusedRecordError, match=words):
        set_parameter(workspace, name, value, *ACT, since=since)
    assert recorded_acts(workspace) == []


def test_抽样数量是参数(workspace: Workspace) -> None:
    assert sum(len(s["drawn"]) for s in draw_sample(workspace, DISTRICT, CYCLE, 7).sample["criteria"]) == 5
    set_parameter(workspace, "sample_criteria_per_indicator", "2", *ACT)
    sample = draw_sample(workspace, DISTRICT, CYCLE, 7).sample
    assert sample["per_indicator"] == 2
    assert sum(len(s["drawn"]) for s in sample["criteria"]) == 10
    set_parameter(workspace, "sample_criteria_per_indicator", "0.5", *ACT, cycle=2020)
    with pytest.raises(RefusedRecordError, match="没有可用的取值"):
        draw_sample(workspace, DISTRICT, 2020, 7)


def test_json案卷的年度也认得出(workspace: Workspace, recorded: Callable[..., None]) -> None:
    set_term(workspace, "ties", "base_points", *ACT, cycle=CYCLE)
    recorded()
    inputs = recorded_case(workspace, DISTRICT, CYCLE).to_inputs()  # type: ignore[union-attr]
    inputs.pop("acts")
    for text_ in (json.dumps(inputs), json.dumps(inputs, indent=1), json.dumps(inputs, sort_keys=True)):
        assert [act.target for act in record_case(workspace, text_, "甲").acts] == ["ties"]


def test_命令行(workspace: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    signed = ["--by", "虚构的主任", "--on", "2019-05-06", "--document", "虚构〔2019〕3号"]
    weights = tmp_path / "权重.yaml"
    weights.write_text(B1_WEIGHTS, encoding="utf-8")
    assert main(["term", "set", "item_weights", "weight_file", "--weights", str(weights), *signed, "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert (shown["target"], shown["weights"]) == ("item_weights", {"B1-1": "45", "B1-2": "15"})
    assert main(["term", "set", "ties", "base_points", *signed]) == 0
    assert "已登记决定 2：ties = base_points（每一年度；虚构的主任，2019-05-06" in capsys.readouterr().out
    assert main(["term", "list", "--json"]) == 0
    listed = {row["id"]: row for row in json.loads(capsys.readouterr().out)}
    assert listed["ties"]["value"] == "base_points"
    assert main(["term", "list"]) == 0
    assert "再比公布的基础分" in capsys.readouterr().out
    assert main(["parameter", "confirm", "special_fund_min", "--value", "6000", *signed]) == 0
    assert main(["parameter", "set", "cert_rate_min", "95", *signed, "--cycle", "2019"]) == 0
    assert "（2019 年度；" in capsys.readouterr().out
    assert main(["parameter", "list", "--json"]) == 0
    rows = {row["id"]: row for row in json.loads(capsys.readouterr().out)}
    assert (rows["cert_rate_min"]["value"], rows["cert_rate_min"]["decides"]) == ("95", True)
    assert rows["special_fund_min"]["decides"]
    assert not rows["teacher_exchange_rate_min"]["decides"]
    assert rows["puhui_rate_min"]["value"] == "80"
    assert main(["parameter", "list"]) == 0
    printed = capsys.readouterr().out
    assert "6000 已确认：虚构的主任" in printed
    assert "参考标准，待确认" in printed
    assert main(["term", "set", "ties", "random", *signed]) == 1
    assert "没有登记" in capsys.readouterr().err
    assert main(["term", "set", "ties", "shared"]) == 2


def test_登记案卷时按决定计算(workspace: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    set_term(workspace, "credibility_tolerance", "0.4", *ACT)
    marks = {c.id: str(c.points) for c in workspace.scheme.criteria if not c.is_bonus}
    data = {
        "scheme": "2019", "cycle": 2019, "district": DISTRICT, "self": marks, "verified": {"B5": "20"},
        "bonus": {"awarded": "0"}, "annex1": dict.fromkeys("123456", "not_triggered"),
    }  # fmt: skip
    path = tmp_path / "案卷.yaml"
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    assert main(["score", str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["total_points"] == "500.00"
    assert main(["score", str(path), "--record", "--json"]) == 0
    recorded = json.loads(capsys.readouterr().out)
    assert recorded["total_points"] == "1000.00"
    assert Fraction(recorded["credibility"]) == Fraction(1, 2)
