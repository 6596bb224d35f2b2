"""The sample of a district: same seed and list, same sample; every draw stays in the record; the list can be printed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from review.cli import main
from review.errors import RefusedRecordError
from review.sampling import draw_sample, recorded_replacements, recorded_sample, replace_unit
from review.workspace import Settings, Workspace
from scoring_rules.sampling import School, standing

SCHOOLS = [School(f"虚构{stage}{n}", stage, "城区", "大", "公办") for stage in ("小学", "初中") for n in range(5)]


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("EDUREVIEW_HOME", str(tmp_path))
    return Workspace(Settings(tmp_path))


def test_同样的种子和名单不再登记一次(workspace: Workspace) -> None:
    first = draw_sample(workspace, "虚构区", 2019, 7, SCHOOLS)
    again = draw_sample(workspace, "虚构区", 2019, 7, SCHOOLS[::-1])
    assert again == first
    assert first.number == 1
    assert recorded_sample(workspace, "虚构区", 2019) == first.sample
    assert recorded_sample(workspace, "虚构区", 2020) is None


def test_重抽留下以前各次(workspace: Workspace) -> None:
    draw_sample(workspace, "虚构区", 2019, 7)
    second = draw_sample(workspace, "虚构区", 2019, 8)
    assert second.number == 2
    assert "第 2 次抽样" in second.lines(workspace.scheme)[-1]
    assert draw_sample(workspace, "另一区", 2019, 8).number == 1
    for statement in ("UPDATE samples SET seed = '9'", "DELETE FROM samples"):
        with pytest.raises(DBAPIError, match="frozen row"), workspace.store.session() as session:
            session.execute(text(statement))


def test_可打印的名单(workspace: Workspace) -> None:
    drawn = draw_sample(workspace, "虚构区", 2019, 7, SCHOOLS, school_count=4)
    printed = "\n".join(drawn.lines(workspace.scheme))
    for stratum in (*drawn.sample["criteria"], *drawn.sample["schools"]):
        for name in stratum["drawn"]:
            assert f"□ {name}" in printed or f"　{name} " in printed
    assert f"种子 7　抽样框 SHA-256 {drawn.sample['frame_sha256']}" in printed
    assert "替补规则：抽中的单位因停办" in printed
    assert printed.count("□") == 9
    assert "没有提供学校名单" in "\n".join(draw_sample(workspace, "虚构区", 2020, 7).lines(workspace.scheme))


def test_样本太少时说明没抽到的(workspace: Workspace) -> None:
    printed = "\n".join(draw_sample(workspace, "虚构区", 2019, 7, SCHOOLS, school_count=1).lines(workspace.scheme))
    assert "样本太少，没有抽到：" in printed


def test_命令行(workspace: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    schools = tmp_path / "名单.csv"
    schools.write_text("学校名称,学段\n虚构一小,小学\n虚构二小,小学\n", encoding="utf-8")
    arguments = ["sample", "--district", "虚构区", "--seed", "7", "--schools", str(schools), "--count", "1"]
    target = tmp_path / "抽样名单.txt"
    assert main([*arguments, "--json", "-o", str(target)]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert main([*arguments, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == shown
    assert (shown["district"], shown["cycle"], shown["seed"], shown["draw"]) == ("虚构区", 2019, 7, 1)
    assert "实地督导抽样名单" in target.read_text(encoding="utf-8")
    schools.write_text("学校名称\n虚构一小\n", encoding="utf-8")
    assert main(arguments) == 1
    assert "没有“学段”" in capsys.readouterr().err


def test_替补按名单次序_登记后不能更改(workspace: Workspace) -> None:
    sample = draw_sample(workspace, "虚构区", 2019, 7, SCHOOLS, school_count=2).sample
    stratum = sample["schools"][0]
    out, first, second = stratum["drawn"][0], stratum["reserve"][0], stratum["reserve"][1]
    entry = replace_unit(workspace, "虚构区", 2019, out, "虚构：停办", "虚构的主任")
    assert (entry["kind"], entry["out"], entry["in"]) == ("school", out, first)
    # 替补也不能核查时，再下一个顶上；已换下的不在样本里了
    assert replace_unit(workspace, "虚构区", 2019, first, "虚构：撤并", "虚构的主任")["in"] == second
    with pytest.raises(RefusedRecordError, match=f"“{out}”不在现在的样本里"):
        replace_unit(workspace, "虚构区", 2019, out, "虚构：停办", "虚构的主任")
    assert standing(sample, "school", recorded_replacements(workspace, "虚构区", 2019))[0][0] == second
    printed = "\n".join(draw_sample(workspace, "虚构区", 2019, 7, SCHOOLS, school_count=2).lines(workspace.scheme))
    assert f"已登记替补：{out} → {first}（虚构：停办；批准人 虚构的主任）" in printed
    for statement in ("UPDATE replacements SET unit_in = 'x'", "DELETE FROM replacements"):
        with pytest.raises(DBAPIError, match="frozen row: replacements"), workspace.store.session() as session:
            session.execute(text(statement))


def test_不成立的替补(workspace: Workspace) -> None:
    with pytest.raises(RefusedRecordError, match="没有登记抽样"):
        replace_unit(workspace, "虚构区", 2019, "B1", "停办", "主任")
    sample = draw_sample(workspace, "虚构区", 2019, 7).sample
    with pytest.raises(RefusedRecordError, match="原因和批准人"):
        replace_unit(workspace, "虚构区", 2019, "B1", " ", "主任")
    with pytest.raises(RefusedRecordError, match="“B99”不在现在的样本里"):
        replace_unit(workspace, "虚构区", 2019, "B99", "停办", "主任")
    stratum = min(sample["criteria"], key=lambda s: s["of"])
    unit = stratum["drawn"][0]
    for _ in range(len(stratum["reserve"])):
        unit = replace_unit(workspace, "虚构区", 2019, unit, "停办", "主任")["in"]
    with pytest.raises(RefusedRecordError, match="没有替补了"):
        replace_unit(workspace, "虚构区", 2019, unit, "停办", "主任")


def test_重抽后替补从头算起(workspace: Workspace) -> None:
    sample = draw_sample(workspace, "虚构区", 2019, 7).sample
    replace_unit(workspace, "虚构区", 2019, sample["criteria"][0]["drawn"][0], "停办", "主任")
    assert len(recorded_replacements(workspace, "虚构区", 2019)) == 1
    draw_sample(workspace, "虚构区", 2019, 8)
    assert recorded_replacements(workspace, "虚构区", 2019) == []


def test_挑选的替补看得出(workspace: Workspace) -> None:
    sample = draw_sample(workspace, "虚构区", 2019, 7).sample
    stratum = next(s for s in sample["criteria"] if len(s["reserve"]) > 1)
    picked = {"kind": "criterion", "out": stratum["drawn"][0], "in": stratum["reserve"][1]}
    units, faults = standing(sample, "criterion", [picked])
    assert stratum["drawn"][0] in units
    assert f"替补应是 {stratum['reserve'][0]}" in faults[0]
    stranger = {"kind": "criterion", "out": "B99", "in": "B98"}
    assert "没有可以顶替的单位" in standing(sample, "criterion", [stranger])[1][0]
    assert standing(sample, "school", [picked]) == ((), ())


def test_替补的命令行(workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sample", "--district", "虚构区"]) == 2
    assert "缺少 --seed" in capsys.readouterr().err
    assert main(["sample", "--district", "虚构区", "--cycle", "2019", "--seed", "7", "--json"]) == 0
    stratum = json.loads(capsys.readouterr().out)["criteria"][0]
    arguments = ["sample", "replace", "--district", "虚构区", "--cycle", "2019", "--unit", stratum["drawn"][0]]
    assert main([*arguments, "--reason", "虚构：停办", "--by", "虚构的主任"]) == 0
    assert f"由 {stratum['reserve'][0]} 顶替" in capsys.readouterr().out
