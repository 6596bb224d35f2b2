"""A cited stretch of a spreadsheet drawn as cells again: its heads, the rows around it, the cited cells marked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ui.words import html

CELL = re.compile(r"([A-Z]{1,3})(\d+)")
# Rows shown above and below the cited ones.
ABOVE, BELOW = 4, 6
# Columns a sheet may have to be shown whole, and how many are shown beside the cited ones otherwise.
WIDE, BESIDE = 6, 2


@dataclass(frozen=True, slots=True)
class Cell:
    """A stored cell. row : 1-based; column : 1 for A. is_value : it stands under a head. cited : it belongs to the quote."""

    row: int
    column: int
    value: str
    is_value: bool
    cited: bool


def sheet_html(text: str, spans: Sequence[Sequence[Any]], ranges: Sequence[tuple[int, int]]) -> str | None:
    """The rows around the ranges as an HTML table, cell addresses at the edges; None when no cited cell has an address.

    spans : of the page, as stored: [start, end, kind, group, locator].
    """
    cells: dict[int, dict[int, Cell]] = {}
    for cell in _cells(text, spans, ranges):
        cells.setdefault(cell.row, {})[cell.column] = cell
    cited = sorted(row for row, line in cells.items() if any(cell.cited for cell in line.values()))
    if not cited:
        return None
    rows = sorted(cells)
    shown = [row for row in rows if cited[0] - ABOVE <= row <= cited[-1] + BELOW]
    shown = sorted({*_head_rows(cells, rows, cited[0]), *shown})
    columns = _columns(cells, shown)
    parts = ["<tr><th></th>", *(f"<th>{_letters(column)}</th>" for column in columns), "</tr>"]
    for number, row in enumerate(shown):
        if number and rows.index(row) > rows.index(shown[number - 1]) + 1:
            parts.append(f'<tr><th>…</th><td colspan="{len(columns)}">……</td></tr>')
        parts += ["<tr>", f"<th>{row}</th>", *_row([cells[row].get(column) for column in columns]), "</tr>"]
    return f'<table class="er-table er-sheet">{"".join(parts)}</table>'


def _cells(text: str, spans: Sequence[Sequence[Any]], ranges: Sequence[tuple[int, int]]) -> Iterator[Cell]:
    for start, end, _kind, _group, locator in spans:
        address = CELL.fullmatch(str(locator.get("cell", "")))
        if address:
            head = locator.get("header")
            words = text[start:end]
            value = words.removeprefix(f"{head}：") if head else words
            cited = any(start < last and end > first for first, last in ranges)
            yield Cell(int(address[2]), _number(address[1]), value, head is not None, cited)


def _columns(cells: Mapping[int, Mapping[int, Cell]], shown: Sequence[int]) -> list[int]:
    """The columns of the rows shown; of a wide sheet the first, which names the rows, and those around the cited cells."""
    columns = sorted({column for row in shown for column in cells[row]})
    if len(columns) <= WIDE:
        return columns
    cited = [cell.column for row in shown for cell in cells[row].values() if cell.cited]
    near = range(min(cited) - BESIDE, max(cited) + BESIDE + 1)
    return [column for column in columns if column == columns[0] or column in near]


def _head_rows(cells: Mapping[int, Mapping[int, Cell]], rows: Sequence[int], first: int) -> list[int]:
    """The rows of heads next above the first cited row."""
    heads: list[int] = []
    for row in reversed([row for row in rows if row < first]):
        if len(cells[row]) > 1 and not any(cell.is_value for cell in cells[row].values()):
            heads.append(row)
        elif heads:
            break
    return heads


def _row(cells: Sequence[Cell | None]) -> Iterator[str]:
    """The cells of a row; a line of text that stands alone in its row takes the whole width."""
    alone = [cell for cell in cells if cell is not None]
    if len(alone) == 1 and cells[0] is not None and not alone[0].is_value:
        mark = ' class="er-hit"' if alone[0].cited else ""
        yield f'<td colspan="{len(cells)}"{mark}>{html(alone[0].value)}</td>'
        return
    for cell in cells:
        mark = ' class="er-hit"' if cell is not None and cell.cited else ""
        yield f"<td{mark}>{html(cell.value) if cell is not None else ''}</td>"


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _letters(number: int) -> str:
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
