"""Words that are in a PDF's text layer and that nobody sees on the page: off the paper, tiny, or in the paper's colour."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from itertools import groupby
from typing import Any

import numpy as np
import pypdfium2.raw as pdfium_c

from ingest.readers.pdf_chars import Char, View

OFF_PAGE, TINY, UNSEEN = "页面之外", "极小", "与底色相同"
_TINY = 2.2  # points; the smallest print of any real paper is about 4
_LIGHT = 225  # of 255, in each colour
_FLAT = 12  # grey levels between the lightest and darkest pixel below which nothing can be read


def hidden_in(page: Any, textpage: Any, chars: Sequence[Char], view: View) -> dict[int, str]:
    """Position in `chars` → why it cannot be seen. view : of the boxes, and how the page is turned now."""
    width, height = view.size
    found: dict[int, str] = {}
    light: list[int] = []
    for position, char in enumerate(chars):
        if char.made_up or char.text.isspace():
            continue
        if char.right < -1 or char.left > width + 1 or char.top < -1 or char.bottom > height + 1:
            found[position] = OFF_PAGE
        elif char.text.isalnum() and max(char.top - char.bottom, char.right - char.left) < _TINY:
            found[position] = TINY
        elif _is_light(textpage, char.index):
            light.append(position)
    if light:
        found.update((position, UNSEEN) for position in _without_ink(page, [chars[p] for p in light], light, view))
    return found


def _is_light(textpage: Any, index: int) -> bool:
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    known = pdfium_c.FPDFText_GetFillColor(textpage, index, *(ctypes.byref(part) for part in (red, green, blue, alpha)))
    return bool(known) and (alpha.value < 30 or min(red.value, green.value, blue.value) >= _LIGHT)


def _without_ink(page: Any, chars: Sequence[Char], positions: Sequence[int], view: View) -> list[int]:
    """Those whose place on the drawn page is one flat colour. White letters on a dark table head are read well."""
    scale = 2.0
    grey = np.asarray(page.render(scale=scale, grayscale=True).to_pil().convert("L"))
    unseen = []
    for char, position in zip(chars, positions, strict=True):
        rows = slice(max(int((view.size[1] - char.top) * scale) - 1, 0), int((view.size[1] - char.bottom) * scale) + 2)
        part = grey[rows, max(int(char.left * scale) - 1, 0) : int(char.right * scale) + 2]
        if part.size and int(part.max()) - int(part.min()) < _FLAT:
            unseen.append(position)
    return unseen


def sentence(number: int, chars: Sequence[Char], hidden: dict[int, str]) -> str:
    """What the expert is told about a page's hidden words, "" when there are none."""
    parts = []
    for why, group in groupby(
        sorted(hidden, key=lambda position: (hidden[position], position)), key=lambda position: hidden[position]
    ):
        words = "".join(chars[position].text for position in group)
        parts.append(f"{why}：“{words[:60]}{'……' if len(words) > 60 else ''}”")
    return f"第 {number} 页有看不见的文字（{'；'.join(parts)}），没有作为佐证使用，请核对原件。" if parts else ""
