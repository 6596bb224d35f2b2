"""Several experts: blind until both are in, the spread, arbitration with a reason, agreement by a library."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from review.cli import main
from review.errors import BadPointsError, PanelError, UnknownItemError
from review.reviewers import agreement, arbitrate, give_points, panels
from review.workspace import Settings, Workspace

WHERE = ("虚构区", 2019)


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("EDUREVIEW_HOME", str(tmp_path))
    return Workspace(Settings(tmp_path))


def test_齐了之前互不可见(workspace: Workspace) -> None:
    give_points(workspace, *WHERE, "b5", "甲", "31.5", "缺公示")
    for viewer, seen in (("甲", ["甲"]), ("乙", []), (None, [])):
        (panel,) = panels(workspace, *WHERE, viewer=viewer)
        assert [given.expert for given in panel.given] == seen
        assert (panel.experts, panel.spread, panel.settled, panel.is_complete) == (("甲",), None, None, False)
    give_points(workspace, *WHERE, "B5", "乙", "36")
    (panel,) = panels(workspace, *WHERE, viewer="乙")
    assert panel.to_json() == {
        "criterion": "B5",
        "experts": ["乙", "甲"],
        "complete": True,
        "points": [
            {"expert": "乙", "points": "36", "reason": ""},
            {"expert": "甲", "points": "31.5", "reason": "缺公示"},
        ],
        "spread": "4.5",
        "arbitration": None,
        "settled": None,
    }


def test_一致就认定(workspace: Workspace) -> None:
    for expert in "甲乙":
        give_points(workspace, *WHERE, "B5", expert, "36.0")
    (panel,) = panels(workspace, *WHERE)
    assert (panel.spread, panel.settled) == (0, 36)
    with pytest.raises(PanelError, match="不需要仲裁"):
        arbitrate(workspace, *WHERE, "B5", "丙", "35", "理由")


def test_不一致由另一人写明理由仲裁(workspace: Workspace) -> None:
    give_points(workspace, *WHERE, "B5", "甲", "30")
    for criterion in ("B5", "B6"):
        with pytest.raises(PanelError, match="还没有齐"):
            arbitrate(workspace, *WHERE, criterion, "丙", "33", "理由")
    give_points(workspace, *WHERE, "B5", "乙", "36")
    with pytest.raises(PanelError, match="写明理由"):
        arbitrate(workspace, *WHERE, "B5", "丙", "33", "  ")
    with pytest.raises(PanelError, match="不能自己仲裁"):
        arbitrate(workspace, *WHERE, "B5", "甲", "33", "理由")
    arbitrate(workspace, *WHERE, "B5", "丙", "33", "查阅原件")
    arbitrate(workspace, *WHERE, "B5", "丙", "34", "复核后更正")
    (panel,) = panels(workspace, *WHERE)
    assert panel.settled == 34
    assert panel.to_json()["arbitration"] == {"by": "丙", "points": "34", "reason": "复核后更正"}


def test_别人先仲裁了就被告知_一项也没有写入(workspace: Workspace) -> None:
    for expert, points in (("甲", "30"), ("乙", "36")):
        give_points(workspace, *WHERE, "B5", expert, points)
    (seen,) = panels(workspace, *WHERE)
    arbitrate(workspace, *WHERE, "B5", "丙", "33", "查阅原件", base=seen.arbitrations)
    with pytest.raises(PanelError, match="您打开之后，B5 由丙已仲裁为 33 分"):
        arbitrate(workspace, *WHERE, "B5", "丁", "31", "另一种看法", base=seen.arbitrations)
    (panel,) = panels(workspace, *WHERE)
    assert (panel.settled, panel.arbitrations) == (33, 1)


def test_仲裁之前在同一事务里再看一遍(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second arbiter who waits for the first sees what he wrote, and the log says so."""
    import threading

    from review.audit import acts

    for expert, points in (("甲", "30"), ("乙", "36")):
        give_points(workspace, *WHERE, "B5", expert, points)
    told: list[str] = []

    def decide(name: str, points: str) -> None:
        try:
            arbitrate(workspace, *WHERE, "B5", name, points, "虚构", base=0)
        except PanelError as exc:
            told.append(str(exc))

    threads = [threading.Thread(target=decide, args=given) for given in (("丙", "33"), ("丁", "31"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told) == 1
    made = [act for act in acts(workspace) if act.act == "arbitrated"]
    assert [act.before for act in made] == [None]


def test_打分不能更改(workspace: Workspace) -> None:
    give_points(workspace, *WHERE, "B5", "甲", "30")
    with pytest.raises(PanelError, match="不能更改"):
        give_points(workspace, *WHERE, "B5", "甲", "31")
    give_points(workspace, "另一区", 2019, "B5", "甲", "31")
    for statement in ("UPDATE expert_points SET points = '40'", "DELETE FROM expert_points"):
        with pytest.raises(DBAPIError, match="frozen row"), workspace.store.session() as session:
            session.execute(text(statement))


@pytest.mark.parametrize("points", ["-1", "40.01", "很多", "", "1/0"])
def test_分数要在零与满分之间(workspace: Workspace, points: str) -> None:
    with pytest.raises(BadPointsError, match="0 至 40"):
        give_points(workspace, *WHERE, "B5", "甲", points)


@pytest.mark.parametrize("criterion", ["B21", "B5-5", "B99"])
def test_只按计分的二级指标打分(workspace: Workspace, criterion: str) -> None:
    with pytest.raises(UnknownItemError):
        give_points(workspace, *WHERE, criterion, "甲", "1")


def test_一致性(workspace: Workspace) -> None:
    assert agreement(workspace, *WHERE) is None
    for criterion, one, other in (("B1", "60", "60"), ("B2", "20", "20"), ("B3", "1", "1")):
        give_points(workspace, *WHERE, criterion, "甲", one)
        give_points(workspace, *WHERE, criterion, "乙", other)
    assert agreement(workspace, *WHERE) == pytest.approx(1)
    give_points(workspace, *WHERE, "B4", "甲", "10")
    assert agreement(workspace, *WHERE) == pytest.approx(1), "未齐的不算"
    give_points(workspace, *WHERE, "B4", "乙", "0")
    # By hand: 1 - (n-1)·ΣΔ²within / ΣΔ²between with shares 1,1 .5,.5 .1,.1 1,0.
    values = [1, 1, 0.5, 0.5, 0.1, 0.1, 1, 0]
    between = sum((a - b) ** 2 for i, a in enumerate(values) for b in values[i + 1 :])
    assert agreement(workspace, *WHERE) == pytest.approx(1 - 7 * 1 / between)


def test_都给一样的分时一致性无定义(workspace: Workspace) -> None:
    for criterion, full in (("B1", "60"), ("B2", "40")):
        for expert in "甲乙":
            give_points(workspace, *WHERE, criterion, expert, full)
    assert agreement(workspace, *WHERE) is None


def test_命令行(workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    def run(*arguments: str, code: int = 0) -> str:
        assert main(["panel", *arguments, "--district", "虚构区", "--cycle", "2019"]) == code
        captured = capsys.readouterr()
        return captured.err if code else captured.out

    run("give", "--criterion", "B5", "--expert", "甲", "--points", "30")
    assert "未齐，互不可见" in run("show")
    assert "30" not in run("show", "--expert", "乙").replace("2019", "")
    assert "甲 30" in run("show", "--expert", "甲")
    run("give", "--criterion", "B5", "--expert", "乙", "--points", "36")
    assert "分差 6" in run("show")
    assert "请由另一人决定" in run(
        "arbitrate", "--criterion", "B5", "--by", "甲", "--points", "33", "--reason", "查", code=1
    )
    run("arbitrate", "--criterion", "B5", "--by", "丙", "--points", "33", "--reason", "查阅原件")
    shown = json.loads(run("show", "--json"))
    assert shown["criteria"][0]["settled"] == "33"
    assert shown["krippendorff_alpha"] is None


def _drafted(monkeypatch: pytest.MonkeyPatch, low: str, high: str) -> None:
    """The draft of B5 as if the rules had given it."""
    from types import SimpleNamespace

    from review import reviewers

    criterion = SimpleNamespace(id="B5", points=(Fraction(low), Fraction(high)))
    drafted = SimpleNamespace(result=SimpleNamespace(criteria=[criterion]))
    monkeypatch.setattr(reviewers, "draft_district", lambda *_: drafted)


def test_离初评分太远要写理由(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    _drafted(monkeypatch, "30", "36")
    with pytest.raises(PanelError, match=r"与初评分 30\.00 至 36\.00 相差超过满分的 5%，要写明理由"):
        give_points(workspace, *WHERE, "B5", "甲", "38.01")  # full marks 40: 2 points either way
    with pytest.raises(PanelError, match="要写明理由"):
        give_points(workspace, *WHERE, "B5", "甲", "27.99", "  ")
    give_points(workspace, *WHERE, "B5", "甲", "38")
    give_points(workspace, *WHERE, "B5", "乙", "28")
    give_points(workspace, *WHERE, "B5", "丙", "0", "材料不属实")


def test_多远由参数定(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    from review.acts import set_parameter

    _drafted(monkeypatch, "30", "30")
    set_parameter(workspace, "draft_difference_share", "0.5", "虚构主任", "2019-01-05", "虚构决定")
    give_points(workspace, *WHERE, "B5", "甲", "10")
    set_parameter(workspace, "draft_difference_share", "0", "虚构主任", "2019-01-06", "虚构决定")
    with pytest.raises(PanelError, match="满分的 0%"):
        give_points(workspace, *WHERE, "B5", "乙", "29.9")
    give_points(workspace, *WHERE, "B5", "乙", "30")


def test_没有材料时初评分是整个区间_不要理由(workspace: Workspace) -> None:
    give_points(workspace, *WHERE, "B5", "甲", "0")
    give_points(workspace, *WHERE, "B5", "乙", "40")
