"""问答: questions about one district's evidence and the scheme; every sentence with its sources; conversations that stay."""

from __future__ import annotations

import threading
from typing import Any

import streamlit as st

from review.composition import Again, Checked, Event, Words
from review.conversation_export import conversation_docx
from review.conversation_state import Talk
from review.conversations import ask_in_conversation, conversation, conversations
from review.errors import ModelError, UnknownConversationError
from review.language_model import LanguageModel
from review.model_settings import ModelSettings
from ui.answer_view import answered, checked, question, unchecked
from ui.session import chosen, errors_shown, nothing_stored, workspace
from ui.source import grouped, open_source, source_panel
from ui.words import plain

EXAMPLES = (
    "学前教育普惠率达到多少？",
    "哪些材料支撑B2-2？",
    "镇街社区教育中心覆盖率是多少？",
    "还缺哪些材料？",
    "B5包括哪些评价要点？",
    "什么情况会降低一个等级？",
)
LISTED = 15  # earlier conversations that can be chosen from


def main() -> None:
    """The conversation on the left, the source on the right."""
    place = chosen()
    st.title("问答", anchor=False)
    if place is None:
        nothing_stored()
        return
    district, cycle = place
    kept = f"talk-{workspace().actor.name}-{district}-{cycle}"
    typed = st.chat_input("请输入问题，例如：学前教育普惠率达到多少？", key="question")
    asked = st.session_state.pop("asked", None) or typed
    left, beside = st.columns(2, gap="medium")
    with left:
        with errors_shown():
            talk = _opened(kept)
            model = _bar(kept, talk, district, cycle)
            for number, turn in enumerate(talk.turns if talk else ()):
                question(turn.question)
                answered(turn, number, talk.heading.number if talk else 0, _ask_example)
        if asked:
            question(asked)
            with errors_shown():
                _ask(asked, kept, model, district, cycle)
        _examples(first=talk is None)
    with beside:
        source_panel()


def _opened(kept: str) -> Talk | None:
    """The conversation that goes on, as it is stored; None at the start of a new one."""
    number = st.session_state.get(kept)
    if number is None:
        return None
    try:
        return conversation(workspace(), number)
    except UnknownConversationError:  # the data folder is another one, or the person's role
        st.session_state[kept] = None
        return None


def _bar(kept: str, talk: Talk | None, district: str, cycle: int) -> LanguageModel | None:
    """Earlier conversations, a new one, the file of this one, and whether the model is used; returns it where it is."""
    earlier = conversations(workspace(), district=district, cycle=cycle)[:LISTED]
    settings = workspace().settings.language_model
    model = None
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="talk-bar"):
        if talk is not None:
            st.button("新对话", key="talk-new", icon=":material/add:", on_click=_go_on, args=(kept, None))
            st.download_button(
                "导出",
                lambda: conversation_docx(talk),
                file_name=f"问答记录-{district}-{cycle}-{talk.heading.number}.docx",
                key="talk-export",
                on_click="ignore",
                icon=":material/download:",
            )
        if earlier:
            with st.popover("以前的对话", icon=":material/history:"):
                for heading in earlier:
                    st.button(
                        plain(f"{heading.asked_at[5:16].replace('T', ' ')}　{heading.title}（{heading.turns} 问）"),
                        key=f"talk-{heading.number}",
                        type="tertiary",
                        on_click=_go_on,
                        args=(kept, heading.number),
                    )
        if settings is not None and st.toggle(
            f"请语言模型改写（{plain(settings.model)}）", value=True, key="with-model"
        ):
            model = _model(settings)
    return model


@st.cache_resource(show_spinner=False)
def _model(settings: ModelSettings) -> LanguageModel:
    """The model; its client takes seconds to import, which begins before anybody has typed a question."""
    model = LanguageModel(settings)

    def begin() -> None:
        try:
            model.warm_up()
        except ModelError:
            return  # told when a question is asked

    threading.Thread(target=begin, daemon=True).start()
    return model


def _go_on(kept: str, number: int | None) -> None:
    st.session_state[kept] = number


def _ask(asked: str, kept: str, model: LanguageModel | None, district: str, cycle: int) -> None:
    with st.chat_message("assistant", avatar=":material/menu_book:"):
        shown = _Streamed()
        with st.spinner("正在查找和核对……"):
            number, turn = ask_in_conversation(
                workspace(), asked, model, number=st.session_state.get(kept), district=district, cycle=cycle, on_event=shown.tell
            )  # fmt: skip
    st.session_state[kept] = number
    groups = [group for sentence in turn.found.answer.sentences for group in grouped(sentence.citations)]
    open_source(groups[0] if groups else ())
    # Once more from the top, so that what is on the page is what the record holds.
    st.rerun()


class _Streamed:
    """What the model writes, as it comes: checked sentences with their mark, the open one as 未核对."""

    def __init__(self) -> None:
        self._place: Any = st.empty()
        self._done: list[str] = []

    def tell(self, event: Event) -> None:
        """Draws one event."""
        if isinstance(event, Again):
            self._done = []
        elif isinstance(event, Checked):
            self._done.append(checked(event.sentence, event.why))
        open_words = unchecked(event.text) if isinstance(event, Words) and event.text else ""
        self._place.html("".join(self._done) + open_words or "<div></div>")


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
