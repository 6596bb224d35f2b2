"""Small parts that the pages with forms share: under whose name, what was done, a plain table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import streamlit as st

from review.errors import ReviewError
from scoring_rules.errors import ScoringError
from ui.session import workspace
from ui.words import html, plain

DONE = "form-done"


def whose_name(key: str) -> str:
    """Under whose name the local operator acts; "" for somebody who has signed in: then it is his own."""
    if workspace().actor.role != "local":
        return ""
    return st.text_input("经办人姓名", key=key, max_chars=30)


def told() -> None:
    """What the last act came to, shown once after the page was drawn anew."""
    if sentence := st.session_state.pop(DONE, ""):
        st.success(plain(sentence))


def attempt(act: Callable[[], object], sentence: str, quiet: tuple[type[Exception], ...] = ()) -> None:
    """Does an act and draws the page anew with the sentence; a refusal is shown where the form is.

    quiet : refusals that the caller tells by himself.
    """
    try:
        act()
    except (ReviewError, ScoringError) as exc:
        if not isinstance(exc, quiet):
            st.error(plain(str(exc)))
        return
    done(sentence)


def done(sentence: str) -> None:
    """Draws the page anew with the sentence (`told`)."""
    st.session_state[DONE] = sentence
    st.rerun()


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table of plain text."""
    titles = "".join(f"<th>{html(one)}</th>" for one in head)
    body = "".join("<tr>" + "".join(f"<td>{html(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    st.html(f'<table class="er-table"><thead><tr>{titles}</tr></thead><tbody>{body}</tbody></table>')


def iso(day: date | None) -> str:
    """The day as 2019-12-31, "" where none was chosen."""
    return "" if day is None else day.isoformat()
