"""The pages 评价年度, 约定与参数 and 整改: each act as a named person does it, refusals told where the form is."""

from __future__ import annotations

from datetime import date

import pytest

from review.acts import recorded_acts
from review.cycles import year
from review.expectations import year_items
from review.people import BOUND, Person, Role
from review.rectification import carried, plan, problems
from review.workspace import Workspace
from tests.review.submissions import CYCLE, DISTRICT, put_document
from tests.ui.test_views import opened, shown

BOSS, KEY = "虚构主任", f"{DISTRICT}-{CYCLE}-1"


def _as(monkeypatch: pytest.MonkeyPatch, role: Role) -> None:
    who = Person("虚构的人", role, frozenset({DISTRICT}) if role in BOUND else frozenset(), session="测试")
    monkeypatch.setattr("ui.sign_in.LOCAL", who)


def test_开设年度_进入阶段_期限_退出(stored: Workspace) -> None:
    app = opened("year")
    assert "还没有开设评价年度" in shown(app)
    app.text_input(key="year-by").set_value(BOSS).run()
    app.text_area(key="open-names").set_value(f"{DISTRICT}\n鹤汀区\n\n鹤汀区")
    app.button(key="open-go").click().run()
    assert "重复" in app.error[0].value
    assert not year(stored, CYCLE).is_open
    app.text_area(key="open-names").set_value(f"{DISTRICT}\n鹤汀区")
    app.date_input(key="open-until").set_value(date(2019, 5, 31))
    app.button(key="open-go").click().run()
    assert not app.exception
    assert [one.name for one in year(stored, CYCLE).districts] == [DISTRICT, "鹤汀区"]
    assert "2019-05-31" in shown(app)
    app.selectbox(key="stage-which").set_value("发布")
    app.button(key="stage-go").click().run()
    assert "不能跳到“发布”" in app.error[0].value.replace("\\", "")
    app.selectbox(key="stage-which").set_value("审核监测")
    app.button(key="stage-go").click().run()
    app.selectbox(key="deadline-stage").set_value("整改复查")
    app.selectbox(key="deadline-district").set_value("鹤汀区")
    app.date_input(key="deadline-until").set_value(date(2019, 12, 31))
    app.button(key="deadline-go").click().run()
    app.text_input(key="join-name").set_value("鹤汀区")
    app.checkbox(key="join-leaves").check()
    app.button(key="join-go").click().run()
    assert "要写明理由" in app.error[0].value
    found = year(stored, CYCLE)
    assert found.stage is not None
    assert (found.stage.id, found.deadline("rectify", "鹤汀区")) == ("review", date(2019, 12, 31))
    assert found.deadline("rectify", DISTRICT) is None
    assert {act.by for act in found.acts} == {BOSS}


def test_应交的材料在页面上改_留名_可恢复(stored: Workspace) -> None:
    app = opened("year")
    app.text_input(key="year-by").set_value(BOSS).run()
    app.selectbox(key="expected-item").set_value("B2-2").run()
    key = f"{CYCLE}-B2-2"
    app.multiselect(key=f"expected-required-{key}").set_value(["M"])
    app.text_input(key=f"expected-lead-{key}").set_value("<b>区政府办</b>")
    app.button(key=f"expected-go-{key}").click().run()
    assert "要写明理由" in app.error[0].value
    app.text_input(key=f"expected-reason-{key}").set_value("虚构：今年只看纪要")
    app.button(key=f"expected-go-{key}").click().run()
    assert not app.exception
    one = year_items(stored, CYCLE)["B2-2"]
    assert (one.required, one.responsible.lead, one.by) == (("M",), "<b>区政府办</b>", BOSS)
    app.text_input(key=f"expected-reason-{key}").set_value("虚构：恢复")
    app.button(key=f"expected-reset-{key}").click().run()
    assert year_items(stored, CYCLE)["B2-2"].by == ""


def test_约定由谁哪天凭哪份文件决定_缺一项不登记(stored: Workspace) -> None:
    app = opened("terms")
    app.selectbox(key="term-value-bonus_credibility").set_value("multiplied")
    app.text_input(key="term-bonus_credibility-by").set_value(BOSS)
    app.text_input(key="term-bonus_credibility-document").set_value("虚构会议纪要")
    app.button(key="term-go-bonus_credibility").click().run()
    assert app.error
    assert recorded_acts(stored) == []
    app.date_input(key="term-bonus_credibility-on").set_value(date(2019, 3, 4))
    app.button(key="term-go-bonus_credibility").click().run()
    assert not app.exception
    (act,) = recorded_acts(stored)
    assert (act.cycle, act.act.target, act.act.value, act.act.by) == (None, "bonus_credibility", "multiplied", BOSS)
    assert "已决定" in shown(app)
    assert "现行：是" in shown(app)
    assert "现行：yes" not in shown(app)
    assert app.selectbox(key="term-value-bonus_in_grade").options == ["是", "否"]
    app.selectbox(key="parameter-which").set_value("sample_schools").run()
    app.text_input(key="parameter-value-sample_schools").set_value("12")
    app.text_input(key="parameter-sample_schools-by").set_value(BOSS)
    app.date_input(key="parameter-sample_schools-on").set_value(date(2019, 3, 4))
    app.text_input(key="parameter-sample_schools-document").set_value("虚构会议纪要")
    app.button(key="parameter-go-sample_schools").click().run()
    assert [one.act.value for one in recorded_acts(stored)] == ["multiplied", "12"]


def test_问题从登记到复查_带入下一年(stored: Workspace) -> None:
    app = opened("rectification")
    app.text_input(key="rectification-by").set_value(BOSS).run()
    app.selectbox(key="raise-item").set_value("B5-5")
    app.text_area(key="raise-text").set_value("<i>台账</i>不全")
    app.text_input(key="raise-origin").set_value("虚构反馈意见")
    app.button(key="raise-go").click().run()
    assert "日期应写成" in app.error[0].value
    app.date_input(key="raise-due").set_value(date(2019, 12, 31))
    app.button(key="raise-go").click().run()
    assert not app.exception
    assert "&lt;i&gt;台账&lt;/i&gt;不全" in "".join(element.proto.body for element in app.get("html"))
    app.text_area(key=f"plan-measure-{KEY}").set_value("补齐")
    app.text_input(key=f"plan-responsible-{KEY}").set_value("虚构股长")
    app.date_input(key=f"plan-until-{KEY}").set_value(date(2019, 12, 1))
    app.button(key=f"plan-go-{KEY}").click().run()
    app.multiselect(key=f"evidence-files-{KEY}").set_value(["总结.txt"])
    app.button(key=f"evidence-go-{KEY}").click().run()
    (problem,) = problems(stored, DISTRICT, CYCLE)
    assert problem.state_words == "已报整改，待复查"
    app.button(key=f"recheck-go-{KEY}").click().run()
    assert "复查结论只能是" in app.error[0].value
    app.selectbox(key=f"recheck-outcome-{KEY}").set_value("not_done")
    app.date_input(key=f"recheck-on-{KEY}").set_value(date(2020, 1, 10))
    app.text_input(key=f"recheck-document-{KEY}").set_value("虚构复查记录")
    app.text_area(key=f"recheck-note-{KEY}").set_value("仍缺一册")
    app.button(key=f"recheck-go-{KEY}").click().run()
    assert not app.exception
    result = carried(stored, DISTRICT, CYCLE + 1)
    assert result is not None
    assert (result.due, result.unrectified) == (1, 1)
    put_document(stored, "今年.txt", "虚构的今年材料。", cycle=CYCLE + 1)
    app.session_state["go_to"] = (DISTRICT, CYCLE + 1)
    text = shown(app.run())
    assert "2019 年度问题 1 个，未到位 1 个" in text


def test_别人先办理了就被告知_没有写入(stored: Workspace) -> None:
    from review.rectification import raise_problem

    raise_problem(stored, DISTRICT, CYCLE, "B5-5", "台账不全", "虚构反馈意见", "2019-12-31", BOSS)
    app = opened("rectification")
    app.text_input(key="rectification-by").set_value("虚构乙").run()
    plan(stored, DISTRICT, CYCLE, 1, "先补", "虚构甲股长", "2019-11-01", "虚构甲")
    app.text_area(key=f"plan-measure-{KEY}").set_value("后补")
    app.text_input(key=f"plan-responsible-{KEY}").set_value("虚构股长")
    app.date_input(key=f"plan-until-{KEY}").set_value(date(2019, 12, 1))
    app.button(key=f"plan-go-{KEY}").click().run()
    assert "已由虚构甲办理过" in app.error[0].value
    assert len(problems(stored, DISTRICT, CYCLE)[0].acts) == 1


@pytest.mark.parametrize("role", ["district", "expert", "admin"])
def test_别的角色只能看_办自己的(stored: Workspace, monkeypatch: pytest.MonkeyPatch, role: Role) -> None:
    from review.rectification import raise_problem

    raise_problem(stored, DISTRICT, CYCLE, "B5-5", "台账不全", "虚构反馈意见", "2019-12-31", BOSS)
    _as(monkeypatch, role)
    keys = {button.key for button in opened("rectification").button}
    assert (f"plan-go-{KEY}" in keys) == (role == "district")
    assert not {f"recheck-go-{KEY}", "raise-go"} & keys
    keys = {button.key for button in opened("year").button}
    assert not {"open-go", "stage-go"} & keys
    assert not any(str(key).startswith("expected-go") for key in keys)
    assert not any(str(button.key).startswith("term-go") for button in opened("terms").button)
