"""Ruled tables from lines placed by hand: columns at 0, 100, 200, 300; rows at 90, 60, 30, 0."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ingest.readers.pdf_chars import Char, Chars
from ingest.readers.pdf_lines import Line
from ingest.readers.pdf_tables import Place, Region, _connected, _region, split_off

_HEAVY = 1.0


def _across(y: float, x0: float = 0, x1: float = 300) -> list[float]:
    return [x0, y, x1, y + _HEAVY]


def _down(x: float, y0: float = 0, y1: float = 90) -> list[float]:
    return [x, y0, x + _HEAVY, y1]


def _table(horizontal: list[list[float]], vertical: list[list[float]]) -> Region:
    region = _region(np.array(horizontal), np.array(vertical))
    assert region is not None
    return region


def _char(x: float, y: float, text: str = "字") -> Char:
    return Char(text, x, y, x + 10, y + 10)


def _cell(region: Region, char: Char) -> Place | None:
    number = int(region.cells_at(np.array([char.box]))[0])
    return None if number < 0 else region.places[number]


_FULL = _table([_across(y) for y in (0, 30, 60, 90)], [_down(x) for x in (0, 100, 200, 300)])


def test_每格一个位置() -> None:
    assert _cell(_FULL, _char(10, 70)) == (0, 0, 1, 1)
    assert _cell(_FULL, _char(210, 10)) == (2, 2, 1, 1)
    assert _cell(_FULL, _char(310, 10)) is None
    assert _cell(_FULL, _char(10, 120)) is None


def test_缺一段竖线就是横向合并() -> None:
    region = _table([_across(y) for y in (0, 30, 60, 90)], [_down(0), _down(100), _down(200, 0, 60), _down(300)])
    assert _cell(region, _char(110, 70)) == _cell(region, _char(210, 70)) == (0, 1, 1, 2)
    assert _cell(region, _char(210, 40)) == (1, 2, 1, 1)


def test_缺一段横线就是纵向合并() -> None:
    region = _table(
        [_across(0), _across(30), _across(60, 100, 300), _across(90)], [_down(x) for x in (0, 100, 200, 300)]
    )
    assert _cell(region, _char(10, 70)) == _cell(region, _char(10, 40)) == (0, 0, 2, 1)


def test_双线与错开一点的线是同一条() -> None:
    lines = [_across(y) for y in (0, 30, 60, 90)] + [_across(91.5)]
    assert _table(lines, [_down(x) for x in (0, 1.5, 100, 200, 300)]).xs == [0, 100, 200, 300]


def test_一栏的方框不是表格() -> None:
    assert _region(np.array([_across(0), _across(90)]), np.array([_down(0), _down(300), _down(301)])) is None


def test_分开的两张表各自成组() -> None:
    edges: NDArray[np.float64] = np.array([_across(0), _down(0), _across(500), _down(0, 500, 590)])
    assert sorted(members.tolist() for members in _connected(edges)) == [
        [False, False, True, True],
        [True, True, False, False],
    ]


def test_表格插在第一个格内字符所在处() -> None:
    region = _table([_across(y) for y in (0, 30, 60, 90)], [_down(x) for x in (0, 100, 200, 300)])
    before, inside, space, after = (
        _char(10, 200, "前"),
        _char(10, 70, "内"),
        Char(" ", 20, 70, 20, 70, True),
        _char(10, -50, "后"),
    )
    parts = split_off(Chars.of([before, inside, space, after]), [region])
    assert [part if isinstance(part, Region) else _texts(part) for part in parts] == [["前"], region, ["后"]]
    assert {place: _texts(lines) for place, lines in region.cells.items()} == {(0, 0, 1, 1): ["内"]}


def _texts(lines: list[Line]) -> list[str]:
    return [line.text for line in lines]
