"""Lines and tables of a PDF page, put together as the text of the page."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from ingest.headings import heading_level
from ingest.pages import Finding, LocatorValue, ParsedPage, SpanKind
from ingest.readers.builder import NO_BOX, Boxes, PageBuilder
from ingest.readers.grid import Cell, Row, rows_of
from ingest.readers.pdf_chars import Chars, View
from ingest.readers.pdf_lines import Line, join, paragraphs
from ingest.readers.pdf_order import by_columns
from ingest.readers.pdf_tables import Region, split_off
from ingest.readers.table_pages import Carried, carry, continued
from ingest.readers.totals import total_findings

_BAND = 0.08  # running headers and footers stand in the top and bottom 8 % of a page
_NEW_TABLE = re.compile(r"^(?:附?表[\s\d一二三四五六七八九十]|[一二三四五六七八九十]{1,3}、)(?!.*续)")


def build(
    chars: Chars, unseen: Chars, regions: Sequence[Region], number: int, carried: Carried | None, view: View
) -> tuple[ParsedPage, Carried | None]:
    """The page in the coordinates of the reading view, and the table it ends with.

    chars : what is seen, in reading order. unseen : hidden words, kept on record, marked, and left out of the passages.
    carried : the table the page before ends with; a table that only running headers stand above goes on with it.
    """
    builder = PageBuilder(with_boxes=True)
    findings: list[Finding] = []
    goes_on = carried
    last: Carried | None = None
    for part in split_off(chars, regions):
        if isinstance(part, Region):
            rows, drawn, last = _table(part, goes_on)
            for row in rows:
                _add_row(builder, row, drawn, number)
            findings += total_findings(last.rows, f"第 {number} 页的表格", since=last.begins)
            goes_on = None
        else:
            _add_lines(builder, part, number, view)
            between = [line for line in part if not _at_edge(line, view)]
            if len(between) > 1 or any(_NEW_TABLE.match(line.text) for line in between):
                goes_on = last = None
    if len(unseen):
        boxes = unseen.boxes.astype(np.float32)
        builder.line(unseen.text, "line", {"page": number, "hidden": "看不见的文字"}, boxes)
    return replace(builder.page(number, f"第{number}页", "text"), findings=tuple(findings)), last


def _at_edge(line: Line, view: View) -> bool:
    """Whether the line may be a running header or footer, or a page number."""
    height = view.size[1]
    return line.middle > height * (1 - _BAND) or line.middle < height * _BAND


def _add_lines(builder: PageBuilder, lines: Sequence[Line], number: int, view: View) -> None:
    for group in paragraphs(by_columns(lines), view.size[0]):
        text, boxes = join(group)
        kind: SpanKind = "heading" if len(group) <= 2 and heading_level(text) is not None else "paragraph"
        builder.line(text, kind, {"page": number}, boxes)


def _table(region: Region, before: Carried | None) -> tuple[list[Row], dict[Cell, Boxes], Carried]:
    drawn: dict[Cell, Boxes] = {}
    for (row, column, tall, wide), lines in sorted(region.cells.items()):
        text, boxes = join(lines)
        drawn[Cell(row, column, text, tall, wide)] = boxes
    width = region.owner.shape[1]
    before = before if before is not None and before.width == width else None
    rows, headers = rows_of(drawn, before.headers if before else ())
    if before is not None and list(before.headers) == headers:
        rows = continued(rows, before)
    else:
        before = None
    return rows, drawn, carry(rows, headers, width, before)


def _add_row(builder: PageBuilder, row: Row, drawn: Mapping[Cell, Boxes], number: int) -> None:
    if row.kind == "title":
        builder.line(row.pieces[0].text, "paragraph", {"page": number}, drawn.get(row.pieces[0].cell))
        return
    locator: dict[str, LocatorValue] = {"page": number}
    if row.repeated:
        locator["furniture"] = "重复的表头"
    pieces = []
    for piece in row.pieces:
        # The label stands elsewhere, and a text repeated from the page before stands there.
        label = np.repeat(NO_BOX, len(piece.label), axis=0)
        own = drawn.get(piece.cell)
        boxes = np.repeat(NO_BOX, len(piece.cell.text), axis=0) if own is None else own
        pieces.append((piece.text, locator, np.concatenate([label, boxes]) if len(label) else boxes))
    builder.row(pieces)
