"""Ruled tables in an upright picture: the cells between the printed lines, merged cells included."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.uint8]
Place = tuple[int, int, int, int]  # row, column, rows, columns

_RULE = 1.3  # a rule is at least this many heights of the text long: no stroke of a character is
_THICK = 0.3  # and less than this many heights thick
_DARKER = 24  # a rule is this much darker than the paper beside it, out of 255
_DRAWN = 0.6  # share of a cell's side that must be drawn for it to be a border
_BLUR = 5  # pixels; more would join the strokes of bold characters to rules
_MOST_CELLS = 5000


@dataclass(slots=True)
class Ruled:
    """A table. xs : column borders left to right; ys : row borders top to bottom, in upright pixels.

    owner : (row, column) of the grid → the cell that covers it.
    """

    xs: list[float]
    ys: list[float]
    owner: dict[tuple[int, int], Place] = field(default_factory=dict)

    @property
    def box(self) -> tuple[float, float, float, float]:
        """left, top, right, bottom."""
        return self.xs[0], self.ys[0], self.xs[-1], self.ys[-1]

    @property
    def cells(self) -> list[Place]:
        """Every cell once, row by row."""
        return sorted(set(self.owner.values()))

    def inside(self, cell: Place) -> tuple[float, float, float, float]:
        """left, top, right, bottom of a cell, from rule to rule."""
        row, column, tall, wide = cell
        return self.xs[column], self.ys[row], self.xs[column + wide], self.ys[row + tall]

    def cell_at(self, x: float, y: float) -> Place | None:
        """The cell that holds a point, None outside the table."""
        if not (self.xs[0] <= x <= self.xs[-1] and self.ys[0] <= y <= self.ys[-1]):
            return None
        column = min(max(int(np.searchsorted(self.xs, x)) - 1, 0), len(self.xs) - 2)
        row = min(max(int(np.searchsorted(self.ys, y)) - 1, 0), len(self.ys) - 2)
        return self.owner[row, column]


def tables_in(grey: NDArray[Any], em: float) -> list[Ruled]:
    """The ruled tables of at least two cells side by side. grey : upright, shape (h, w). em : height of the text in pixels."""
    flat, tall = _rules(grey, em)
    both = cv2.dilate(flat | tall, np.ones((3, 3), dtype=np.uint8), iterations=2)
    count, _, stats, _ = cv2.connectedComponentsWithStats(both)
    found = []
    for left, top, width, height, _area in stats[1:count]:
        if width < 4 * em or height < em:
            continue
        part = np.s_[top : top + height, left : left + width]
        table = _table(flat[part], tall[part], em, left, top)
        if table is not None:
            found.append(table)
    return _outermost(found)


def _rules(grey: NDArray[Any], em: float) -> tuple[Mask, Mask]:
    """Masks of the horizontal and the vertical rules, 0 or 1."""
    return _flat(grey, em), np.ascontiguousarray(_flat(np.ascontiguousarray(grey.T), em).T)


def _flat(grey: NDArray[Any], em: float) -> Mask:
    """What is thin, dark and long from left to right: strokes of characters are too short, bars and pictures too thick."""
    # Blurred a little along the rule, a hairline keeps its contrast while noise loses its own.
    along = cv2.blur(grey, (_BLUR, 1))
    thin = cv2.morphologyEx(along, cv2.MORPH_BLACKHAT, np.ones((max(int(_THICK * em), 7) | 1, 1), dtype=np.uint8))
    dark = (thin > _DARKER).astype(np.uint8)
    length = max(int(_RULE * em), 12)
    # A rule that falls a little as it goes on, because the page is not quite straight, is still one rule.
    joined = cv2.dilate(dark, np.ones((3, 1), dtype=np.uint8))
    long = cv2.morphologyEx(joined, cv2.MORPH_OPEN, np.ones((1, length), dtype=np.uint8))
    return np.asarray(cv2.morphologyEx(long, cv2.MORPH_CLOSE, np.ones((1, length), dtype=np.uint8)), dtype=np.uint8)


def _table(flat: Mask, tall: Mask, em: float, left: int, top: int) -> Ruled | None:
    ys, xs = _positions(flat, em), _positions(tall.T, em)
    if len(ys) < 2 or len(xs) < 3 or len(ys) * len(xs) > _MOST_CELLS:
        return None
    reach = max(int(em / 4), 3)

    def drawn(mask: Mask, at: float, start: float, end: float) -> bool:
        """Whether the rule at height `at` is drawn between start and end (of a mask whose rules are horizontal)."""
        inset = min(reach, (end - start) / 4)
        band = mask[
            max(int(at) - reach, 0) : int(at) + reach + 1,
            int(start + inset) : max(int(end - inset), int(start + inset) + 1),
        ]
        return band.size > 0 and float(band.max(axis=0).mean()) >= _DRAWN

    upright = np.ascontiguousarray(tall.T)
    # A stroke of a character may look like a short rule, but it does not reach from one border to the next.
    ys = [y for y in ys if any(drawn(flat, y, start, end) for start, end in pairwise(xs))]
    xs = [x for x in xs if any(drawn(upright, x, start, end) for start, end in pairwise(ys))]
    rows, columns = len(ys) - 1, len(xs) - 1
    if rows < 1 or columns < 2:
        return None
    beside = {
        (row, column)
        for row in range(rows)
        for column in range(columns - 1)
        if not drawn(upright, xs[column + 1], ys[row], ys[row + 1])
    }
    below = {
        (row, column)
        for row in range(rows - 1)
        for column in range(columns)
        if not drawn(flat, ys[row + 1], xs[column], xs[column + 1])
    }
    owner = _merged(rows, columns, beside, below)
    if len({cell[1] for cell in owner.values()}) < 2:
        return None
    return Ruled([x + left for x in xs], [y + top for y in ys], owner)


def _positions(mask: Mask, em: float) -> list[float]:
    """Heights of the horizontal rules in a mask, top to bottom; pieces at nearly one height are one rule."""
    count, _, stats, middles = cv2.connectedComponentsWithStats(np.ascontiguousarray(mask))
    pieces = sorted((float(middles[index][1]), int(stats[index][2])) for index in range(1, count))
    groups: list[list[tuple[float, int]]] = []
    for middle, length in pieces:
        if groups and middle - groups[-1][-1][0] <= 0.35 * em:
            groups[-1].append((middle, length))
        else:
            groups.append([(middle, length)])
    return [
        sum(middle * length for middle, length in group) / sum(length for _, length in group)
        for group in groups
        if sum(length for _, length in group) >= 1.2 * em
    ]


def _merged(
    rows: int, columns: int, beside: set[tuple[int, int]], below: set[tuple[int, int]]
) -> dict[tuple[int, int], Place]:
    """Places joined with their right (`beside`) or lower (`below`) neighbour, as rectangular cells."""
    root = {(row, column): (row, column) for row in range(rows) for column in range(columns)}

    def find(place: tuple[int, int]) -> tuple[int, int]:
        while root[place] != place:
            place = root[place]
        return place

    for row, column in beside:
        root[find((row, column + 1))] = find((row, column))
    for row, column in below:
        root[find((row + 1, column))] = find((row, column))
    groups: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for place in root:
        groups.setdefault(find(place), []).append(place)
    owner: dict[tuple[int, int], Place] = {}
    for members in groups.values():
        first = min(row for row, _ in members), min(column for _, column in members)
        last = max(row for row, _ in members), max(column for _, column in members)
        cell = (*first, last[0] - first[0] + 1, last[1] - first[1] + 1)
        if cell[2] * cell[3] == len(members):
            owner.update(dict.fromkeys(members, cell))
        else:  # a rule that is worn away must not make one cell of an L shape
            owner.update({place: (*place, 1, 1) for place in members})
    return owner


def _outermost(tables: Sequence[Ruled]) -> list[Ruled]:
    """Tables that stand inside a cell of another are part of it."""
    return [
        table for table in tables if not any(other is not table and _within(table.box, other.box) for other in tables)
    ]


def _within(inner: tuple[float, float, float, float], outer: tuple[float, float, float, float]) -> bool:
    return inner[0] >= outer[0] and inner[1] >= outer[1] and inner[2] <= outer[2] and inner[3] <= outer[3]
