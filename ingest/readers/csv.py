"""Reads tables in plain text (CSV, TSV): encoding and delimiter are found, each row becomes 表头：值 with its cell as in Excel."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from ingest.encodings import decode
from ingest.errors import UnknownKindError
from ingest.pages import ParsedPage
from ingest.readers.base import Properties
from ingest.readers.grid import Cell
from ingest.readers.sheet_pages import Sheet, count_pages, lay_out
from ingest.readers.xlsx_values import shown

_DELIMITERS = ",\t;|，"
_SAMPLE_ROWS = 200
_MAX_CELLS = 2_000_000
_NAME = "表格"


def read(path: Path, file: str, first: int = 1) -> Iterator[Properties | ParsedPage]:
    """One page 表格, several for long tables. Raises UnknownKindError."""
    decoded = decode(path.read_bytes())
    if decoded is None:
        raise UnknownKindError(file, "既不是 UTF-8、UTF-16 也不是 GB18030、Big5 的文本")
    rows = table_of(decoded[0])
    if sum(map(len, rows)) > _MAX_CELLS:
        page = ParsedPage(1, _NAME, "failed", "", f"《{file}》超过 {_MAX_CELLS} 个单元格，请拆分后上传。")
        found: list[Sheet | ParsedPage] = [page]
    else:
        cells = [
            Cell(row, column, text)
            for row, values in enumerate(rows)
            for column, value in enumerate(values)
            if (text := _plain(shown(value, "General")))
        ]
        found = [Sheet(_NAME, cells)]
    yield Properties("csv", count_pages(found))
    yield from lay_out(found, file, first)


def table_of(text: str) -> list[list[str]]:
    """Rows of values, by the delimiter that divides the rows most evenly."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    delimiter = delimiter_of(lines)
    if lines.startswith("sep=") and "\n" in lines:  # a line for Excel, no data
        delimiter = lines[4:5] or delimiter
        lines = "\n" + lines.partition("\n")[2]
    csv.field_size_limit(10_000_000)
    return list(csv.reader(io.StringIO(lines), delimiter=delimiter, skipinitialspace=True))


def delimiter_of(text: str) -> str:
    """The character that gives most rows the same number (at least two) of columns; a comma when none does."""
    best, most = ",", 0.0
    sample = "\n".join(text.split("\n")[:_SAMPLE_ROWS])
    for delimiter in _DELIMITERS:
        try:
            widths = [len(row) for row in csv.reader(io.StringIO(sample), delimiter=delimiter) if row]
        except csv.Error:
            continue
        width, rows = Counter(widths).most_common(1)[0] if widths else (1, 0)
        # Among equals the one with more columns: 1,234;5,678 is divided by ; and by , alike.
        evenness = rows / len(widths) + width / 10_000 if width > 1 else 0.0
        if evenness > most:
            best, most = delimiter, evenness
    return best


def _plain(value: str) -> str:
    """Without the =\"…\" that keeps Excel from turning long numbers into figures."""
    return value[2:-1] if value.startswith('="') and value.endswith('"') else value.lstrip("\t")
