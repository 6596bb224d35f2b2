"""An answer on the page: sentences with marks and sources, a table, choices, and the row by which people judge it."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from retrieval.answer import Answer, AnswerSentence, AnswerTable
from review.confirmations import VERDICTS
from review.conversation_state import Turn
from review.judgements import VERDICT_WORDS, judge_answer
from ui.session import errors_shown, workspace
from ui.source import citation_buttons, citation_label, grouped
from ui.words import badge, html, plain

KIND_WORDS = {
    "evidence": "依据区县材料",
    "indicator": "依据评价方案",
    "missing": "依据完整性核对，全部要点见“完整性”页",
    "comparison": "依据各区县材料",
    "ledger": "依据计分过程",
}
STANCE_COLOURS = {"supports": "green", "contradicts": "red", "mentions": "gray", "out_of_period": "violet"}
# Sentences shown at once; the rest is one click away. Of the scheme and of what is missing people want to see more.
FIRST_EVIDENCE = 3
FIRST = {"indicator": 10, "missing": 8, "ledger": 12}
WORDED = 12  # of a model's sentences all are shown
UNCHECKED = "未核对"


def question(text: str) -> None:
    """What the person asked."""
    with st.chat_message("user", avatar=":material/person:"):
        st.html(f'<div class="er-text">{html(text)}</div>')


def answered(turn: Turn, number: int, talk: int, ask: Callable[[str], None]) -> None:
    """The answer to turn `number` (0-based on this page) of conversation `talk`. ask : called with the choice that is clicked."""
    found = turn.found
    with st.chat_message("assistant", avatar=":material/menu_book:"):
        if found.notice:
            st.html(f'<div class="er-note">{html(found.notice)}</div>')
        if turn.gone:
            st.html(
                f'<div class="er-caution">有 {turn.gone} 处出处的原文在提问之后变了或不在库中，所在的句子已标为无依据。</div>'
            )
        _body(found.answer, found.whys, f"turn-{number}", bool(found.model))
        for place, choice in enumerate(found.answer.choices):
            st.button(
                plain(choice), key=f"choice-{number}-{place}", on_click=ask, args=(choice,), icon=":material/reply:"
            )
        if found.extractive is not found.answer:
            with st.expander("摘录的原句"):
                _body(found.extractive, (), f"extract-{number}", False)
        _judge(turn, number, talk)


def unchecked(text: str) -> str:
    """HTML of words that are still being written, and of which nothing has been checked."""
    return f'<div class="er-text er-unchecked">{html(text)}<span class="er-unsupported">{UNCHECKED}</span></div>'


def checked(sentence: AnswerSentence, why: str) -> str:
    """HTML of a sentence of the model that was checked."""
    mark = f'<span class="er-unsupported">无依据：{html(why)}</span>' if why else badge("已核对引文", "green")
    return f'<div class="er-text">{html(sentence.sentence)} {mark}</div>'


def _body(answer: Answer, whys: tuple[str, ...], key: str, worded: bool) -> None:
    if not answer.found:
        word = "请问是指哪一个？" if answer.choices else "未找到"
        st.html(f'<div class="er-text"><b>{word}</b></div>')
    for note in answer.notes:
        st.html(f'<div class="er-caution">{html(note)}</div>')
    if answer.table:
        _table(answer.table, key)
    first = WORDED if worded else FIRST.get(answer.kind, FIRST_EVIDENCE)
    for place, sentence in enumerate(answer.sentences[:first]):
        why = whys[place] if place < len(whys) else ""
        _sentence(sentence, answer.found, why, worded, key=f"{key}-{place}")
    rest = answer.sentences[first:]
    if rest:
        with st.expander(f"另有 {len(rest)} 条"):
            for place, sentence in enumerate(rest, first):
                _sentence(sentence, answer.found, "", worded, key=f"{key}-{place}")
    notes = [KIND_WORDS.get(answer.kind, "") if answer.found else "", answer.searched]
    st.caption(plain("　".join(note for note in notes if note)))


def _sentence(sentence: AnswerSentence, found: bool, why: str, worded: bool, *, key: str) -> None:
    mark = ""
    if worded and sentence.supported:
        mark = badge("已核对引文", "green")
    elif not sentence.supported and found:
        mark = f'<span class="er-unsupported">无依据{html(f"：{why}") if why else ""}</span>'
    if sentence.stance:
        mark += badge(VERDICTS[sentence.stance], STANCE_COLOURS[sentence.stance])
    st.html(f'<div class="er-text">{html(sentence.sentence)} {mark}</div>')
    citation_buttons(sentence.citations, key=key)


def _table(table: AnswerTable, key: str) -> None:
    head = "".join(f"<th>{html(word)}</th>" for word in table.header)
    rows = "".join("<tr>" + "".join(f"<td>{html(cell)}</td>" for cell in row.cells) + "</tr>" for row in table.rows)
    st.html(f'<table class="er-table"><tr>{head}</tr>{rows}</table>')
    for number, row in enumerate(table.rows):
        if row.citations:
            st.html(f'<div class="er-note">{html(row.cells[0])}</div>')
            citation_buttons(row.citations, key=f"{key}-row-{number}")


def _judge(turn: Turn, number: int, talk: int) -> None:
    """The row of judgements; its many buttons are only drawn for the answer that is being judged."""
    opened = (talk, turn.number)
    is_open = st.session_state.get("judging") == opened
    told = f"　已评议 {len(turn.judged)} 次" if turn.judged else ""
    st.button(
        f"{'收起评议' if is_open else '评议这个回答'}{told}",
        key=f"judge-{number}",
        icon=":material/rate_review:",
        type="tertiary",
        on_click=_open,
        args=(None if is_open else opened,),
    )
    if not is_open:
        return
    with st.container(border=True):
        st.html('<div class="er-note">评议留作评测数据，不改变任何分数和认定。</div>')
        for place, sentence in enumerate(turn.found.answer.sentences):
            for group in grouped(sentence.citations):
                _judge_citation(turn, talk, number, place, sentence.citations.index(group[0]), citation_label(group[0]))
        note = st.text_input("漏了哪份材料、在哪里", key=f"missing-{number}", max_chars=300)
        if st.button("记下漏了的材料", key=f"judge-missing-{number}", disabled=not note.strip()):
            _keep(talk, turn.number, "missing", None, None, note)


def _judge_citation(turn: Turn, talk: int, number: int, sentence: int, citation: int, label: str) -> None:
    said = [j.verdict for j in turn.judged if (j.sentence, j.citation) == (sentence, citation)]
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.html(f'<div class="er-note">第 {sentence + 1} 句　{html(label)}</div>', width="stretch")
        for verdict in ("right", "wrong"):
            st.button(
                VERDICT_WORDS[verdict],
                key=f"judge-{number}-{sentence}-{citation}-{verdict}",
                type="primary" if said and said[-1] == verdict else "secondary",
                on_click=_keep,
                args=(talk, turn.number, verdict, sentence, citation, ""),
            )


def _open(which: tuple[int, int] | None) -> None:
    st.session_state["judging"] = which


def _keep(talk: int, turn: int, verdict: str, sentence: int | None, citation: int | None, note: str) -> None:
    with errors_shown():
        judge_answer(workspace(), talk, turn, verdict, sentence=sentence, citation=citation, note=note)
        st.toast("已记下，谢谢。")
