"""Expected material and responsible departments of a year: the catalogue by default, changed by signed acts of the office."""

from __future__ import annotations

import pytest

from review.completeness import completeness
from review.cycle_state import District
from review.cycles import cycles, enter_stage, open_year
from review.errors import NotAllowedError, RefusedRecordError
from review.expectations import default_responsible, reset_expectation, set_expectation, year_catalogue, year_items
from review.people import Person
from review.record_state import record_state
from review.workspace import Workspace
from tests.review.submissions import CYCLE, DISTRICT, put_document

BOSS = "虚构主任"


def test_每个要点都有牵头部门_没有多余的(workspace: Workspace) -> None:
    responsible = default_responsible(workspace.scheme.id)
    assert list(responsible) == [item.id for item in workspace.scheme.items]
    assert all(one.lead and one.lead not in one.others for one in responsible.values())


def test_没有改过就照目录(workspace: Workspace) -> None:
    items = year_items(workspace, CYCLE)
    for name, one in workspace.catalogue.expectations.items():
        assert (items[name].required, items[name].optional, items[name].by) == (one.required, one.optional, "")
    assert year_catalogue(workspace, CYCLE) == workspace.catalogue


def test_改了只在那一年算_没写的不变_完整性跟着变(workspace: Workspace) -> None:
    put_document(workspace, "总结.txt")
    before = record_state(workspace, DISTRICT, CYCLE)
    done = set_expectation(
        workspace, CYCLE, "b2-2", BOSS, required=["M", "N"], lead="区政府办", reason="虚构：今年不要求台账"
    )
    assert (done.required, done.optional, done.responsible.lead) == (("M", "N"), ("R",), "区政府办")
    assert done.responsible.others == default_responsible("2019")["B2-2"].others
    assert (done.by, done.reason) == (BOSS, "虚构：今年不要求台账")
    assert record_state(workspace, DISTRICT, CYCLE) != before, "已显示的清单要重新做"
    entry = next(one for one in completeness(workspace, DISTRICT, CYCLE).items if one.item == "B2-2")
    assert [(one.type, one.required) for one in entry.expected] == [("M", True), ("N", True), ("R", False)]
    assert entry.missing == ("会议纪要", "情况说明")
    assert entry.expectation == done
    assert year_items(workspace, CYCLE + 1)["B2-2"].required == ("M", "F", "Z")
    assert cycles(workspace) == [], "改应交材料不等于开设年度"
    assert reset_expectation(workspace, CYCLE, "B2-2", BOSS, reason="虚构：恢复").required == ("M", "F", "Z")
    with pytest.raises(RefusedRecordError, match="没有改过"):
        reset_expectation(workspace, CYCLE, "B2-2", BOSS, reason="再恢复")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"required": ["M", "K"]}, "不认识材料类型“K”"),
        ({"required": []}, "至少要有一种必备材料"),
        ({"required": ["M"], "optional": ["M"]}, "不能既必备又可选"),
        ({"lead": " "}, "部门名称应为"),
        ({"lead": "甲" * 31}, "部门名称应为"),
        ({"lead": "甲局", "others": ["甲局"]}, "已是牵头部门"),
        ({"others": [f"第{n}局" for n in range(9)]}, "至多 8 个"),
        ({}, "没有变化"),
        ({"required": ["M"], "reason": " "}, "要写明理由"),
    ],
)
def test_不对的逐一拒绝_什么也不写(workspace: Workspace, change: dict[str, object], told: str) -> None:
    with pytest.raises(RefusedRecordError, match=told):
        set_expectation(workspace, CYCLE, "B2-2", BOSS, **({"reason": "虚构"} | change))  # type: ignore[arg-type]
    assert year_items(workspace, CYCLE)["B2-2"].by == ""


def test_只有市督导办能改_发布之后谁也不能(workspace: Workspace) -> None:
    for role in ("district", "expert", "admin"):
        other = workspace.acting_as(Person("别人", role, frozenset({DISTRICT})))  # type: ignore[arg-type]
        with pytest.raises(NotAllowedError):
            set_expectation(other, CYCLE, "B2-2", lead="甲局", reason="虚构")
    open_year(workspace, CYCLE, [District(DISTRICT)], BOSS)
    year = set_expectation(workspace, CYCLE, "B2-2", BOSS, lead="甲局", reason="虚构")
    assert year.responsible.lead == "甲局"
    assert enter_stage(workspace, CYCLE, "审核监测", BOSS).stage is not None
