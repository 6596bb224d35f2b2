"""The characters of a PDF page with their boxes, as pdfium sees them, and the views of a page they can be seen in."""

from __future__ import annotations

import ctypes
import unicodedata
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pypdfium2.raw as pdfium_c
from numpy.typing import NDArray

_SOFT_HYPHENS = (0x02, 0xFFFE)


@dataclass(frozen=True, slots=True)
class Char:
    """A character and its box: left, bottom, right, top in points, origin at the lower left of the view.

    made_up : pdfium inferred it from a gap (a space) or a new line; it is not drawn in the file.
    index : pdfium's own number of the character on its text page.
    """

    text: str
    left: float
    bottom: float
    right: float
    top: float
    made_up: bool = False
    index: int = -1

    @property
    def box(self) -> tuple[float, float, float, float]:
        """left, bottom, right, top."""
        return self.left, self.bottom, self.right, self.top


@dataclass(frozen=True, slots=True)
class View:
    """How user space turns into the page as displayed: the visible box, and the clockwise turn in degrees."""

    left: float
    bottom: float
    right: float
    top: float
    turn: int

    @property
    def size(self) -> tuple[float, float]:
        """Width and height as displayed."""
        width, height = self.right - self.left, self.top - self.bottom
        return (height, width) if self.turn in (90, 270) else (width, height)

    def boxes(self, raw: NDArray[np.float64]) -> NDArray[np.float64]:
        """Boxes (n, 4) of user space → boxes (n, 4) as displayed."""
        width, height = self.right - self.left, self.top - self.bottom
        left, bottom, right, top = (raw - np.array([self.left, self.bottom, self.left, self.bottom])).T
        if self.turn == 90:
            left, bottom, right, top = bottom, width - right, top, width - left
        elif self.turn == 180:
            left, bottom, right, top = width - right, height - top, width - left, height - bottom
        elif self.turn == 270:
            left, bottom, right, top = height - top, left, height - bottom, right
        return np.stack([left, bottom, right, top], axis=1)

    def facing(self, turn: int) -> View:
        """The same page, turned otherwise."""
        return replace(self, turn=turn)

    def from_view(self, other: View, boxes: NDArray[np.float32]) -> NDArray[np.float32]:
        """Boxes (n, 4) as `other` shows them → as this view shows them, for two views of the same page."""
        between = View(0.0, 0.0, *other.size, (self.turn - other.turn) % 360)
        return between.boxes(boxes.astype(np.float64)).astype(np.float32)


def view_of(page: Any) -> View:
    """The view of a pypdfium2 page: what of CropBox lies in MediaBox, turned by /Rotate."""
    left, bottom, right, top = page.get_bbox()
    return View(left, bottom, right, top, page.get_rotation() % 360)


def chars_of(textpage: Any, view: View) -> tuple[list[Char], View]:
    """All characters in the file's drawing order, and the view in which their lines run from left to right.

    The boxes are in that reading view: it differs from how the page is displayed when a page lies on its side.
    New lines are the single character "\\n", made up.
    """
    count = textpage.count_chars()
    raw = np.zeros((count, 4))
    codes, made_up = [], []
    box = [ctypes.c_double() for _ in range(4)]
    left, right, bottom, top = (ctypes.byref(value) for value in box)
    for index in range(count):
        codes.append(pdfium_c.FPDFText_GetUnicode(textpage, index))
        made_up.append(pdfium_c.FPDFText_IsGenerated(textpage, index) == 1)
        if pdfium_c.FPDFText_GetCharBox(textpage, index, left, right, bottom, top):
            raw[index] = box[0].value, box[2].value, box[1].value, box[3].value
    reading = view.facing(_reading_turn(raw[~np.array(made_up, dtype=bool)], view.turn))
    chars: list[Char] = []
    for index, (x0, y0, x1, y1) in enumerate(reading.boxes(raw).tolist()):
        text = _text(codes[index], codes[index + 1] if index + 1 < count else 0)
        if text:
            chars.append(Char(text, x0, y0, x1, y1, made_up[index] or text == "\n", index))
    return chars, reading


def _reading_turn(boxes: NDArray[np.float64], displayed: int) -> int:
    """The turn of the page that makes most steps from one character to the next go right; ties go to how it is displayed."""
    if len(boxes) < 8:
        return displayed
    steps = np.diff((boxes[:, :2] + boxes[:, 2:]) / 2, axis=0)
    em = float(np.median(np.max(boxes[:, 2:] - boxes[:, :2], axis=1))) or 1.0
    near = steps[np.abs(steps).max(axis=1) < 2.5 * em]
    across, up = (
        near[np.abs(near[:, 0]) >= np.abs(near[:, 1])][:, 0],
        near[np.abs(near[:, 0]) < np.abs(near[:, 1])][:, 1],
    )
    votes = {
        0: int((across > 0).sum()),
        90: int((up > 0).sum()),
        180: int((across < 0).sum()),
        270: int((up < 0).sum()),
    }
    return max(votes, key=lambda turn: (votes[turn], turn == displayed))


def _text(code: int, following: int) -> str:
    if code == 0x0D:
        return "" if following == 0x0A else "\n"
    if code in _SOFT_HYPHENS:
        return "-"  # a hyphen is drawn; pdfium marks that the word goes on in the next line
    if code == 0 or 0xDC00 <= code <= 0xDFFF:
        return ""
    if 0xD800 <= code <= 0xDBFF:  # where wide characters have 16 bits
        return chr(0x10000 + ((code - 0xD800) << 10) + (following - 0xDC00)) if 0xDC00 <= following <= 0xDFFF else ""
    return "\n" if code == 0x0A else chr(code)


def is_wide(text: str) -> bool:
    """Chinese characters and full-width punctuation, which are set without spaces."""
    return unicodedata.east_asian_width(text) in "WF"


def garbled_share(text: str) -> float:
    """Share of characters that no reader can have meant: control, private use, replacement (fonts without ToUnicode)."""
    visible = [char for char in text if not char.isspace()]
    odd = sum(1 for char in visible if unicodedata.category(char) in ("Cc", "Co", "Cn", "Cs") or char == "\ufffd")
    return odd / len(visible) if visible else 0.0
