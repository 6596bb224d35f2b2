"""Puts recognised lines and tables together as the text of a page, with the confidence of every line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from ingest.headings import heading_level
from ingest.ocr.cells import Table
from ingest.ocr.furniture import has_running_head, is_folio
from ingest.ocr.lines import Line, gap
from ingest.ocr.paragraphs import one_line, paragraphs
from ingest.ocr.punctuation import paired
from ingest.pages import LocatorValue, Span, SpanKind
from ingest.readers.grid import rows_of

_NO_BOX = np.full((1, 4), np.nan, dtype=np.float32)


class OcrPage:
    """Collects the text of page `number`, `width` by `height` pixels upright; every call adds one group, ended by a newline."""

    def __init__(self, number: int, width: float, height: float) -> None:
        self._number, self._width, self._height = number, width, height
        self._parts: list[str] = []
        self._boxes: list[NDArray[np.float32]] = []
        self._spans: list[Span] = []
        self._length = 0
        self._group = 0

    def fill(self, rows: Sequence[Sequence[Line | Table]]) -> None:
        """Adds the printed rows of the page in reading order; a table stands in a row of its own."""
        prose: list[list[Line]] = []
        only_lines = [[part for part in row if isinstance(part, Line)] for row in rows]
        if has_running_head(only_lines, self._width, self._height) and len(only_lines[0]) == len(rows[0]):
            self.paragraph([one_line(only_lines[0])], "页眉")
            rows = rows[1:]
        for row in rows:
            prose.append([part for part in row if isinstance(part, Line)])
            for table in (part for part in row if isinstance(part, Table)):
                self._prose(prose)
                prose = []
                self.table(table)
        self._prose(prose)

    def _prose(self, rows: Sequence[Sequence[Line]]) -> None:
        for group in paragraphs([row for row in rows if row]):
            self.paragraph(group)

    def table(self, table: Table) -> None:
        """Adds a table row by row, each value behind the header path of its column."""
        drawn = table.cells()
        rows, _ = rows_of(drawn)
        for row in rows:
            if row.kind == "title":
                self.paragraph([drawn[row.pieces[0].cell]])
            else:
                self.row([(piece.label, drawn[piece.cell]) for piece in row.pieces])

    def paragraph(self, lines: Sequence[Line], furniture: str = "") -> None:
        """Adds lines as one paragraph or heading: a span for each, so that each keeps its own confidence."""
        whole = paired("".join(line.text for line in lines))
        starts = list(accumulate((len(line.text) for line in lines), initial=0))
        lines = [replace(line, text=whole[at : at + len(line.text)]) for line, at in zip(lines, starts, strict=False)]
        kind: SpanKind = "heading" if len(lines) <= 2 and heading_level(whole) is not None else "paragraph"
        furniture = furniture or ("页码" if len(lines) == 1 and is_folio(lines[0], self._height) else "")
        for index, line in enumerate(lines):
            if index:
                self._add(gap(lines[index - 1].text, line.text))
            self._span(line.text, line.boxes, kind, line.confidence, furniture)
        self._end_group()

    def row(self, cells: Sequence[tuple[str, Line]]) -> None:
        """Adds a table row as (label, value) pairs, joined by ；. The label stands elsewhere on the page and has no boxes here."""
        for index, (label, value) in enumerate(cells):
            if index:
                self._add("；")
            boxes = np.concatenate([np.repeat(_NO_BOX, len(label), axis=0), value.boxes])
            self._span(label + value.text, boxes, "cell", value.confidence)
        self._end_group()

    @property
    def text(self) -> str:
        """The text so far."""
        return "".join(self._parts)

    @property
    def spans(self) -> tuple[Span, ...]:
        """The spans so far."""
        return tuple(self._spans)

    @property
    def boxes(self) -> NDArray[np.float32]:
        """Upright pixels, shape (len(text), 4)."""
        return np.concatenate(self._boxes) if self._boxes else np.empty((0, 4), dtype=np.float32)

    def _span(
        self, text: str, boxes: NDArray[np.float32], kind: SpanKind, confidence: int | None, furniture: str = ""
    ) -> None:
        locator: dict[str, LocatorValue] = {"page": self._number}
        if confidence is not None:
            locator["confidence"] = confidence
        if furniture:
            locator["furniture"] = furniture
        self._spans.append(Span(self._length, self._length + len(text), kind, self._group, locator))
        self._parts.append(text)
        self._boxes.append(boxes)
        self._length += len(text)

    def _add(self, text: str) -> None:
        self._parts.append(text)
        self._boxes.append(np.repeat(_NO_BOX, len(text), axis=0))
        self._length += len(text)

    def _end_group(self) -> None:
        self._add("\n")
        self._group += 1
