"""Tables with ruled lines on a PDF page: the cells between the lines, merged cells included."""

from __future__ import annotations

import ctypes
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import pypdfium2.raw as pdfium_c
from numpy.typing import NDArray

from ingest.readers.pdf_calls import fast_call
from ingest.readers.pdf_chars import Chars, View
from ingest.readers.pdf_drawing import PATH, Drawn
from ingest.readers.pdf_lines import Line, lines_of

_NEAR = 3.0  # points; lines closer than this are one line, ends closer than this touch
_SHORT = 6.0
_OPEN = 12.0  # points; rows ruled further than this beyond the outermost upright line have a column there, left open
_MAX_EDGES = 3000  # a page with more is a drawing; comparing all pairs would take too long
_MAX_CELLS = 20_000

_POINTER, _INT = ctypes.c_void_p, ctypes.c_int
_segments = fast_call(pdfium_c.FPDFPath_CountSegments, _INT, _POINTER)
_segment = fast_call(pdfium_c.FPDFPath_GetPathSegment, _POINTER, _POINTER, _INT)
_point = fast_call(pdfium_c.FPDFPathSegment_GetPoint, _INT, _POINTER, _POINTER, _POINTER)
_kind = fast_call(pdfium_c.FPDFPathSegment_GetType, _INT, _POINTER)
_closes = fast_call(pdfium_c.FPDFPathSegment_GetClose, _INT, _POINTER)

Place = tuple[int, int, int, int]  # of a cell: row, column, rows, columns


@dataclass(slots=True, eq=False)
class Region:
    """A ruled table. xs: cell borders left to right; ys: cell borders top to bottom.

    places : of each cell. owner : shape (rows, columns), which cell covers a place. cells : each cell's lines of text.
    """

    xs: list[float]
    ys: list[float]
    places: list[Place]
    owner: NDArray[np.intp]
    cells: dict[Place, list[Line]] = field(default_factory=dict)

    def cells_at(self, boxes: NDArray[np.float64]) -> NDArray[np.intp]:
        """For boxes (n, 4), the number in `places` of the cell that holds the middle of each; -1 outside the table."""
        x, y = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
        inside = (x >= self.xs[0]) & (x <= self.xs[-1]) & (y >= self.ys[-1]) & (y <= self.ys[0])
        column = np.clip(np.searchsorted(self.xs, x) - 1, 0, self.owner.shape[1] - 1)
        row = np.clip(np.searchsorted(-np.array(self.ys), -y) - 1, 0, self.owner.shape[0] - 1)
        return np.where(inside, self.owner[row, column], -1)


def tables_of(drawn: Iterable[Drawn], view: View) -> list[Region]:
    """The ruled tables among what is drawn, without text yet. Needs at least two columns."""
    edges = np.array(list(_edges(drawn)), dtype=np.float64).reshape(-1, 4)
    return regions_of(view.boxes(edges)) if 4 <= len(edges) <= _MAX_EDGES else []


def regions_of(edges: NDArray[np.float64]) -> list[Region]:
    """The tables that straight, upright strokes make. edges : (n, 4) left, bottom, right, top as displayed."""
    if not 4 <= len(edges) <= _MAX_EDGES:
        return []
    flat = edges[:, 3] - edges[:, 1] <= 1.5
    found = []
    for members in _connected(edges):
        horizontal, vertical = edges[members & flat], edges[members & ~flat]
        if len(horizontal) >= 2 and len(vertical) and (region := _region(horizontal, vertical)):
            found.append(region)
    return found


def _edges(drawn: Iterable[Drawn]) -> Iterator[tuple[float, float, float, float]]:
    """Straight, upright strokes of drawings as boxes left, bottom, right, top in user space."""
    values = (ctypes.c_float * 2)()
    at = ctypes.addressof(values)
    for item in drawn:
        if item.kind != PATH:
            continue
        (a, b, _), (c, d, _), (e, f, _) = item.matrix.tolist()
        before: tuple[float, float] | None = None
        start: tuple[float, float] | None = None
        for index in range(min(_segments(item.handle), _MAX_EDGES)):
            segment = _segment(item.handle, index)
            _point(segment, at, at + 4)
            x, y = values
            point = (a * x + c * y + e, b * x + d * y + f)
            kind = _kind(segment)
            if kind == pdfium_c.FPDF_SEGMENT_MOVETO:
                start = point
            elif kind == pdfium_c.FPDF_SEGMENT_LINETO and before and (edge := _edge(before, point)):
                yield edge
            if _closes(segment) and start and (edge := _edge(point, start)):
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
    if len(ys) >= 3:  # many official tables have no line at their left and right ends
        left, right = float(np.median(horizontal[:, 0])), float(np.median(horizontal[:, 2]))
        xs = [*([left] if xs[0] - left > _OPEN else []), *xs, *([right] if right - xs[-1] > _OPEN else [])]
    rows, columns = len(ys) - 1, len(xs) - 1
    if rows < 1 or columns < 2 or rows * columns > _MAX_CELLS:
        return None
    middle_x, middle_y = (np.array(xs[:-1]) + xs[1:]) / 2, (np.array(ys[:-1]) + ys[1:]) / 2
    beside = _walls(vertical[:, 0], vertical[:, 1::2], xs[1:-1], middle_y)  # (columns - 1, rows)
    below = _walls(horizontal[:, 1], horizontal[:, 0::2], ys[1:-1], middle_x)  # (rows - 1, columns)
    number = np.arange(rows * columns)
    owner = number.reshape(rows, columns).copy()
    open_sides = [(row * columns + column, row * columns + column + 1) for column, row in np.argwhere(~beside).tolist()]
    open_sides += [
        (row * columns + column, (row + 1) * columns + column) for row, column in np.argwhere(~below).tolist()
    ]
    for cell, other in open_sides:
        kept, gone = sorted((int(owner.flat[cell]), int(owner.flat[other])))
        if kept != gone:
            owner[owner == gone] = kept
    roots, compact = np.unique(owner, return_inverse=True)
    if len(roots) < 2:
        return None
    owner = compact.reshape(rows, columns).astype(np.intp)
    row, column = np.divmod(number, columns)
    order = np.argsort(owner.ravel(), kind="stable")
    begins = np.flatnonzero(np.diff(owner.ravel()[order], prepend=-1))
    top, low = (part.reduceat(row[order], begins) for part in (np.minimum, np.maximum))
    first, last = (part.reduceat(column[order], begins) for part in (np.minimum, np.maximum))
    places = np.stack([top, first, low - top + 1, last - first + 1], axis=1)
    return Region(xs, ys, [(p[0], p[1], p[2], p[3]) for p in places.tolist()], owner)


def _walls(
    position: NDArray[np.float64], extent: NDArray[np.float64], borders: Sequence[float], middles: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Shape (borders, middles): whether a line stands at the border and covers the middle of the cell along it."""
    near = np.abs(position[:, None] - np.array(borders)[None]) <= _NEAR
    covers = (extent[:, :1] <= middles[None]) & (middles[None] <= extent[:, 1:])
    return np.asarray(near.T.astype(np.int32) @ covers.astype(np.int32) > 0)


def split_off(chars: Chars, regions: Sequence[Region]) -> list[list[Line] | Region]:
    """The page in reading order: lines outside tables, and each table, with its lines, where its first character stood."""
    if not regions:
        lines = lines_of(chars)
        return [lines] if lines else []
    table, cell = _homes(chars, regions)
    first = {number: int(np.argmax(table == number)) for number in range(len(regions)) if (table == number).any()}
    ranked = sorted(first, key=lambda number: first[number])
    part = np.zeros(len(chars), dtype=np.intp)  # 0, 2, 4 … stretches outside, 1, 3, 5 … tables
    for rank, number in enumerate(ranked):
        part[(table < 0) & (np.arange(len(chars)) > first[number])] = 2 * rank + 2
        part[table == number] = 2 * rank + 1
    group = part * _MAX_CELLS + np.maximum(cell, 0)
    order = np.argsort(group, kind="stable")
    parts: dict[int, list[Line] | Region] = {}
    for line in lines_of(chars.take(order), group[order]):
        at, cell_number = divmod(line.group, _MAX_CELLS)
        if at % 2:
            region = regions[ranked[at // 2]]
            region.cells.setdefault(region.places[cell_number], []).append(line)
            parts.setdefault(at, region)
        else:
            outside = parts.setdefault(at, [])
            assert isinstance(outside, list)
            outside.append(line)
    return [parts[at] for at in sorted(parts)]


def _homes(chars: Chars, regions: Sequence[Region]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """For each character its table and its cell in it, -1 outside tables."""
    table, cell = np.full(len(chars), -1, dtype=np.intp), np.full(len(chars), -1, dtype=np.intp)
    for number, region in enumerate(regions):
        found = region.cells_at(chars.boxes)
        mine = (found >= 0) & (table < 0)
        table[mine], cell[mine] = number, found[mine]
    # An inferred space or line end belongs to what was drawn before it.
    before = np.maximum.accumulate(np.where(chars.made_up, 0, np.arange(len(chars))))
    table, cell = table[before], cell[before]
    if len(chars) and chars.made_up[0]:
        lead = int(np.argmin(chars.made_up)) if not chars.made_up.all() else len(chars)
        table[:lead] = cell[:lead] = -1
    return table, cell
