"""Every page for every role and for a second district: not there, or without a word of what is not the person's."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from ingest.tables import Document
from retrieval.cite import Citation
from review.people import Role
from review.rights import RIGHTS, Right, has_right
from review.workspace import Settings, Workspace
from tests.access.two_districts import CYCLE, MARK, OTHERS, OURS, PASSWORD, ROLES, person
from tests.ui.conftest import APP, PATIENCE_S, _fresh_caches

__all__ = ["_fresh_caches"]  # no page sees what another test has cached

# A new page has to be added here with the right it takes.
PAGES: dict[str, Right] = {
    "ask": "read_evidence",
    "criteria": "read_evidence",
    "completeness": "read_evidence",
    "expert": "read_panels",
    "verification": "read_sample",
    "feedback": "write_feedback",
    "wording": "write_feedback",
    "report": "compare_districts",
    "intake": "hand_in",
    "submission": "read_evidence",
    "rectification": "read_evidence",
    "year": "read_rules",
    "terms": "read_rules",
    "people": "manage_accounts",
    "backup": "maintain",
    "acts": "read_log",
}
BOUND: tuple[Role, ...] = ("district", "expert")


def listed_in_app() -> dict[str, str]:
    """Page → right, as app.py writes them."""
    found = {}
    for node in ast.walk(ast.parse(APP.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Tuple) and len(node.elts) == 2 and isinstance(node.elts[1], ast.Call):
            right, page = node.elts
            names = [part.value for part in ast.walk(page) if isinstance(part, ast.Constant)]
            file = next((name for name in names if str(name).endswith(".py")), None)
            if isinstance(right, ast.Constant) and file is not None:
                found[Path(str(file)).stem] = str(right.value)
    return found


def test_每一页都写明要哪项权限() -> None:
    files = {path.stem for path in (APP.parent / "ui" / "views").glob("*.py")} - {"__init__"}
    assert listed_in_app() == PAGES
    assert set(PAGES) == files
    assert set(PAGES.values()) <= set(RIGHTS)


def signed_in(role: Role) -> AppTest:
    """The app after this role has signed in with name and password."""
    app = AppTest.from_file(APP, default_timeout=PATIENCE_S).run()
    assert [title.value for title in app.title] == ["登录"]
    assert not holds(app, OURS)
    app.text_input(key="sign-in-name").set_value(ROLES[role])
    app.text_input(key="sign-in-password").set_value(PASSWORD)
    return app.button(key="sign-in-go").click().run()


def elements(node: Any) -> Iterator[Any]:
    """Every block and element of the drawn page, the sidebar included."""
    yield node
    for child in getattr(node, "children", {}).values():
        yield from elements(child)


def holds(app: AppTest, words: str) -> list[str]:
    """Where the words stand in what is sent to the browser: text, options, tables, file names, everything."""
    found = []
    for node in elements(app._tree):
        proto = getattr(node, "proto", None)
        if proto is not None and words.encode() in proto.SerializeToString():
            found.append(f"{type(node).__name__} {getattr(node, 'key', '')}")
    return found


def may(role: Role, page: str) -> bool:
    return has_right(person(role), PAGES[page])


@pytest.mark.model
@pytest.mark.parametrize("role", ROLES)
def test_没有权限的页面不存在(role: Role, own_copy: Path) -> None:
    app = signed_in(role)
    for page in PAGES:
        if not may(role, page):
            with pytest.raises(ValueError, match="Could not find a navigation page"):
                app.switch_page(f"ui/views/{page}.py")


@pytest.mark.model
@pytest.mark.parametrize(("role", "page"), [(role, page) for role in ROLES for page in PAGES if may(role, page)])
def test_有权限的页面都能打开_看不到别的区县(role: Role, page: str, own_copy: Path) -> None:
    app = signed_in(role).switch_page(f"ui/views/{page}.py").run()
    assert not app.exception
    assert not app.error
    if role not in BOUND:
        assert holds(app, MARK), "督导办和管理员能选全部区县"
        return
    assert not holds(app, MARK)
    assert app.sidebar.selectbox(key="district").options == [OURS]
    for key in ("criterion", "expert-criterion"):
        for box in [one for one in app.selectbox if one.key == key]:
            app = box.set_value("B5").run()
            assert not app.exception
            assert not holds(app, MARK)
    # What is kept of an earlier choice does not open the other district either.
    app.session_state["go_to"] = (OTHERS, CYCLE)
    app.session_state["source"] = (_their_citation(own_copy),)
    app = app.run()
    assert not app.exception
    assert not holds(app, MARK)


def _their_citation(home: Path) -> Citation:
    workspace = Workspace(Settings(home))
    with workspace.store.session() as session:
        row = session.scalar(select(Document).where(Document.district == OTHERS, Document.state == "indexed"))
        assert row is not None
        cited = Citation(
            row.sha256, row.id, row.file, OTHERS, CYCLE, 1, {"page": 1}, 0, 5, "玉泉机密九",
        )  # fmt: skip
    workspace.store.engine.dispose()
    return cited


@pytest.mark.model
@pytest.mark.parametrize("role", BOUND)
@pytest.mark.parametrize("question", [f"{OTHERS}的普惠率是多少？", f"{MARK}常务会", "普惠率94.94%", "第94次常务会议"])
def test_提问也问不出别的区县(role: Role, question: str, own_copy: Path) -> None:
    app = signed_in(role).chat_input(key="question").set_value(question).run()
    assert not app.exception
    sent = [where for where in holds(app, MARK) if MARK not in question] + holds(app, "94.94%，")
    assert not sent
    assert not holds(app, f"{MARK}学前教育报告")


@pytest.mark.model
@pytest.mark.parametrize("role", BOUND)
def test_改了出处里的区县_也打不开别人的那一页(role: Role, own_copy: Path) -> None:
    app = signed_in(role).switch_page("ui/views/completeness.py").run()
    app.session_state["source"] = (replace(_their_citation(own_copy), district=OURS, file="普通.txt", quote=""),)
    app = app.run()
    assert not app.exception
    assert not holds(app, MARK)
    assert any("没有找到材料" in error.value for error in app.error)
