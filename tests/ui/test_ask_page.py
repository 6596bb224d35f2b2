"""The page of questions: with a model that is hostile, conversations that stay, choices, tables, judgements."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from docx import Document
from streamlit.testing.v1 import AppTest

from retrieval.answer import Answer, AnswerSentence, AnswerTable, TableRow
from review import composition
from review.composition import WITHHELD_SENTENCE
from review.conversation_export import conversation_docx
from review.conversations import conversation, conversations
from review.stand_in_model import Drop, Request, StandIn, Step, line
from review.workspace import Settings, Workspace
from tests.ui.conftest import APP, PATIENCE_S
from tests.ui.test_views import page, shown

QUESTION = "学前教育普惠率达到多少？"


@pytest.fixture
def own_home(demo_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the demo record that this test may ask in."""
    home = tmp_path / "home"
    shutil.copytree(demo_home, home)
    monkeypatch.setenv("EDUREVIEW_HOME", str(home))
    return home


@pytest.fixture
def app(own_home: Path) -> AppTest:
    """The app over that record."""
    return AppTest.from_file(APP, default_timeout=PATIENCE_S).run()


def hostile(request: Request) -> Iterable[Step]:
    """One sentence that is right, one invented, one with a key of its own making, one that gives points."""
    key, text = next((key, text) for key, text in request.material.items() if "86.5%" in text)
    quote = next(part for part in text.replace("\n", "").replace("，", "。").split("。") if "86.5%" in part)
    yield line(quote + "。", (key, quote))
    yield line("云山区学前教育普惠率达到99.9%。", (key, quote))
    yield line(quote + "，", ("K00000000", quote))
    yield line("B5应得满分60分。", (key, quote))


@pytest.fixture
def with_hostile(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[AppTest]:
    """The app with that model."""
    with StandIn(hostile) as server:
        monkeypatch.setenv("EDUREVIEW_LLM_BASE_URL", server.settings.base_url)
        monkeypatch.setenv("EDUREVIEW_LLM_MODEL", "虚构模型")
        yield AppTest.from_file(APP, default_timeout=PATIENCE_S).run()


@pytest.mark.model
def test_模型的话逐句核对过才算_摘录还在下面(with_hostile: AppTest) -> None:
    app = with_hostile.chat_input(key="question").set_value(QUESTION).run()
    assert not app.exception
    text = shown(app)
    assert "由语言模型（虚构模型）改写，共 4 句，其中 3 句无依据" in text
    assert text.count("已核对引文") == 1
    assert "“99.9%”不在引文里" in text
    assert "不在所给的材料里" in text
    assert WITHHELD_SENTENCE in text
    assert "满分60分" not in text
    assert [expander.label for expander in app.expander if expander.label == "摘录的原句"]
    assert "86.5" in "".join(app.session_state["source"][0].quote.split())


@pytest.mark.model
def test_不要模型就没有模型的话_模型坏了就退回摘录(with_hostile: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    app = with_hostile.toggle(key="with-model").set_value(False).run()
    app = app.chat_input(key="question").set_value(QUESTION).run()
    assert "语言模型（" not in shown(app).replace("请语言模型改写", "")
    assert "86.5%" in shown(app)
    with StandIn(lambda request: (Drop(),)) as broken:
        monkeypatch.setenv("EDUREVIEW_LLM_BASE_URL", broken.settings.base_url)
        import streamlit as st

        st.cache_resource.clear()
        app = AppTest.from_file(APP, default_timeout=PATIENCE_S).run()
        app = app.chat_input(key="question").set_value(QUESTION).run()
        assert not app.exception
        assert "语言模型没有用上（连接不上，或中途断开），以下是摘录式回答" in shown(app)
        assert "86.5%" in shown(app)


@pytest.mark.model
def test_对话留着_换一页再来还在_新开一次_再接着问(app: AppTest, own_home: Path) -> None:
    # Other tests may have asked over the same demo evidence before it was copied.
    before = {heading.number for heading in conversations(Workspace(Settings(own_home)))}
    app = app.chat_input(key="question").set_value(QUESTION).run()
    app = app.chat_input(key="question").set_value("B5包括哪些评价要点？").run()
    app = page(page(app, "completeness"), "ask")
    assert QUESTION in shown(app)
    app = app.button(key="talk-new").click().run()
    assert "turn-0-0-0" not in {button.key for button in app.button}
    app = AppTest.from_file(APP, default_timeout=PATIENCE_S).run()  # another day
    (heading,) = (one for one in conversations(Workspace(Settings(own_home))) if one.number not in before)
    assert (heading.title, heading.turns) == (QUESTION, 2)
    app = app.button(key=f"talk-{heading.number}").click().run()
    assert "B5包括哪些评价要点？" in shown(app)
    talk = conversation(Workspace(Settings(own_home)), heading.number)
    words = "\n".join(part.text for part in Document(io.BytesIO(conversation_docx(talk))).paragraphs)
    assert QUESTION in words
    assert "86.5%" in words
    assert "［1］《" in words
    assert app.get("download_button")


@pytest.mark.model
def test_评议按下就记下(app: AppTest, own_home: Path) -> None:
    app = app.chat_input(key="question").set_value(QUESTION).run()
    assert not [one for one in app.button if (one.key or "").endswith("-wrong")]
    app = app.button(key="judge-0").click().run()
    app = app.button(key="judge-0-0-0-wrong").click().run()
    assert not app.exception
    app = app.text_input(key="missing-0").set_value("统计公报").run()
    app = app.button(key="judge-missing-0").click().run()
    workspace = Workspace(Settings(own_home))
    (turn,) = conversation(workspace, conversations(workspace)[0].number).turns
    assert [(one.verdict, one.sentence, one.citation, one.note) for one in turn.judged] == [
        ("wrong", 0, 0, ""),
        ("missing", None, None, "统计公报"),
    ]


@pytest.mark.model
def test_选择是按钮_表格是表格_名字不会变成网页代码(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    table = AnswerTable(("区县", "普惠率"), (TableRow(("<b>云山区</b>", "86.5%")), TableRow(("乙区", "—"))))

    def answer(workspace: Workspace, text: str, **_: object) -> Answer:
        asked.append(text)
        if len(asked) == 1:
            return Answer("evidence", False, (), "问题有两种读法。", choices=("普惠率是多少？", "公办率是多少？"))
        sentence = AnswerSentence("<i>甲</i>。", (), True, "contradicts")
        return Answer("comparison", True, (sentence,), "已查。", table=table)

    monkeypatch.setattr(composition, "ask", answer)
    app = app.chat_input(key="question").set_value("那个率是多少？").run()
    assert "未找到" not in shown(app)
    app = app.button(key="choice-0-1").click().run()
    assert asked == ["那个率是多少？", "公办率是多少？"]
    bodies = "".join(element.proto.body for element in app.get("html"))
    assert "<td>&lt;b&gt;云山区&lt;/b&gt;</td>" in bodies
    assert "&lt;i&gt;甲&lt;/i&gt;" in bodies
    assert "相反" in bodies
