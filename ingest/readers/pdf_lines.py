"""Lines of a PDF page, and which of them are one paragraph."""

from __future__ import annotations

import re
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ingest.readers.builder import NO_BOX, Boxes
from ingest.readers.pdf_chars import Chars, is_wide

_MAY_END = tuple("。！？；!?;:：）”")
_NUMBERED = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,2}[.．、](?!\d)|第[一二三四五六七八九十]{1,3}[章条])"
)
# Below this part of an em, a gap between a Chinese character and a figure is spacing for the eye, not a space.
_THIN_GAP = 0.6
_WIDE_GAP = 1.5  # em; a gap this wide inside a line separates cells or columns
_BLANK = np.zeros(0x10000, dtype=np.bool_)
_BLANK[[code for code in range(0x10000) if chr(code).isspace()]] = True


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """One printed line, in reading order, without made-up spaces that only space out Chinese and figures.

    boxes : shape (len(text), 4); made-up spaces have no box. left, right : of the ink. middle : height of the line's middle
    above the page's lower edge. em : the size of the type: the tallest ink, which for Chinese is nearly the em.
    gaps : how many gaps wider than _WIDE_GAP em there are inside. group : as given to `lines_of`.
    """

    text: str
    boxes: Boxes
    left: float
    right: float
    middle: float
    em: float
    gaps: int
    group: int = 0


def is_blank(chars: Chars) -> NDArray[np.bool_]:
    """Which characters are white space, shape (n,)."""
    return np.asarray(_BLANK[np.minimum(chars.codes, 0xFFFF)])


def lines_of(chars: Chars, groups: NDArray[np.intp] | None = None) -> list[Line]:
    """The lines with ink, in the order given.

    groups : of each character, shape (n,); a line ends where the group changes. None: one group.
    """
    if not len(chars):
        return []
    codes = chars.codes
    newline = codes == 0x0A
    number = np.cumsum(newline) - newline  # a new line belongs to the line it ends
    if groups is not None:
        number[1:] += np.cumsum(groups[1:] != groups[:-1])
    blank = is_blank(chars)
    kept = ~blank & ~chars.made_up
    ink = np.flatnonzero(kept)
    if not len(ink):
        return []
    kept[_spaces(chars, np.flatnonzero(blank & ~newline), ink, number)] = True
    places = np.flatnonzero(kept)
    text = codes[places].tobytes().decode("utf-32-le", "surrogatepass")
    boxes = chars.boxes[places].astype(np.float32)
    boxes[chars.made_up[places]] = np.nan
    begins = _begins_of(number[places])
    ends = [*begins[1:].tolist(), len(places)]
    own = np.zeros(len(begins), dtype=np.intp) if groups is None else groups[places[begins]]
    measured = zip(begins.tolist(), ends, own.tolist(), *_measure(chars.boxes[ink], number[ink]), strict=True)
    return [
        Line(text[begin:end], boxes[begin:end], left, right, middle, em, gaps, group)
        for begin, end, group, left, right, middle, em, gaps in measured
    ]


def _begins_of(number: NDArray[np.intp]) -> NDArray[np.intp]:
    """Where each line begins. number : of the line of each character, ascending."""
    return np.concatenate([[0], np.flatnonzero(number[1:] != number[:-1]) + 1])


def _measure(boxes: NDArray[np.float64], number: NDArray[np.intp]) -> tuple[list[float], ...]:
    """left, right, middle, em and wide gaps of each line. boxes : of the ink; number : of its lines, ascending."""
    begins = _begins_of(number)
    counts = np.diff(begins, append=len(number))
    left, bottom, right, top = boxes.T
    middle = (bottom + top) / 2
    sorted_middle = middle[np.lexsort((middle, number))]
    median = (sorted_middle[begins + (counts - 1) // 2] + sorted_middle[begins + counts // 2]) / 2
    em = np.maximum.reduceat(np.maximum(top - bottom, right - left), begins)
    em[em <= 0] = 1.0
    gap = np.zeros(len(number))
    gap[1:] = left[1:] - right[:-1] > _WIDE_GAP * np.repeat(em, counts)[1:]
    gap[begins] = 0
    wide = np.add.reduceat(gap, begins).astype(np.intp)
    lefts, rights = np.minimum.reduceat(left, begins), np.maximum.reduceat(right, begins)
    return lefts.tolist(), rights.tolist(), median.tolist(), em.tolist(), wide.tolist()


def _spaces(chars: Chars, spaces: NDArray[np.intp], ink: NDArray[np.intp], number: NDArray[np.intp]) -> list[int]:
    """Which spaces stay: inside a line, and if made up, not where they only space out Chinese and figures."""
    if not len(spaces):
        return []
    at = np.searchsorted(ink, spaces)
    inside = (at > 0) & (at < len(ink))
    spaces, at = spaces[inside], at[inside]
    before, after = ink[at - 1], ink[at]
    same = (number[before] == number[spaces]) & (number[after] == number[spaces])
    spaces, before, after = spaces[same], before[same], after[same]
    one, other = chars.boxes[before].T, chars.boxes[after].T
    em = np.maximum(np.maximum(one[2] - one[0], one[3] - one[1]), np.maximum(other[2] - other[0], other[3] - other[1]))
    thin = other[0] - one[2] < _THIN_GAP * em
    made_up = chars.made_up[spaces]
    found: list[int] = spaces[~made_up].tolist()
    inferred = (part[made_up].tolist() for part in (spaces, before, after, thin))
    for space, a, b, narrow in zip(*inferred, strict=True):
        if narrow and (is_wide(chars.text[a]) or is_wide(chars.text[b])):
            continue
        if b - a > 2 and (space > a + 1 or not chars.made_up[a + 1 : b].all()):
            continue  # one space is enough, and one that is drawn is better
        found.append(space)
    return found


def paragraphs(lines: Sequence[Line], page_width: float) -> list[list[Line]]:
    """Consecutive lines grouped into paragraphs, by indent, by a short last line, by gaps and by size of type."""
    if not lines:
        return []
    em = statistics.median(line.em for line in lines)
    left = min(line.left for line in lines)
    gaps = [a.middle - b.middle for a, b in pairwise(lines) if 0 < a.middle - b.middle < 4 * em]
    pitch = statistics.median_low(gaps) if gaps else 1.5 * em
    full = _reach_margin(lines, em, page_width)
    groups = [[lines[0]]]
    for (before, line), reaches in zip(pairwise(lines), full, strict=False):
        gap = before.middle - line.middle
        if (
            not reaches
            or gap <= 0.3 * em
            or gap > 1.6 * pitch
            or abs(line.em - before.em) > 0.35 * em
            or before.gaps >= 2  # cells of a table without ruled lines
            or line.gaps >= 2
            or (before.text.endswith(_MAY_END) and _begins(line, before, left + 1.2 * em, first=len(groups[-1]) == 1))
        ):
            groups.append([line])
        else:
            groups[-1].append(line)
    return groups


def _begins(line: Line, before: Line, indent: float, *, first: bool) -> bool:
    """Whether a line after the end of a sentence begins a paragraph: it is indented, or numbered."""
    indented = line.left > indent and (before.left <= indent or first)
    return indented or _NUMBERED.match(line.text) is not None


def _reach_margin(lines: Sequence[Line], em: float, page_width: float) -> list[bool]:
    """Whether each line ends where its column ends, so that the next line may go on with its sentence."""
    left, right = np.array([line.left for line in lines]), np.array([line.right for line in lines])
    column = np.where(np.abs(left[:, None] - left[None]) <= 3 * em, right[None], -np.inf)
    margin = column.max(axis=1) - 2.2 * em
    # A few short lines show no margin: then only the paper's own counts.
    shared = (right - left > 12 * em) & ((column >= margin[:, None]).sum(axis=1) >= 3)
    reaches: list[bool] = ((right >= margin) & (shared | (right > 0.72 * page_width))).tolist()
    return reaches


def join(lines: Sequence[Line]) -> tuple[str, Boxes]:
    """A paragraph's text and boxes in one piece: the printed line ends go, a space stays between Latin words and figures."""
    if len(lines) == 1:
        return lines[0].text, lines[0].boxes
    text, boxes = lines[0].text, [lines[0].boxes]
    for line in lines[1:]:
        if text[-1].isalnum() and line.text[0].isalnum() and not is_wide(text[-1]) and not is_wide(line.text[0]):
            text += " "
            boxes.append(NO_BOX)
        text += line.text
        boxes.append(line.boxes)
    return text, np.concatenate(boxes)
