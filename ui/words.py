"""How things are put into words on the pages. Names and texts of uploaded files never act as Markdown or HTML."""

from __future__ import annotations

import re
from html import escape

# Any ASCII punctuation may be escaped in Markdown; a backslash before a letter or a Chinese character would show.
PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
LABEL_LENGTH = 30


def plain(text: str) -> str:
    """The text as Markdown that shows exactly the text."""
    return PUNCTUATION.sub(r"\\\1", text)


def html(text: str) -> str:
    """The text as HTML that shows exactly the text."""
    return escape(text, quote=True)


def short_name(file: str) -> str:
    """The file's own name without folders and suffix, cut in the middle when it is long: 关于…的通知."""
    name = file.replace("\\", "/").rsplit("/", 1)[-1]
    stem = name.rsplit(".", 1)[0] or name
    if len(stem) <= LABEL_LENGTH:
        return stem
    half = LABEL_LENGTH // 2
    return f"{stem[:half]}…{stem[-half + 1 :]}"


def badge(word: str, colour: str) -> str:
    """A word on a coloured ground, as HTML. colour : green, orange, red, violet, blue or gray."""
    return f'<span class="er-badge er-{colour}">{html(word)}</span>'


def points(low: str, high: str) -> str:
    """An interval of points: 3.00–8.00 分, or 8.00 分 when nothing is open."""
    return f"{low} 分" if low == high else f"{low}–{high} 分"
