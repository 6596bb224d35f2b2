"""How the paper lay on the scanner: on its head, on its side, or a little askew."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ingest.ocr.engine import Pixels, Quads, cut_out, read_lines

_LINES_TRIED = 6
_CERTAIN = 0.85  # mean confidence; a line on its head is read with less than 0.6
_LONG = 2.0  # a line this many times as long as high tells its direction
_LEAST_SKEW = 0.05  # degrees


@dataclass(frozen=True, slots=True)
class Pose:
    """turn : degrees clockwise (0, 90, 180, 270) that put the displayed picture upright. skew : degrees still to turn back.

    width, height : of the picture as displayed, in pixels.
    """

    turn: int
    skew: float
    width: int
    height: int

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the upright picture."""
        return (self.height, self.width) if self.turn in (90, 270) else (self.width, self.height)

    @property
    def matrix(self) -> NDArray[np.float64]:
        """Displayed → upright pixels, as an affine matrix of shape (2, 3)."""
        width, height = self.width, self.height
        turned = {
            0: [[1, 0, 0], [0, 1, 0]],
            90: [[0, -1, height], [1, 0, 0]],
            180: [[-1, 0, width], [0, -1, height]],
            270: [[0, 1, 0], [-1, 0, width]],
        }[self.turn]
        across, down = self.size
        angle = np.deg2rad(-self.skew)
        rotation = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        centre = np.array([across / 2, down / 2])
        first = np.array(turned, dtype=np.float64)
        moved = rotation @ first
        moved[:, 2] += centre - rotation @ centre
        return moved

    def upright(self, points: NDArray[np.float32]) -> NDArray[np.float32]:
        """Displayed points (..., 2) → upright."""
        matrix = self.matrix
        return np.asarray(points @ matrix[:, :2].T + matrix[:, 2], dtype=np.float32)

    def back(self, points: NDArray[np.float32]) -> NDArray[np.float32]:
        """Upright points (..., 2) → displayed."""
        matrix = self.matrix
        return np.asarray((points - matrix[:, 2]) @ np.linalg.inv(matrix[:, :2]).T, dtype=np.float32)

    def upright_boxes(self, boxes: NDArray[np.float32]) -> NDArray[np.float32]:
        """Displayed boxes (n, 4) left, top, right, bottom → the boxes around them upright."""
        return _around(self.upright(_corners(boxes)))

    def displayed(self, boxes: NDArray[np.float32]) -> NDArray[np.float32]:
        """Upright boxes (n, 4) left, top, right, bottom → the boxes around them as displayed."""
        return _around(self.back(_corners(boxes)))

    def straightened(self, image: Pixels) -> Pixels:
        """The displayed picture (h, w, 3) or mask (h, w) put upright."""
        if self.turn == 0 and self.skew == 0.0:
            return image
        across, down = self.size
        turned = cv2.warpAffine(
            image, self.matrix, (across, down), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        )
        return np.asarray(turned, dtype=np.uint8)


def _corners(boxes: NDArray[np.float32]) -> NDArray[np.float32]:
    left, top, right, bottom = boxes.T
    return np.stack([left, top, right, top, right, bottom, left, bottom], axis=1).reshape(-1, 4, 2)


def _around(corners: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.concatenate([corners.min(axis=1), corners.max(axis=1)], axis=1).astype(np.float32)


def text_height(quads: Quads) -> float:
    """Median height of upright lines (n, 4, 2) in pixels: a little more than the size of the type. 30.0 without lines."""
    return float(np.median(_extents(quads)[1])) if len(quads) else 30.0


def pose_of(image: Pixels, quads: Quads) -> Pose:
    """The pose of a displayed picture (h, w, 3) with these lines (n, 4, 2)."""
    height, width = image.shape[:2]
    turn = _turn(image, quads)
    straight = Pose(turn, 0.0, width, height)
    return Pose(turn, _skew(in_order(straight.upright(quads))), width, height)


def in_order(quads: Quads) -> Quads:
    """The same quadrilaterals, each beginning with its upper left corner after a turn of the page."""
    ordered = np.empty_like(quads)
    for index, quad in enumerate(quads):
        first = int(np.argmin(quad.sum(axis=1)))
        ordered[index] = np.roll(quad, -first, axis=0)
    return ordered


def _extents(quads: Quads) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Lengths of the upper and of the left edges."""
    return np.linalg.norm(quads[:, 1] - quads[:, 0], axis=1), np.linalg.norm(quads[:, 3] - quads[:, 0], axis=1)


def _turn(image: Pixels, quads: Quads) -> int:
    if len(quads) == 0:
        return 0
    across, down = _extents(quads)
    flat, tall = across > _LONG * down, down > _LONG * across
    sideways = float(down[tall].sum()) > float(across[flat].sum())
    chosen = np.flatnonzero(tall if sideways else flat)
    if len(chosen) == 0:
        return 0
    lengths = (down if sideways else across)[chosen]
    samples = [cut_out(image, quads[index]) for index in chosen[np.argsort(-lengths, kind="stable")][:_LINES_TRIED]]
    best, certainty = 0, -1.0
    for turn in (90, 270) if sideways else (0, 180):
        readings = read_lines([np.ascontiguousarray(np.rot90(sample, -turn // 90)) for sample in samples])
        certain = sum(reading.confidence for reading in readings) / len(readings)
        if certain > certainty:
            best, certainty = turn, certain
        if certain > _CERTAIN:
            break
    return best


def _skew(quads: Quads) -> float:
    """Degrees the lines fall to the right (clockwise); 0.0 when too few lines tell."""
    across, down = _extents(quads)
    long = quads[across > 4 * down]
    if len(long) < 3:
        return 0.0
    edges = (long[:, 1] - long[:, 0]) + (long[:, 2] - long[:, 3])
    angle = float(np.median(np.degrees(np.arctan2(edges[:, 1], edges[:, 0]))))
    return angle if abs(angle) >= _LEAST_SKEW else 0.0
