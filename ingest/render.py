"""Draws a page of the original, and marks the words of a citation on it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from ingest.isolate import render_isolated

Box = tuple[float, float, float, float]

_COLOUR = (255, 214, 0)


def render_page(
    path: Path, page_number: int, *, scale: float = 1.5, file: str = "", kind: str = "", source: str = ""
) -> Image.Image:
    """The page (1-based) of a PDF as displayed, RGB; `scale` pixels a point, less for very large pages.

    kind, source : of the file and page as recorded; a page read from a picture ("frame", "part:…") is that picture.

    Drawn in the reading process: the file is untrusted, and pdfium must not be used by two threads at once.
    file : label for sentences; the path is never shown. Raises UnreadableFileError (also for a page there is not) or
    ReaderStoppedError.
    """
    width, height, pixels = render_isolated(path, file or "PDF 文件", page_number, scale, kind=kind, source=source)
    return Image.frombytes("RGB", (width, height), pixels)


def highlight_boxes(char_boxes: NDArray[np.float32], start: int, end: int) -> list[Box]:
    """One box (left, bottom, right, top) for each printed line of the characters `start` to `end` (exclusive), in reading order.

    char_boxes : shape (n, 4) in points, as in ParsedPage; characters without a box are passed over.
    """
    lines: list[Box] = []
    boxes = char_boxes[max(start, 0) : max(end, 0)]
    inked = (boxes[:, 2] > boxes[:, 0]) & (boxes[:, 3] > boxes[:, 1])  # False for NaN
    for left, bottom, right, top in boxes[inked].tolist():
        box = (left, bottom, right, top)
        if lines and _same_line(lines[-1], box):
            lines[-1] = _around(lines[-1], box)
        else:
            lines.append(box)
    return lines


def _same_line(line: Box, box: Box) -> bool:
    """Whether the character goes on with the line: at its height, and not back to the left (the next column or cell)."""
    _, low, right, high = line
    em = max(high - low, box[3] - box[1], box[2] - box[0])
    middle = (box[1] + box[3]) / 2
    return low - 0.35 * em <= middle <= high + 0.35 * em and -0.5 * em <= box[0] - right <= 3 * em


def _around(line: Box, box: Box) -> Box:
    return min(line[0], box[0]), min(line[1], box[1]), max(line[2], box[2]), max(line[3], box[3])


def draw_highlights(image: Image.Image, boxes: Sequence[Box], page_width: float, page_height: float) -> Image.Image:
    """A copy of the page image with the boxes (points) laid over like a marker pen; the words stay readable."""
    if not boxes or page_width <= 0 or page_height <= 0:
        return image.copy()
    across, down = image.width / page_width, image.height / page_height
    marked = Image.new("RGB", image.size, (255, 255, 255))
    pen = ImageDraw.Draw(marked)
    for left, bottom, right, top in boxes:
        margin = 0.12 * (top - bottom) + 1  # ink boxes are tight: a marker covers a little more
        pen.rectangle(
            (
                (left - margin) * across,
                (page_height - top - margin) * down,
                (right + margin) * across,
                (page_height - bottom + margin) * down,
            ),
            fill=_COLOUR,
        )
    # Multiplying keeps black black and turns white yellow, as ink under a marker pen.
    ink = np.asarray(image.convert("RGB"), dtype=np.uint16) * np.asarray(marked, dtype=np.uint16) // 255
    return Image.fromarray(ink.astype(np.uint8))
