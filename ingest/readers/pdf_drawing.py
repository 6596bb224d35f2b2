"""What is drawn on a PDF page: pdfium's objects, found without a Python object for each."""

from __future__ import annotations

import ctypes
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Any

import numpy as np
import pypdfium2.raw as pdfium_c
from numpy.typing import NDArray

from ingest.readers.pdf_calls import address_of, fast_call
from ingest.readers.pdf_chars import View

PATH, IMAGE, FORM = pdfium_c.FPDF_PAGEOBJ_PATH, pdfium_c.FPDF_PAGEOBJ_IMAGE, pdfium_c.FPDF_PAGEOBJ_FORM
_DEPTH = 3  # forms inside forms; deeper nesting is not how anybody draws a page
_GRID = 40

_POINTER, _INT = ctypes.c_void_p, ctypes.c_int
_count = fast_call(pdfium_c.FPDFPage_CountObjects, _INT, _POINTER)
_object = fast_call(pdfium_c.FPDFPage_GetObject, _POINTER, _POINTER, _INT)
_type = fast_call(pdfium_c.FPDFPageObj_GetType, _INT, _POINTER)
_form_count = fast_call(pdfium_c.FPDFFormObj_CountObjects, _INT, _POINTER)
_form_object = fast_call(pdfium_c.FPDFFormObj_GetObject, _POINTER, _POINTER, ctypes.c_ulong)
_matrix = fast_call(pdfium_c.FPDFPageObj_GetMatrix, _INT, _POINTER, _POINTER)
_bounds = fast_call(pdfium_c.FPDFPageObj_GetBounds, _INT, *(_POINTER,) * 5)

Matrix = NDArray[np.float64]  # shape (3, 3): a point (x, y, 1) @ matrix is the point in user space
_UPRIGHT: Matrix = np.eye(3)


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """A path or a picture. kind : PATH or IMAGE; handle : its address; space : from the space it is drawn in to user space."""

    kind: int
    handle: int
    space: Matrix

    @property
    def matrix(self) -> Matrix:
        """From the object's own coordinates to user space."""
        return matrix_of(self.handle) @ self.space


@dataclass(frozen=True, slots=True, eq=False)
class Drawing:
    """Everything on a page. handles : addresses of the objects in the order they are drawn; kinds : of each, shape (n,).

    shapes : the paths and pictures among them, and those inside forms. forms : whether there are any.
    """

    handles: list[int]
    kinds: NDArray[np.intp]
    shapes: list[Drawn]
    forms: bool


def drawing_of(page: Any) -> Drawing:
    """What is drawn on a pypdfium2 page."""
    handle = address_of(page)
    handles = [one for one in map(_object, repeat(handle), range(_count(handle))) if one]
    kinds = np.array(list(map(_type, handles)), dtype=np.intp)
    return Drawing(handles, kinds, list(_flat(handles, kinds, _UPRIGHT, _DEPTH)), bool((kinds == FORM).any()))


def _flat(handles: Sequence[int], kinds: NDArray[np.intp], space: Matrix, depth: int) -> Iterator[Drawn]:
    for at in np.flatnonzero((kinds == PATH) | (kinds == IMAGE) | (kinds == FORM)).tolist():
        handle, kind = handles[at], int(kinds[at])
        if kind != FORM:
            yield Drawn(kind, handle, space)
        elif depth > 0:
            inside = [one for one in map(_form_object, repeat(handle), range(max(_form_count(handle), 0))) if one]
            types = np.array(list(map(_type, inside)), dtype=np.intp)
            yield from _flat(inside, types, matrix_of(handle) @ space, depth - 1)


def matrix_of(handle: int) -> Matrix:
    """An object's matrix, into the space it is drawn in."""
    values = (ctypes.c_float * 6)()
    _matrix(handle, ctypes.addressof(values))
    a, b, c, d, e, f = values
    return np.array([[a, b, 0], [c, d, 0], [e, f, 1]], dtype=np.float64)


def box_of(drawn: Drawn) -> tuple[float, float, float, float]:
    """left, bottom, right, top of the object in user space."""
    values = (ctypes.c_float * 4)()
    at = ctypes.addressof(values)
    _bounds(drawn.handle, at, at + 4, at + 8, at + 12)
    left, bottom, right, top = values
    corners = np.array([[left, bottom, 1], [left, top, 1], [right, bottom, 1], [right, top, 1]]) @ drawn.space
    return corners[:, 0].min(), corners[:, 1].min(), corners[:, 0].max(), corners[:, 1].max()


def picture_share(drawn: Iterable[Drawn], view: View) -> float:
    """Share of the page covered by pictures, to a fortieth of each side: a scan may come as strips."""
    boxes = [box_of(item) for item in drawn if item.kind == IMAGE]
    width, height = view.size
    if not boxes or not width or not height:
        return 0.0
    covered = np.zeros((_GRID, _GRID), dtype=np.bool_)
    for left, bottom, right, top in view.boxes(np.array(boxes, dtype=np.float64)):
        x0, x1 = (round(min(max(value / width, 0.0), 1.0) * _GRID) for value in (left, right))
        y0, y1 = (round(min(max(value / height, 0.0), 1.0) * _GRID) for value in (bottom, top))
        covered[y0:y1, x0:x1] = True
    return float(covered.mean())
