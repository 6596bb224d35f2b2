"""The objects a PDF page is drawn from, in drawing order, with what decides whether a text among them can be seen."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pypdfium2.raw as pdfium_c

TEXT, PATH, IMAGE, SHADING, FORM = (
    pdfium_c.FPDF_PAGEOBJ_TEXT,
    pdfium_c.FPDF_PAGEOBJ_PATH,
    pdfium_c.FPDF_PAGEOBJ_IMAGE,
    pdfium_c.FPDF_PAGEOBJ_SHADING,
    pdfium_c.FPDF_PAGEOBJ_FORM,
)
_MAX_OBJECTS = 200_000
_MAX_DEPTH = 12  # forms within forms
Bounds = tuple[float, float, float, float]  # left, bottom, right, top in user space
_NOWHERE: Bounds = (0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Drawn:
    """One object. order : in which it is painted, later ones on top. handle : pdfium's. key : tells objects apart.

    bounds : of the page's user space. color : red, green, blue, alpha of what fills it (0–255), None when it has no plain colour.
    invisible : text in a rendering mode that paints nothing. clipped : nothing of it is inside its clipping path.
    layered : belongs to optional content. soft : drawn through transparency. depth : forms around it.
    """

    kind: int
    order: int
    handle: Any
    key: int
    bounds: Bounds
    color: tuple[int, int, int, int] | None
    invisible: bool = False
    clipped: bool = False
    layered: bool = False
    soft: bool = False
    depth: int = 0


def key_of(handle: Any) -> int:
    """The same number for the same object, however its handle was got; 0 for none."""
    return int(ctypes.cast(handle, ctypes.c_void_p).value or 0)


def objects_of(page: Any) -> list[Drawn]:
    """All objects of a pypdfium2 page but the forms themselves; those inside forms in their place."""
    raw = page.raw
    return list(_walk(pdfium_c.FPDFPage_CountObjects(raw), lambda index: pdfium_c.FPDFPage_GetObject(raw, index)))


def _walk(count: int, get: Any) -> Iterator[Drawn]:
    stack: list[tuple[int, int, Any, _Matrix | None, bool, bool]] = [(0, count, get, None, False, False)]
    order = 0
    while stack:
        index, count, get, matrix, layered, soft = stack.pop()
        while index < count and order < _MAX_OBJECTS:
            handle = get(index)
            index += 1
            if not handle:
                continue
            order += 1
            kind = pdfium_c.FPDFPageObj_GetType(handle)
            if kind != FORM:
                yield _drawn(kind, order, handle, matrix, layered, soft, len(stack))
            elif len(stack) < _MAX_DEPTH:
                stack.append((index, count, get, matrix, layered, soft))
                inner = _matrix_of(handle, matrix)
                layered, soft = (
                    layered or _is_layered(handle),
                    soft or bool(pdfium_c.FPDFPageObj_HasTransparency(handle)),
                )
                index, count, get, matrix = 0, pdfium_c.FPDFFormObj_CountObjects(handle), _inner(handle), inner


def _inner(form: Any) -> Any:
    return lambda index: pdfium_c.FPDFFormObj_GetObject(form, index)


def _drawn(kind: int, order: int, handle: Any, matrix: _Matrix | None, layered: bool, soft: bool, depth: int) -> Drawn:
    bounds = _bounds(handle, matrix)
    soft = soft or bool(pdfium_c.FPDFPageObj_HasTransparency(handle))
    if kind == TEXT:
        mode = pdfium_c.FPDFTextObj_GetTextRenderMode(handle)
        return Drawn(
            kind,
            order,
            handle,
            key_of(handle),
            bounds,
            _color(
                handle, stroke=mode in (pdfium_c.FPDF_TEXTRENDERMODE_STROKE, pdfium_c.FPDF_TEXTRENDERMODE_STROKE_CLIP)
            ),
            mode in (pdfium_c.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium_c.FPDF_TEXTRENDERMODE_CLIP),
            _is_clipped(handle, bounds, matrix),
            layered or _is_layered(handle),
            soft,
            depth,
        )
    color = _color(handle, stroke=False) if kind == PATH and _is_filled(handle) else None
    return Drawn(kind, order, handle, key_of(handle), bounds, color, layered=layered, soft=soft, depth=depth)


def _is_filled(handle: Any) -> bool:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    known = pdfium_c.FPDFPath_GetDrawMode(handle, ctypes.byref(fill), ctypes.byref(stroke))
    return bool(known) and fill.value != pdfium_c.FPDF_FILLMODE_NONE


def _color(handle: Any, *, stroke: bool) -> tuple[int, int, int, int] | None:
    parts = [ctypes.c_uint() for _ in range(4)]
    get = pdfium_c.FPDFPageObj_GetStrokeColor if stroke else pdfium_c.FPDFPageObj_GetFillColor
    if not get(handle, *(ctypes.byref(part) for part in parts)):
        return None
    red, green, blue, alpha = (part.value for part in parts)
    return red, green, blue, alpha


def _is_layered(handle: Any) -> bool:
    """Whether one of the object's marks is OC, the mark of optional content."""
    for index in range(pdfium_c.FPDFPageObj_CountMarks(handle)):
        name, length = (ctypes.c_ushort * 4)(), ctypes.c_ulong()
        mark = pdfium_c.FPDFPageObj_GetMark(handle, index)
        pdfium_c.FPDFPageObjMark_GetName(mark, name, ctypes.sizeof(name), ctypes.byref(length))
        if length.value == 6 and bytes(name)[:4] == b"O\0C\0":  # two letters and the closing zero, 16 bits each
            return True
    return False


class _Matrix:
    """A form's place on the page: x' = a·x + c·y + e, y' = b·x + d·y + f."""

    __slots__ = ("a", "b", "c", "d", "e", "f")

    def __init__(self, a: float, b: float, c: float, d: float, e: float, f: float) -> None:
        self.a, self.b, self.c, self.d, self.e, self.f = a, b, c, d, e, f

    def then(self, outer: _Matrix) -> _Matrix:
        """First this one, then `outer`."""
        return _Matrix(
            self.a * outer.a + self.b * outer.c,
            self.a * outer.b + self.b * outer.d,
            self.c * outer.a + self.d * outer.c,
            self.c * outer.b + self.d * outer.d,
            self.e * outer.a + self.f * outer.c + outer.e,
            self.e * outer.b + self.f * outer.d + outer.f,
        )

    def bounds(self, box: Bounds) -> Bounds:
        """The upright box around a box so transformed."""
        left, bottom, right, top = box
        xs = [self.a * x + self.c * y + self.e for x in (left, right) for y in (bottom, top)]
        ys = [self.b * x + self.d * y + self.f for x in (left, right) for y in (bottom, top)]
        return min(xs), min(ys), max(xs), max(ys)


def _matrix_of(form: Any, outer: _Matrix | None) -> _Matrix | None:
    raw = pdfium_c.FS_MATRIX()
    if not pdfium_c.FPDFPageObj_GetMatrix(form, ctypes.byref(raw)):
        return outer
    inner = _Matrix(raw.a, raw.b, raw.c, raw.d, raw.e, raw.f)
    return inner.then(outer) if outer else inner


def _bounds(handle: Any, matrix: _Matrix | None) -> Bounds:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    references = (ctypes.byref(value) for value in (left, bottom, right, top))
    if not pdfium_c.FPDFPageObj_GetBounds(handle, *references):
        return _NOWHERE
    box = (left.value, bottom.value, right.value, top.value)
    return matrix.bounds(box) if matrix else box


def _is_clipped(handle: Any, bounds: Bounds, matrix: _Matrix | None) -> bool:
    """Whether less than a tenth of the object lies inside the box around its clipping paths."""
    clip = pdfium_c.FPDFPageObj_GetClipPath(handle)
    shown = bounds
    for index in range(max(pdfium_c.FPDFClipPath_CountPaths(clip), 0)):
        xs, ys = [], []
        for part in range(max(pdfium_c.FPDFClipPath_CountPathSegments(clip, index), 0)):
            x, y = ctypes.c_float(), ctypes.c_float()
            segment = pdfium_c.FPDFClipPath_GetPathSegment(clip, index, part)
            if pdfium_c.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y)):
                xs.append(x.value)
                ys.append(y.value)
        box = (min(xs), min(ys), max(xs), max(ys)) if xs else _NOWHERE
        shown = overlap(shown, matrix.bounds(box) if matrix else box)
    return area(shown) < 0.1 * area(bounds)


def overlap(one: Bounds, other: Bounds) -> Bounds:
    """What both boxes share; without area when they do not meet."""
    left, bottom = max(one[0], other[0]), max(one[1], other[1])
    return left, bottom, max(left, min(one[2], other[2])), max(bottom, min(one[3], other[3]))


def area(box: Bounds) -> float:
    """In square points."""
    return max(box[2] - box[0], 0.0) * max(box[3] - box[1], 0.0)
