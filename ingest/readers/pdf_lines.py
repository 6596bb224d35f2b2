"""Lines of a PDF page, and which of them are one paragraph."""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from ingest.headings import heading_level
from ingest.readers.builder import Boxes
from ingest.readers.pdf_chars import Char, is_wide

_MAY_END = tuple("。！？；!?;：:）”")
_NUMBERED = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,2}[.．、](?!\d)|第[一二三四五六七八九十]{1,3}[章条])"
)
# Below this part of an em, a gap between a Chinese character and a figure is spacing for the eye, not a space.
_THIN_GAP = 0.6
# Wrapped table cells make the order go back up once a cell, at most every tenth character.
_SHUFFLED = 0.15


@dataclass(frozen=True, slots=True)
class Line:
    """Characters of one printed line, in reading order, without made-up spaces that only space out Chinese and figures."""

    chars: tuple[Char, ...]

    @property
    def text(self) -> str:
        """The line's text."""
        return "".join(char.text for char in self.chars)

    @property
    def boxes(self) -> Boxes:
        """Shape (len(text), 4); made-up spaces have no box."""
        rows = [(np.nan,) * 4 if char.made_up else char.box for char in self.chars for _ in char.text]
        return np.array(rows, dtype=np.float32).reshape(-1, 4)

    @property
    def left(self) -> float:
        """Left edge of the ink."""
        return min(char.left for char in self.chars if not char.made_up)

    @property
    def right(self) -> float:
        """Right edge of the ink."""
        return max(char.right for char in self.chars if not char.made_up)

    @property
    def middle(self) -> float:
        """Height of the line's middle above the page's lower edge."""
        return statistics.median((char.bottom + char.top) / 2 for char in self.chars if not char.made_up)

    @property
    def em(self) -> float:
        """The size of the type: the tallest ink, which for Chinese is nearly the em."""
        return (
            max(max(char.top - char.bottom, char.right - char.left) for char in self.chars if not char.made_up) or 1.0
        )


def in_reading_order(chars: Sequence[Char]) -> Sequence[Char]:
    """The file's own order, or the order on paper where the file's order is shuffled."""
    return _by_place(chars) if _shuffled(chars) else chars


def lines_of(chars: Sequence[Char]) -> list[Line]:
    """The lines with ink, in the order given."""
    lines: list[list[Char]] = []
    current: list[Char] = []
    for char in chars:
        if char.text == "\n":
            lines.append(current)
            current = []
        else:
            current.append(char)
    lines.append(current)
    tidied = (_tidy(line) for line in lines)
    return [Line(line) for line in tidied if any(not char.made_up and not char.text.isspace() for char in line)]


def _shuffled(chars: Sequence[Char]) -> bool:
    """Whether the file draws its glyphs in an order that has nothing to do with reading."""
    drawn = [char for char in chars if not char.made_up]
    if len(drawn) < 20:
        return False
    em = _em(drawn)
    back = 0
    for before, after in pairwise(drawn):
        rise = _middle(after) - _middle(before)
        back += rise > em or (abs(rise) <= em / 2 and after.left < before.left - em / 2)
    return back > _SHUFFLED * len(drawn)


def _middle(char: Char) -> float:
    return (char.bottom + char.top) / 2


def _em(chars: Iterable[Char]) -> float:
    return statistics.median(max(char.top - char.bottom, char.right - char.left) for char in chars) or 1.0


def _by_place(chars: Iterable[Char]) -> list[Char]:
    drawn = [char for char in chars if not char.made_up]
    em = _em(drawn)
    rows: list[list[Char]] = []
    for char in sorted(drawn, key=_middle, reverse=True):
        # Commas and full stops sit low: their middle is up to half an em below that of their line.
        if rows and _middle(rows[-1][0]) - _middle(char) <= 0.7 * em:
            rows[-1].append(char)
        else:
            rows.append([char])
    newline = Char("\n", 0, 0, 0, 0, made_up=True)
    return [char for row in rows for char in [*sorted(row, key=lambda c: c.left), newline]]


def _tidy(line: Sequence[Char]) -> tuple[Char, ...]:
    """Drops made-up spaces at the ends, and between Chinese and Chinese or figures where the gap is thin."""
    kept: list[Char] = []
    for index, char in enumerate(line):
        if char.made_up and char.text.isspace():
            before = next((c for c in reversed(kept) if not c.made_up), None)
            after = next((c for c in line[index + 1 :] if not c.made_up), None)
            if before is None or after is None or before.text.isspace() or after.text.isspace():
                continue
            em = max(
                before.top - before.bottom,
                after.top - after.bottom,
                before.right - before.left,
                after.right - after.left,
            )
            if (is_wide(before.text) or is_wide(after.text)) and after.left - before.right < _THIN_GAP * em:
                continue
        kept.append(char)
    return tuple(kept)


def paragraphs(lines: Sequence[Line], page_width: float) -> list[list[Line]]:
    """Consecutive lines grouped into paragraphs, by indent, by a short last line, by gaps and by size of type."""
    if not lines:
        return []
    em = statistics.median(line.em for line in lines)
    left = min(line.left for line in lines)
    gaps = [a.middle - b.middle for a, b in pairwise(lines) if 0 < a.middle - b.middle < 4 * em]
    pitch = statistics.median_low(gaps) if gaps else 1.5 * em
    groups = [[lines[0]]]
    for before, line in pairwise(lines):
        gap = before.middle - line.middle
        apart = gap <= 0.3 * em or gap > 1.6 * pitch or abs(line.em - before.em) > 0.35 * em
        short = not _reaches_margin(before, lines, em, page_width)
        indented = line.left > left + 1.2 * em and not (before.left > left + 1.2 * em and len(groups[-1]) > 1)
        title = heading_level(before.text) is not None and len(groups[-1]) == 1 and short
        starts = before.text.endswith(_MAY_END) and (indented or _NUMBERED.match(line.text) is not None)
        if apart or short or title or starts or _tabular(before, em) or _tabular(line, em):
            groups.append([line])
        else:
            groups[-1].append(line)
    return groups


def _reaches_margin(line: Line, lines: Sequence[Line], em: float, page_width: float) -> bool:
    """Whether the line ends where its column ends, so that the next line may go on with its sentence."""
    column = [other.right for other in lines if abs(other.left - line.left) <= 3 * em]
    margin = max(column) - 2.2 * em
    # A few short lines show no margin: then only the paper's own counts.
    shared = line.right - line.left > 12 * em and sum(right >= margin for right in column) >= 3
    return line.right >= margin and (shared or line.right > 0.72 * page_width)


def _tabular(line: Line, em: float) -> bool:
    """Whether the line looks like cells of a table without ruled lines: wide gaps inside it."""
    drawn = [char for char in line.chars if not char.made_up and not char.text.isspace()]
    return sum(1 for a, b in pairwise(drawn) if b.left - a.right > 1.5 * em) >= 2


def join(lines: Sequence[Line]) -> tuple[str, Boxes]:
    """A paragraph's text and boxes in one piece: the printed line ends go, a space stays between Latin words and figures."""
    text, boxes = lines[0].text, [lines[0].boxes]
    for line in lines[1:]:
        added = line.text
        if (
            text
            and added
            and not is_wide(text[-1])
            and not is_wide(added[0])
            and text[-1].isalnum()
            and added[0].isalnum()
        ):
            text += " "
            boxes.append(np.full((1, 4), np.nan, dtype=np.float32))
        text += added
        boxes.append(line.boxes)
    return text, np.concatenate(boxes)
