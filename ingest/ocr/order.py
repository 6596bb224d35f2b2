"""The order in which the parts of a page are read: rows from top to bottom, columns one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar

import numpy as np


class Placed(Protocol):
    """Anything with a box: left, top, right, bottom in upright pixels."""

    @property
    def box(self) -> tuple[float, float, float, float]:
        """left, top, right, bottom."""
        ...


P = TypeVar("P", bound=Placed)
_LEAST_LINES = 4  # on each side of a gutter
_MOST_ACROSS = 0.4  # share of lines that may run across the gutter: the title, a table
_FULL = 0.6  # lines of running text fill this share of their column; cells of a table do not


def rows(parts: Sequence[P]) -> list[list[P]]:
    """The parts by printed row in reading order; in a page of two columns the left column's rows come first."""
    found: list[list[P]] = []
    for band in _bands(parts):
        found.extend(_rows(band))
    return found


def _bands(parts: Sequence[P]) -> list[list[P]]:
    """Parts that are read together, in order: what runs across the page, then the left and the right column below it."""
    gutter = _gutter(parts)
    if gutter is None:
        return [list(parts)]
    across = sorted((part for part in parts if part.box[0] < gutter < part.box[2]), key=lambda part: part.box[1])
    limits = [(part.box[1] + part.box[3]) / 2 for part in across] + [np.inf]
    bands: list[list[P]] = []
    above = -np.inf
    for index, limit in enumerate(limits):
        inside = [part for part in parts if above <= (part.box[1] + part.box[3]) / 2 < limit and part not in across]
        for side in ([p for p in inside if p.box[2] <= gutter], [p for p in inside if p.box[0] >= gutter]):
            bands.extend(_bands(side) if side else [])
        if index < len(across):
            bands.append([across[index]])
        above = limit
    return bands


def _gutter(parts: Sequence[P]) -> float | None:
    """Where the white strip between two columns of running text stands; None when there is none."""
    if len(parts) < 2 * _LEAST_LINES:
        return None
    boxes = np.array([part.box for part in parts])
    left, right = float(boxes[:, 0].min()), float(boxes[:, 2].max())
    em = float(np.median(boxes[:, 3] - boxes[:, 1]))
    best: tuple[int, float] | None = None
    for x in np.arange(left + 0.3 * (right - left), left + 0.7 * (right - left), em / 4):
        across = int(((boxes[:, 0] < x + em / 3) & (boxes[:, 2] > x - em / 3)).sum())
        if best is None or (across, abs(x - (left + right) / 2)) < (best[0], abs(best[1] - (left + right) / 2)):
            best = across, float(x)
    if best is None or best[0] > _MOST_ACROSS * len(parts):
        return None
    x = best[1]
    sides = boxes[boxes[:, 2] <= x], boxes[boxes[:, 0] >= x]
    for side in sides:
        if len(side) < _LEAST_LINES:
            return None
        widths = side[:, 2] - side[:, 0]
        column = float(side[:, 2].max() - side[:, 0].min())
        if float(np.median(widths)) < _FULL * column or column < 8 * em:
            return None
    shared = min(sides[0][:, 3].max(), sides[1][:, 3].max()) - max(sides[0][:, 1].min(), sides[1][:, 1].min())
    return x if shared > 2 * em else None


def _rows(parts: Sequence[P]) -> list[list[P]]:
    """Parts whose middles stand at one height are one row, left to right."""
    found: list[list[P]] = []
    for part in sorted(parts, key=lambda p: (p.box[1] + p.box[3]) / 2):
        _, top, _, bottom = part.box
        middle = (top + bottom) / 2
        if found and any(other.box[1] <= middle <= other.box[3] and _alike(other, part) for other in found[-1]):
            found[-1].append(part)
        else:
            found.append([part])
    return [sorted(row, key=lambda p: p.box[0]) for row in found]


def _alike(a: Placed, b: Placed) -> bool:
    """Whether each stands beside the other: their heights overlap by half, their widths do not."""
    overlap = min(a.box[3], b.box[3]) - max(a.box[1], b.box[1])
    beside = min(a.box[2], b.box[2]) - max(a.box[0], b.box[0])
    lower, narrower = min(a.box[3] - a.box[1], b.box[3] - b.box[1]), min(a.box[2] - a.box[0], b.box[2] - b.box[0])
    return overlap > 0.5 * lower and beside < 0.5 * narrower
