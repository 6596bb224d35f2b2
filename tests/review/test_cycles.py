"""The evaluation year: districts, stages and deadlines as recorded acts; nobody skips a stage, nothing is forgotten."""

from __future__ import annotations

from datetime import date

import pytest

from review.audit import acts
from review.cycles import (
    STAGES,
    District,
    change_district,
    cycles,
    demo_districts,
    enter_stage,
    open_year,
    read_districts,
    set_deadline,
    year,
)
from review.errors import NotAllowedError, NotPublishableError, RefusedRecordError
from review.people import Person
from review.workspace import Workspace

WHO = "虚构的科长"
TWO = [District("云山区"), District("鹤汀区")]


def test_阶段就是方案写的六步(workspace: Workspace) -> None:
    titles = {step.id: step.title for step in workspace.scheme.procedure}
    assert [titles[stage.step] for stage in STAGES[:-1]] == [stage.words for stage in STAGES[:-1]]
    assert titles[STAGES[-1].step] == "发布评价报告"


def test_演示名单十二个区县(workspace: Workspace) -> None:
    opened = open_year(workspace, 2020, demo_districts(), WHO, until="2020-05-31")
    assert len(opened.districts) == 12
    assert [one.name for one in opened.districts if one.zone] == ["星野高新区"]
    assert opened.stage is STAGES[0]
    assert cycles(workspace) == [2020]
    assert opened.deadline("self", "云山区") == date(2020, 5, 31)
    with pytest.raises(RefusedRecordError, match="已经开设"):
        open_year(workspace, 2020, TWO, WHO)


def test_没有开设的年度不限区县(workspace: Workspace) -> None:
    assert year(workspace, 2019).has("任何区")
    assert not year(workspace, 2019).is_open
    with pytest.raises(RefusedRecordError, match="还没有开设"):
        enter_stage(workspace, 2019, "审核监测", WHO)


def test_没有逐个审定不能进入发布(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    open_year(workspace, 2020, TWO, WHO)
    for stage in STAGES[1:-1]:
        enter_stage(workspace, 2020, stage.words, WHO)
    with pytest.raises(NotPublishableError) as refused:
        enter_stage(workspace, 2020, "发布", WHO)
    assert refused.value.districts == tuple(one.name for one in TWO)
    assert not year(workspace, 2020).is_closed
    monkeypatch.setattr("review.approval._of_newest", lambda session, name, cycle: None if name == TWO[1].name else 1)
    with pytest.raises(NotPublishableError) as refused:
        enter_stage(workspace, 2020, "发布", WHO)
    assert refused.value.districts == (TWO[1].name,)


def test_一步一步走_退回要写理由(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("review.cycles.not_approved", lambda session, cycle, districts: [])
    open_year(workspace, 2020, TWO, WHO)
    with pytest.raises(RefusedRecordError, match="下一步是“审核监测”"):
        enter_stage(workspace, 2020, "实地督导", WHO)
    for stage in STAGES[1:]:
        assert not year(workspace, 2020).is_closed
        assert enter_stage(workspace, 2020, stage.words, WHO).stage is stage
    assert year(workspace, 2020).is_closed
    with pytest.raises(RefusedRecordError, match="已经在“发布”"):
        enter_stage(workspace, 2020, "publish", WHO)
    with pytest.raises(RefusedRecordError, match="要写明理由"):
        enter_stage(workspace, 2020, "整改复查", WHO)
    assert not enter_stage(workspace, 2020, "整改复查", WHO, reason="虚构：数据更正").is_closed
    told = [act.subject for act in acts(workspace) if act.act == "year_act"]
    assert told == ["开设评价年度", *(f"进入{stage.words}" for stage in STAGES[1:]), "进入整改复查"]


def test_期限可给一个区县延长_也可收回(workspace: Workspace) -> None:
    open_year(workspace, 2020, TWO, WHO, until="2020-05-31")
    set_deadline(workspace, 2020, "自查自评", "2020-06-15", WHO, district="鹤汀区")
    found = year(workspace, 2020)
    assert (found.deadline("self", "云山区"), found.deadline("self", "鹤汀区")) == (
        date(2020, 5, 31),
        date(2020, 6, 15),
    )
    set_deadline(workspace, 2020, "self", "", WHO, district="鹤汀区")
    assert year(workspace, 2020).deadline("self", "鹤汀区") == date(2020, 5, 31)
    with pytest.raises(RefusedRecordError, match="没有“无此区”"):
        set_deadline(workspace, 2020, "self", "2020-06-15", WHO, district="无此区")
    with pytest.raises(RefusedRecordError, match="2020-05-31"):
        set_deadline(workspace, 2020, "self", "六月", WHO)


def test_区县可加入和退出_留有记录(workspace: Workspace) -> None:
    open_year(workspace, 2020, TWO, WHO)
    change_district(workspace, 2020, District("松涧区"), WHO)
    with pytest.raises(RefusedRecordError, match="要写明理由"):
        change_district(workspace, 2020, District("鹤汀区"), WHO, takes_part=False)
    change_district(workspace, 2020, District("鹤汀区"), WHO, takes_part=False, reason="虚构：区划调整")
    found = year(workspace, 2020)
    assert [one.name for one in found.districts] == ["云山区", "松涧区"]
    assert [act.reason for act in found.acts if act.subject == "鹤汀区"] == ["", "虚构：区划调整"]


@pytest.mark.parametrize(
    ("districts", "told"),
    [([], "没有一个区县"), ([District("甲区"), District("甲区 ")], "甲区重复"), ([District("甲\n区")], "控制字符")],
)
def test_名单有错不开设(workspace: Workspace, districts: list[District], told: str) -> None:
    with pytest.raises(RefusedRecordError, match=told):
        open_year(workspace, 2020, districts, WHO)
    assert cycles(workspace) == []


@pytest.mark.parametrize("cycle", [2018, 2100])
def test_方案不管的年度不开设(workspace: Workspace, cycle: int) -> None:
    with pytest.raises(RefusedRecordError, match="2019 至 2099"):
        open_year(workspace, cycle, TWO, WHO)


def test_名单文件的错一次说全() -> None:
    with pytest.raises(RefusedRecordError) as told:
        read_districts("title: 名单\ndistricts:\n  - zone: 是\n  - name: 甲区\n    extra: 1\n", "名单.yaml")
    assert "第 3 行" in str(told.value)
    assert "extra" in str(told.value)


def test_区县只看到自己_也不能安排年度(workspace: Workspace) -> None:
    open_year(workspace, 2020, TWO, WHO)
    set_deadline(workspace, 2020, "self", "2020-06-15", WHO, district="鹤汀区", reason="虚构的内情")
    mine = workspace.acting_as(Person("虚构的丙", "district", frozenset({"云山区"})))
    seen = year(mine, 2020)
    assert [one.name for one in seen.districts] == ["云山区"]
    assert "鹤汀区" not in str(seen.to_json())
    assert "内情" not in str(seen.to_json())
    assert seen.stage is STAGES[0]
    with pytest.raises(NotAllowedError):
        enter_stage(mine, 2020, "审核监测")
