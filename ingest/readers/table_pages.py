"""A table that goes on over a page break: its headers, and the row that the break cuts in two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest.readers.grid import Cell, Piece, Row, is_number


@dataclass(frozen=True, slots=True)
class Carried:
    """What the next page must know of the table a page ends with.

    headers : of each column. rows : all so far, those of earlier pages included, the first `begins` of them.
    names : column → the cell of the last row that says what the row is about; words, never figures.
    """

    headers: tuple[str, ...]
    width: int
    rows: tuple[Row, ...]
    begins: int
    names: dict[int, Cell]


def carry(rows: Sequence[Row], headers: Sequence[str], width: int, before: Carried | None) -> Carried:
    """What to carry on, given the rows of this page and the table before, when this one goes on with it."""
    earlier = before.rows if before else ()
    data = [row for row in rows if row.kind == "data"]
    names = dict(before.names) if before and not data else {}
    if data:
        names = {piece.cell.column: piece.cell for piece in data[-1].pieces if not is_number(piece.cell.text)}
    return Carried(tuple(headers), width, (*earlier, *rows), len(earlier), names)


def continued(rows: Sequence[Row], before: Carried) -> list[Row]:
    """The rows, with the header marked that only repeats the one on the page before, and the first row completed.

    A row of data whose first cells are empty at the top of a page is the rest of the row before, or stands in a merged
    cell that the break has cut: it is told what it is about in the words of that row, marked as filled.
    """
    done = [replace(row, repeated=True) if row.kind == "header" else row for row in rows]
    at = next((index for index, row in enumerate(done) if row.kind == "data"), None)
    if at is None:
        return done
    first = min((piece.cell.column for piece in done[at].pieces), default=0)
    filled = tuple(
        Piece(replace(cell, row=-1), before.headers[column] if column < len(before.headers) else "", filled=True)
        for column, cell in sorted(before.names.items())
        if column < first
    )
    # A cell that is merged over several rows lacks its words in all of them.
    tall = at
    while filled and tall < len(done) and done[tall].kind == "data":
        if min((piece.cell.column for piece in done[tall].pieces), default=0) < first:
            break
        done[tall] = replace(done[tall], pieces=(*filled, *done[tall].pieces))
        tall += 1
    return done
