"""Which PDF pages may hide words: a quick look at all objects of a page, so that honest pages need no close one.

Every condition is at least as wide as that of `pdf_hidden`, which looks closely at the pages found here.
"""

from __future__ import annotations

import ctypes
from collections import deque
from collections.abc import Sequence
from itertools import repeat
from typing import Any

import numpy as np
import pypdfium2.raw as pdfium_c
from numpy.typing import NDArray

from ingest.readers.pdf_calls import fast_call
from ingest.readers.pdf_drawing import Drawing

LIGHT, ALIKE, FAINT = 200, 48, 40  # of 255: see pdf_hidden
_TOUCHED = 0.05  # share of a text that something else must cover to matter
_SHOWN = 0.1  # share of an object that must lie inside its clipping path
_PAINTED = {pdfium_c.FPDF_TEXTRENDERMODE_FILL, pdfium_c.FPDF_TEXTRENDERMODE_FILL_STROKE}
_GROUNDS = (pdfium_c.FPDF_PAGEOBJ_IMAGE, pdfium_c.FPDF_PAGEOBJ_SHADING, pdfium_c.FPDF_PAGEOBJ_PATH)
_MAX_PAIRS = 4_000_000

_P, _I = ctypes.c_void_p, ctypes.c_int
_mode = fast_call(pdfium_c.FPDFTextObj_GetTextRenderMode, _I, _P)
_soft = fast_call(pdfium_c.FPDFPageObj_HasTransparency, _I, _P)
_color = fast_call(pdfium_c.FPDFPageObj_GetFillColor, _I, *(_P,) * 5)
_bounds = fast_call(pdfium_c.FPDFPageObj_GetBounds, _I, *(_P,) * 5)
_draw_mode = fast_call(pdfium_c.FPDFPath_GetDrawMode, _I, _P, _P, _P)
_marks = fast_call(pdfium_c.FPDFPageObj_CountMarks, _I, _P)
_mark = fast_call(pdfium_c.FPDFPageObj_GetMark, _P, _P, ctypes.c_ulong)
_mark_name = fast_call(pdfium_c.FPDFPageObjMark_GetName, _I, _P, _P, ctypes.c_ulong, _P)
_clip = fast_call(pdfium_c.FPDFPageObj_GetClipPath, _P, _P)
_clip_paths = fast_call(pdfium_c.FPDFClipPath_CountPaths, _I, _P)
_clip_segments = fast_call(pdfium_c.FPDFClipPath_CountPathSegments, _I, _P, _I)
_clip_segment = fast_call(pdfium_c.FPDFClipPath_GetPathSegment, _P, _P, _I, _I)
_point = fast_call(pdfium_c.FPDFPathSegment_GetPoint, _I, _P, _P, _P)


def may_hide(drawing: Drawing, *, layers: bool = True) -> bool:
    """Whether any text on the page may be unseen for what it is drawn with, or for what is drawn over or under it."""
    handles, kinds = drawing.handles, drawing.kinds
    if drawing.forms:
        return True  # what is inside a form may belong to a layer, or lie anywhere
    order = np.flatnonzero(kinds == pdfium_c.FPDF_PAGEOBJ_TEXT)
    texts = handles if len(order) == len(handles) else [handles[at] for at in order.tolist()]
    if not texts:
        return False
    if any(map(_soft, texts)) or not _PAINTED.issuperset(map(_mode, texts)):
        return True
    colors = _columns(_color, texts, np.uint32)
    if int(colors[:, 3].min()) < 255 - FAINT or int(colors[:, :3].min(axis=1).max()) >= LIGHT:
        return True
    if layers and _any_layered(texts):
        return True
    clips = list(map(_clip, texts))
    paths = list(map(_clip_paths, clips))
    grounds = np.flatnonzero(np.isin(kinds, _GROUNDS)) if len(texts) < len(handles) else order[:0]
    if max(paths) <= 0 and not len(grounds):
        return False
    bounds = _columns(_bounds, texts, np.float32).astype(np.float64)
    if max(paths) > 0 and _any_clipped(clips, np.array(paths), bounds):
        return True
    return bool(len(grounds)) and _meets(order, bounds, colors, grounds, kinds, handles)


def _columns(function: Any, handles: Sequence[int], kind: type[np.generic]) -> NDArray[Any]:
    """Four values of 4 bytes that pdfium gives for each handle, shape (n, 4); zeros where it gives none."""
    found = np.zeros((len(handles), 4), dtype=kind)
    at = found.ctypes.data
    places = (range(at + 4 * part, at + 4 * part + 16 * len(handles), 16) for part in range(4))
    deque(map(function, handles, *places), maxlen=0)
    return found


def _any_layered(texts: Sequence[int]) -> bool:
    """Whether a mark of any of the texts is OC, that of optional content."""
    counts = list(map(_marks, texts))
    marks = [
        mark
        for text, count in zip(texts, counts, strict=True)
        if count
        for mark in map(_mark, repeat(text), range(count))
    ]
    names, lengths = np.zeros((len(marks), 4), dtype=np.uint16), np.zeros(len(marks), dtype=np.uint64)
    at, length = names.ctypes.data, lengths.ctypes.data
    deque(
        map(
            _mark_name,
            marks,
            range(at, at + 8 * len(marks), 8),
            repeat(8),
            range(length, length + 8 * len(marks), 8),
        ),
        maxlen=0,
    )
    # Two letters and the closing zero, 16 bits each; the length is of four bytes on Windows, and zeros follow.
    return bool(((lengths == 6) & (names[:, 0] == ord("O")) & (names[:, 1] == ord("C"))).any())


def _any_clipped(clips: Sequence[int], paths: NDArray[np.intp], bounds: NDArray[np.float64]) -> bool:
    """Whether next to nothing of a text lies inside its clipping path."""
    if (paths > 1).any() and any(
        _is_clipped(clips[at], bounds[at].tolist()) for at in np.flatnonzero(paths > 1).tolist()
    ):
        return True
    single = np.flatnonzero(paths == 1)
    if not len(single):
        return False
    # Nearly all clips are one upright rectangle, and two corners tell it; whatever else it is gets a close look.
    clips = [clips[at] for at in single.tolist()]
    first = list(map(_clip_segment, clips, repeat(0), repeat(0)))
    third = list(map(_clip_segment, clips, repeat(0), repeat(2)))
    if not all(first) or not all(third):
        return True
    corners = np.zeros((2, len(clips), 2), dtype=np.float32)
    for at, segments in zip(
        (corners.ctypes.data, corners.ctypes.data + corners[0].nbytes), (first, third), strict=True
    ):
        ends = at + 8 * len(clips)
        deque(map(_point, segments, range(at, ends, 8), range(at + 4, ends + 4, 8)), maxlen=0)
    low, high = corners.min(axis=0), corners.max(axis=0)
    own = bounds[single]
    shown = np.minimum(own[:, 2:], high) - np.maximum(own[:, :2], low)
    whole = np.maximum(own[:, 2:] - own[:, :2], 0).prod(axis=1)
    doubtful = np.flatnonzero((shown <= 0).any(axis=1) | (shown.prod(axis=1) <= _SHOWN * whole))
    return any(_is_clipped(clips[at], own[at].tolist()) for at in doubtful.tolist())


def _is_clipped(clip: int, bounds: Sequence[float]) -> bool:
    left, bottom, right, top = bounds
    whole = max(right - left, 0.0) * max(top - bottom, 0.0)
    values = (ctypes.c_float * 2)()
    at = ctypes.addressof(values)
    for path in range(_clip_paths(clip)):
        xs, ys = [], []
        for part in range(max(_clip_segments(clip, path), 0)):
            if _point(_clip_segment(clip, path, part), at, at + 4):
                xs.append(values[0])
                ys.append(values[1])
        if not xs:
            return True
        left, bottom, right, top = max(left, min(xs)), max(bottom, min(ys)), min(right, max(xs)), min(top, max(ys))
    return max(right - left, 0.0) * max(top - bottom, 0.0) <= _SHOWN * whole


def _meets(
    order: NDArray[np.intp],
    bounds: NDArray[np.float64],
    colors: NDArray[np.uint32],
    grounds: NDArray[np.intp],
    kinds: NDArray[np.intp],
    handles: Sequence[int],
) -> bool:
    """Whether a picture, a shading or a filled shape covers part of a text, or lies under one in nearly the same colour."""
    under = [handles[at] for at in grounds.tolist()]
    plain = kinds[grounds] == pdfium_c.FPDF_PAGEOBJ_PATH
    modes = (ctypes.c_int * 2)()
    at = ctypes.addressof(modes)
    filled = [
        not path or (bool(_draw_mode(one, at, at + 4)) and modes[0] != 0)
        for one, path in zip(under, plain, strict=True)
    ]
    keep = np.array(filled, dtype=np.bool_)
    under, plain, grounds = [one for one, kept in zip(under, filled, strict=True) if kept], plain[keep], grounds[keep]
    if len(order) * len(under) > _MAX_PAIRS:
        return True
    boxes = _columns(_bounds, under, np.float32).astype(np.float64)
    shades = _columns(_color, under, np.uint32).astype(np.int64)
    wide = np.minimum(bounds[:, None, 2], boxes[None, :, 2]) - np.maximum(bounds[:, None, 0], boxes[None, :, 0])
    tall = np.minimum(bounds[:, None, 3], boxes[None, :, 3]) - np.maximum(bounds[:, None, 1], boxes[None, :, 1])
    size = np.maximum((bounds[:, 2] - bounds[:, 0]) * (bounds[:, 3] - bounds[:, 1]), 0)
    touched = (wide > 0) & (tall > 0) & (wide * tall > _TOUCHED * size[:, None])
    if not touched.any():
        return False
    over = grounds[None, :] > order[:, None]
    faint = plain & (shades[:, 3] <= FAINT)
    apart = np.abs(colors[:, None, :3].astype(np.int64) - shades[None, :, :3]).max(axis=2)
    alike = ~plain[None, :] | (apart < ALIKE)
    return bool((touched & ((over & ~faint[None, :]) | (~over & alike))).any())
