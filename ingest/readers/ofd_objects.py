"""What is drawn on an OFD page: characters with their boxes, strokes, pictures; and what of it nobody sees."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ingest.readers.ofd_package import children, numbers
from ingest.readers.pdf_chars import is_wide
from ingest.readers.xml import local

POINTS = 72 / 25.4  # in a millimetre
_ASCENT, _DESCENT = 0.86, 0.14  # of a Chinese em above and below the baseline
_NARROW = 0.5  # em, of a Latin letter whose advance is not given
_TINY = 0.7  # millimetres, 2 points
_MAX_DEPTH = 12
MAX_OBJECTS = 500_000

Matrix = tuple[float, float, float, float, float, float]
Box = tuple[float, float, float, float]
_SAME: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character. box : left, top, right, bottom in millimetres from the upper left corner. hidden : why nobody sees it."""

    text: str
    box: Box
    hidden: str = ""


@dataclass(slots=True)
class Drawn:
    """What a page shows. runs : the characters of one text object each. strokes : straight lines as thin boxes. In millimetres."""

    runs: list[list[Glyph]] = field(default_factory=list)
    strokes: list[Box] = field(default_factory=list)
    images: list[tuple[str, Box]] = field(default_factory=list)
    _filled: list[Box] = field(default_factory=list)
    _objects: int = 0

    def add(self, content: Any, composites: Mapping[str, Any]) -> None:
        """Adds the objects below an element: layers of a page, or the appearance of an annotation. Raises ValueError when there are too many."""
        self._walk(content, _SAME, composites, "", 0)

    def _walk(self, element: Any, matrix: Matrix, composites: Mapping[str, Any], hidden: str, depth: int) -> None:
        if depth > _MAX_DEPTH:
            return
        for child in element:
            name = local(child)
            self._objects += 1
            if self._objects > MAX_OBJECTS:
                raise ValueError("too many objects")
            unseen = hidden or ("不显示的对象" if child.get("Visible") == "false" else "")
            if name in ("Content", "Layer", "PageBlock", "Appearance"):
                self._walk(child, matrix, composites, unseen, depth + 1)
            elif name == "TextObject":
                if run := list(self._text(child, _placed(child, matrix), unseen)):
                    self.runs.append(run)
            elif name == "PathObject" and not unseen:
                self._path(child, _placed(child, matrix))
            elif name == "ImageObject":
                self.images.append((child.get("ResourceID", ""), _outline(child, matrix)))
            elif name == "CompositeObject" and (unit := composites.get(child.get("ResourceID", ""))) is not None:
                self._walk(unit, _placed(child, matrix), composites, unseen, depth + 1)

    def _text(self, element: Any, matrix: Matrix, hidden: str) -> Iterator[Glyph]:
        # Some writers misspell the attribute; then the height of the object has to do.
        boundary = numbers(element.get("Boundary", ""))
        size = (numbers(element.get("Size") or element.get("size") or "") or boundary[3:] or [0.0])[0]
        stretch = (numbers(element.get("HScale", "")) or [1.0])[0]
        hidden = hidden or self._unseen(element, matrix, size)
        x = y = 0.0
        for code in children(element, "TextCode"):
            x = (numbers(code.get("X", "")) or [x])[0]
            y = (numbers(code.get("Y", "")) or [y])[0]
            text = code.text or ""
            across, down = deltas(code.get("DeltaX", "")), deltas(code.get("DeltaY", ""))
            for index, char in enumerate(text):
                width = size * stretch * (1.0 if is_wide(char) else _NARROW)
                step = across[index] if index < len(across) else 0.0 if index < len(down) else width
                if index < len(across) and 0 < step <= size * stretch * 1.2:
                    width = step
                box = _around(matrix, (x, y - size * _ASCENT, x + width, y + size * _DESCENT))
                yield Glyph(char, box, hidden)
                x += step
                y += down[index] if index < len(down) else 0.0

    def _unseen(self, element: Any, matrix: Matrix, size: float) -> str:
        """Why the text of an object is not seen, "" when it is."""
        fill = next(children(element, "FillColor"), None)
        if element.get("Alpha") == "0" or (fill is not None and fill.get("Alpha") == "0"):
            return "透明文字"
        if element.get("Fill") == "false" and element.get("Stroke") != "true":
            return "不显示的文字"
        if size * abs(matrix[0] * matrix[3] - matrix[1] * matrix[2]) ** 0.5 < _TINY:
            return "极小文字"
        if fill is not None and fill.get("Value", "").split() in (["255", "255", "255"], ["#FF", "#FF", "#FF"]):
            x, y = matrix[4], matrix[5]
            # White on something coloured, such as a table's head, is meant to be read.
            around = any(box[0] - 1 <= x <= box[2] + 1 and box[1] - 1 <= y <= box[3] + 1 for box in self._filled)
            return "" if around else "白色文字"
        return ""

    def _path(self, element: Any, matrix: Matrix) -> None:
        size = numbers(element.get("Boundary", ""))
        outline = _around(matrix, (0.0, 0.0, size[2], size[3]) if len(size) == 4 else (0.0, 0.0, 0.0, 0.0))
        if element.get("Fill") == "true":
            fill = next(children(element, "FillColor"), None)
            if fill is not None and fill.get("Value", "").split() not in (["255", "255", "255"], []):
                self._filled.append(outline)
        data = next(children(element, "AbbreviatedData"), None)
        here = start = (0.0, 0.0)
        for command, values in _commands(data.text or "") if data is not None else ():
            to = start if command == "C" else (values[-2], values[-1]) if len(values) >= 2 else here
            if command in ("L", "C"):
                left, top, right, bottom = _around(matrix, (*here, *to))
                if right - left < 0.5 or bottom - top < 0.5:
                    self.strokes.append((left, top, right, bottom))
            elif command in ("M", "S"):
                start = to
            here = to


def deltas(text: str) -> list[float]:
    """The advances in a DeltaX or DeltaY attribute; "g 3 2.5" stands for 2.5 three times."""
    found: list[float] = []
    parts = text.split()
    at = 0
    try:
        while at < len(parts) and len(found) < MAX_OBJECTS:
            if parts[at] == "g":
                found.extend([float(parts[at + 2])] * min(int(parts[at + 1]), MAX_OBJECTS))
                at += 3
            else:
                found.append(float(parts[at]))
                at += 1
    except (ValueError, IndexError):
        return found
    return found


def _commands(data: str) -> Iterator[tuple[str, list[float]]]:
    """(letter, figures) of a path such as M 0 0 L 73 0 C."""
    letter, values = "", list[float]()
    for part in data.split():
        if part.isalpha():
            if letter:
                yield letter, values
            letter, values = part, []
        else:
            values.extend(numbers(part))
    if letter:
        yield letter, values


def _placed(element: Any, outer: Matrix) -> Matrix:
    """From the units of an object to the page: its own matrix, its place, what is around it."""
    own = numbers(element.get("CTM", ""))
    boundary = numbers(element.get("Boundary", "")) or [0.0] * 4
    a, b, c, d, e, f = own if len(own) == 6 else _SAME
    return _product((a, b, c, d, e + boundary[0], f + boundary[1]), outer)


def _product(first: Matrix, then: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    ta, tb, tc, td, te, tf = then
    return (
        a * ta + b * tc,
        a * tb + b * td,
        c * ta + d * tc,
        c * tb + d * td,
        e * ta + f * tc + te,
        e * tb + f * td + tf,
    )


def _around(matrix: Matrix, box: Box) -> Box:
    """The upright box around a box put through a matrix."""
    a, b, c, d, e, f = matrix
    xs = [a * x + c * y + e for x in box[::2] for y in box[1::2]]
    ys = [b * x + d * y + f for x in box[::2] for y in box[1::2]]
    return min(xs), min(ys), max(xs), max(ys)


def _outline(element: Any, outer: Matrix) -> Box:
    boundary = (numbers(element.get("Boundary", "")) or [0.0] * 4)[:4]
    x, y, width, height = boundary if len(boundary) == 4 else [0.0] * 4
    return _around(outer, (x, y, x + width, y + height))
