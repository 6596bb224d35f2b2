"""Puts the text of a page together, and remembers where every piece of it came from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from ingest.pages import LocatorValue, PageState, ParsedPage, Span, SpanKind

Boxes = NDArray[np.float32]
NO_BOX = np.full((1, 4), np.nan, dtype=np.float32)


class PageBuilder:
    """Collects lines; every call adds one line, ended by a newline, and one group of spans.

    boxes : shape (len(text), 4), or None; kept only when `with_boxes` is set (PDF).
    """

    def __init__(self, *, with_boxes: bool = False) -> None:
        self._parts: list[str] = []
        self._boxes: list[Boxes] | None = [] if with_boxes else None
        self._length = 0
        self._group = 0
        self._spans: list[Span] = []

    def line(self, text: str, kind: SpanKind, locator: Mapping[str, LocatorValue], boxes: Boxes | None = None) -> None:
        """Adds a paragraph, a heading, or a line."""
        self._spans.append(Span(self._length, self._length + len(text), kind, self._group, locator))
        self._add(text, boxes)
        self._end_group()

    def row(self, cells: Sequence[tuple[str, Mapping[str, LocatorValue], Boxes | None]]) -> None:
        """Adds a table row: the cells' texts joined by ；, each with its own span."""
        for index, (text, locator, boxes) in enumerate(cells):
            if index:
                self._add("；", None)
            self._spans.append(Span(self._length, self._length + len(text), "cell", self._group, locator))
            self._add(text, boxes)
        self._end_group()

    def page(
        self, number: int, label: str, state: PageState, reason: str = "", *, width: float = 0.0, height: float = 0.0
    ) -> ParsedPage:
        """The page as collected so far."""
        boxes = None
        if self._boxes is not None:
            boxes = np.concatenate(self._boxes) if self._boxes else np.empty((0, 4), dtype=np.float32)
        return ParsedPage(number, label, state, "".join(self._parts), reason, tuple(self._spans), width, height, boxes)

    @property
    def empty(self) -> bool:
        """Whether nothing but white space was added."""
        return not any(part.strip() for part in self._parts)

    def _add(self, text: str, boxes: Boxes | None) -> None:
        self._parts.append(text)
        self._length += len(text)
        if self._boxes is not None:
            self._boxes.append(np.repeat(NO_BOX, len(text), axis=0) if boxes is None else boxes)

    def _end_group(self) -> None:
        self._add("\n", None)
        self._group += 1
