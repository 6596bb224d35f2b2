"""Tables with ruled lines on a PDF page: the cells between the lines, merged cells included."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pypdfium2.raw as pdfium_c
from numpy.typing import NDArray

from ingest.readers.pdf_chars import Char, View

_NEAR = 3.0  # points; lines closer than this are one line, ends closer than this touch
_SHORT = 6.0
_MAX_EDGES = 3000  # a page with more is a drawing; comparing all pairs would take too long


@dataclass(slots=True)
class Region:
    """A ruled table. xs: cell borders left to right; ys: cell borders top to bottom.

    cells : (row, column, rows, columns) → the cell's characters in the file's order.
    """

    xs: list[float]
    ys: list[float]
    owner: dict[tuple[int, int], tuple[int, int, int, int]]
    cells: dict[tuple[int, int, int, int], list[Char]] = field(default_factory=dict)

    def cell_at(self, char: Char) -> tuple[int, int, int, int] | None:
        """The cell that holds the middle of the character, or None when it is outside the table."""
        x, y = (char.left + char.right) / 2, (char.bottom + char.top) / 2
        if not (self.xs[0] <= x <= self.xs[-1] and self.ys[-1] <= y <= self.ys[0]):
            return None
        column = int(np.searchsorted(self.xs, x)) - 1
        row = int(np.searchsorted([-value for value in self.ys], -y)) - 1
        return self.owner.get((max(row, 0), max(column, 0)))


def tables_of(page: Any, view: View) -> list[Region]:
    """The ruled tables of a pypdfium2 page, without characters yet. Needs at least two columns."""
    edges = np.array(list(_edges(page)), dtype=np.float64).reshape(-1, 4)
    if not 4 <= len(edges) <= _MAX_EDGES:
        return []
    edges = view.boxes(edges)
    flat = edges[:, 3] - edges[:, 1] <= 1.5
    found = []
    for members in _connected(edges):
        horizontal, vertical = edges[members & flat], edges[members & ~flat]
        if len(horizontal) >= 2 and len(vertical) >= 3 and (region := _region(horizontal, vertical)):
            found.append(region)
    return found


def _edges(page: Any) -> Iterator[tuple[float, float, float, float]]:
    """Straight, upright strokes of the page's own drawings as boxes left, bottom, right, top in user space."""
    x, y = ctypes.c_float(), ctypes.c_float()
    for drawing in page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_PATH], max_depth=1):
        a, b, c, d, e, f = drawing.get_matrix().get()
        before: tuple[float, float] | None = None
        start: tuple[float, float] | None = None
        for index in range(min(pdfium_c.FPDFPath_CountSegments(drawing), _MAX_EDGES)):
            segment = pdfium_c.FPDFPath_GetPathSegment(drawing, index)
            pdfium_c.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
            point = (a * x.value + c * y.value + e, b * x.value + d * y.value + f)
            kind = pdfium_c.FPDFPathSegment_GetType(segment)
            if kind == pdfium_c.FPDF_SEGMENT_MOVETO:
                start = point
            elif kind == pdfium_c.FPDF_SEGMENT_LINETO and before and (edge := _edge(before, point)):
                yield edge
            if pdfium_c.FPDFPathSegment_GetClose(segment) and start and (edge := _edge(point, start)):
                yield edge
            before = point


def _edge(p: tuple[float, float], q: tuple[float, float]) -> tuple[float, float, float, float] | None:
    width, height = abs(p[0] - q[0]), abs(p[1] - q[1])
    if min(width, height) > 1.5 or max(width, height) < _SHORT:
        return None
    return min(p[0], q[0]), min(p[1], q[1]), max(p[0], q[0]), max(p[1], q[1])


def _connected(edges: NDArray[np.float64]) -> Iterator[NDArray[np.bool_]]:
    """Masks of the edges that hang together."""
    left, bottom, right, top = edges.T
    touch = (
        (left[:, None] <= right[None] + _NEAR)
        & (left[None] <= right[:, None] + _NEAR)
        & (bottom[:, None] <= top[None] + _NEAR)
        & (bottom[None] <= top[:, None] + _NEAR)
    )
    todo = np.ones(len(edges), dtype=bool)
    while todo.any():
        members = np.zeros(len(edges), dtype=bool)
        members[int(np.argmax(todo))] = True
        while True:
            grown = members | touch[members].any(axis=0)
            if (grown == members).all():
                break
            members = grown
        todo &= ~members
        yield members


def _clusters(values: NDArray[np.float64]) -> list[float]:
    """Sorted positions; those nearer than _NEAR to the one before count as the same."""
    found: list[float] = []
    for value in sorted(values.tolist()):
        if not found or value - found[-1] > _NEAR:
            found.append(value)
    return found


def _region(horizontal: NDArray[np.float64], vertical: NDArray[np.float64]) -> Region | None:
    xs, ys = _clusters(vertical[:, 0]), _clusters(horizontal[:, 1])[::-1]
    rows, columns = len(ys) - 1, len(xs) - 1
    if rows < 1 or columns < 2:
        return None
    owner = {(row, column): (row, column) for row in range(rows) for column in range(columns)}

    def root(cell: tuple[int, int]) -> tuple[int, int]:
        while owner[cell] != cell:
            cell = owner[cell]
        return cell

    for row in range(rows):
        for column in range(columns):
            x, y = (xs[column] + xs[column + 1]) / 2, (ys[row] + ys[row + 1]) / 2
            if column + 1 < columns and not _crossed(vertical, 0, xs[column + 1], 1, y):
                owner[root((row, column + 1))] = root((row, column))
            if row + 1 < rows and not _crossed(horizontal, 1, ys[row + 1], 0, x):
                owner[root((row + 1, column))] = root((row, column))
    groups: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for cell in owner:
        groups.setdefault(root(cell), []).append(cell)
    merged = {}
    for cells in groups.values():
        top, low = min(c[0] for c in cells), max(c[0] for c in cells)
        first, last = min(c[1] for c in cells), max(c[1] for c in cells)
        for cell in cells:
            merged[cell] = (top, first, low - top + 1, last - first + 1)
    return Region(xs, ys, merged) if len(groups) >= 2 else None


def _crossed(edges: NDArray[np.float64], across: int, position: float, along: int, point: float) -> bool:
    """Whether a line stands at `position` of one axis and covers `point` of the other."""
    near = np.abs(edges[:, across] - position) <= _NEAR
    return bool((near & (edges[:, along] <= point) & (point <= edges[:, along + 2])).any())


def split_off(chars: Sequence[Char], regions: Sequence[Region]) -> Iterator[list[Char] | Region]:
    """The page in reading order: runs of characters outside tables, and each table where its first character stood."""
    outside: list[Char] = []
    seen: set[int] = set()
    home: list[Char] = outside
    for char in chars:
        if char.made_up:
            home.append(char)  # an inferred space or line end belongs to what was drawn before it
            continue
        home = outside
        for region in regions:
            cell = region.cell_at(char)
            if cell is None:
                continue
            if id(region) not in seen:
                seen.add(id(region))
                if outside:
                    yield outside
                outside = []
                yield region
            home = region.cells.setdefault(cell, [])
            break
        home.append(char)
    if outside:
        yield outside
