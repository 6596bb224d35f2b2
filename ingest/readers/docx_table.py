"""The cells of a Word table, merged ones once, with the tables inside cells apart."""

from __future__ import annotations

from typing import Any

from docx.oxml.ns import qn

from ingest.readers.docx_text import paragraph_text
from ingest.readers.grid import Cell

_WRAPPERS = {qn("w:sdt"), qn("w:sdtContent"), qn("w:ins"), qn("w:customXml")}


def cells_of(table: Any) -> tuple[list[Cell], list[Any]]:
    """Cells of a w:tbl (0-based rows and columns), and the w:tbl elements nested in them, in order."""
    cells: list[Cell] = []
    nested: list[Any] = []
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
            else:
                nested.extend(_children(element, "w:tbl"))
                cells.append(Cell(row, column, _text(element), 1, wide))
                running.pop(column, None)
                if merge is not None:
                    running[column] = len(cells) - 1
            column += wide
    return cells, nested


def _children(element: Any, name: str) -> list[Any]:
    """Direct children of that name, also those inside content controls."""
    found = []
    for child in element:
        if child.tag == qn(name):
            found.append(child)
        elif child.tag in _WRAPPERS:
            found.extend(_children(child, name))
    return found


def _text(cell: Any) -> str:
    return " ".join(filter(None, (paragraph_text(paragraph) for paragraph in _children(cell, "w:p"))))


def _span(properties: Any) -> int:
    span = None if properties is None else properties.find(qn("w:gridSpan"))
    return max(1, int(span.get(qn("w:val"), "1"))) if span is not None else 1


def _skipped_columns(row: Any) -> int:
    before = row.find(f"{qn('w:trPr')}/{qn('w:gridBefore')}")
    return int(before.get(qn("w:val"), "0")) if before is not None else 0
