"""What calamine does not tell about a sheet of an XLSX file: styles, hidden rows and columns, formulas never calculated.

One pass of the XML parser over the sheet; nothing of it is kept but what is out of the ordinary.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import IO, Any
from xml.parsers import expat

MAX_COLUMNS = 16_384


@dataclass(slots=True)
class SheetScan:
    """Rows and columns are 0-based.

    cells : how many cells hold a value or a formula. rows, columns : the extent from A1.
    styles : (row, column) → style index, for the styles asked for. errors : (row, column) → "#REF!".
    unsaved : places of cells whose formula has no stored result. hidden_columns : index ranges, end exclusive.
    dense : whether a table of rows × columns would be mostly filled, so that it may be held in memory.
    """

    cells: int = 0
    rows: int = 0
    columns: int = 0
    styles: dict[tuple[int, int], int] = field(default_factory=dict)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    unsaved: list[tuple[int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[range] = field(default_factory=list)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)

    @property
    def dense(self) -> bool:
        area = self.rows * self.columns
        return area <= 2_000_000 or area <= 10 * self.cells

    def hides_column(self, column: int) -> bool:
        return any(column in hidden for hidden in self.hidden_columns)


def scan_sheet(stream: IO[bytes], styles: Collection[int]) -> SheetScan:
    """Scans a sheet's XML. styles : indexes of the cell styles to note. Raises SyntaxError when it is not well-formed."""
    scanner = _Scanner(frozenset(str(style) for style in styles))
    try:
        scanner.parser.ParseFile(stream)
    except expat.ExpatError as exc:
        raise SyntaxError(str(exc)) from exc
    return scanner.scan


class _Scanner:
    def __init__(self, styles: frozenset[str]) -> None:
        self.scan = SheetScan()
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.ordered_attributes = True
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.StartDoctypeDeclHandler = self._refuse
        self._styles = styles
        self._columns: dict[str, int] = {}
        self._row = self._column = -1
        self._type = ""
        self._formula = self._valued = False
        self._text: list[str] = []

    def _refuse(self, *_: Any) -> None:
        raise SyntaxError("a DTD has no place in a sheet")

    def _start(self, tag: str, attributes: list[str]) -> None:
        name = tag.rpartition(" ")[2]
        if name == "c":
            self._cell(attributes)
        elif name == "v" or name == "is":
            if self._formula or self._type == "e":
                self._text = []
                self.parser.CharacterDataHandler = self._text.append
            else:
                self._valued = True
        elif name == "f":
            self._formula = True
        elif name == "row":
            values = dict(zip(attributes[::2], attributes[1::2], strict=True))
            self._row = int(values["r"]) - 1 if "r" in values else self._row + 1
            self._column = -1
            if values.get("hidden") in ("1", "true"):
                self.scan.hidden_rows.add(self._row)
        elif name == "col":
            values = dict(zip(attributes[::2], attributes[1::2], strict=True))
            if values.get("hidden") in ("1", "true"):
                self.scan.hidden_columns.append(range(int(values["min"]) - 1, min(int(values["max"]), MAX_COLUMNS)))
        elif name == "mergeCell":
            values = dict(zip(attributes[::2], attributes[1::2], strict=True))
            start, _, end = values.get("ref", "").partition(":")
            if end:
                (top, left), (bottom, right) = self.place(start), self.place(end)
                self.scan.merged.append((top, left, bottom, right))

    def _cell(self, attributes: list[str]) -> None:
        self._formula = self._valued = False
        self._type = ""
        self._column += 1
        style = ""
        for at in range(0, len(attributes), 2):
            name = attributes[at]
            if name == "r":
                letters = attributes[at + 1].rstrip("0123456789")
                column = self._columns.get(letters)
                if column is None:
                    column = self._columns[letters] = column_index(letters)
                self._column = column
            elif name == "s":
                style = attributes[at + 1]
            elif name == "t":
                self._type = attributes[at + 1]
        if style in self._styles:
            self.scan.styles[self._row, self._column] = int(style)

    def _end(self, tag: str) -> None:
        name = tag.rpartition(" ")[2]
        if name == "v" or name == "is":
            if self._formula or self._type == "e":
                self.parser.CharacterDataHandler = None
                self._valued = bool("".join(self._text))
        elif name == "c" and (self._valued or self._formula):
            scan = self.scan
            scan.cells += 1
            if self._row >= scan.rows:
                scan.rows = self._row + 1
            if self._column >= scan.columns:
                scan.columns = self._column + 1
            if self._type == "e" and self._valued:
                scan.errors[self._row, self._column] = "".join(self._text)
            elif not self._valued and self._type != "str":
                scan.unsaved.append((self._row, self._column))

    def place(self, name: str) -> tuple[int, int]:
        """0-based row and column of a cell's name such as B7."""
        letters = name.rstrip("0123456789")
        return int(name[len(letters) :]) - 1, column_index(letters)


def column_index(letters: str) -> int:
    """0 for A, 27 for AB. Raises SyntaxError for what is no column."""
    index = 0
    for letter in letters.replace("$", "").upper():
        if not "A" <= letter <= "Z":
            raise SyntaxError(f"no column: {letters}")
        index = index * 26 + ord(letter) - 64
    if not 0 < index <= MAX_COLUMNS:
        raise SyntaxError(f"no column: {letters}")
    return index - 1


def column_letters(index: int) -> str:
    """A for 0, AB for 27."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
