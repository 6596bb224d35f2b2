"""Conversations are kept, are their person's own, and what people say of answers becomes evaluation data."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from ingest.tables import Document, Page, Passage
from retrieval.answer import Answer, AnswerSentence, AnswerTable, SchemeCitation, TableRow
from retrieval.cite import Citation, cite
from review import composition
from review.audit import acts
from review.composition import Composition
from review.conversation_export import conversation_docx
from review.conversations import ask_in_conversation, conversation, conversations
from review.errors import NotAllowedError, OtherDistrictError, RefusedRecordError, UnknownConversationError
from review.judgements import judge_answer, judgements
from review.kept_answers import composition_from_text, composition_to_text
from review.people import Person
from review.workspace import Workspace

OURS = "云山区"
TEXT = "演示材料（虚构）：普惠性幼儿园覆盖率达到86.5%。"
EXPERT = Person("虚构甲", "expert", frozenset({OURS}))
OFFICE = Person("虚构主任", "office")


@pytest.fixture
def cited(workspace: Workspace) -> Citation:
    """A citation of the one page that is stored."""
    with workspace.store.session() as session:
        page = Page(number=1, label="第 1 页", state="text", text=TEXT, spans=[[0, len(TEXT), "line", 0, {"line": 1}]])
        document = Document(
            district=OURS, cycle=2019, file="虚构.txt", sha256="a" * 64, size=1, state="indexed", ingested_at=datetime.now(UTC), pages=[page]
        )  # fmt: skip
        session.add(document)
        session.flush()
        passage = Passage(document=document, page=page, key="k", start=0, end=len(TEXT), text=TEXT)
        session.add(passage)
        session.flush()
        return cite(session, passage, 9, len(TEXT))


@pytest.fixture
def asked(cited: Citation, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """How the assistant was asked; its answer always quotes the stored page."""
    seen: list[dict[str, Any]] = []

    def answer(workspace: Workspace, text: str, **named: Any) -> Answer:
        seen.append({"text": text, **named})
        return Answer("evidence", True, (AnswerSentence(cited.quote, (cited,), True),), "已查 1 份。")

    monkeypatch.setattr(composition, "ask", answer)
    return seen


def test_一问一答都留着_接着问时带上前面的问题(workspace: Workspace, asked: list[dict[str, Any]]) -> None:
    expert = workspace.acting_as(EXPERT)
    number, first = ask_in_conversation(expert, "  普惠率 达到多少？ ", district=OURS)
    again, second = ask_in_conversation(expert, "那去年呢？", number=number)
    assert (again, first.number, second.number) == (number, 1, 2)
    assert [one["earlier"] for one in asked] == [[], ["普惠率 达到多少？"]]
    assert [(one["district"], one["cycle"]) for one in asked] == [(OURS, None), (OURS, 2019)]
    (heading,) = conversations(expert, district=OURS, cycle=2019)
    assert (heading.number, heading.title, heading.turns) == (number, "普惠率 达到多少？", 2)
    talk = conversation(expert, number)
    assert [turn.question for turn in talk.turns] == ["普惠率 达到多少？", "那去年呢？"]
    assert talk.turns[0].found == first.found
    assert talk.turns[0].gone == 0
    told = [act for act in acts(workspace) if act.act == "asked"]
    assert len(told) == 2
    assert all("普惠率" not in f"{act.subject}{act.after}" for act in told)


def test_别人的对话和没有的对话是同一句话(workspace: Workspace, asked: list[dict[str, Any]]) -> None:
    number, _ = ask_in_conversation(workspace.acting_as(EXPERT), "普惠率？", district=OURS)
    others = (
        Person("虚构乙", "expert", frozenset({OURS})),
        OFFICE,
        Person("虚构甲", "district", frozenset({OURS})),  # the same name in another role
        Person("虚构甲", "expert", frozenset({"山水区"})),  # no longer his district
    )
    for person in others:
        other = workspace.acting_as(person)
        assert conversations(other) == []
        for attempt in (
            lambda w: conversation(w, number),
            lambda w: ask_in_conversation(w, "那去年呢？", number=number),
            lambda w: judge_answer(w, number, 1, "right", sentence=0),
        ):
            with pytest.raises(UnknownConversationError) as his:
                attempt(other)
            assert str(his.value) == str(UnknownConversationError(number))
    with pytest.raises(UnknownConversationError):
        conversation(workspace.acting_as(EXPERT), 99)
    assert len(asked) == 1


def test_别的区县的不能问_一次对话只问一个区县(workspace: Workspace, asked: list[dict[str, Any]]) -> None:
    expert = workspace.acting_as(EXPERT)
    with pytest.raises(OtherDistrictError):
        ask_in_conversation(expert, "普惠率？", district="山水区")
    office = workspace.acting_as(OFFICE)
    number, _ = ask_in_conversation(office, "普惠率？", district=OURS)
    with pytest.raises(RefusedRecordError, match="另开一次"):
        ask_in_conversation(office, "普惠率？", number=number, district="山水区")
    for empty in ("", "  ", "长" * 1001):
        with pytest.raises(RefusedRecordError):
            ask_in_conversation(expert, empty, district=OURS)


def test_原文变了_旧回答里的句子就标无依据(workspace: Workspace, asked: list[dict[str, Any]]) -> None:
    number, _ = ask_in_conversation(workspace, "普惠率？", district=OURS)
    with workspace.store.session() as session:
        session.query(Page).one().text = TEXT.replace("86.5", "58.6")
    (turn,) = conversation(workspace, number).turns
    assert turn.gone == 1
    assert not turn.found.answer.sentences[0].supported


def test_评议留作评测数据(workspace: Workspace, asked: list[dict[str, Any]]) -> None:
    expert, office = workspace.acting_as(EXPERT), workspace.acting_as(OFFICE)
    number, _ = ask_in_conversation(expert, "普惠率？", district=OURS)
    judge_answer(expert, number, 1, "wrong", sentence=0, citation=0)
    judge_answer(expert, number, 1, "right", sentence=0, citation=0)
    judge_answer(expert, number, 1, "missing", note="统计公报第 3 页也有")
    assert [one.verdict for one in conversation(expert, number).turns[0].judged] == ["wrong", "right", "missing"]
    kept = judgements(office)
    assert [(one["verdict"], one["question"], one["note"]) for one in kept] == [
        ("right", "普惠率？", ""),
        ("missing", "普惠率？", "统计公报第 3 页也有"),
    ]
    assert kept[0]["citations"][0]["quote"] == TEXT[9:]
    assert (kept[0]["asked_by"], kept[0]["by"]) == ("expert", "虚构甲")
    assert judgements(office, 2018) == []
    with pytest.raises(NotAllowedError):
        judgements(expert)
    assert [act.act for act in acts(workspace)].count("answer_judged") == 3


@pytest.mark.parametrize(
    ("verdict", "place"),
    [("好", {"sentence": 0}), ("right", {}), ("right", {"citation": 0}), ("right", {"sentence": 1}), ("right", {"sentence": -1}), ("wrong", {"sentence": 0, "citation": 1}), ("missing", {})],
)  # fmt: skip
def test_评议要有地方(workspace: Workspace, asked: list[dict[str, Any]], verdict: str, place: dict[str, int]) -> None:
    number, _ = ask_in_conversation(workspace, "普惠率？", district=OURS)
    with pytest.raises(RefusedRecordError):
        judge_answer(workspace, number, 1, verdict, **place)  # type: ignore[arg-type]
    with pytest.raises(RefusedRecordError):
        judge_answer(workspace, number, 2, "right", sentence=0)
    assert conversation(workspace, number).turns[0].judged == ()


def answers(cited: Citation) -> Sequence[Composition]:
    official = SchemeCitation("b" * 64, "济政办发〔2019〕5号", "B5", 12, 1, 4, "学前教")
    first = AnswerSentence("甲。", (cited, official), True, "supports")
    table = AnswerTable(("区县", "数"), (TableRow(("云山区", "86.5%"), (cited,)), TableRow(("乙区", "—"))))
    plain = Answer("comparison", True, (first,), "已查。", ("请注意。",), "comparison", ("甲？",), table)
    worded = Answer("evidence", True, (AnswerSentence("乙。", (), False),), "")
    return (Composition(plain, plain), Composition(worded, plain, "m", ("无",), "说明"), Composition(plain, plain, notice="没用上"))  # fmt: skip


def test_回答原样存取(cited: Citation) -> None:
    for found in answers(cited):
        back = composition_from_text(composition_to_text(found))
        assert back == found
        assert (back.extractive is back.answer) == (found.extractive is found.answer)
        assert back.to_json() == found.to_json()


def test_导出的对话每句都有出处(workspace: Workspace, asked: list[dict[str, Any]]) -> None:
    import io

    from docx import Document as open_docx

    number, _ = ask_in_conversation(workspace, "普惠率？<b>&", district=OURS)
    judge_answer(workspace, number, 1, "missing", note="公报")
    document = open_docx(io.BytesIO(conversation_docx(conversation(workspace, number))))
    words = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert "普惠率？<b>&" in words
    assert f"{TEXT[9:]}［1］" in words
    assert f"［1］《虚构.txt》第1行：“{TEXT[9:]}”" in words
    assert "漏了材料" in words
    assert "aaaaaaaaaaaa" in words
    assert "None" not in words
