"""The text layer of a drawn PDF page, held against what the page shows.

What is drawn counts. Words of the layer are taken, because they are exact, where the same words are seen on the page and
no picture lies there; words that only the layer knows are told as a finding.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium_c
from numpy.typing import NDArray

from ingest.ocr.lines import Line
from ingest.readers.pdf_chars import view_of
from ingest.readers.pdf_repair import open_pdf

_ALIKE = 0.6  # share of a line's characters the layer and the picture must have in common
_CERTAIN = 90  # percent: from this confidence on, a figure the layer writes otherwise is no fault of recognition
_LEAST = 4  # Chinese characters or figures: shorter scraps of a scanner's own layer are noise
_FEW_CHINESE = 0.2
_MOST_CHARS = 20_000
_WORDS = re.compile(r"[\u3400-\u9fff\d]")
_FIGURES = re.compile(r"\d+(?:[.,]\d+)*")


@dataclass(frozen=True, slots=True)
class LayerLine:
    """boxes : left, top, right, bottom of each character as displayed, as shares of the page's width and height.

    over_picture : a picture covers the place, so that the layer is not what a reader sees.
    """

    text: str
    boxes: NDArray[np.float32]
    over_picture: bool


def layer_of(path: Path, file: str, number: int) -> list[LayerLine]:
    """The lines of the text layer of a PDF page; [] when it has none or it cannot be read."""
    with closing(open_pdf(path, file)) as document:
        try:
            page = document[number - 1]
            textpage = page.get_textpage()
        except pypdfium2.PdfiumError:
            return []  # the page is read from its picture alone
        with closing(page), closing(textpage):
            return _lines(page, textpage)


def _lines(page: Any, textpage: Any) -> list[LayerLine]:
    view = view_of(page)
    width, height = view.size
    count = textpage.count_chars()
    if not 0 < count <= _MOST_CHARS or width <= 0 or height <= 0:
        return []
    codes = [pdfium_c.FPDFText_GetUnicode(textpage, index) for index in range(count)]
    raw = np.zeros((count, 4))
    edges = [ctypes.c_double() for _ in range(4)]
    for index in range(count):
        if pdfium_c.FPDFText_GetCharBox(textpage, index, *(ctypes.byref(edge) for edge in edges)):
            left, right, bottom, top = (edge.value for edge in edges)
            raw[index] = left, bottom, right, top
    boxes = view.boxes(raw)
    shares = np.stack(
        [boxes[:, 0] / width, 1 - boxes[:, 3] / height, boxes[:, 2] / width, 1 - boxes[:, 1] / height], axis=1
    )
    pictures = _pictures(page, view)
    found: list[LayerLine] = []
    held: list[int] = []
    for index in [*range(count), -1]:
        char = chr(codes[index]) if index >= 0 and not 0xD800 <= codes[index] <= 0xDFFF else "\n"
        if char not in "\r\n":
            held.append(index)
            continue
        text = "".join(chr(codes[at]) for at in held)
        if text.strip():
            inked = shares[held]
            middle = float((inked[:, 0].min() + inked[:, 2].max()) / 2), float((inked[:, 1] + inked[:, 3]).mean() / 2)
            over = any(box[0] <= middle[0] <= box[2] and box[1] <= middle[1] <= box[3] for box in pictures)
            found.append(LayerLine(text, inked.astype(np.float32), over))
        held = []
    return found


def _pictures(page: Any, view: Any) -> list[tuple[float, float, float, float]]:
    """Boxes of the pictures on a page as shares of its width and height: left, top, right, bottom."""
    width, height = view.size
    bounds = [picture.get_bounds() for picture in page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE], max_depth=3)]
    if not bounds:
        return []
    boxes = view.boxes(np.array(bounds, dtype=np.float64))
    return [
        (float(left) / width, 1 - float(top) / height, float(right) / width, 1 - float(bottom) / height)
        for left, bottom, right, top in boxes
    ]


def compared(layer: Sequence[Line], over: Sequence[bool], seen: Sequence[Line]) -> tuple[list[Line], list[str]]:
    """The lines of the page, and what only the layer says.

    layer, seen : lines of the text layer and of the picture, all in upright pixels. over : which layer lines a picture covers.
    """
    exact: list[Line] = []
    told: list[str] = []
    for line, covered in zip(layer, over, strict=True):
        same = [other for other in seen if share_inside(other, line) > 0.5 or share_inside(line, other) > 0.5]
        if not _agree(line, same):
            told.append(line.text.strip())
        elif not covered:
            exact.append(line)
    kept = [line for line in seen if not _covered(line, exact)] + exact
    return kept, [] if _is_garbled(layer, told) else [text for text in told if len(_WORDS.findall(text)) >= _LEAST]


def _covered(line: Line, exact: Sequence[Line]) -> bool:
    """Whether most characters of a recognised line stand where a line of the layer has its own."""
    if not exact:
        return False
    left, top, right, bottom = np.concatenate([other.boxes for other in exact]).T
    across, down = (line.boxes[:, 0] + line.boxes[:, 2]) / 2, (line.boxes[:, 1] + line.boxes[:, 3]) / 2
    margin = line.height / 3
    inside = (
        (across[:, None] >= left - margin)
        & (across[:, None] <= right + margin)
        & (down[:, None] >= top - margin)
        & (down[:, None] <= bottom + margin)
    )
    return float(inside.any(axis=1).mean()) > 0.5


def _is_garbled(layer: Sequence[Line], told: Sequence[str]) -> bool:
    """Whether the layer is a heap of wrong signs, as fonts without a character map leave it, rather than other words."""
    text = "".join(line.text for line in layer)
    chinese = sum("\u3400" <= char <= "\u9fff" for char in text)
    return 2 * sum(map(len, told)) > len(text) and chinese < _FEW_CHINESE * len(text)


def _agree(line: Line, same: Sequence[Line]) -> bool:
    """Whether the picture shows what the layer line says: most characters, and every figure that was read for certain."""
    mine = "".join(line.text.split())
    theirs = "".join("".join(other.text.split()) for other in sorted(same, key=lambda other: other.box[0]))
    matcher = SequenceMatcher(None, mine, theirs, autojunk=False)
    if sum(block.size for block in matcher.get_matching_blocks()) < _ALIKE * len(mine) or not theirs:
        return False
    if any((other.confidence or 0) < _CERTAIN for other in same):
        return True
    seen = {figure.replace(",", "") for other in same for figure in _FIGURES.findall(other.text)}
    stated = [figure.replace(",", "") for figure in _FIGURES.findall(line.text)]
    return all(len(figure) < 2 or any(figure in other for other in seen) for figure in stated)


def share_inside(inner: Line, outer: Line) -> float:
    """Share of the inner line's box that lies in the outer one's."""
    a, b = inner.box, outer.box
    across, down = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    area = (a[2] - a[0]) * (a[3] - a[1])
    return max(across, 0.0) * max(down, 0.0) / area if area > 0 else 0.0
