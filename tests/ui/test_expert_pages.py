"""The pages 专家评审 and 核查与认定: from a proposed passage to 市政府审定, each step by a named person."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from ingest.tables import EvidenceLink, FactRow, Passage
from review.annex1 import findings, record_finding
from review.approval import approval
from review.assignments import assign
from review.confirmations import confirmations
from review.decisions import stored_decisions
from review.errors import RefusedRecordError
from review.field_results import results, to_check
from review.people import BOUND, Person, Role
from review.reviewers import give_points, panels
from review.sampling import recorded_sample
from review.submission import submit
from review.workspace import Settings, Workspace
from tests.review.submissions import CYCLE, DISTRICT, WHO, full_marks, put_document
from tests.ui.conftest import APP, PATIENCE_S
from tests.ui.test_views import opened, shown

WHERE = (DISTRICT, CYCLE)
BOSS = "虚构主任"


@pytest.fixture
def stored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("EDUREVIEW_HOME", str(tmp_path))
    workspace = Workspace(Settings(tmp_path))
    put_document(workspace, "总结.txt", "虚构：<b>学前教育普惠率</b>达到 86.5%。")
    with workspace.store.session() as session:
        passage = session.scalar(select(Passage))
        assert passage is not None
        session.add(
            EvidenceLink(passage_id=passage.id, item="B5-5", rank=1, confidence=0.9, verdict="supports", method="test")
        )
        session.add(
            FactRow(
                passage_id=passage.id, metric="inclusive_kindergarten_share", value="86.5", unit="%", year=2018,
                scope="全区", start=17, end=22,
            )
        )  # fmt: skip
    full_marks(workspace)
    return workspace


def expert_page() -> AppTest:
    app = opened("expert")
    app.selectbox(key="expert-criterion").set_value("B5").run()
    app.text_input(key="expert-by").set_value("虚构甲").run()
    assert not app.exception
    return app


def test_确认_否定都要落到记录_文件里的标记不起作用(stored: Workspace) -> None:
    app = expert_page()
    assert "虚构：<b>" in shown(app).replace("&lt;", "<").replace("&gt;", ">")
    app.button(key="reject-B5-5-0").click().run()
    assert "否定或撤回要写明理由" in shown(app)
    app.selectbox(key="verdict-B5-5-0").set_value("mentions").run()
    app.button(key="confirm-B5-5-0").click().run()
    assert not app.exception
    assert "已确认：B5-5 仅提及" in shown(app)
    (entry,) = confirmations(stored, *WHERE)
    assert (entry.state, entry.by, entry.detail["verdict"]) == ("confirmed", "虚构甲", "mentions")
    app.text_input(key="reason-B5-5-0").set_value("虚构：不相关").run()
    app.button(key="reject-B5-5-0").click().run()
    assert [one.state for one in confirmations(stored, *WHERE)] == ["confirmed", "rejected"]
    assert "已否定（虚构甲）" in shown(app)


def test_打分互不可见_仲裁由另一人(stored: Workspace) -> None:
    give_points(stored, *WHERE, "B5", "虚构乙", "30", "查过")
    app = expert_page()
    assert "未齐，不显示" in shown(app)
    assert "30" not in [cell for cell in shown(app).split() if cell == "30"]
    app.text_input(key="points-value-B5").set_value("36")
    app.text_area(key="points-reason-B5").set_value("材料齐全")
    app.button(key="points-go-B5").click().run()
    assert not app.exception
    assert "已登记：B5 36 分" in shown(app)
    assert "分差 6 分，尚未仲裁" in shown(app)
    app.text_input(key="expert-by").set_value("虚构丙").run()
    app.text_input(key="arbitration-value-B5").set_value("33")
    app.text_area(key="arbitration-reason-B5").set_value("查阅原件")
    app.button(key="arbitration-go-B5").click().run()
    assert "已登记仲裁：B5 33 分" in shown(app)
    assert panels(stored, *WHERE)[0].settled == 33


def test_指派之后专家只看到自己的指标(stored: Workspace) -> None:
    app = opened("expert")
    app.text_input(key="expert-by").set_value(BOSS).run()
    app.text_input(key="assign-expert").set_value("虚构甲")
    app.multiselect(key="assign-criteria").set_value(["B5", "B6"])
    app.button(key="assign-go").click().run()
    assert "已登记指派" in shown(app)
    assert "B5、B6" in shown(app)
    with pytest.raises(RefusedRecordError, match="没有变化"):
        assign(stored, *WHERE, "虚构甲", ["B5", "B6"], BOSS)


def test_从生成案卷到市政府审定(stored: Workspace) -> None:
    submit(stored, *WHERE, WHO)
    app = opened("verification")
    assert "拟定" in shown(app)
    app.text_input(key="verification-by").set_value(BOSS).run()
    app.button(key="case-make").click().run()
    assert "已登记案卷" in shown(app)
    app.number_input(key="draw-seed").set_value(7)
    app.button(key="draw-go").click().run()
    assert recorded_sample(stored, *WHERE)["seed"] == 7  # type: ignore[index]
    app.button(key="decide-go").click().run()
    assert "项未决，不能认定" in shown(app)
    assert "加分（B21）尚未评定" in shown(app)
    assert stored_decisions(stored) == []
    drawn = to_check(stored, *WHERE)
    for name in drawn:
        app.selectbox(key="result-key").set_value(name).run()
        app.text_input(key=f"result-points-{name}").set_value(str(float(stored.scheme.criterion(name).points / 2)))
        app.multiselect(key=f"result-files-{name}").set_value(["总结.txt"])
        app.button(key=f"result-go-{name}").click().run()
        assert f"已登记 {name} 的核查结果" in shown(app)
    assert {one.papers[0][1] for one in results(stored, *WHERE)} == {_sha256(stored)}
    assert "自评分按可信度调整" in shown(app)
    assert "= 0.5000" in shown(app)
    app.text_input(key="bonus-points").set_value("0")
    app.button(key="bonus-go").click().run()
    app.selectbox(key="annex1-state-1").set_value("not_triggered")
    app.text_input(key="annex1-document-1").set_value("虚构认定书")
    app.button(key="annex1-go-1").click().run()
    assert findings(stored, *WHERE) == {}, "没有日期不登记"
    for condition in "123456":
        record_finding(stored, *WHERE, condition, "not_triggered", BOSS, "2019-05-06", "虚构认定书", "已核实")
    app.run()
    app.button(key="decide-go").click().run()
    assert "已作出认定并冻结" in shown(app)
    (held,) = stored_decisions(stored)
    assert (held.document["signature"]["by"], held.document["result"]["credibility"]) == (BOSS, "1/2")
    app.text_input(key="approve-document").set_value("虚构纪要")
    app.button(key="approve-go").click().run()
    assert approval(stored, *WHERE) is None, "没有日期不登记"
    app.date_input(key="approve-on").set_value("2019-11-06")
    app.button(key="approve-go").click().run()
    assert not app.exception
    done = approval(stored, *WHERE)
    assert done is not None
    assert (done.decision, done.document) == (held.number, "虚构纪要")
    assert "可以公开" in shown(app)


def test_别人先登记了就被告知(stored: Workspace) -> None:
    from review.field_results import record_result
    from review.sampling import draw_sample

    draw_sample(stored, *WHERE, 7)
    name = to_check(stored, *WHERE)[0]
    app = opened("verification")
    app.text_input(key="verification-by").set_value(BOSS).run()
    app.selectbox(key="result-key").set_value(name).run()
    record_result(stored, *WHERE, name, "1", ["记录"], "虚构乙")
    app.text_input(key=f"result-points-{name}").set_value("2")
    app.multiselect(key=f"result-files-{name}").set_value(["总结.txt"])
    app.button(key=f"result-go-{name}").click().run()
    assert "您打开之后，虚构乙登记了" in shown(app)
    assert [one.points for one in results(stored, *WHERE)] == [1]


def _sha256(workspace: Workspace) -> str:
    from ingest.tables import Document

    with workspace.store.session() as session:
        return str(session.scalar(select(Document.sha256)))


def _as(monkeypatch: pytest.MonkeyPatch, role: Role) -> None:
    """Whoever opens the page is this person."""
    who = Person("虚构的人", role, frozenset({DISTRICT}) if role in BOUND else frozenset(), session="测试")
    monkeypatch.setattr("ui.sign_in.LOCAL", who)


@pytest.mark.parametrize("role", ["expert", "office", "admin"])
def test_核查与认定_各人只见自己能办的(stored: Workspace, monkeypatch: pytest.MonkeyPatch, role: Role) -> None:
    from review.sampling import draw_sample

    draw_sample(stored, *WHERE, 7)
    name = to_check(stored, *WHERE)[0]
    _as(monkeypatch, role)
    app = opened("verification")
    assert not app.error
    keys = {button.key for button in app.button}
    assert ("decide-go" in keys) == (role == "office")
    assert ("draw-go" in keys) == (role == "office")
    assert ("bonus-go" in keys) == (role == "office")
    assert (f"result-go-{name}" in keys) == (role in ("expert", "office"))
    assert not any(one.key == "verification-by" for one in app.text_input), "登录的人以自己的名义"


def test_专家没有被指派就说明_区县和管理员没有这一页(stored: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    assign(stored, *WHERE, "别的专家", ["B5"], BOSS)
    _as(monkeypatch, "expert")
    app = opened("expert")
    assert "还没有把这个区县的指标指派给您" in shown(app)
    assert not [one for one in app.selectbox if one.key == "expert-criterion"]
    for role in ("district", "admin"):
        _as(monkeypatch, role)
        app = AppTest.from_file(APP, default_timeout=PATIENCE_S).run()
        with pytest.raises(ValueError, match="Could not find a navigation page"):
            app.switch_page("ui/views/expert.py")


def test_没写姓名不能签认(stored: Workspace) -> None:
    app = opened("verification")
    app.button(key="decide-go").click().run()
    assert "签认要写明是谁" in shown(app)
