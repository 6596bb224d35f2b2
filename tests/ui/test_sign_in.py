"""Signing in under AppTest: the way in and out, what each role is shown, and the modes without accounts."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from review.accounts import accounts, add_account, disable_account
from review.people import LOCAL
from review.workspace import Settings, Workspace
from ui.sign_in import ALONE, DEMO, PARTS, TOKEN, only_here

APP = Path(__file__).parents[2] / "app.py"
PATIENCE_S = 120
GOOD = "九曲黄河万里沙-77"


@pytest.fixture
def record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("EDUREVIEW_HOME", str(tmp_path))
    return Workspace(Settings(tmp_path))


@pytest.fixture
def with_people(record: Workspace) -> Workspace:
    add_account(record, "虚构甲", "district", GOOD, districts=["云山区"])
    add_account(record, "虚构乙", "office", GOOD)
    add_account(record, "虚构丙", "admin", GOOD)
    return record


def opened() -> AppTest:
    return AppTest.from_file(APP, default_timeout=PATIENCE_S).run()


def enter(app: AppTest, name: str, password: str = GOOD) -> AppTest:
    app.text_input(key="sign-in-name").set_value(name)
    app.text_input(key="sign-in-password").set_value(password)
    return app.button(key="sign-in-go").click().run()


def html_of(app: AppTest) -> str:
    return "\n".join(element.proto.body for element in app.get("html"))


def titles(app: AppTest) -> list[str]:
    return [title.value for title in app.title]


def test_没有账号时一个人用_页面写明(record: Workspace) -> None:
    app = opened()
    assert not app.exception
    assert titles(app) == ["问答"]
    assert ALONE in html_of(app)
    assert app.session_state["workspace"].actor == LOCAL


def test_有账号就先登录_登录前什么也不给看(with_people: Workspace) -> None:
    app = opened()
    assert not app.exception
    assert titles(app) == ["登录"]
    assert "workspace" not in app.session_state
    for page in ("intake", "acts", "feedback"):
        app = app.switch_page(f"ui/views/{page}.py").run()
        assert titles(app) == ["登录"]


def test_登录_做事_退出(with_people: Workspace) -> None:
    app = enter(opened(), "虚构甲")
    assert not app.exception
    assert titles(app) == ["问答"]
    assert app.session_state["workspace"].actor.name == "虚构甲"
    token = app.session_state[TOKEN]
    assert f"={token};" in html_of(app)
    assert "samesite=strict" in html_of(app)
    app.session_state["seen"] = "别人不该看到的"
    app = app.button(key="sign-out").click().run()
    assert titles(app) == ["登录"]
    assert "workspace" not in app.session_state
    assert "seen" not in app.session_state
    assert "max-age=0" in html_of(app)


def test_在另一处停用后_下一次点击就要重新登录(with_people: Workspace) -> None:
    app = enter(opened(), "虚构甲")
    assert titles(app) == ["问答"]
    disable_account(with_people, "虚构甲")
    assert titles(app.run()) == ["登录"]


@pytest.mark.parametrize(("name", "password"), [("虚构甲", "不是这个密码一二三"), ("没有此人", GOOD), ("", "")])
def test_不对时只说一句话(with_people: Workspace, name: str, password: str) -> None:
    app = enter(opened(), name, password)
    assert titles(app) == ["登录"]
    (error,) = app.error
    assert "姓名或密码不对" in error.value
    assert not name or name not in error.value


@pytest.mark.parametrize(
    ("name", "allowed", "refused"),
    [("虚构甲", ["intake"], ["feedback", "acts"]), ("虚构乙", ["intake", "acts", "feedback"], []), ("虚构丙", ["acts"], ["intake", "feedback"])],
)  # fmt: skip
def test_每个角色只有自己的页面(with_people: Workspace, name: str, allowed: list[str], refused: list[str]) -> None:
    own = {"intake": "导入材料", "acts": "操作记录", "feedback": "反馈意见"}
    for page in allowed:
        assert titles(enter(opened(), name).switch_page(f"ui/views/{page}.py").run()) == [own[page]]
    for page in refused:
        with pytest.raises(ValueError, match="Could not find a navigation page"):
            enter(opened(), name).switch_page(f"ui/views/{page}.py")


def test_填报员只能选自己的区县(with_people: Workspace) -> None:
    app = enter(opened(), "虚构甲").switch_page("ui/views/intake.py").run()
    assert app.selectbox(key="intake-own-district").options == ["云山区"]
    assert not [field for field in app.text_input if field.key == "intake-district"]


def test_操作记录页列出登录并能核对(with_people: Workspace) -> None:
    app = enter(opened(), "虚构乙").switch_page("ui/views/acts.py").run()
    assert not app.exception
    assert "新建账号" in html_of(app)
    assert "虚构乙（市督导办，登录 1）" in html_of(app)
    app = app.button(key="acts-verify").click().run()
    (told,) = app.success
    assert re.search(r"\d+ 步首尾相连", told.value)


def test_演示时可以换身份(record: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["app.py", "--demo"])
    app = opened()
    assert DEMO in html_of(app)
    for words, person in PARTS.items():
        app = app.selectbox(key="part").select(words).run()
        assert not app.exception
        assert app.session_state["workspace"].actor == person


def test_有了账号演示也要登录(with_people: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["app.py", "--demo"])
    assert titles(opened()) == ["登录"]


@pytest.mark.parametrize(
    ("address", "headers", "here"),
    [
        ("127.0.0.1", {}, True),
        ("127.0.0.1", {"Host": "127.0.0.1:8501"}, True),
        ("localhost", {"Host": "localhost:8501"}, True),
        ("::1", {"Host": "[::1]:8501"}, True),
        ("127.0.0.1", {"Host": "edu.example.test"}, False),
        ("127.0.0.1", {"Host": "127.0.0.1:8501", "X-Forwarded-For": "192.0.2.7"}, False),
        ("0.0.0.0", {"Host": "127.0.0.1:8501"}, False),
        ("192.0.2.7", {}, False),
        (None, {}, False),
        ("", {}, False),
    ],
)
def test_只在本机打开才能不登录(address: str | None, headers: dict[str, str], here: bool) -> None:
    assert only_here(address, headers) is here


def test_不只在本机打开又没有账号_就不能用(record: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.sign_in.only_here", lambda address, headers: False)
    app = opened()
    assert "workspace" not in app.session_state
    (error,) = app.error
    assert "不只在本机打开" in error.value


def test_管理员在页面上建账号和停用(with_people: Workspace) -> None:
    app = enter(opened(), "虚构丙").switch_page("ui/views/people.py").run()
    assert not app.exception
    app.text_input(key="people-name").set_value("虚构丁")
    app.selectbox(key="people-role").select("expert")
    app.text_input(key="people-password").set_value(GOOD)
    app = app.button(key="people-add").click().run()
    assert "要写明负责哪些区县" in app.error[0].value
    app.text_input(key="people-districts").set_value("云山区，山水区")
    app = app.button(key="people-add").click().run()
    assert "虚构丁" in app.success[0].value
    made = next(account for account in accounts(with_people) if account.name == "虚构丁")
    assert (made.role, made.districts) == ("expert", ("云山区", "山水区"))
    app = app.selectbox(key="people-which").select("虚构丁").run()
    app.checkbox(key=f"people-active-{made.number}").uncheck()
    app = app.button(key=f"people-save-{made.number}").click().run()
    assert not app.exception
    assert [error.value for error in app.error] == []
    assert next(account.state for account in accounts(with_people) if account.name == "虚构丁") == "disabled"


def test_改自己的密码_现在这个窗口不用重登(with_people: Workspace) -> None:
    app, elsewhere = enter(opened(), "虚构甲"), enter(opened(), "虚构甲")
    old = app.session_state[TOKEN]
    for key, value in (("old", "不对的密码一二三四"), ("new", GOOD + "新"), ("again", GOOD + "新")):
        app.text_input(key=f"password-{key}").set_value(value)
    app = app.button(key="password-go").click().run()
    assert "姓名或密码不对" in app.error[0].value
    for key, value in (("old", GOOD), ("new", GOOD + "新"), ("again", GOOD + "新")):
        app.text_input(key=f"password-{key}").set_value(value)
    app = app.button(key="password-go").click().run()
    assert not app.exception
    assert "密码已更改" in app.success[0].value
    assert app.session_state[TOKEN] != old
    assert titles(app.run()) == ["问答"]
    assert titles(elsewhere.run()) == ["登录"]
    assert titles(enter(opened(), "虚构甲")) == ["登录"]
    assert titles(enter(opened(), "虚构甲", GOOD + "新")) == ["问答"]
