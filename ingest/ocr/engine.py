"""Finds lines of text in a picture and reads them, with the PP-OCR models that come inside the rapidocr package.

Sessions are made once per process and run on one thread: pages are spread over processes, which uses the cores better
than threads inside one network do.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Quads = NDArray[np.float32]

DETECTION_SIDE = 960  # pixels of the longer side for finding lines; 1280 found no more on A4 and took 1.3 times as long
_MULTIPLE = 32  # the network halves its input five times
_LINE_HEIGHT = 48  # pixels, what the reading network was trained on
_COLUMN = 8  # pixels of a line's width for each of its output columns
_LONGEST = 40  # widths of a line longer than this many heights are squeezed: no printed line on A4 is longer
_BATCH_COLUMNS = 500  # output columns of one batch: more brings no speed and takes memory


@dataclass(frozen=True, slots=True)
class Reading:
    """What one line says.

    confidences : of each character, 0 to 1. centres : where each stands along the line, as a share of its width.
    """

    text: str
    confidences: tuple[float, ...]
    centres: tuple[float, ...]

    @property
    def confidence(self) -> float:
        """Mean over the characters, 0.0 for an empty line."""
        return sum(self.confidences) / len(self.confidences) if self.confidences else 0.0


def find_lines(image: Pixels, side: int = DETECTION_SIDE) -> Quads:
    """Lines of text in an RGB image (h, w, 3) as quadrilaterals of shape (n, 4, 2), in pixels, clockwise from the upper left."""
    height, width = image.shape[:2]
    scale = min(side / max(height, width), 1.0)
    fitting = [max(round(edge * scale / _MULTIPLE), 1) * _MULTIPLE for edge in (width, height)]
    small = cv2.resize(image, fitting, interpolation=cv2.INTER_AREA)
    found, _ = _finder()(_run(_session("det"), _normalised(small)[None]), (height, width))
    return np.asarray(found, dtype=np.float32).reshape(-1, 4, 2)


def cut_out(image: Pixels, quad: NDArray[np.float32]) -> Pixels:
    """The part of the image inside the quadrilateral, upright."""
    width = max(float(np.linalg.norm(quad[0] - quad[1])), float(np.linalg.norm(quad[2] - quad[3])), 1.0)
    height = max(float(np.linalg.norm(quad[0] - quad[3])), float(np.linalg.norm(quad[1] - quad[2])), 1.0)
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32)
    matrix = cv2.getPerspectiveTransform(np.ascontiguousarray(quad, dtype=np.float32), corners)
    size = (max(round(width), 1), max(round(height), 1))
    cut = cv2.warpPerspective(image, matrix, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(cut, dtype=np.uint8)


def read_lines(lines: Sequence[Pixels]) -> list[Reading]:
    """What each upright image of a line says, in the order given."""
    widths = [_fitting_width(line) for line in lines]
    readings: list[Reading] = [Reading("", (), ())] * len(lines)
    batch: list[int] = []
    # Neighbours in width share a batch, so that little of it is padding.
    for index in sorted(range(len(lines)), key=widths.__getitem__):
        if batch and (len(batch) + 1) * widths[index] > _BATCH_COLUMNS * _COLUMN:
            _read_batch(lines, widths, batch, readings)
            batch = []
        batch.append(index)
    if batch:
        _read_batch(lines, widths, batch, readings)
    return readings


def _fitting_width(line: Pixels) -> int:
    """Width in pixels at the height the network reads, rounded up to whole output columns."""
    height, width = line.shape[:2]
    fitting = min(width / max(height, 1), _LONGEST) * _LINE_HEIGHT
    return max(int(np.ceil(fitting / _COLUMN)), 2) * _COLUMN


def _read_batch(lines: Sequence[Pixels], widths: Sequence[int], batch: Sequence[int], readings: list[Reading]) -> None:
    widest = max(widths[index] for index in batch)
    stacked = np.zeros((len(batch), 3, _LINE_HEIGHT, widest), dtype=np.float32)
    for row, index in enumerate(batch):
        small = cv2.resize(lines[index], (widths[index], _LINE_HEIGHT))
        stacked[row, :, :, : widths[index]] = _normalised(small)
    scores = _run(_session("rec"), stacked)
    best, certain = scores.argmax(axis=2), scores.max(axis=2)
    for row, index in enumerate(batch):
        readings[index] = _decode(best[row], certain[row], widths[index] / widest)


def _decode(tokens: NDArray[np.int64], certain: NDArray[np.float32], share: float) -> Reading:
    """Runs of the same token are one character; token 0 separates. share : how much of the columns the line fills."""
    alphabet = _alphabet()
    edges = np.flatnonzero(np.diff(tokens)) + 1
    text, confidences, centres = [], [], []
    for run in np.split(np.arange(len(tokens)), edges):
        token = int(tokens[run[0]])
        if token == 0 or token >= len(alphabet):
            continue
        text.append(alphabet[token])
        confidences.append(float(certain[run].max()))
        centres.append(float((run[0] + run[-1] + 1) / 2 / (len(tokens) * share)))
    return Reading("".join(text), tuple(confidences), tuple(min(centre, 1.0) for centre in centres))


def _normalised(image: NDArray[Any]) -> NDArray[np.float32]:
    """RGB (h, w, 3) 0…255 → BGR (3, h, w) −1…1, as the networks were trained."""
    return np.asarray((image[:, :, ::-1].transpose(2, 0, 1).astype(np.float32) / 127.5) - 1.0, dtype=np.float32)


def _run(session: Any, inputs: NDArray[np.float32]) -> NDArray[np.float32]:
    [name] = [entry.name for entry in session.get_inputs()]
    return np.asarray(session.run(None, {name: inputs})[0])


@functools.cache
def _session(task: str) -> Any:
    """The inference session of the model for "det" (finding) or "rec" (reading)."""
    import onnxruntime
    import rapidocr

    [model] = (Path(rapidocr.__file__).parent / "models").glob(f"PP-OCR*_{task}_*.onnx")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False  # line widths vary: an arena would keep the largest of each
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])


@functools.cache
def _alphabet() -> tuple[str, ...]:
    """Characters by token; 0 separates, the last is the space."""
    listed = _session("rec").get_modelmeta().custom_metadata_map["character"].splitlines()
    return ("", *listed, " ")


@functools.cache
def _finder() -> Any:
    from rapidocr.ch_ppocr_det.utils import DBPostProcess

    return DBPostProcess(thresh=0.3, box_thresh=0.5, max_candidates=3000, unclip_ratio=1.6, use_dilation=True)
