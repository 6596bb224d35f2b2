"""The tables of an office file, out of the cells as the reading process gives them (ingest.pages.Span of kind "cell")."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.pages import ParsedPage

_CELL = re.compile(r"^(?P<table>.*?)[ >]*第(?P<row>\d+)行 第(?P<column>\d+)列$")
_SHEET_CELL = re.compile(r"^([A-Z]+)(\d+)")
_LABEL = "标签"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell. column : what stands for its column, the same in every row. place : as people find it. header : of a sheet's cell."""

    text: str
    column: str
    place: str
    header: str = ""


Table = Sequence[Sequence[Cell]]


def tables_of(pages: Sequence[ParsedPage], mark: str) -> list[tuple[Table, bool]]:
    """The tables of the file, each a list of rows of cells that hold something; and whether a sheet bears the mark of our own template."""
    tables: dict[str, dict[tuple[int, int], list[Cell]]] = {}
    marked: set[str] = set()
    for page in pages:
        for span in page.spans:
            if "hidden" in span.locator:
                continue
            text = page.text[span.start : span.end].strip()
            sheet = str(span.locator.get("sheet", ""))
            if sheet and plain_words(text) == mark:
                marked.add(sheet)
            if span.kind != "cell":
                continue
            if sheet:
                cell = str(span.locator.get("cell", ""))
                letters = _SHEET_CELL.match(cell)
                name, column, place = sheet, letters.group(1) if letters else cell, f"{sheet}!{cell}"
            else:
                path = str(span.locator.get("path", ""))
                parts = _CELL.match(path)
                if parts is None:
                    continue
                name, column, place = parts["table"], parts["column"], path
            header = str(span.locator.get("header", ""))
            rows = tables.setdefault(name, {})
            rows.setdefault((page.number, span.group), []).append(Cell(text, column, place, header))
    return [([_cells(row) for row in rows.values()], name in marked) for name, rows in tables.items()]


def _cells(row: Sequence[Cell]) -> list[Cell]:
    """A row of a narrow table comes as one cell "编号：自评得分"; of any other the words of its column stand before a cell's own."""
    first = row[0]
    label, colon, value = first.text.partition("：")
    if len(row) == 1 and colon:
        return [Cell(label.strip(), _LABEL, first.place), Cell(value.strip(), first.column, first.place)]
    return [
        Cell(cell.text.removeprefix(f"{cell.header}：").strip() if cell.header else cell.text, cell.column, cell.place)
        for cell in row
    ]


def plain_words(text: str) -> str:
    """The words without spaces, full-width forms as plain ones."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
