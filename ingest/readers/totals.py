"""Adds up again what a table says it has added up: rows and columns named 合计, 总计, 小计.

A finding is something for a person to look at, so the sums are exact decimals and every doubt is on the side of silence:
only columns of plain figures in one unit, no shares, averages, rows of 其中, and no difference that rounding explains.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ingest.pages import Finding
from ingest.readers.grid import Row

KIND = "合计不符"
_TOTAL = re.compile(r"(?:总计|合计|共计|总和)(?:[（(].{0,12}[）)])?$|^(?:总计|合计|共计|计)(?:$|[（(：:])")
_SUBTOTAL = re.compile(r"小计(?:[（(].{0,12}[）)])?$")
_TOTAL_COLUMN = re.compile(r"^(?:总计|合计|小计|共计|计|总数)(?:[（(].{0,12}[）)])?$")
_NO_SUM = re.compile(
    r"率|比例|占比|比重|比值|均|平均|人均|年份|年度|日期|时间|序号|编号|排名|名次|等级|标准|倍|同比|增长|%|％"
)
_FIGURE = re.compile(r"^([-+－−]?(?:\d{1,3}(?:[,，]\d{3})+|\d+)(?:\.\d+)?)([^\d%％‰.]{0,4})$")
_BLANK = ("", "—", "－", "-", "/", "／", "——", "无", "0")
_MOST_TOTALS = 100  # rows of totals looked at; each is compared with the rows around it
_MOST = 4  # findings of one table; with more, the table is misread or made up


@dataclass(frozen=True, slots=True)
class _Figure:
    value: Decimal
    unit: str
    places: int


@dataclass(frozen=True, slots=True)
class _Line:
    """A row of data. figures : column → figure; other : columns with something that is neither a figure nor blank."""

    at: int
    label: str
    figures: dict[int, _Figure]
    other: frozenset[int]

    @property
    def level(self) -> int:
        """0 detail, 1 小计, 2 合计."""
        label = re.sub(r"\s", "", self.label)
        return 1 if _SUBTOTAL.search(label) else 2 if _TOTAL.search(label) else 0


def total_findings(rows: Sequence[Row], where: str, *, since: int = 0) -> tuple[Finding, ...]:
    """One finding for each total that is not the sum of its parts.

    where : names the table in a sentence: 第 3 页的表格, 《统计表》的工作表“普惠率”. since : only totals in the rows from there on are told;
    the rows before belong to earlier pages and only add to the sums.
    """
    if not any("计" in piece.text or "总" in piece.text for row in rows for piece in row.pieces):
        return ()
    headers: dict[int, str] = {}
    told: list[Finding] = []
    for first, last in _stretches(rows):
        lines = [line for at in range(first, last) if (line := _line(at, rows[at], headers))]
        told += _columns(lines, headers, where, since)
        told += _rows(lines, headers, where, since)
    if len(told) > _MOST:
        more = f"{where}还有 {len(told) - _MOST} 处合计与各项之和不符，请核对原件。"
        told = [*told[:_MOST], Finding(KIND, more)]
    return tuple(told)


def _stretches(rows: Sequence[Row]) -> Iterator[tuple[int, int]]:
    """Parts between new headers; a header that is only repeated on the next page parts nothing."""
    start = 0
    for at, row in enumerate(rows):
        if row.kind == "header" and not row.repeated and at > start and rows[at - 1].kind != "header":
            yield start, at
            start = at
    yield start, len(rows)


def _line(at: int, row: Row, headers: dict[int, str]) -> _Line | None:
    """Reads a row of data, and notes the headers of its columns."""
    if row.kind != "data":
        return None
    figures: dict[int, _Figure] = {}
    other: set[int] = set()
    label = ""
    for piece in row.pieces:
        column, text = piece.cell.column, re.sub(r"\s", "", piece.cell.text)
        headers.setdefault(column, piece.header)
        if piece.cell.rows > 1 and piece.filled and _figure(text):
            continue
        if found := _figure(text):
            figures[column] = found
        elif text not in _BLANK:
            other.add(column)
            if not figures or not label:
                label = label if label and (_TOTAL.search(label) or _SUBTOTAL.search(label)) else text
    return _Line(at, label, figures, frozenset(other))


def _figure(text: str) -> _Figure | None:
    match = _FIGURE.match(text)
    if not match:
        return None
    digits = re.sub("[,，]", "", match[1]).replace("－", "-").replace("−", "-")
    return _Figure(Decimal(digits), match[2], len(digits.partition(".")[2]))


def _columns(lines: Sequence[_Line], headers: dict[int, str], where: str, since: int) -> Iterator[Finding]:
    """Totals below, or above, the rows they add up."""
    if any("其中" in line.label for line in lines):
        return
    totals = [index for index, line in enumerate(lines) if line.level and line.at >= since]
    for index in totals[:_MOST_TOTALS]:
        line = lines[index]
        for column, total in sorted(line.figures.items()):
            if not column or _NO_SUM.search(headers.get(column, "")):
                continue
            groups = _parts_of(lines, index)
            sums = [found for group in groups if (found := _sum(group, column, total)) is not None]
            if not sums or any(_agree(found, total, len(group)) for found, group in zip(sums, groups, strict=False)):
                continue
            if _elsewhere(lines, index, column, total):
                continue
            yield _finding(where, headers.get(column, ""), line.label, sums[0], total)


def _parts_of(lines: Sequence[_Line], index: int) -> list[list[_Line]]:
    """The rows a total may add up, likeliest first: for 小计 those since the total before, for 合计 all details, or all 小计."""
    above = lines[:index]
    start = next((at + 1 for at in range(index - 1, -1, -1) if above[at].level), 0)
    since_total = [line for line in above[start:] if line.level == 0]
    below_end = next((at for at in range(index + 1, len(lines)) if lines[at].level), len(lines))
    below = list(lines[index + 1 : below_end])
    if lines[index].level == 1:
        return [since_total] if since_total else [below]
    details = [line for line in above if line.level == 0]
    subtotals = [line for line in above if line.level == 1]
    found = [group for group in (details, subtotals, since_total) if len(group) >= 2]
    return found or [group for group in (below, [line for line in lines[index + 1 :] if line.level == 1]) if group]


def _sum(lines: Sequence[_Line], column: int, total: _Figure) -> Decimal | None:
    """Sum of a column, None when it holds words, other units, or fewer than two figures."""
    figures = [line.figures[column] for line in lines if column in line.figures]
    if len(figures) < 2 or any(column in line.other for line in lines):
        return None
    if any(figure.unit != total.unit for figure in figures):
        return None
    return sum((figure.value for figure in figures), Decimal(0))


def _agree(found: Decimal, total: _Figure, count: int) -> bool:
    """Whether the sum is the total; where figures are rounded, as nearly as rounding allows."""
    slack = Decimal(count) / 2 * Decimal(10) ** -total.places if total.places else Decimal(0)
    return abs(found - total.value) <= slack


def _elsewhere(lines: Sequence[_Line], index: int, column: int, total: _Figure) -> bool:
    """Whether the total is right counted the other way round (a total written above its parts)."""
    below = [line for line in lines[index + 1 :] if line.level == 0]
    found = _sum(below, column, total)
    return found is not None and _agree(found, total, len(below))


def _rows(lines: Sequence[_Line], headers: dict[int, str], where: str, since: int) -> Iterator[Finding]:
    """Columns named 合计 among columns of the same heading; most rows must prove that they add up just those."""
    for column, header in sorted(headers.items()):
        parent, _, name = header.rpartition(" / ")
        if not _TOTAL_COLUMN.match(re.sub(r"\s", "", name)):
            continue
        parts = [other for other, path in headers.items() if other != column and _sibling(path, parent, column, other)]
        checked: list[tuple[_Line, Decimal, bool]] = []
        for line in lines:
            total = line.figures.get(column)
            figures = [line.figures[part] for part in parts if part in line.figures]
            if total is None or len(figures) < 2 or any(part in line.other for part in parts):
                continue
            if any(figure.unit != total.unit for figure in figures):
                continue
            found = sum((figure.value for figure in figures), Decimal(0))
            checked.append((line, found, _agree(found, total, len(figures))))
        right = sum(agrees for _, _, agrees in checked)
        if right < 2 or right * 2 < len(checked):
            continue
        for line, found, agrees in checked:
            if not agrees and line.at >= since:
                label = f"{line.label}的{name}" if line.label else name
                yield _finding(where, parent, label, found, line.figures[column])


def _sibling(path: str, parent: str, column: int, other: int) -> bool:
    above, _, name = path.rpartition(" / ")
    return above == parent and other > 0 and not _NO_SUM.search(path) and not _TOTAL_COLUMN.match(name)


def _finding(where: str, header: str, label: str, found: Decimal, total: _Figure) -> Finding:
    of = f"“{header}”一栏" if header else "一栏"
    difference = abs(found - total.value)
    sentence = (
        f"{where}{of}：各项相加为 {_plain(found)}，“{label}”写的是 {_plain(total.value)}，"
        f"相差 {_plain(difference)}，请核对原件。"
    )
    return Finding(KIND, sentence, f"{label}：{_plain(total.value)}{total.unit}")


def _plain(value: Decimal) -> str:
    return f"{value:,f}"
