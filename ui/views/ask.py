"""问答: questions about one district's evidence and the scheme; every sentence with its sources."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from retrieval.answer import Answer, AnswerSentence
from review.assistant import ask
from ui.session import chosen, errors_shown, nothing_stored, workspace
from ui.source import citation_buttons, grouped, open_source, source_panel
from ui.words import html, plain

EXAMPLES = (
    "学前教育普惠率达到多少？",
    "哪些材料支撑B2-2？",
    "镇街社区教育中心覆盖率是多少？",
    "还缺哪些材料？",
    "B5包括哪些评价要点？",
    "什么情况会降低一个等级？",
)
KIND_WORDS = {
    "evidence": "依据区县材料",
    "indicator": "依据评价方案",
    "missing": "依据完整性核对，全部要点见“完整性”页",
    "comparison": "依据各区县材料",
    "ledger": "依据计分过程",
}

# Sentences shown at once; the rest is one click away. Of the scheme and of what is missing people want to see more.
FIRST_EVIDENCE = 3
FIRST = {"indicator": 10, "missing": 8}


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and what was answered."""

    question: str
    answer: Answer


def main() -> None:
    """The conversation on the left, the source on the right."""
    place = chosen()
    st.title("问答", anchor=False)
    if place is None:
        nothing_stored()
        return
    district, cycle = place
    turns: list[Turn] = st.session_state.setdefault(f"turns-{district}-{cycle}", [])
    typed = st.chat_input("请输入问题，例如：学前教育普惠率达到多少？", key="question")
    question = st.session_state.pop("asked", None) or typed
    conversation, beside = st.columns(2, gap="medium")
    with conversation:
        for number, turn in enumerate(turns):
            _question(turn.question)
            _answer(turn.answer, number)
        if question:
            _question(question)
            with errors_shown():
                _ask(question, turns, district, cycle)
        _examples(first=not turns)
    with beside:
        source_panel()


def _ask(question: str, turns: list[Turn], district: str, cycle: int) -> None:
    with st.spinner("正在查找材料……"):
        answer = ask(workspace(), question, district=district, cycle=cycle)
    turns.append(Turn(question, answer))
    groups = [group for sentence in answer.sentences for group in grouped(sentence.citations)]
    open_source(groups[0] if groups else ())
    # Once more from the top, so that what is on the page is what the session holds.
    st.rerun()


def _question(question: str) -> None:
    with st.chat_message("user", avatar=":material/person:"):
        st.html(f'<div class="er-text">{html(question)}</div>')


def _answer(answer: Answer, number: int) -> None:
    with st.chat_message("assistant", avatar=":material/menu_book:"):
        if not answer.found:
            st.html('<div class="er-text"><b>未找到</b></div>')
        for note in answer.notes:
            st.html(f'<div class="er-caution">{html(note)}</div>')
        first = FIRST.get(answer.kind, FIRST_EVIDENCE)
        for place, sentence in enumerate(answer.sentences[:first]):
            _sentence(sentence, answer.found, key=f"turn-{number}-{place}")
        rest = answer.sentences[first:]
        if rest:
            with st.expander(f"另有 {len(rest)} 条"):
                for place, sentence in enumerate(rest, first):
                    _sentence(sentence, answer.found, key=f"turn-{number}-{place}")
        notes = [KIND_WORDS.get(answer.kind, ""), answer.searched]
        st.caption(plain("　".join(note for note in notes if note)))


def _sentence(sentence: AnswerSentence, found: bool, *, key: str) -> None:
    mark = "" if sentence.supported or not found else '<span class="er-unsupported">无依据</span>'
    st.html(f'<div class="er-text">{html(sentence.sentence)}{mark}</div>')
    citation_buttons(sentence.citations, key=key)


def _examples(*, first: bool) -> None:
    if first:
        st.html('<div class="er-note">可以这样问：</div>')
        _example_buttons()
    else:
        with st.expander("还可以问"):
            _example_buttons()


def _example_buttons() -> None:
    with st.container(horizontal=True, key="examples"):
        for number, example in enumerate(EXAMPLES):
            st.button(example, key=f"example-{number}", on_click=_ask_example, args=(example,))


def _ask_example(example: str) -> None:
    st.session_state["asked"] = example


if __name__ == "__main__":
    main()
