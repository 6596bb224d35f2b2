"""What the files of the reading corpus say, read from truth.yaml: headings, paragraphs, tables with merged cells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

TRUTH = Path(__file__).with_name("truth.yaml")
LEFT, ABOVE = "<", "^"


@dataclass(frozen=True, slots=True)
class Text:
    """A heading (level 1, 2) or a paragraph (level 0)."""

    text: str
    level: int = 0


@dataclass(frozen=True, slots=True)
class TableCell:
    """A cell at 0-based `row` and `column`, covering `rows` × `columns`."""

    row: int
    column: int
    text: str
    rows: int
    columns: int


@dataclass(frozen=True, slots=True)
class Table:
    """header : how many rows at the top name the columns. grid : the words of each place; "<" and "^" continue a neighbour."""

    caption: str
    header: int
    grid: tuple[tuple[str, ...], ...]

    @property
    def width(self) -> int:
        """Number of columns."""
        return len(self.grid[0])

    def cells(self) -> Iterator[TableCell]:
        """Every cell once, row by row, with what it covers."""
        for row, line in enumerate(self.grid):
            for column, text in enumerate(line):
                if text in (LEFT, ABOVE):
                    continue
                columns = 1
                while column + columns < self.width and line[column + columns] == LEFT:
                    columns += 1
                rows = 1
                while row + rows < len(self.grid) and self.grid[row + rows][column] == ABOVE:
                    rows += 1
                yield TableCell(row, column, text, rows, columns)

    def headers(self) -> tuple[str, ...]:
        """For each column the names above it, outermost first, joined by " / "."""
        paths: list[dict[str, None]] = [{} for _ in range(self.width)]
        for cell in self.cells():
            if cell.row < self.header:
                for column in range(cell.column, cell.column + cell.columns):
                    paths[column][cell.text] = None
        return tuple(" / ".join(path) for path in paths)

    def rows(self) -> list[dict[int, str]]:
        """The rows below the header: column → what the row says there, names of merged cells repeated in every row they cover."""
        found: list[dict[int, str]] = [{} for _ in self.grid]
        for cell in self.cells():
            for row in range(cell.row, cell.row + cell.rows):
                found[row][cell.column] = cell.text
        return [dict(sorted(row.items())) for row in found[self.header :]]


Block = Text | Table


@dataclass(frozen=True, slots=True)
class Truth:
    """One document. running_head : stands at the top of every page and belongs to no passage."""

    name: str
    title: str
    running_head: str
    blocks: tuple[Block, ...]

    @property
    def texts(self) -> list[str]:
        """Title, headings, paragraphs and captions, in order; what the error rate is taken over."""
        found = [self.title]
        for block in self.blocks:
            found.append(block.text if isinstance(block, Text) else block.caption)
        return found

    @property
    def tables(self) -> list[Table]:
        """The tables, in order."""
        return [block for block in self.blocks if isinstance(block, Table)]

    def only(self, *, tables: bool) -> Truth:
        """The document with its prose alone, or with its tables (and their captions) alone."""
        kept = tuple(block for block in self.blocks if isinstance(block, Table) == tables)
        return Truth(self.name, self.title, self.running_head, kept)


@cache
def truths(path: Path = TRUTH) -> dict[str, Truth]:
    """Every document by name. Raises ValueError, naming the place, when the file is not of this form."""
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {
        name: Truth(name, data["title"], data["running_head"], tuple(_block(name, block) for block in data["blocks"]))
        for name, data in raw.items()
    }


def _block(name: str, raw: dict[str, object]) -> Block:
    (kind, value), *more = raw.items()
    if more or kind not in ("h1", "h2", "p", "table"):
        raise ValueError(f"{name}: unknown block {list(raw)}")
    if isinstance(value, str):
        return Text(value, {"h1": 1, "h2": 2}.get(kind, 0))
    assert isinstance(value, dict)
    grid = tuple(tuple(cell.strip() for cell in line.split("|")) for line in value["rows"].splitlines())
    if len({len(line) for line in grid}) != 1:
        raise ValueError(f"{name}: rows of different lengths in {value['caption']}")
    return Table(value["caption"], value["header"], grid)


def joined(texts: Sequence[str]) -> str:
    """The texts as one string without white space, which is how they are compared."""
    return "".join("".join(text.split()) for text in texts)
