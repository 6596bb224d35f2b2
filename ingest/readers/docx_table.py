"""The cells of a Word table, merged ones once, with the tables inside cells apart."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from docx.oxml.ns import qn

from ingest.readers.docx_text import Look, boxes_of, visible_and_hidden
from ingest.readers.grid import Cell

_WRAPPERS = {qn("w:sdt"), qn("w:sdtContent"), qn("w:ins"), qn("w:customXml")}
SWALLOWED = "在被合并掉的单元格里"


@dataclass(slots=True)
class Table:
    """cells : of a w:tbl, 0-based rows and columns. nested : the w:tbl inside them. boxes : the text boxes inside them.

    hidden : (row, column, why, words) that nobody sees.
    """

    cells: list[Cell] = field(default_factory=list)
    nested: list[Any] = field(default_factory=list)
    boxes: list[Any] = field(default_factory=list)
    hidden: list[tuple[int, int, str, str]] = field(default_factory=list)


def table_of(table: Any, look: Look) -> Table:
    """A w:tbl with its merged cells once. look : see ingest.readers.docx_text."""
    found = Table()
    cells, nested = found.cells, found.nested
    running: dict[int, int] = {}  # column → index in `cells` of the cell that a vertical merge goes on with
    for row, row_element in enumerate(_children(table, "w:tr")):
        column = _skipped_columns(row_element)
        for element in _children(row_element, "w:tc"):
            properties = element.find(qn("w:tcPr"))
            wide = _span(properties)
            merge = None if properties is None else properties.find(qn("w:vMerge"))
            if merge is not None and merge.get(qn("w:val"), "continue") == "continue" and column in running:
                above = cells[running[column]]
                cells[running[column]] = Cell(above.row, above.column, above.text, row - above.row + 1, above.columns)
                text, hidden = _text(
                    element, look
                )  # Word keeps what a cell held before it was merged, and never shows it
                hidden = [(SWALLOWED, text), *hidden] if text else hidden
                found.hidden.extend((row, column, why, words) for why, words in hidden)
            else:
                nested.extend(_children(element, "w:tbl"))
                found.boxes.extend(box for paragraph in _children(element, "w:p") for box in boxes_of(paragraph))
                text, hidden = _text(element, look)
                cells.append(Cell(row, column, text, 1, wide))
                found.hidden.extend((row, column, why, words) for why, words in hidden)
                running.pop(column, None)
                if merge is not None:
                    running[column] = len(cells) - 1
            column += wide
    return found


def _children(element: Any, name: str) -> list[Any]:
    """Direct children of that name, also those inside content controls."""
    found = []
    for child in element:
        if child.tag == qn(name):
            found.append(child)
        elif child.tag in _WRAPPERS:
            found.extend(_children(child, name))
    return found


def _text(cell: Any, look: Look) -> tuple[str, list[tuple[str, str]]]:
    parts = [visible_and_hidden(paragraph, look) for paragraph in _children(cell, "w:p")]
    return " ".join(text for text, _ in parts if text), [piece for _, hidden in parts for piece in hidden]


def _span(properties: Any) -> int:
    span = None if properties is None else properties.find(qn("w:gridSpan"))
    return max(1, _count(span, 1)) if span is not None else 1


def _skipped_columns(row: Any) -> int:
    before = row.find(f"{qn('w:trPr')}/{qn('w:gridBefore')}")
    return _count(before, 0) if before is not None else 0


def _count(element: Any, otherwise: int) -> int:
    """The w:val as a number of columns; Word itself allows 63."""
    value = element.get(qn("w:val"), "")
    return min(int(value), 200) if value.isdecimal() else otherwise
