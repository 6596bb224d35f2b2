"""Every page, drawn over the demo evidence and over nothing, as a person would meet it."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from html import unescape

import pytest
from openpyxl import load_workbook
from streamlit.testing.v1 import AppTest

from review.completeness import STATE_WORDS, Completeness, completeness
from review.documents import list_documents
from review.exports import completeness_xlsx
from review.material import WRONG_YEAR, material_report
from review.workspace import Workspace
from tests.ui.conftest import APP, PATIENCE_S

PAGES = ("ask", "criteria", "completeness", "expert", "verification", "feedback", "intake")
TITLES = {
    "ask": "问答",
    "criteria": "评价要点",
    "completeness": "完整性",
    "expert": "专家评审",
    "verification": "核查与认定",
    "feedback": "反馈意见",
    "intake": "导入材料",
}


def page(app: AppTest, name: str) -> AppTest:
    """The app at the page of that file name."""
    return app.switch_page(f"ui/views/{name}.py").run()


def opened(name: str) -> AppTest:
    """The app started anew at the page of that file name."""
    app = page(AppTest.from_file(APP, default_timeout=PATIENCE_S).run(), name)
    assert not app.exception
    return app


def shown(app: AppTest) -> str:
    """All text of the page as a reader sees it, without tags."""
    parts = [
        str(element.value)
        for kind in (app.title, app.subheader, app.caption, app.info, app.warning, app.success, app.error)
        for element in kind
    ]
    parts += [re.sub(r"<[^>]+>", "", element.proto.body) for element in app.get("html")]
    parts += [button.label for button in app.button]
    return "\n".join(parts).replace("\\", "")


def marks(app: AppTest, pattern: str) -> list[str]:
    """What the source panel marks, as a reader sees it."""
    bodies = [element.proto.body for element in app.get("html") if "er-page" in element.proto.body]
    return [unescape(words) for body in bodies for words in re.findall(pattern, body, re.DOTALL)]


@pytest.mark.parametrize("name", PAGES)
def test_没有材料时每页都说怎么办(empty_app: AppTest, name: str) -> None:
    app = page(empty_app, name)
    assert not app.exception
    assert [title.value for title in app.title] == [TITLES[name]]
    if name == "intake":
        assert "填写区县名称并选择文件" in shown(app)
        assert app.button(key="intake-start").disabled
    else:
        assert "还没有导入任何材料" in shown(app)


@pytest.mark.model
@pytest.mark.parametrize("name", PAGES)
def test_有材料时每页都能打开(demo_app: AppTest, name: str) -> None:
    app = page(demo_app, name)
    assert not app.exception
    assert not app.error
    assert [title.value for title in app.title] == [TITLES[name]]
    assert app.sidebar.selectbox(key="district").value == "云山区"
    assert app.sidebar.selectbox(key="cycle").value == 2019


@pytest.mark.model
def test_问普惠率得到数字出处和原文(demo_app: AppTest) -> None:
    app = demo_app.chat_input(key="question").set_value("学前教育普惠率达到多少？").run()
    assert not app.exception
    assert "86.5%" in shown(app)
    label = app.button(key="turn-0-0-0").label.replace("\\", "")
    assert label.startswith("《")
    (opened,) = app.session_state["source"]
    assert "86.5" in "".join(opened.quote.split())


@pytest.mark.model
def test_点文档或表格的出处看到标出的原文(demo_app: AppTest) -> None:
    app = demo_app.chat_input(key="question").set_value("镇街社区教育中心覆盖率是多少？").run()
    kinds = set()
    for key in [button.key for button in app.button if (button.key or "").startswith("turn-0-")]:
        app = app.button(key=key).click().run()
        assert not app.exception
        opened = app.session_state["source"]
        quotes = "".join(citation.quote for citation in opened)
        kind = opened[0].file.rsplit(".", 1)[-1]
        if kind in ("docx", "txt"):
            assert marks(app, r"<mark>(.*?)</mark>") == [citation.quote for citation in opened]
        if kind == "xlsx":
            cells = marks(app, r'<td[^>]*class="er-hit"[^>]*>(.*?)</td>')
            assert cells
            assert all(cell in quotes for cell in cells)
        kinds.add(kind)
    # The two that contradict each other: a summary and a register.
    assert kinds >= {"docx", "xlsx"}


@pytest.mark.model
def test_对话留在会话里(demo_app: AppTest) -> None:
    app = demo_app.button(key="example-0").click().run()
    app = app.chat_input(key="question").set_value("B5包括哪些评价要点？").run()
    app = page(page(app, "completeness"), "ask")
    assert "学前教育普惠率达到多少？" in shown(app)
    assert "B5包括哪些评价要点？" in shown(app)


@pytest.mark.model
def test_查不到就说未找到并说明查了什么(demo_app: AppTest) -> None:
    app = demo_app.chat_input(key="question").set_value("全区地铁运营里程是多少公里？").run()
    assert not app.exception
    assert "未找到" in shown(app)
    assert re.search(r"\d+ ?份|\d+ ?段", shown(app))


@pytest.mark.model
def test_问题里的标记不会变成网页代码(demo_app: AppTest) -> None:
    app = demo_app.chat_input(key="question").set_value("<b>普惠率</b>").run()
    bodies = [element.proto.body for element in app.get("html")]
    assert any("&lt;b&gt;普惠率&lt;/b&gt;" in body for body in bodies)


@pytest.mark.model
def test_每个二级指标都列出要点原文和初评分(demo_app: AppTest, demo: Workspace) -> None:
    app = page(demo_app, "criteria")
    for criterion in demo.scheme.criteria:
        app = app.selectbox(key="criterion").set_value(criterion.id).run()
        assert not app.exception
        text = unescape(shown(app))
        for item in criterion.items:
            assert item.id in text
            assert item.text in text
        assert ("约定：方案只规定二级指标的分值" in text) == (len(criterion.items) > 1)
        assert [metric.label for metric in app.metric] == ["满分", "初评分（待人核定）", "评价要点"]


@pytest.mark.model
def test_评价要点的出处能打开原文(demo_app: AppTest) -> None:
    app = page(demo_app, "criteria").selectbox(key="criterion").set_value("B5").run()
    button = next(button for button in app.button if (button.key or "").startswith("finding-B5-5-"))
    app = button.click().run()
    assert not app.exception
    assert app.session_state["source"][0].district == "云山区"


@pytest.fixture
def listed(demo: Workspace) -> Completeness:
    """What the completeness page has to show."""
    return completeness(demo, "云山区", 2019)


@pytest.mark.model
def test_完整性先说读了多少再列六十五条(demo_app: AppTest, listed: Completeness) -> None:
    app = page(demo_app, "completeness")
    assert listed.coverage.sentence in shown(app)
    table = app.dataframe[0].value
    assert len(table) == 65
    assert list(zip(table["编号"], table["状态"], strict=True)) == [
        (e.item, STATE_WORDS[e.state]) for e in listed.items
    ]


@pytest.mark.model
def test_完整性按状态筛选(demo_app: AppTest, listed: Completeness) -> None:
    app = page(demo_app, "completeness").button_group(key="state-filter").set_value("missing").run()
    table = app.dataframe[0].value
    assert list(table["编号"]) == [e.item for e in listed.items if e.state == "missing"]
    assert set(table["状态"]) == {"缺材料"}
    app = app.selectbox(key="indicator-filter").set_value("A4").run()
    kept = {item for item in table["编号"] if item.split("-")[0] in ("B16", "B17")}
    assert set(app.dataframe[0].value["编号"] if app.dataframe else ()) == kept


@pytest.mark.model
def test_完整性逐条列出应有材料和口径冲突(demo_app: AppTest, listed: Completeness) -> None:
    entry = next(e for e in listed.items if e.conflicts)
    app = page(demo_app, "completeness").selectbox(key="completeness-item").set_value(entry.item).run()
    assert not app.exception
    text = unescape(shown(app))
    for expected in entry.expected:
        assert f"{expected.name}（{'必备' if expected.required else '可选'}）" in text
    for note in entry.notes:
        assert note in text
    assert any((button.key or "").startswith(f"conflict-{entry.item}-") for button in app.button)


@pytest.mark.model
def test_材料本身的问题列在最后(demo: Workspace, demo_app: AppTest, listed: Completeness) -> None:
    report = material_report(demo, "云山区", 2019)
    text = shown(page(demo_app, "completeness"))
    for file, _ in listed.out_of_period:
        assert file in text
    assert [tab.label for tab in demo_app.tabs] == [
        f"无法读取（{len(listed.coverage.unreadable)}）",
        f"年度不符（{len(listed.out_of_period)}）",
        f"需要查看（{len([entry for entry in report.findings if entry.kind != WRONG_YEAR])}）",
        f"重复使用（{len(report.copies)}）",
        f"没有用到（{len(listed.unused)}）",
    ]


@pytest.mark.model
def test_完整性清单可以下载(demo: Workspace, listed: Completeness) -> None:
    book = load_workbook(io.BytesIO(completeness_xlsx(listed, material_report(demo, "云山区", 2019))))
    assert {row[0] for row in book.worksheets[0].iter_rows(min_row=2, values_only=True)} >= {"B1-1", "B21"}


@pytest.mark.model
def test_反馈意见标明拟定稿(demo_app: AppTest) -> None:
    app = page(demo_app, "feedback")
    assert "拟定稿" in shown(app)
    assert {metric.label for metric in app.metric} == {"主要成绩", "存在问题", "引用佐证"}
    assert app.get("download_button")


@pytest.mark.model
def test_导入页列出已有材料(demo_app: AppTest, demo: Workspace) -> None:
    text = shown(page(demo_app, "intake"))
    for document in list_documents(demo, "云山区", 2019):
        assert document.file in text


@pytest.mark.model
def test_别的区县的出处不会显示(demo_app: AppTest) -> None:
    app = demo_app.chat_input(key="question").set_value("学前教育普惠率达到多少？").run()
    (opened,) = app.session_state["source"]
    assert "点击左侧的出处" not in shown(app)
    app.session_state["source"] = (replace(opened, district="别区"),)
    assert "点击左侧的出处" in shown(app.run())
