"""The order of reading, from where things stand, for files whose own order is not the order of reading."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ingest.readers.pdf_chars import Chars, is_wide, median
from ingest.readers.pdf_lines import Line, is_blank

# Wrapped table cells make the order go back up once a cell, at most every tenth character.
_SHUFFLED = 0.15
_LEAP, _FEW, _WILD = 6.0, 8, 0.2  # em up the page; how many; their share of all leaps
_COLUMN = 9.0  # em; a column of prose is not narrower
_FILLED = 0.6  # share of a column's lines that must reach its right edge: cells of a table do not


def in_reading_order(chars: Chars) -> Chars:
    """The file's own order, or the order on paper where the file's order is shuffled."""
    return _by_place(chars) if _shuffled(chars) else chars


def _em(boxes: NDArray[np.float64]) -> float:
    left, bottom, right, top = boxes.T
    return median(np.maximum(right - left, top - bottom)) or 1.0


def _shuffled(chars: Chars) -> bool:
    """Whether the file draws its glyphs, or its pieces of text, in an order that has nothing to do with reading."""
    boxes = chars.boxes[~chars.made_up]
    if len(boxes) < 20:
        return False
    em = _em(boxes)
    middle, left = (boxes[:, 1] + boxes[:, 3]) / 2, boxes[:, 0]
    rise, step = middle[1:] - middle[:-1], left[1:] - left[:-1]
    level = np.abs(rise) <= em / 2
    back = int(np.count_nonzero((rise > em) | (level & (step < -em / 2))))
    if back > _SHUFFLED * len(boxes):
        return True
    # Whole pieces out of order: the leaps up the page are many among all leaps. A column or a cell of a table leads up once.
    leaps = int(np.count_nonzero(~level | (np.abs(step) > _LEAP * em)))
    wild = int(np.count_nonzero(rise > _LEAP * em))
    return wild >= _FEW and wild > _WILD * leaps


def _by_place(chars: Chars) -> Chars:
    """Rows from top to bottom, each from left to right, with a made-up new line after each and spaces where words part."""
    drawn = np.flatnonzero(~chars.made_up & ~is_blank(chars))
    boxes = chars.boxes[drawn]
    if not len(drawn):
        return chars
    em, rows = _em(boxes), _rows(boxes)
    text: list[str] = []
    order: list[int] = []
    for row in rows:
        row.sort(key=lambda place: float(boxes[place, 0]))
        before: int | None = None
        for place in row:
            char = chars.text[drawn[place]]
            if before is not None and _apart(text[-1], char, float(boxes[place, 0] - boxes[before, 2]) / em):
                text.append(" ")
                order.append(-1)
            text.append(char)
            order.append(int(drawn[place]))
            before = place
        text.append("\n")
        order.append(-1)
    places = np.array(order, dtype=np.intp)
    made_up = places < 0
    found = np.where(made_up[:, None], 0.0, chars.boxes[places])
    return Chars("".join(text), found, made_up, np.where(made_up, -1, chars.numbers[places]))


def _rows(boxes: NDArray[np.float64]) -> list[list[int]]:
    """Positions of the characters of each row, rows from top to bottom."""
    em, middle = _em(boxes), (boxes[:, 1] + boxes[:, 3]) / 2
    tall = boxes[:, 3] - boxes[:, 1] >= 0.45 * em
    rows: list[list[int]] = []
    heights: list[float] = []
    downwards = np.argsort(-middle, kind="stable")
    for place in downwards[tall[downwards]].tolist():
        if not rows or heights[-1] - middle[place] > 0.5 * em:
            rows.append([])
            heights.append(float(middle[place]))
        rows[-1].append(place)
    # Commas lie low, quotes hang high, 一 is flat: they belong to the nearest row.
    centres = [float(np.median(middle[row])) for row in rows]
    for place in downwards[~tall[downwards]].tolist():
        nearest = min(range(len(rows)), key=lambda row: abs(centres[row] - middle[place]), default=-1)
        if nearest < 0 or abs(centres[nearest] - middle[place]) > 0.8 * em:
            rows.append([place])
            centres.append(float(middle[place]))
        else:
            rows[nearest].append(place)
    return [rows[at] for at in sorted(range(len(rows)), key=lambda row: -centres[row])]


def _apart(before: str, char: str, gap: float) -> bool:
    """Whether a gap (em) between two characters is a space: a narrow one is enough between Latin words."""
    if not is_wide(before) and not is_wide(char):
        return gap > 0.2
    # The ink of full-width punctuation fills a corner of its square.
    return gap > (0.6 if before.isalnum() and char.isalnum() else 1.2)


def by_columns(lines: Sequence[Line]) -> Sequence[Line]:
    """The lines as given, or, where two columns of prose were taken for one line each, column after column.

    What stands across both columns keeps its place between what is above and below it.
    """
    crossing = [line for line in lines if line.gaps == 1]
    if len(crossing) < 5 or (gutter := _gutter(lines, crossing)) is None:
        return lines
    left: list[Line] = []
    right: list[Line] = []
    ordered: list[Line] = []
    for line in sorted(lines, key=lambda line: -line.middle):
        one, other = _halves(line, gutter)
        if one is None and other is None:
            ordered += [*left, *right, line]
            left, right = [], []
        left += [one] if one else []
        right += [other] if other else []
    return [*ordered, *left, *right]


def _gutter(lines: Sequence[Line], crossing: Sequence[Line]) -> float | None:
    """Where the white strip between two columns of prose runs, None when there are no such columns."""
    gaps = np.array([_gap(line) for line in crossing])
    em = float(np.median([line.em for line in crossing]))
    start, end = float(np.median(gaps[:, 0])), float(np.median(gaps[:, 1]))
    middle = (float(np.max(gaps[gaps[:, 0] < end, 0])) + float(np.min(gaps[gaps[:, 1] > start, 1]))) / 2
    through = [line for line in crossing if _gap(line)[0] <= middle <= _gap(line)[1]]
    beside = [line for line in lines if line.left < middle < line.right]
    if len(through) < 5 or len(through) < 0.5 * len(beside):
        return None
    first, last = min(line.left for line in through), max(line.right for line in through)
    if start - first < _COLUMN * em or last - end < _COLUMN * em:
        return None
    one = np.array([_gap(line)[0] for line in through])
    other = np.array([line.right for line in through])
    filled = min((one > start - 2 * em).mean(), (other > last - 2 * em).mean())
    return middle if filled >= _FILLED else None


def _gap(line: Line) -> tuple[float, float]:
    """Left and right end of the widest gap inside the line."""
    boxes = line.boxes[~np.isnan(line.boxes[:, 0])]
    at = int(np.argmax(boxes[1:, 0] - boxes[:-1, 2])) if len(boxes) > 1 else 0
    return float(boxes[at, 2]), float(boxes[min(at + 1, len(boxes) - 1), 0])


def _halves(line: Line, gutter: float) -> tuple[Line | None, Line | None]:
    """What of the line stands left and right of the gutter; neither when it runs across it."""
    if line.right <= gutter:
        return line, None
    if line.left >= gutter:
        return None, line
    at = next((i for i, left in enumerate(line.boxes[:, 0].tolist()) if left >= gutter), len(line.text))
    if line.gaps != 1 or not _gap(line)[0] <= gutter <= _gap(line)[1]:
        return None, None
    return _part(line, 0, at), _part(line, at, len(line.text))


def _part(line: Line, start: int, end: int) -> Line:
    while start < end and line.text[start].isspace():
        start += 1
    while end > start and line.text[end - 1].isspace():
        end -= 1
    boxes = line.boxes[start:end]
    left, right = float(np.nanmin(boxes[:, 0])), float(np.nanmax(boxes[:, 2]))
    return replace(line, text=line.text[start:end], boxes=boxes, left=left, right=right, gaps=0)
