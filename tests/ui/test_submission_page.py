"""The page 自评与提交: state, check, handing in, reopening; what others saved meanwhile is told."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from review.rectification import raise_problem
from review.self_points import Entry, save_points
from review.submission import submission_status
from review.workspace import Settings, Workspace
from tests.review.submissions import CYCLE, DISTRICT, WHO, full_marks, put_document
from tests.ui.conftest import APP, PATIENCE_S
from tests.ui.test_views import page, shown


@pytest.fixture
def stored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("EDUREVIEW_HOME", str(tmp_path))
    workspace = Workspace(Settings(tmp_path))
    put_document(workspace, "总结.txt")
    full_marks(workspace)
    return workspace


@pytest.fixture
def app(stored: Workspace) -> AppTest:
    return page(AppTest.from_file(APP, default_timeout=PATIENCE_S).run(), "submission")


def test_检查_提交_锁定_重新开放(stored: Workspace, app: AppTest) -> None:
    assert not app.exception
    assert "填报中" in shown(app)
    app.button(key="submission-check").click().run()
    assert "可以提交" in shown(app)
    app.button(key="submission-submit").click().run()
    assert "要写明是谁办理的" in shown(app)
    app.text_input(key="submission-by").set_value(WHO).run()
    app.button(key="submission-submit").click().run()
    assert "已提交并锁定" in shown(app)
    assert submission_status(stored, DISTRICT, CYCLE).state == "submitted"
    assert [button.key for button in app.button if button.key in ("submission-save", "submission-submit")] == []
    app.text_input(key="submission-reason").set_value("虚构：更正").run()
    app.text_input(key="submission-by").set_value("虚构的科长").run()
    app.button(key="submission-reopen").click().run()
    assert "已重新开放" in shown(app)
    assert submission_status(stored, DISTRICT, CYCLE).state == "reopened"
    assert not app.exception


def test_别人存了新版_页面说明并可重新载入(stored: Workspace, app: AppTest) -> None:
    save_points(stored, DISTRICT, CYCLE, {"B1": Entry(Fraction(1), "虚构")}, base=1, by="虚构的乙")
    app.run()
    assert "别人已存了第 2 版" in shown(app)
    assert "第 1 版" in shown(app)
    app.button(key="submission-reload").click().run()
    assert "别人已存了" not in shown(app)
    assert "第 2 版，合计 941 分" in shown(app)
    assert not app.exception


def test_整改问题列在页上(stored: Workspace, app: AppTest) -> None:
    raise_problem(stored, DISTRICT, CYCLE - 1, "B5-5", "虚构：<b>普惠率不足</b>", "虚构反馈", "2018-12-31", WHO)
    app.run()
    assert "虚构：" in shown(app)
    assert "还有 1 项没有复查" in shown(app)
    assert not app.exception
