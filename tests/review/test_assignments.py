"""Assignment of experts: recorded, binding once there is one, for points and for confirmations."""

from __future__ import annotations

import pytest

from review.accounts import add_account
from review.assignments import assign, assignments, own_criteria
from review.audit import acts
from review.confirmations import confirm_link
from review.cycles import District, open_year
from review.errors import RefusedRecordError, UnknownItemError
from review.people import Person
from review.reviewers import give_points
from review.workspace import Workspace
from tests.review.submissions import CYCLE, DISTRICT, put_document

WHERE = (DISTRICT, CYCLE)
EXPERT = Person("虚构甲", "expert", frozenset({DISTRICT}))


def test_没有指派时谁都可以_指派后只有被指派的人(workspace: Workspace) -> None:
    expert = workspace.acting_as(EXPERT)
    give_points(expert, *WHERE, "B4", "", "5")
    assert len(own_criteria(expert, *WHERE)) == 20
    assign(workspace, *WHERE, "虚构甲", ["b6", "B5"], "虚构主任")
    assert own_criteria(expert, *WHERE) == ("B5", "B6")
    give_points(expert, *WHERE, "B5", "", "30")
    with pytest.raises(RefusedRecordError, match="没有指派虚构甲评审 B7"):
        give_points(expert, *WHERE, "B7", "", "5")
    with pytest.raises(RefusedRecordError, match="没有指派虚构乙评审 B5"):
        give_points(workspace, *WHERE, "B5", "虚构乙", "30")
    assert own_criteria(workspace, *WHERE)[:2] == ("B1", "B2")
    assert [(act.act, act.subject) for act in acts(workspace) if act.act == "assigned"] == [("assigned", "虚构甲")]


def test_收回要写理由_没有变化不登记(workspace: Workspace) -> None:
    assign(workspace, *WHERE, "虚构甲", ["B5", "B6"], "虚构主任")
    with pytest.raises(RefusedRecordError, match="没有变化"):
        assign(workspace, *WHERE, "虚构甲", ["B6", "B5"], "虚构主任")
    with pytest.raises(RefusedRecordError, match="收回虚构甲负责的B5要写明理由"):
        assign(workspace, *WHERE, "虚构甲", ["B6"], "虚构主任")
    assign(workspace, *WHERE, "虚构甲", [], "虚构主任", reason="回避")
    (one,) = assignments(workspace, *WHERE)
    assert (one.criteria, one.reason) == ((), "回避")
    with pytest.raises(RefusedRecordError, match="没有指派"):
        give_points(workspace, *WHERE, "B6", "虚构甲", "5")


@pytest.mark.parametrize("criteria", [["B21"], ["B99"], ["B5-1"]])
def test_只能指派计分的二级指标(workspace: Workspace, criteria: list[str]) -> None:
    with pytest.raises(UnknownItemError):
        assign(workspace, *WHERE, "虚构甲", criteria, "虚构主任")


def test_要有署名和姓名_区县要在名单里(workspace: Workspace) -> None:
    with pytest.raises(RefusedRecordError, match="谁办理的"):
        assign(workspace, *WHERE, "虚构甲", ["B5"])
    with pytest.raises(RefusedRecordError, match="哪一位专家"):
        assign(workspace, *WHERE, " ", ["B5"], "虚构主任")
    open_year(workspace, CYCLE, [District("别的区")], "虚构主任")
    with pytest.raises(RefusedRecordError, match="名单里没有"):
        assign(workspace, *WHERE, "虚构甲", ["B5"], "虚构主任")


def test_有账号时只能指派负责这个区县的专家(workspace: Workspace) -> None:
    add_account(workspace, "虚构管理员", "admin", "correct horse battery 7")
    add_account(workspace, "虚构甲", "expert", "correct horse battery 8", districts=[DISTRICT])
    add_account(workspace, "虚构乙", "expert", "correct horse battery 9", districts=["别的区"])
    assign(workspace, *WHERE, "虚构甲", ["B5"], "虚构主任")
    for name in ("虚构乙", "虚构管理员", "没有的人"):
        with pytest.raises(RefusedRecordError, match="没有负责云山区的专家账号"):
            assign(workspace, *WHERE, name, ["B5"], "虚构主任")


def test_专家只确认自己负责的指标下的佐证(workspace: Workspace) -> None:
    put_document(workspace, "总结.txt")
    with workspace.store.session() as session:
        from ingest.tables import Passage

        key = session.query(Passage.key).scalar()
    assign(workspace, *WHERE, "虚构甲", ["B5"], "虚构主任")
    expert = workspace.acting_as(EXPERT)
    assert confirm_link(expert, *WHERE, key, "B5-5", "").by == "虚构甲"
    with pytest.raises(RefusedRecordError, match="没有指派虚构甲评审 B6"):
        confirm_link(expert, *WHERE, key, "B6-1", "")
    confirm_link(workspace.acting_as(Person("虚构主任", "office")), *WHERE, key, "B6-1", "")
