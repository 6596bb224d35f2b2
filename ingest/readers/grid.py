"""Finds titles and headers of a table, and gives each value the header path that says what it means.

Shared by DOCX, XLSX and PDF: a reader turns its table into cells, this module into rows of 表头：值.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

_UNIT = "(?:[%％‰]|万?亿?元|[人所个名次年月日校园班项条件起家门套台册间场分处]|平方米|㎡|学时|课时|岁|℃)?"
_NUMBER = re.compile(rf"^[-+－约]?[\d,，.]+{_UNIT}$")
_YEAR = re.compile(r"^(?:19|20)\d\d(?:[-—/－]\d{2,4})?(?:年|学年|年度)?$")
_HEADER_WORDS = re.compile(
    r"^(?:序号|编号|项目|指标|名称|内容|数值|数量|单位|说明|备注|问题|类别|年度|科目|学校|姓名|金额)|(?:名称?|项目|情况|数|率|内容|要求|时间|日期)$"
)
_TABLE_TITLE = re.compile(r"^附?表[\s\d一二三四五六七八九十]")
_SECTION = re.compile(
    r"^(?:附?表|[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)]|注[：:]|说明[：:])"
)
_MAX_HEADER = 30


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell at 0-based `row` and `column`, covering `rows` × `columns`."""

    row: int
    column: int
    text: str
    rows: int = 1
    columns: int = 1


Grid = dict[int, dict[int, Cell]]  # row → column → the cell that covers the place


@dataclass(frozen=True, slots=True)
class Piece:
    """A value of a row. header : path of the column's headings joined by " / ", "" when there is none.

    filled : the cell began in an earlier row; its text is repeated here because it says what this row is about.
    """

    cell: Cell
    header: str = ""
    filled: bool = False

    @property
    def label(self) -> str:
        """What stands before the value."""
        return f"{self.header}：" if self.header else ""

    @property
    def text(self) -> str:
        """表头：值."""
        return self.label + self.cell.text


@dataclass(frozen=True, slots=True)
class Row:
    """kind : "title" (one cell that stands for itself), "header", or "data".

    repeated : a header that is written again at the top of a page.
    """

    number: int
    kind: Literal["title", "header", "data"]
    pieces: tuple[Piece, ...]
    repeated: bool = False


def is_number(text: str) -> bool:
    """Whether a cell holds a figure. A year alone is a name of a column, not a figure."""
    stripped = text.replace(" ", "")
    return bool(_NUMBER.match(stripped)) and not _YEAR.match(stripped)


def rows_of(cells: Iterable[Cell], inherited: Sequence[str] = ()) -> tuple[list[Row], list[str]]:
    """The rows that hold text, top to bottom, and the header path of each column of the last part of the table.

    inherited : headers of the same table on the page before. When the number of columns agrees, the first row is a
        header only if it repeats them: in a table of words, any row would look like one.
    """
    grid: Grid = {}
    for cell in cells:
        for row in range(cell.row, cell.row + cell.rows):
            for column in range(cell.column, cell.column + cell.columns):
                grid.setdefault(row, {})[column] = cell
    width = max((column + 1 for row in grid.values() for column in row), default=0)
    headers = list(inherited) if len(inherited) == width else []
    rows: list[Row] = []
    used = width if headers else 0
    goes_on = bool(headers)
    for part in _parts(grid):
        before = used
        used = _used(part, grid) if rows or not goes_on else width  # the first rows of a page may have few of its cells
        title = _texts(grid[part[0]])
        if rows:  # 一、公办园 across the table opens a section of it; 表2 and a blank row open another table
            goes_on = (
                part[0] - rows[-1].number == 1
                and len(title) == 1
                and used == before
                and not _TABLE_TITLE.match(title[0].text)
            )
        headers = _render(part, grid, width, headers if used == before else [], rows, goes_on=goes_on)
    return rows, headers


def _parts(grid: Grid) -> list[list[int]]:
    """Runs of rows with text; a blank row ends one, a row of a single cell above other rows begins one."""
    parts: list[list[int]] = []
    full = 0  # rows of several cells in the last part; below two, there is at most a header to stay with
    for number in sorted(grid):
        found = _texts(grid[number])
        if not found:
            continue
        wide = len(found) == 1 and _stands_alone(found[0])
        if parts and number - parts[-1][-1] == 1 and (full < 2 or not wide):
            parts[-1].append(number)
        else:
            parts.append([number])
            full = 0
        full += len(found) > 1
    return parts


def _stands_alone(cell: Cell) -> bool:
    """Whether the only cell of a row is a title or a note, and not the label of a row whose values are missing."""
    long = len(cell.text) > 12 or _SECTION.match(cell.text) is not None
    return long if cell.column else long or cell.columns > 1


def _is_rest(cells: Sequence[Cell]) -> bool:
    """Whether the first row of a page goes on with the last of the page before: its first column is empty."""
    return bool(cells) and cells[0].column > 0


def _is_group(cells: Sequence[Cell]) -> bool:
    """Whether a row holds only the common heading of some columns (在园幼儿数 above 公办 and 民办), the corner left blank."""
    return len(cells) == 1 and cells[0].column > 0 and cells[0].columns > 1 and not _stands_alone(cells[0])


def _texts(row: dict[int, Cell]) -> list[Cell]:
    """The cells with text, each once, left to right."""
    found: list[Cell] = []
    for _, cell in sorted(row.items()):
        if cell.text and (not found or cell is not found[-1]):  # a merged cell covers neighbours
            found.append(cell)
    return found


def _used(numbers: Sequence[int], grid: Grid) -> int:
    """How many columns these rows really have: those in which a cell begins, titles across the table left aside."""
    rows = [found for number in numbers if len(found := _texts(grid[number])) > 1]
    return len({cell.column for found in rows for cell in found}) if rows else 1


def _render(
    block: Sequence[int],
    grid: Grid,
    width: int,
    inherited: list[str],
    rows: list[Row],
    *,
    goes_on: bool,
) -> list[str]:
    """Adds the rows of a part without blank rows; returns its headers, one for each of `width` columns."""
    rest = not rows and goes_on and _is_rest(_texts(grid[block[0]]))  # of a row that a page break cuts
    used = width if not rows and goes_on else _used(block, grid)
    start = 0
    while not rest and start < len(block) and len(found := _texts(grid[block[start]])) == 1 and not _is_group(found):
        rows.append(Row(block[start], "title", _pieces(block[start], grid, [])))
        start += 1
    depth = _header_depth(block[start:], grid, used)
    headers = inherited
    if (
        goes_on
        and depth
        and [_path(block[start : start + depth], grid, column) for column in range(width)] != inherited
    ):
        depth = 0
    if depth:
        headers = [_path(block[start : start + depth], grid, column) for column in range(width)]
        for number in block[start : start + depth]:
            rows.append(Row(number, "header", _pieces(number, grid, [])))
    # Two columns without a header are a form: the left one names the right one.
    form = not headers and used == 2
    for number in block[start + depth :]:
        found = _texts(grid[number])
        if used > 1 and len(found) == 1 and _stands_alone(found[0]) and not (rest and number == block[0]):
            rows.append(Row(number, "title", _pieces(number, grid, [])))
        elif form and len(found) == 2:
            rows.append(Row(number, "data", (Piece(found[1], found[0].text.rstrip("：: ")),)))
        else:
            rows.append(Row(number, "data", _pieces(number, grid, headers)))
    return headers


def _pieces(number: int, grid: Grid, headers: Sequence[str]) -> tuple[Piece, ...]:
    pieces = []
    for cell in _texts(grid[number]):
        filled = cell.row < number
        if filled and is_number(cell.text):
            continue  # a merged figure belongs to the rows together; repeated, it would count twice
        header = headers[cell.column] if cell.column < len(headers) else ""
        pieces.append(Piece(cell, header, filled))
    return tuple(pieces)


def _header_depth(block: Sequence[int], grid: Grid, used: int) -> int:
    """How many rows at the top name the columns; 0 when none do, or nothing would be left to name."""
    top = _texts(grid[block[0]]) if block else []
    if len(block) > 2 and _is_group(top) and _names_columns(_texts(grid[block[1]]), used):
        return 2
    if len(block) < 2 or not _names_columns(top, used):
        return 0
    if used == 2 and not _heads_two_columns(top, [_texts(grid[number]) for number in block[1:]]):
        return 0
    depth = max(cell.rows for cell in top)
    if depth == 1 and any(cell.columns > 1 for cell in top) and _names_columns(_texts(grid[block[1]]), used):
        depth = 2
    return depth if depth < len(block) else 0


def _heads_two_columns(top: Sequence[Cell], below: Sequence[Sequence[Cell]]) -> bool:
    """Whether the top row names two columns; else they are a form, such as 机构名称 | 某学院."""
    first, second = (bool(_HEADER_WORDS.search(cell.text) or _YEAR.match(cell.text)) for cell in (top[0], top[-1]))
    return second and (first or all(is_number(cells[-1].text) for cells in below if len(cells) > 1))


def _names_columns(cells: Sequence[Cell], used: int) -> bool:
    covered = sum(cell.columns for cell in cells)
    return (
        len(cells) >= 2
        and covered * 2 >= used
        and all(len(cell.text) <= _MAX_HEADER and "。" not in cell.text and not is_number(cell.text) for cell in cells)
    )


def _path(numbers: Sequence[int], grid: Grid, column: int) -> str:
    """Headings above a column, outermost first, each once."""
    names = [cell.text for number in numbers if (cell := grid[number].get(column)) and cell.text]
    return " / ".join(dict.fromkeys(names))
