"""The order of reading by place: two columns that a file mixes line by line, and tables that look like columns."""

from __future__ import annotations

import random

from ingest.readers.pdf_chars import Char, Chars
from ingest.readers.pdf_lines import lines_of
from ingest.readers.pdf_order import by_columns, in_reading_order

_EM = 12.0
_NEWLINE = Char("\n", 0, 0, 0, 0, made_up=True)
_WORDS = "全区教育经费投入逐年增长各项政策落实到位"  # 20 characters, 240 points


def _put(text: str, x: float, y: float) -> list[Char]:
    return [Char(char, x + _EM * n, y, x + _EM * (n + 1), y + _EM) for n, char in enumerate(text)]


def _mixed(rows: int = 8) -> list[tuple[list[Char], list[Char]]]:
    """Two columns from 40 to 280 and from 320 to 560; each line begins with its own character."""
    left, right = "甲乙丙丁戊己庚辛", "子丑寅卯辰巳午未"
    return [
        (_put(left[n] + _WORDS[1:], 40, 700 - 20 * n), _put(right[n] + _WORDS[1:], 320, 700 - 20 * n))
        for n in range(rows)
    ]


def _ordered(chars: list[Char]) -> list[str]:
    return [line.text for line in by_columns(lines_of(in_reading_order(Chars.of(chars))))]


def _first(lines: list[str]) -> str:
    return "".join(line[0] for line in lines)


def test_两栏被逐行混在一起时先左后右() -> None:
    chars = [char for left, right in _mixed() for char in (*left, *right, _NEWLINE)]
    assert _first(_ordered(chars)) == "甲乙丙丁戊己庚辛子丑寅卯辰巳午未"


def test_字形全部打乱的两栏也先左后右() -> None:
    chars = [char for left, right in _mixed() for char in (*left, *right)]
    random.Random(7).shuffle(chars)
    found = _ordered(chars)
    assert _first(found) == "甲乙丙丁戊己庚辛子丑寅卯辰巳午未"
    assert all(line[1:] == _WORDS[1:] for line in found)


def test_跨栏的标题留在两栏之间() -> None:
    title = "关于全区教育督导工作情况的汇报与下一步打算"
    rows = _mixed()
    chars = [char for left, right in rows for char in (*left, *right, _NEWLINE)]
    chars += [*_put(title, 180, 540), _NEWLINE]
    chars += [
        char
        for n, (left, right) in enumerate(rows)
        for char in (
            *(c._replace(bottom=500 - 20 * n, top=512 - 20 * n) for c in left),
            *(c._replace(bottom=500 - 20 * n, top=512 - 20 * n) for c in right),
            _NEWLINE,
        )
    ]
    found = _ordered(chars)
    assert found.index(title) == 16
    assert _first(found[:16]) == _first(found[17:]) == "甲乙丙丁戊己庚辛子丑寅卯辰巳午未"


def test_本来就分栏的顺序不动() -> None:
    rows = _mixed()
    chars = [char for left, _ in rows for char in (*left, _NEWLINE)]
    chars += [char for _, right in rows for char in (*right, _NEWLINE)]
    assert _first(_ordered(chars)) == "甲乙丙丁戊己庚辛子丑寅卯辰巳午未"


def test_左名右数的无线表不当作两栏() -> None:
    names = ("城关街道", "北河镇", "南岭镇", "东湖街道办事处", "西关镇", "经济开发区", "高新区", "港口")
    chars = [
        char
        for n, name in enumerate(names)
        for char in (*_put(name, 40, 700 - 20 * n), *_put(str(1000 + n), 320, 700 - 20 * n), _NEWLINE)
    ]
    found = [line.replace(" ", "") for line in _ordered(chars)]
    assert found == [f"{name}{1000 + n}" for n, name in enumerate(names)]


def test_左右两格长短不齐的无线表也不当作两栏() -> None:
    long = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉"
    rows = [(long[: 10 + n % 9], long[: 18 - n % 9]) for n in (0, 5, 2, 7, 1, 8, 3, 6)]
    chars = [
        char
        for n, (left, right) in enumerate(rows)
        for char in (*_put(left, 40, 700 - 20 * n), *_put(right, 320, 700 - 20 * n), _NEWLINE)
    ]
    assert [line.replace(" ", "") for line in _ordered(chars)] == [left + right for left, right in rows]


def test_打乱的西文词之间补空格() -> None:
    chars = []
    for n in range(3):
        x = 40.0
        for char in "full marks for all":
            if char != " ":
                chars.append(Char(char, x, 700 - 20 * n, x + 6, 712 - 20 * n))
            x += 6
    random.Random(1).shuffle(chars)
    assert _ordered(chars) == ["full marks for all"] * 3


def test_整段文字次序打乱也按版面恢复() -> None:
    lines = [_put("甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未"[n] + _WORDS[1:], 40, 800 - 20 * n) for n in range(18)]
    pieces = [line[:10] for line in lines] + [line[10:] for line in lines]
    random.Random(4).shuffle(pieces)
    found = _ordered([char for piece in pieces for char in (*piece, _NEWLINE)])
    assert _first(found) == "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未"
    assert all(line[1:] == _WORDS[1:] for line in found)


def test_多行单元格的表格不算打乱() -> None:
    cells = [
        [char for n in range(4) for char in (*_put(_WORDS[:8], 40 + 110 * column, 700 - 100 * row - 20 * n), _NEWLINE)]
        for row in range(5)
        for column in range(4)
    ]
    chars = Chars.of(char for cell in cells for char in cell)
    assert in_reading_order(chars) is chars


def test_低处的逗号高处的引号归到自己的行() -> None:
    rows = []
    for n in range(6):
        line = _put("区政府“一把手”，亲自抓教育督导工作落实", 40, 700 - 20 * n)
        low = [c._replace(bottom=c.bottom, top=c.bottom + 3, right=c.left + 3) if c.text == "，" else c for c in line]
        rows += [c._replace(bottom=c.top - 3) if c.text in "“”" else c for c in low]
    random.Random(2).shuffle(rows)
    assert _ordered(rows) == ["区政府“一把手”，亲自抓教育督导工作落实"] * 6
