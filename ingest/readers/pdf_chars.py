"""The characters of a PDF page with their boxes, as pdfium sees them, and the views of a page they can be seen in."""

from __future__ import annotations

import ctypes
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import repeat
from typing import Any, NamedTuple, overload
from unicodedata import east_asian_width

import numpy as np
import pypdfium2.raw as pdfium_c
from numpy.typing import NDArray

from ingest.readers.pdf_calls import address_of, char_boxes, fast_call

_SOFT_HYPHENS = (0x02, 0xFFFE)
_ODD = np.zeros(0x10000, dtype=np.bool_)  # of each code: whether pdfium means something else by it
_ODD[[0, *_SOFT_HYPHENS]] = True
_ODD[0xD800:0xE000] = True


class Char(NamedTuple):
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
    index: int = -1  # type: ignore[assignment]  # hides tuple.index, which nobody misses

    @property
    def box(self) -> tuple[float, float, float, float]:
        """left, bottom, right, top."""
        return self.left, self.bottom, self.right, self.top


@dataclass(frozen=True, slots=True, eq=False)
class Chars(Sequence[Char]):
    """Characters as columns, so that a page is worked on at once: also a sequence of Char for whoever looks at few.

    text : one code point for each character. boxes : (n, 4) float64. made_up : (n,) bool. numbers : (n,) int, pdfium's own.
    """

    text: str
    boxes: NDArray[np.float64]
    made_up: NDArray[np.bool_]
    numbers: NDArray[np.intp]

    @staticmethod
    def of(chars: Iterable[Char]) -> Chars:
        """From single characters."""
        rows = list(chars)
        return Chars(
            "".join(char.text for char in rows),
            np.array([char.box for char in rows], dtype=np.float64).reshape(-1, 4),
            np.array([char.made_up for char in rows], dtype=np.bool_),
            np.array([char.index for char in rows], dtype=np.intp),
        )

    @property
    def codes(self) -> NDArray[np.uint32]:
        """Code points, shape (n,)."""
        return np.frombuffer(self.text.encode("utf-32-le", "surrogatepass"), dtype="<u4")

    def take(self, positions: NDArray[np.intp]) -> Chars:
        """Those at `positions`, in that order."""
        text = self.codes[positions].tobytes().decode("utf-32-le", "surrogatepass")
        return Chars(text, self.boxes[positions], self.made_up[positions], self.numbers[positions])

    def __len__(self) -> int:
        return len(self.text)

    @overload
    def __getitem__(self, position: int) -> Char: ...

    @overload
    def __getitem__(self, position: slice) -> Chars: ...

    def __getitem__(self, position: int | slice) -> Char | Chars:
        if isinstance(position, slice):
            return Chars(self.text[position], self.boxes[position], self.made_up[position], self.numbers[position])
        left, bottom, right, top = self.boxes[position].tolist()
        return Char(
            self.text[position], left, bottom, right, top, bool(self.made_up[position]), int(self.numbers[position])
        )


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

    @property
    def moves(self) -> bool:
        """Whether boxes of user space are other boxes in this view."""
        return bool(self.turn or self.left or self.bottom)

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


_POINTER, _INT = ctypes.c_void_p, ctypes.c_int
_code = fast_call(pdfium_c.FPDFText_GetUnicode, _INT, _POINTER, _INT)
_generated = fast_call(pdfium_c.FPDFText_IsGenerated, _INT, _POINTER, _INT)


def chars_of(textpage: Any, view: View) -> tuple[Chars, View]:
    """All characters in the file's drawing order, and the view in which their lines run from left to right.

    The boxes are in that reading view: it differs from how the page is displayed when a page lies on its side.
    New lines are the single character "\n", made up.
    """
    count, handle = textpage.count_chars(), address_of(textpage)
    text, index = _text_of(handle, count)
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    made_up = codes == 0x0A
    spaces = np.flatnonzero((codes <= 0x20) & ~made_up)
    made_up[spaces] = list(map(_generated, repeat(handle), index[spaces].tolist()))
    drawn = np.flatnonzero(~made_up)
    own = char_boxes(handle, index[drawn].tolist())
    raw = np.zeros((len(text), 4))
    raw[drawn] = own
    reading = view.facing(_reading_turn(own, view.turn))
    return Chars(text, reading.boxes(raw) if reading.moves else raw, made_up, index), reading


def _text_of(handle: int, count: int) -> tuple[str, NDArray[np.intp]]:
    """The text, one code point for each character kept, and pdfium's number of each."""
    buffer = ctypes.create_string_buffer(4 * count + 2)
    units = pdfium_c.FPDFText_GetText(
        ctypes.cast(handle, pdfium_c.FPDF_TEXTPAGE), 0, count, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort))
    )
    text = buffer.raw[: 2 * max(units - 1, 0)].decode("utf-16-le", "surrogatepass")
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    if len(text) == count and not _ODD[np.minimum(codes, 0xFFFF)].any():
        dropped = np.flatnonzero((codes[:-1] == 0x0D) & (codes[1:] == 0x0A))
        return text.replace("\r\n", "\n").replace("\r", "\n"), np.delete(np.arange(count), dropped)
    # pdfium counts what has no meaning, leaves it out of its text, and marks hyphens: then one character after the other.
    units_of = list(map(_code, repeat(handle), range(count)))
    pieces = [_text(code, following) for code, following in zip(units_of, [*units_of[1:], 0], strict=True)]
    kept = [position for position, piece in enumerate(pieces) if piece]
    return "".join(pieces), np.array(kept, dtype=np.intp)


def median(values: NDArray[np.float64]) -> float:
    """The middle value, the upper of two; numpy's own takes ten times as long for a page."""
    middle = len(values) // 2
    return float(np.partition(values, middle)[middle])


def _reading_turn(boxes: NDArray[np.float64], displayed: int) -> int:
    """The turn of the page that makes most steps from one character to the next go right; ties go to how it is displayed."""
    if len(boxes) < 8:
        return displayed
    left, bottom, right, top = boxes.T
    across, up = np.diff(left + right) / 2, np.diff(bottom + top) / 2
    em = median(np.maximum(right - left, top - bottom)) or 1.0
    far, flat = np.maximum(abs(across), abs(up)) >= 2.5 * em, abs(across) >= abs(up)
    # 0 for no vote, 1 right, 2 left, 3 up, 4 down
    ways = np.where(flat, np.where(across > 0, 1, 2), np.where(up > 0, 3, 4))
    ways[far | ((across == 0) & (up == 0))] = 0
    counts = np.bincount(ways, minlength=5).tolist()
    votes = {0: counts[1], 90: counts[3], 180: counts[2], 270: counts[4]}
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


@lru_cache(maxsize=20_000)
def is_wide(text: str) -> bool:
    """Chinese characters and full-width punctuation, which are set without spaces."""
    return east_asian_width(text) in "WF"
