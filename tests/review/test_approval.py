"""市政府审定: on the newest, signed decision only; everything before says 拟定; the published ranking waits for all of them."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from review.approval import approval, approve, publishable, ranking, take_back_approval
from review.audit import acts
from review.cli import main
from review.cycles import District, open_year
from review.decisions import decide_district
from review.errors import NotPublishableError, RefusedRecordError
from review.workspace import Workspace
from tests.review.conftest import CYCLE, DISTRICT

WHERE = (DISTRICT, CYCLE)
PAPER = ("2019-11-06", "虚构的市政府常务会议纪要", "虚构主任")


def test_审定是最后一步(workspace: Workspace, recorded: Callable[..., None]) -> None:
    with pytest.raises(RefusedRecordError, match="还没有认定决定"):
        approve(workspace, *WHERE, *PAPER)
    recorded()
    decide_district(workspace, *WHERE)
    with pytest.raises(RefusedRecordError, match="还是拟定稿，没有人签认"):
        approve(workspace, *WHERE, *PAPER)
    held = decide_district(workspace, *WHERE, "虚构主任")
    with pytest.raises(NotPublishableError, match="虚构区的认定决定没有登记市政府审定"):
        publishable(workspace, *WHERE)
    with pytest.raises(RefusedRecordError, match=f"最新的是决定 {held.number}，不是决定 1"):
        approve(workspace, *WHERE, *PAPER, decision=1)
    with pytest.raises(RefusedRecordError, match="依据哪份文件"):
        approve(workspace, *WHERE, "2019-11-06", " ", "虚构主任")
    done = approve(workspace, *WHERE, *PAPER, decision=held.number)
    assert (done.decision, done.sha256) == (held.number, held.sha256)
    assert publishable(workspace, *WHERE) == held
    with pytest.raises(RefusedRecordError, match="已经审定"):
        approve(workspace, *WHERE, *PAPER)
    assert [act.act for act in acts(workspace)][-1] == "approved"


def test_新的决定又是拟定(workspace: Workspace, recorded: Callable[..., None]) -> None:
    recorded()
    decide_district(workspace, *WHERE, "虚构主任")
    approve(workspace, *WHERE, *PAPER)
    recorded(bonus={"awarded": "6"})
    decide_district(workspace, *WHERE, "虚构主任")
    assert approval(workspace, *WHERE) is None
    with pytest.raises(NotPublishableError):
        ranking(workspace, CYCLE, published=True)


def test_误登可以撤回_要写理由(workspace: Workspace, recorded: Callable[..., None]) -> None:
    recorded()
    decide_district(workspace, *WHERE, "虚构主任")
    with pytest.raises(RefusedRecordError, match="没有可以撤回的"):
        take_back_approval(workspace, *WHERE, "误登", "虚构主任")
    approve(workspace, *WHERE, *PAPER)
    with pytest.raises(RefusedRecordError, match="要写明理由"):
        take_back_approval(workspace, *WHERE, " ", "虚构主任")
    take_back_approval(workspace, *WHERE, "误登", "虚构主任")
    assert approval(workspace, *WHERE) is None
    assert approve(workspace, *WHERE, *PAPER).document == PAPER[1]


def test_有一个区县没有审定就不能公开排名(workspace: Workspace, recorded: Callable[..., None]) -> None:
    with pytest.raises(NotPublishableError, match="还没有认定决定"):
        ranking(workspace, CYCLE, published=True)
    recorded()
    decide_district(workspace, *WHERE, "虚构主任")
    shown = ranking(workspace, CYCLE)
    assert [(row.district, row.rank, shown.word(row.district)) for row in shown.rows] == [(DISTRICT, 1, "拟定")]
    approve(workspace, *WHERE, *PAPER)
    published = ranking(workspace, CYCLE, published=True)
    assert published.to_json()["rows"][0]["state"] == "市政府审定"
    open_year(workspace, CYCLE, [District(DISTRICT), District("没有决定的区")], "虚构主任")
    with pytest.raises(NotPublishableError) as refused:
        ranking(workspace, CYCLE, published=True)
    assert refused.value.districts == ("没有决定的区",)


def test_命令行(workspace: Workspace, recorded: Callable[..., None], capsys: pytest.CaptureFixture[str]) -> None:
    def run(*arguments: str, code: int = 0) -> str:
        assert main(list(arguments)) == code
        captured = capsys.readouterr()
        return captured.err if code else captured.out

    where = ("--district", DISTRICT, "--cycle", str(CYCLE))
    run("assign", "set", *where, "--expert", "虚构甲", "--criterion", "B5", "--by", "虚构主任")
    assert json.loads(run("assign", "list", *where, "--json"))[0]["criteria"] == ["B5"]
    assert "没有登记抽样" in run("result", "enter", *where, "--key", "B1", "--points", "5", "--by", "甲", code=1)
    recorded()
    assert "60 分" in run("result", "enter", *where, "--key", "B1", "--points", "60", "--paper", "表.pdf", "--by", "甲")
    run("result", "bonus", *where, "--points", "5", "--paper", "证明", "--by", "虚构主任")
    told = json.loads(run("result", "list", *where, "--json"))
    assert [one["points"] for one in told["results"]] == ["60"]
    assert "《表.pdf》（未导入）" in run("result", "list", *where)
    run("decide", *where, "--by", "虚构主任")
    assert "拟定" in run("ranking", "--cycle", str(CYCLE))
    assert "不能公开" in run("ranking", "--cycle", str(CYCLE), "--published", code=1)
    run("approve", *where, "--on", "2019-11-06", "--document", "虚构纪要", "--by", "虚构主任")
    assert json.loads(run("ranking", "--cycle", str(CYCLE), "--published", "--json"))["rows"][0]["rank"] == 1
    run("approve", *where, "--take-back", "--reason", "误登", "--by", "虚构主任")
    assert "不能公开" in run("ranking", "--cycle", str(CYCLE), "--published", code=1)
