"""The words in the cells of a ruled table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from ingest.ocr.engine import Pixels, Quads, Reading, read_lines
from ingest.ocr.lines import Line, glue, placed
from ingest.ocr.order import rows as printed_rows
from ingest.ocr.punctuation import paired
from ingest.ocr.ruled import Place, Ruled
from ingest.readers.grid import Cell

_SLIVER = 0.35  # heights of the text: what a rule cuts off a line and is narrower than this holds no character
_DARKER = 60  # ink is this much darker than the paper of its cell, out of 255
_CERTAIN = 0.6  # confidence from which a mark that was found only by looking into its cell counts as text
_DASHES = frozenset("一-－–―ー~_")
_COUNTED = frozenset("二三四五")
_DASH = 0.9  # confidence given to a lone dash, which is told by its shape


@dataclass(slots=True)
class Table:
    """A table and the lines of each of its cells."""

    ruled: Ruled
    lines: dict[Place, list[Line]]

    @property
    def box(self) -> tuple[float, float, float, float]:
        """left, top, right, bottom in upright pixels."""
        return self.ruled.box

    def cells(self) -> dict[Cell, Line]:
        """The cells with text, and their text in one piece with its boxes."""
        found = {}
        for place in self.ruled.cells:
            parts = [part for row in printed_rows(self.lines.get(place, [])) for part in row]
            if parts:
                whole = glue(parts)
                whole = replace(whole, text=paired(whole.text))
                row, column, tall, wide = place
                found[Cell(row, column, whole.text, tall, wide)] = whole
        return found


def split(quads: Quads, tables: Sequence[Ruled], em: float) -> Quads:
    """Upright lines (n, 4, 2) cut where a rule runs through them, so that no line is read across two cells."""
    pieces = [piece for quad in quads for piece in _pieces(quad, tables, em)]
    return np.array(pieces, dtype=np.float32).reshape(-1, 4, 2)


def _pieces(quad: NDArray[np.float32], tables: Sequence[Ruled], em: float) -> list[NDArray[np.float32]]:
    left, right = float(quad[[0, 3], 0].mean()), float(quad[[1, 2], 0].mean())
    middle = float(quad[:, 1].mean())
    table = next((t for t in tables if t.box[1] <= middle <= t.box[3] and left < t.box[2] and right > t.box[0]), None)
    if table is None or right - left < 1:
        return [quad]
    # Where the line passes from one cell to the next, its middle being what decides the row.
    borders = [
        x
        for index, x in enumerate(table.xs)
        if left < x < right
        and (index in (0, len(table.xs) - 1) or table.cell_at(x - 2, middle) != table.cell_at(x + 2, middle))
    ]
    ends = [left, *borders, right]
    margin = max(em / 10, 2.0)
    found = []
    for index, (start, end) in enumerate(pairwise(ends)):
        start += margin if index else 0.0
        end -= margin if index < len(borders) else 0.0
        if end - start < (_SLIVER * em if borders else 1.0):
            continue
        piece = _between(quad, (start - left) / (right - left), (end - left) / (right - left))
        found.append(_lowered(piece, table, margin))
    return found


def _between(quad: NDArray[np.float32], start: float, end: float) -> NDArray[np.float32]:
    """The part of a line between two shares of its length."""
    upper, lower = quad[1] - quad[0], quad[2] - quad[3]
    return np.array(
        [quad[0] + upper * start, quad[0] + upper * end, quad[3] + lower * end, quad[3] + lower * start],
        dtype=np.float32,
    )


def _lowered(quad: NDArray[np.float32], table: Ruled, margin: float) -> NDArray[np.float32]:
    """The line without the rule above or below it, when it stands in one row."""
    cell = table.cell_at(float(quad[:, 0].mean()), float(quad[:, 1].mean()))
    if cell is None:
        return quad
    _, top, _, bottom = table.inside(cell)
    height = float(quad[2:, 1].mean() - quad[:2, 1].mean())
    clipped = quad.copy()
    clipped[:2, 1] = np.maximum(quad[:2, 1], top + margin)
    clipped[2:, 1] = np.minimum(quad[2:, 1], bottom - margin)
    kept = float(clipped[2:, 1].mean() - clipped[:2, 1].mean())
    return clipped if kept > 0.6 * height else quad


def fill(ruled: Ruled, lines: Sequence[Line], image: Pixels, em: float) -> tuple[Table, list[Line]]:
    """The table with the lines that stand in it, and the lines that do not.

    Cells that seem empty but hold ink are looked into once more: a lone dash or figure is too small to be found on the page.
    image : upright RGB, shape (h, w, 3).
    """
    table = Table(ruled, {})
    outside = []
    for line in (part for whole in lines for part in _by_cell(whole, ruled)):
        left, top, right, bottom = line.box
        cell = ruled.cell_at((left + right) / 2, (top + bottom) / 2)
        if cell is None:
            outside.append(line)
        else:
            table.lines.setdefault(cell, []).append(line)
    unread = [
        (cell, box) for cell in ruled.cells if cell not in table.lines and (box := _ink(ruled.inside(cell), image, em))
    ]
    marks = [(cell, box) for cell, box in unread if not _is_dash(box, em)]
    for cell, box in unread:
        if _is_dash(box, em):
            table.lines[cell] = [Line("—", np.array([box], dtype=np.float32), (_DASH,))]
    readings = read_lines([_cut(image, box, em) for _, box in marks])
    for (cell, box), reading in zip(marks, readings, strict=True):
        believed = _believable(box, reading)
        if believed is not None:
            table.lines[cell] = [believed]
    _tell_dashes(table)
    return table, outside


def _by_cell(line: Line, ruled: Ruled) -> list[Line]:
    """A line of the text layer, which may run through a whole row, cut where it passes from one cell to the next."""
    if line.confidences is not None:
        return [line]  # was cut before it was read
    parts: dict[Place | None, list[int]] = {}
    for index, (left, top, right, bottom) in enumerate(line.boxes.tolist()):
        if right > left and not line.text[index].isspace():
            parts.setdefault(ruled.cell_at((left + right) / 2, (top + bottom) / 2), []).append(index)
    if len(parts) < 2:
        return [line]
    return [line.part(range(chosen[0], chosen[-1] + 1)) for chosen in parts.values()]


def _tell_dashes(table: Table) -> None:
    """A dash alone in its cell looks like the figure 一: it is one only in a column that goes on to 二."""
    counted = {cell[1] for cell, lines in table.lines.items() if lines[0].text in _COUNTED}
    for cell, lines in table.lines.items():
        if len(lines) == 1 and lines[0].text in _DASHES and cell[1] not in counted:
            table.lines[cell] = [replace(lines[0], text="—")]


def _ink(cell: tuple[float, float, float, float], image: Pixels, em: float) -> tuple[float, float, float, float] | None:
    """The box around the ink inside a cell, None when there is none worth reading."""
    margin = max(em / 5, 4.0)
    left, top, right, bottom = (
        round(cell[0] + margin),
        round(cell[1] + margin),
        round(cell[2] - margin),
        round(cell[3] - margin),
    )
    if right - left < 0.3 * em or bottom - top < 0.3 * em:
        return None
    grey = cv2.GaussianBlur(cv2.cvtColor(image[top:bottom, left:right], cv2.COLOR_RGB2GRAY), (5, 5), 0)
    dark = (grey.astype(np.int16) < float(np.median(grey)) - _DARKER).astype(np.uint8)
    count, _, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    boxes = [stat[:4] for stat in stats[1:count] if max(stat[2], stat[3]) >= 0.25 * em]
    if not boxes:
        return None
    found = np.array(boxes)
    x0, y0 = found[:, 0].min(), found[:, 1].min()
    x1, y1 = (found[:, 0] + found[:, 2]).max(), (found[:, 1] + found[:, 3]).max()
    return float(left + x0), float(top + y0), float(left + x1), float(top + y1)


def _is_dash(box: tuple[float, float, float, float], em: float) -> bool:
    width, height = box[2] - box[0], box[3] - box[1]
    return height <= 0.25 * em and 0.3 * em <= width <= 2.5 * em and width >= 2.5 * height


def _cut(image: Pixels, box: tuple[float, float, float, float], em: float) -> Pixels:
    """The ink with paper around it, as high as a line of text would be."""
    pad = max((1.1 * em - (box[3] - box[1])) / 2, em / 8)
    left, right = max(round(box[0] - em / 4), 0), round(box[2] + em / 4)
    top, bottom = max(round(box[1] - pad), 0), round(box[3] + pad)
    return np.ascontiguousarray(image[top:bottom, left:right])


def _believable(box: tuple[float, float, float, float], reading: Reading) -> Line | None:
    if reading.confidence < _CERTAIN:
        return None
    left, top, right, bottom = box
    return placed(np.array([[left, top], [right, top], [right, bottom], [left, bottom]], dtype=np.float32), reading)
