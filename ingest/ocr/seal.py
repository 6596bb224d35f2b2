"""Round red seals in an upright picture: where they are, and the name on their rim as far as it can be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ingest.ocr.engine import Pixels, read_lines

_LOOKED_AT = 800  # pixels of the page's shorter side in which seals are looked for
_SMALLEST, _LARGEST = 0.1, 0.36  # diameters as shares of the shorter side; 30 to 58 mm on A4, and larger on a cut page
_ROUND = 0.75  # share of the directions from the middle in which the rim is found
_RIM = np.linspace(0.84, 1.03, 12)
_BAND = 0.56, 0.94  # of the radius: between the star and the rim stands the name
_CERTAIN = 0.7


@dataclass(frozen=True, slots=True)
class Seal:
    """box : left, top, right, bottom in upright pixels. name : on its rim, "" when it cannot be read."""

    box: tuple[int, int, int, int]
    name: str


def seals_in(pixels: Pixels, mask: NDArray[np.bool_]) -> list[Seal]:
    """The seals of a picture (h, w, 3) whose red ink is `mask` (h, w), top to bottom."""
    if not mask.any():
        return []
    return [Seal(box, _name(pixels, box)) for box in _circles(mask)]


def _circles(mask: NDArray[np.bool_]) -> list[tuple[int, int, int, int]]:
    height, width = mask.shape
    scale = min(_LOOKED_AT / min(height, width), 1.0)
    size = max(round(width * scale), 1), max(round(height * scale), 1)
    small = (cv2.resize(mask.astype(np.uint8) * 255, size, interpolation=cv2.INTER_AREA) > 60).astype(np.uint8)
    joined = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((9, 9), dtype=np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(joined)
    shorter = min(size)
    found = []
    for left, top, wide, tall, _area in stats[1:count].tolist():
        if not (
            _SMALLEST * shorter <= min(wide, tall)
            and max(wide, tall) <= _LARGEST * shorter
            and 0.7 < wide / tall < 1.43
        ):
            continue
        if _rim(joined, left + wide / 2, top + tall / 2, wide / 2, tall / 2) >= _ROUND:
            box = (left / scale, top / scale, (left + wide) / scale, (top + tall) / scale)
            found.append((round(box[0]), round(box[1]), round(box[2]), round(box[3])))
    return sorted(found, key=lambda box: box[1])


def _rim(mask: NDArray[Any], x: float, y: float, across: float, down: float) -> float:
    """Share of the directions in which there is ink where the rim of an ellipse would be."""
    angles = np.linspace(0, 2 * np.pi, 120, endpoint=False)[:, None]
    columns = np.clip(np.rint(x + across * _RIM * np.cos(angles)), 0, mask.shape[1] - 1).astype(int)
    rows = np.clip(np.rint(y + down * _RIM * np.sin(angles)), 0, mask.shape[0] - 1).astype(int)
    return float(mask[rows, columns].max(axis=1).mean())


def _name(pixels: Pixels, box: tuple[int, int, int, int]) -> str:
    """The rim unrolled from its lowest point clockwise into one straight line, and read."""
    left, top, right, bottom = box
    part = pixels[max(top, 0) : bottom, max(left, 0) : right].astype(np.int16)
    redness = np.clip(part[:, :, 0] - part[:, :, 1:].max(axis=2), 0, 90)
    ink = (255 - redness * 255 // 90).astype(np.uint8)
    height, width = ink.shape
    side = max(height, width)
    ink = cv2.resize(ink, (side, side), interpolation=cv2.INTER_LINEAR).astype(np.uint8)
    radius = side / 2
    rolled = cv2.warpPolar(
        ink, (round(radius), round(2 * np.pi * radius * 0.78)), (radius, radius), radius, cv2.WARP_POLAR_LINEAR
    )
    # Rows are directions clockwise from the right, columns are distances from the middle.
    band = rolled[:, round(radius * _BAND[0]) : round(radius * _BAND[1])]
    line = np.roll(band.T[::-1], -band.shape[0] // 4, axis=1)
    inked = np.flatnonzero(line.min(axis=0) < 128)
    if len(inked) == 0:
        return ""
    pad = line.shape[0] // 4
    cut = np.pad(line[:, inked[0] : inked[-1] + 1], pad, constant_values=255)
    [reading] = read_lines([np.repeat(cut[:, :, None], 3, axis=2)])
    name = "".join(char for char in reading.text if char.isalnum() or char in "（）")
    return name if reading.confidence >= _CERTAIN and len(name) >= 4 else ""


def without_seals(mask: NDArray[np.bool_], seals: Sequence[Seal]) -> NDArray[np.bool_]:
    """The red ink that belongs to no seal: the red head of an official document, a mark in red pencil."""
    rest = mask.copy()
    for left, top, right, bottom in (seal.box for seal in seals):
        rest[max(top, 0) : bottom + 1, max(left, 0) : right + 1] = False
    return rest
