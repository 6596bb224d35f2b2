"""Issuing on the page: a refusal is told where the form is; what was issued stands in the list and can be loaded down."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from review.papers.issuing import issued
from review.rectification import raise_problem
from review.workspace import Settings, Workspace

APP = Path(__file__).parents[2] / "app.py"
WHERE = ("云山区", 2019)


@pytest.fixture
def home(demo_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(demo_home, tmp_path, dirs_exist_ok=True)
    monkeypatch.setenv("EDUREVIEW_HOME", str(tmp_path))
    return tmp_path


def words(app: AppTest) -> str:
    return "\n".join(str(one.value) for kind in (app.error, app.success, app.markdown, app.caption) for one in kind)


def test_签发的表单_拒绝时说明_签发后列出(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stored = Workspace(Settings(home))
    from review.coverage import Coverage

    monkeypatch.setattr(Coverage, "is_complete", property(lambda self: True))
    app = AppTest.from_file(APP, default_timeout=120).run().switch_page("ui/views/feedback.py").run()
    assert not app.exception
    app.selectbox(key="issue-kind").set_value("rectification")
    app.date_input(key="issue-on").set_value("2019-06-10")
    app.text_input(key="issue-document").set_value("虚构教督〔2019〕1号")
    app.text_input(key="issue-by").set_value("虚构的科长")
    app.button(key="issue-go").click().run()
    assert "没有登记整改的问题" in words(app)
    assert issued(stored, *WHERE) == []
    raise_problem(stored, *WHERE, "B10-2", "部分中心没有挂牌。", "虚构反馈意见", "2019-10-31", "虚构的科长")
    app.button(key="issue-go").click().run()
    assert not app.exception
    (done,) = issued(stored, *WHERE)
    assert (done.by, done.document) == ("虚构的科长", "虚构教督〔2019〕1号")
    assert done.sha256 in words(app)
