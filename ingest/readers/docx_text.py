"""The words of a Word paragraph, with what python-docx's own `text` leaves out: tracked insertions, fields, formulas, symbols."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import groupby
from typing import Any

from docx.oxml.ns import qn

Look = Callable[[Any], str]  # of a w:r: why its words cannot be seen, "" when they can

_TEXT = {qn("w:t"), "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"}
_BREAKS = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-", qn("w:softHyphen"): ""}
# Deleted text, the second of two renderings of a drawing, field codes, phonetic guides; text boxes come on their own.
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_BOX = qn("w:txbxContent")
_SKIPPED = {_FALLBACK, _BOX, *map(qn, ("w:del", "w:moveFrom", "w:instrText", "w:rt", "w:pPr", "w:rPr"))}
# Ticks and boxes of printed forms, as the symbol fonts number them.
_SYMBOLS = {
    "Wingdings": {0xFE: "☑", 0xA8: "□", 0x6F: "□", 0xFC: "✓", 0xFB: "✗", 0xFD: "☒"},
    "Wingdings 2": {0x52: "☑", 0xA3: "□", 0x50: "✓", 0x4F: "✗", 0x53: "☒", 0x54: "☒"},
}


def paragraph_text(paragraph: Any) -> str:
    """The text of a w:p whether it can be seen or not, tracked insertions included, deletions not; line breaks become spaces."""
    return _joined(text for text, _ in _words(paragraph, "", _all_seen))


def visible_and_hidden(paragraph: Any, look: Look) -> tuple[str, list[tuple[str, str]]]:
    """The text that is seen, and what is not as (why, words), each reason once."""
    words = list(_words(paragraph, "", look))
    hidden = []
    for why, group in groupby(sorted(words, key=lambda piece: piece[1]), key=lambda piece: piece[1]):
        text = _joined(text for text, _ in group)
        if why and text:
            hidden.append((why, text))
    return _joined(text for text, why in words if not why), hidden


def _all_seen(_: Any) -> str:
    return ""


def _joined(parts: Iterator[str]) -> str:
    return re.sub(r"[\t\n 　]*[\t\n][\t\n 　]*", " ", "".join(parts)).strip()


def _words(element: Any, why: str, look: Look) -> Iterator[tuple[str, str]]:
    for child in element:
        if child.tag in _SKIPPED:
            continue
        if child.tag in _TEXT:
            yield child.text or "", why
        elif child.tag in _BREAKS:
            yield _BREAKS[child.tag], why
        elif child.tag == qn("w:sym"):
            yield _symbol(child), why
        elif child.tag == qn("w:r"):
            yield from _words(child, look(child), look)
        else:
            yield from _words(child, why, look)


def _symbol(element: Any) -> str:
    """A character of a symbol font; the private-use area only repeats the font's own numbers."""
    try:
        code = int(element.get(qn("w:char"), ""), 16) & 0xFF
    except ValueError:
        return ""
    return _SYMBOLS.get(element.get(qn("w:font"), ""), {}).get(code, "")


def boxes_of(paragraph: Any) -> Iterator[Any]:
    """The w:txbxContent of the text boxes anchored in a paragraph, each once; not those inside another box of it."""
    for box in paragraph.iter(_BOX):
        outer = [ancestor.tag for ancestor in box.iterancestors() if _within(ancestor, paragraph)]
        if _FALLBACK not in outer and _BOX not in outer:
            yield box


def _within(element: Any, paragraph: Any) -> bool:
    return element is not paragraph and any(ancestor is paragraph for ancestor in element.iterancestors())


def in_fallback(element: Any) -> bool:
    """Whether the element belongs to the second rendering of a drawing, meant for old programs."""
    return any(ancestor.tag == _FALLBACK for ancestor in element.iterancestors())
