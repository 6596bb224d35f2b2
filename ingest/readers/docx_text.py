"""The words of a Word paragraph, with what python-docx's own `text` leaves out: tracked insertions, fields, text boxes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from docx.oxml.ns import qn

_TEXT = qn("w:t")
_BREAKS = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-", qn("w:softHyphen"): ""}
# Deleted text, the second of two renderings of a drawing, field codes, phonetic guides; text boxes come on their own.
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_BOX = qn("w:txbxContent")
_SKIPPED = {_FALLBACK, _BOX, *map(qn, ("w:del", "w:moveFrom", "w:instrText", "w:rt", "w:pPr", "w:rPr"))}


def paragraph_text(paragraph: Any) -> str:
    """The visible text of a w:p, tracked insertions included, deletions not; line breaks become spaces."""
    return re.sub(r"[\t\n 　]*[\t\n][\t\n 　]*", " ", "".join(_words(paragraph))).strip()


def _words(element: Any) -> Iterator[str]:
    for child in element:
        if child.tag in _SKIPPED:
            continue
        if child.tag == _TEXT:
            yield child.text or ""
        elif child.tag in _BREAKS:
            yield _BREAKS[child.tag]
        else:
            yield from _words(child)


def boxes_of(paragraph: Any) -> Iterator[Any]:
    """The w:txbxContent of the text boxes anchored in a paragraph, each once."""
    for box in paragraph.iter(_BOX):
        if not any(ancestor.tag == _FALLBACK for ancestor in box.iterancestors()):
            yield box


def is_hidden(paragraph: Any) -> bool:
    """Whether every run with text is marked as hidden (w:vanish): in the file, but not on paper."""
    runs = [run for run in paragraph.iter(qn("w:r")) if run.find(qn("w:t")) is not None]
    return bool(runs) and all(_is_on(run.find(f"{qn('w:rPr')}/{qn('w:vanish')}")) for run in runs)


def _is_on(switch: Any) -> bool:
    return switch is not None and switch.get(qn("w:val"), "true") not in ("0", "false", "off")
