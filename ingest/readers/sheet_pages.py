"""Turns the cells of a sheet into pages: each row as 表头：值, what is hidden kept apart, long sheets in parts.

Shared by XLSX, XLS and CSV.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace

from ingest.pages import Finding, LocatorValue, ParsedPage
from ingest.readers.builder import PageBuilder
from ingest.readers.grid import Cell, Piece, Row, rows_of
from ingest.readers.totals import total_findings
from ingest.readers.xlsx_scan import column_letters

ROWS_PER_PAGE = 2000  # a page is stored, cut and shown as one: sheets of 50,000 rows are not


def no_column(_: int) -> bool:
    """No column is hidden."""
    return False


@dataclass(slots=True)
class Sheet:
    """What a reader found of a sheet. Rows and columns are 0-based.

    hidden : why the whole sheet is hidden, "" when it is not. hidden_rows, hides_column : hidden in a visible sheet.
    unseen : (row, column) → why the cell's value is not seen, such as 白色文字.
    reasons : sentences without the file's name about what is missing.
    """

    name: str
    cells: Sequence[Cell]
    hidden: str = ""
    hidden_rows: Collection[int] = ()
    hides_column: Callable[[int], bool] = no_column
    unseen: dict[tuple[int, int], str] = field(default_factory=dict)
    reasons: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @property
    def label(self) -> str:
        return f"{self.name}（隐藏）" if self.hidden else self.name


def page_count(sheet: Sheet) -> int:
    """How many pages `pages_of` will give: one, or one for each 2,000 rows with text."""
    rows: set[int] = set()
    for cell in sheet.cells:
        rows.update(range(cell.row, cell.row + cell.rows))
    return max(1, -(-len(rows) // ROWS_PER_PAGE))


def count_pages(sheets: Sequence[Sheet | ParsedPage]) -> int:
    """How many pages `lay_out` gives when `first` is 1."""
    return sum(1 if isinstance(sheet, ParsedPage) else page_count(sheet) for sheet in sheets)


def lay_out(sheets: Sequence[Sheet | ParsedPage], file: str, first: int) -> Iterator[ParsedPage]:
    """The pages of a workbook from number `first` on. A ParsedPage among the sheets is one that says why there is no content."""
    number = 1
    for sheet in sheets:
        if isinstance(sheet, ParsedPage):
            if number >= first:
                yield replace(sheet, number=number)
            number += 1
            continue
        count = page_count(sheet)
        if number + count > first:
            yield from (page for page in pages_of(sheet, file, number) if page.number >= first)
        number += count


def pages_of(sheet: Sheet, file: str, first: int) -> Iterator[ParsedPage]:
    """The pages of a sheet, numbered from `first`."""
    rows = rows_of(sheet.cells)[0]
    totals = () if sheet.hidden else total_findings(rows, f"《{file}》的工作表“{sheet.name}”")
    findings = [*_findings(sheet, rows, file), *sheet.findings, *totals]
    reason = f"《{file}》" + "".join(sheet.reasons) if sheet.reasons else ""
    if not rows:
        if reason:
            yield ParsedPage(first, sheet.label, "failed", "", reason, findings=tuple(findings))
        else:
            why = f"《{file}》的工作表“{sheet.name}”没有内容。"
            yield ParsedPage(first, sheet.label, "empty", "", why, findings=tuple(findings))
        return
    parts = [rows[at : at + ROWS_PER_PAGE] for at in range(0, len(rows), ROWS_PER_PAGE)]
    for number, part in enumerate(parts):
        builder = PageBuilder()
        apart = [aside for row in part if (aside := _add_row(builder, row, sheet))]
        for pieces in apart:
            builder.row(pieces)
        label = sheet.label
        if len(parts) > 1:
            label = f"{label} 第{part[0].number + 1}—{part[-1].number + 1}行"
        page = builder.page(first + number, label, "text", "" if number else reason)
        yield page if number else replace(page, findings=tuple(findings))


_Placed = list[tuple[str, dict[str, LocatorValue], None]]


def _add_row(builder: PageBuilder, row: Row, sheet: Sheet) -> _Placed:
    """Adds a row with the cell and the header path of each value; returns the values nobody sees, to be added apart."""
    seen: _Placed = []
    unseen: _Placed = []
    gone = sheet.hidden or ("隐藏行" if row.number in sheet.hidden_rows else "")
    for piece in row.pieces:
        cell = piece.cell
        locator: dict[str, LocatorValue] = {"sheet": sheet.name, "cell": f"{column_letters(cell.column)}{cell.row + 1}"}
        if piece.header:
            locator["header"] = piece.header
        why = gone or _why_unseen(piece, sheet)
        if why:
            locator["hidden"] = why
        (unseen if why and not gone else seen).append((piece.text, locator, None))
    if row.kind == "title" and seen:
        builder.line(seen[0][0], "paragraph", seen[0][1])
    elif seen:
        builder.row(seen)
    return unseen


def _why_unseen(piece: Piece, sheet: Sheet) -> str:
    if sheet.hides_column is no_column and not sheet.unseen:
        return ""  # nearly every sheet, and this is asked for every value
    cell = piece.cell
    if all(sheet.hides_column(column) for column in range(cell.column, cell.column + cell.columns)):
        return "隐藏列"
    return sheet.unseen.get((cell.row, cell.column), "")


def _findings(sheet: Sheet, rows: Sequence[Row], file: str) -> Iterator[Finding]:
    where = f"《{file}》的工作表“{sheet.name}”"
    if sheet.hidden:
        if rows:
            yield Finding(
                "隐藏行列", f"{where}是隐藏的，其中的内容没有作为佐证使用，请核对是否应作为材料。", _excerpt(rows)
            )
        return
    hidden = [row for row in rows if row.number in sheet.hidden_rows]
    if hidden:
        listed = "、".join(str(row.number + 1) for row in hidden[:10]) + ("等" if len(hidden) > 10 else "")
        yield Finding(
            "隐藏行列",
            f"{where}的第 {listed} 行被隐藏（共 {len(hidden)} 行，可能由筛选造成），没有作为佐证使用，请核对。",
            _excerpt(hidden),
        )
    columns = dict.fromkeys(
        piece.cell.column for row in rows for piece in row.pieces if _why_unseen(piece, sheet) == "隐藏列"
    )
    if columns:
        words = [
            piece.text for row in rows[:50] for piece in row.pieces if piece.cell.column in columns and not piece.filled
        ]
        listed = "、".join(column_letters(column) for column in sorted(columns))
        sentence = f"{where}的 {listed} 列被隐藏，没有作为佐证使用，请核对。"
        yield Finding("隐藏行列", sentence, "；".join(words)[:500])
    for why in dict.fromkeys(sheet.unseen.values()):
        cells = [cell for cell in sheet.cells if sheet.unseen.get((cell.row, cell.column)) == why]
        if cells:
            names = [f"{column_letters(cell.column)}{cell.row + 1}" for cell in cells]
            listed = "、".join(names[:10]) + (f"等 {len(names)} 格" if len(names) > 10 else "")
            sentence = f"{where}的 {listed} 有看不见的内容（{why}），没有作为佐证使用，请核对。"
            yield Finding("隐藏文字", sentence, "；".join(cell.text for cell in cells)[:500])


def _excerpt(rows: Sequence[Row]) -> str:
    return "；".join(piece.text for row in rows[:20] for piece in row.pieces)[:500]
