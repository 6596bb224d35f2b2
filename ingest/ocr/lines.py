"""Recognised lines in upright pixels, with a box for each character."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ingest.ocr.engine import Pixels, Quads, Reading, cut_out, read_lines
from ingest.ocr.pose import Pose
from ingest.ocr.punctuation import settled

Boxes = NDArray[np.float32]
_NO_BOX = np.full((1, 4), np.nan, dtype=np.float32)
_LEADING = 1.45  # the finder gives a line this many times the height of its type
_ROOMY = frozenset("（《“，。、；：）》”()")
_LEAST = 0.5  # mean confidence; below it the marks are no text: dirt, a signature, part of a drawing


@dataclass(frozen=True, slots=True)
class Line:
    """boxes : left, top, right, bottom of each character in upright pixels, shape (len(text), 4); NaN for a made-up space.

    confidences : of each character, 0 to 1; None for words that were not recognised but stand in the file as text.
    """

    text: str
    boxes: Boxes
    confidences: tuple[float, ...] | None

    @property
    def box(self) -> tuple[float, float, float, float]:
        """left, top, right, bottom around all characters."""
        left, top = np.nanmin(self.boxes[:, :2], axis=0)
        right, bottom = np.nanmax(self.boxes[:, 2:], axis=0)
        return float(left), float(top), float(right), float(bottom)

    @property
    def height(self) -> float:
        """Median height of the characters, a little more than the size of the type."""
        return float(np.nanmedian(self.boxes[:, 3] - self.boxes[:, 1]))

    @property
    def confidence(self) -> int | None:
        """Percent, rounded down; None for words that were not recognised.

        Half way between the mean and the least certain figure or character: one misread figure spoils a line, however
        certain the rest of it is. Marks do not count: which comma it is changes nothing.
        """
        if self.confidences is None:
            return None
        mean = sum(self.confidences) / len(self.confidences)
        signs = [certain for char, certain in zip(self.text, self.confidences, strict=True) if char.isalnum()]
        return int(50 * (mean + min(signs, default=mean)))

    def part(self, chosen: Sequence[int]) -> Line:
        """The characters at these positions."""
        kept = None if self.confidences is None else tuple(self.confidences[index] for index in chosen)
        return Line("".join(self.text[index] for index in chosen), self.boxes[list(chosen)], kept)


def is_wide(char: str) -> bool:
    """Whether the character is as wide as it is high."""
    return unicodedata.east_asian_width(char) in "WF"


def recognised(image: Pixels, quads: Quads, pose: Pose) -> list[Line]:
    """The lines of a displayed picture (h, w, 3), in the order of `quads` (n, 4, 2 in upright pixels)."""
    cuts = [cut_out(image, quad) for quad in pose.back(quads)]
    found = []
    for quad, reading in zip(quads, read_lines(cuts), strict=True):
        line = placed(quad, reading)
        if line is not None and reading.confidence >= _LEAST:
            found.append(line)
    return found


def placed(quad: NDArray[np.float32], reading: Reading) -> Line | None:
    """The reading with a box for each character; None when it has no ink."""
    places = [
        index for index, char in enumerate(reading.text) if not (char.isspace() and _needless(reading.text, index))
    ]
    if not places:
        return None
    stripped = "".join(reading.text[index] for index in places)
    confidences = [reading.confidences[index] for index in places]
    centres = [reading.centres[index] for index in places]
    length = float(np.linalg.norm(quad[1] - quad[0])) or 1.0
    height = float(np.linalg.norm(quad[3] - quad[0]))
    text, lost = settled(stripped, centres, height / length / _LEADING)
    if lost is not None:
        centres.insert(lost, (centres[lost - 1] + centres[lost]) / 2)
        confidences.insert(lost, min(confidences))
    boxes = np.empty((len(text), 4), dtype=np.float32)
    for row, (start, end) in enumerate(_edges(centres, text, height / length)):
        corners = np.concatenate(
            [quad[0] + (quad[1] - quad[0]) * [[start], [end]], quad[3] + (quad[2] - quad[3]) * [[start], [end]]]
        )
        boxes[row] = *corners.min(axis=0), *corners.max(axis=0)
    return Line(text, boxes, tuple(confidences))


def _needless(text: str, index: int) -> bool:
    """Whether a space stands at an end of the line or beside a wide mark, which brings its own room."""
    before, after = text[:index].rstrip()[-1:], text[index + 1 :].lstrip()[:1]
    return not before or not after or before in _ROOMY or after in _ROOMY


def _edges(centres: Sequence[float], text: str, em: float) -> list[tuple[float, float]]:
    """Start and end of each character along the line, as shares of its length.

    Neighbours meet half way, but no character is wider than its height (a Chinese one) or two thirds of it (a figure).
    em : height of the line as a share of its length.
    """
    edges = []
    for index, centre in enumerate(centres):
        reach = em * (0.5 if is_wide(text[index]) else 0.33)
        start = (centres[index - 1] + centre) / 2 if index else 0.0
        end = (centre + centres[index + 1]) / 2 if index + 1 < len(centres) else 1.0
        edges.append((max(start, centre - reach, 0.0), min(end, centre + reach, 1.0)))
    return edges


def glue(parts: Sequence[Line]) -> Line:
    """Lines as one; between Latin words or figures of two of them stands a made-up space."""
    text, boxes = "", list[Boxes]()
    confidences: list[float] = []
    for part in parts:
        if gap(text, part.text):
            text += " "
            boxes.append(_NO_BOX)
            confidences.append(1.0)
        text += part.text
        boxes.append(part.boxes)
        confidences.extend(part.confidences or (1.0,) * len(part.text))
    recognised_too = any(part.confidences is not None for part in parts)
    return Line(text, np.concatenate(boxes), tuple(confidences) if recognised_too else None)


def gap(before: str, after: str) -> str:
    """What stands between two pieces of one text: a space between Latin words or figures, else nothing."""
    return " " if before and after and _latin(before[-1]) and _latin(after[0]) else ""


def _latin(char: str) -> bool:
    return not is_wide(char) and char.isalnum()
