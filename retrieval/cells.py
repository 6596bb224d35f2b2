"""The cells of a table row as the readers write it: 表头：值；表头：值."""

from __future__ import annotations

import re
from dataclasses import dataclass

from retrieval.numbers import find_numbers

_EACH = re.compile(r"^(?:每[生人园校班次][ ]?)?(?:每(?:学?年|月|学期|天|次)[ ]?)?")  # 每生每年2000元 is a figure
_COUNTED_NAME = re.compile(r"[0-9]+[条项](?!以上|以下)[\u4e00-\u9fff]{2,}")  # 20条底线 is a name
_CELL = re.compile(r"(?P<header>[^：；]{1,60})：(?P<value>[^；]*)")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell at `row[start:end]`, header included; its value begins at `value_start`."""

    header: str
    value: str
    start: int
    end: int
    value_start: int


def cells_of(row: str) -> list[Cell]:
    """The cells of a row, in order."""
    return [_cell(match) for match in _CELL.finditer(row)]


def is_numeric(value: str) -> bool:
    """Whether a cell is a figure: a number, perhaps with its unit and a remark of a few characters."""
    value = _EACH.sub("", value)
    numbers = find_numbers(value)
    return (
        bool(numbers)
        and len(value) - sum(n.end - n.start for n in numbers) <= 8
        and not re.search(r"[\u4e00-\u9fff]{5,}", value)
        and not re.match(r"[\u4e00-\u9fff]{3,}", value)
        and not _COUNTED_NAME.match(value)
    )


def _cell(match: re.Match[str]) -> Cell:
    value = match["value"]
    lead = len(value) - len(value.lstrip())
    return Cell(match["header"].strip(), value.strip(), match.start(), match.end(), match.start("value") + lead)
