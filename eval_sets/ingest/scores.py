"""How near a reading comes to the truth: characters, order of the paragraphs, table cells in their row and column."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from eval_sets.ingest.truth import Table, joined
from ingest.pages import ParsedPage
from ingest.passages import cut

_SAME_NAME = 60.0  # percent; a heading read at least so well still says which column it is
_SAME_VALUE = 70.0  # percent; a value read worse than that is no longer the value
_LEAST = 80.0  # percent of a paragraph that must be found to count as there


@dataclass(frozen=True, slots=True)
class Reading:
    """What passages say: prose without white space, in order; and table rows, each a list of 表头：值."""

    prose: str
    rows: tuple[tuple[str, ...], ...]

    @property
    def all(self) -> str:
        """Prose, for looking up where a paragraph came out."""
        return self.prose


@dataclass(frozen=True, slots=True)
class CellCount:
    """cells : in the truth. placed : found in the right row and column. exact : placed, and every character right."""

    cells: int
    placed: int
    exact: int


def reading_of(pages: Sequence[ParsedPage], title: str = "") -> Reading:
    """What of these pages goes into passages, which is what is searched and cited: no running heads, no hidden words."""
    prose: list[str] = []
    rows: list[tuple[str, ...]] = []
    by_number = {page.number: page for page in pages}
    seen: set[tuple[int, int]] = set()
    for piece in cut(pages, title):
        page = by_number[piece.number]
        kept = [True] * len(page.text)
        groups: dict[int, list[tuple[int, int]]] = {}
        for span in page.spans:
            if span.kind == "cell":
                groups.setdefault(span.group, []).append((span.start, span.end))
        for group, spans in groups.items():
            for place in range(spans[0][0], spans[-1][1]):
                kept[place] = False
            if spans[0][0] < piece.end and spans[-1][1] > piece.start and (page.number, group) not in seen:
                seen.add((page.number, group))
                rows.append(tuple(joined([page.text[start:end]]) for start, end in spans))
        prose.append("".join(page.text[place] for place in range(piece.start, piece.end) if kept[place]))
    return Reading(joined(prose), tuple(rows))


def edits(truth: str, found: str) -> int:
    """Insertions, deletions and replacements that turn one into the other."""
    return Levenshtein.distance(truth, found)


def in_order(texts: Sequence[str], found: str) -> float:
    """Share of the texts that are there and stand in the right order: longest run of rising places / number of texts."""
    places: list[int] = []
    for text in texts:
        wanted = joined([text])
        place = found.find(wanted)
        if place < 0:
            best = (
                fuzz.partial_ratio_alignment(wanted, found, score_cutoff=_LEAST) if len(found) >= len(wanted) else None
            )
            place = -1 if best is None else best.dest_start
        if place >= 0:
            places.append(place)
    tails: list[int] = []
    for place in places:
        at = bisect_left(tails, place)
        tails[at : at + 1] = [place]
    return len(tails) / len(texts) if texts else 1.0


def count_cells(tables: Sequence[Table], rows: Sequence[Sequence[str]]) -> CellCount:
    """Cells of the truth's rows that stand in one row of the reading under the right heading.

    Rows are matched in order, so that as many cells as possible are right; a row torn in two loses the cells of one half.
    """
    headers: list[tuple[str, ...]] = []
    wanted: list[tuple[int, dict[int, str]]] = []
    for number, table in enumerate(tables):
        headers.append(tuple(joined([name]) for name in table.headers()))
        for row in table.rows():
            wanted.append((number, {column: joined([text]) for column, text in row.items() if text}))
    best: list[list[tuple[int, int]]] = [[(0, 0)] * (len(rows) + 1)]
    for number, row in wanted:
        line = [(0, 0)]
        for at, found in enumerate(rows, 1):
            placed, exact = _matched(headers[number], row, found)
            joint = (best[-1][at - 1][0] + placed, best[-1][at - 1][1] + exact)
            line.append(max(joint, best[-1][at], line[-1]))
        best.append(line)
    placed, exact = best[-1][-1]
    return CellCount(sum(len(row) for _, row in wanted), placed, exact)


def _matched(headers: Sequence[str], row: dict[int, str], found: Sequence[str]) -> tuple[int, int]:
    """How many cells of the row are in the found row under the right heading; and how many of them without any fault."""
    values: dict[int, str] = {}
    for cell in found:
        name, colon, value = cell.partition("：")
        if not colon:
            continue
        likeness = [fuzz.ratio(name, header) for header in headers]
        column = max(range(len(headers)), key=lambda index: likeness[index])
        if likeness[column] >= _SAME_NAME:
            values.setdefault(column, value)
    placed = sum(fuzz.ratio(text, values.get(column, "")) >= _SAME_VALUE for column, text in row.items())
    exact = sum(values.get(column) == text and f"{headers[column]}：{text}" in found for column, text in row.items())
    return placed, exact
