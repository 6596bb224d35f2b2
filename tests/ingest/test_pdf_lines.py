"""Lines and paragraphs, from characters placed by hand: 12-point type, lines 20 points apart."""

from __future__ import annotations

import random

from ingest.readers.pdf_chars import Char, Chars
from ingest.readers.pdf_lines import join, lines_of, paragraphs
from ingest.readers.pdf_order import in_reading_order

_EM = 12.0
_NEWLINE = Char("\n", 0, 0, 0, 0, made_up=True)


def _line(text: str, x: float, y: float) -> list[Char]:
    chars = []
    for char in text:
        if char == " ":
            chars.append(Char(" ", x, y, x, y, made_up=True))
            continue
        wide = _EM if ord(char) > 255 else _EM / 2
        chars.append(Char(char, x, y, x + wide, y + _EM))
        x += wide
    return [*chars, _NEWLINE]


def _paragraphs(*lines: tuple[str, float, float]) -> list[str]:
    chars = [char for text, x, y in lines for char in _line(text, x, y)]
    return [join(group)[0] for group in paragraphs(lines_of(in_reading_order(Chars.of(chars))), 595)]


_FULL = "区政府全年安排资金用于新建幼儿园并逐项建立问题清单限期销号落实部门责任"  # reaches the right margin


def test_写满的行与下一行是一段() -> None:
    assert _paragraphs((_FULL, 60, 700), ("督导结果公开。", 60, 680)) == [f"{_FULL}督导结果公开。"]


def test_缩进另起一段() -> None:
    full = f"{_FULL[:-1]}。"
    assert _paragraphs((full, 60, 700), ("下一段的开头。", 84, 680)) == [full, "下一段的开头。"]


def test_写满的句子之后遇到编号另起一段() -> None:
    full = f"{_FULL[:-1]}。"
    assert _paragraphs((full, 60, 700), ("一、申报事项", 60, 680)) == [full, "一、申报事项"]
    assert len(_paragraphs((_FULL, 60, 700), ("3.5万元。", 60, 680))) == 1


def test_短行之后另起一段() -> None:
    assert _paragraphs((_FULL, 60, 700), ("结束。", 60, 680), (_FULL, 60, 660)) == [f"{_FULL}结束。", _FULL]


def test_行距突然变大另起一段() -> None:
    assert len(_paragraphs((_FULL, 60, 700), (_FULL, 60, 680), (_FULL, 60, 660), (_FULL, 60, 610))) == 2


def test_两栏各自接续() -> None:
    column = [("教育督导工作每学期开展两次以上检查", 60, 700 - 20 * n) for n in range(3)]
    other = [("学校安全隐患排查整治逐项建立台账销", 320, 700 - 20 * n) for n in range(3)]
    assert _paragraphs(*column, *other) == [column[0][0] * 3, other[0][0] * 3]


def test_几个短行不会接成一段() -> None:
    assert _paragraphs(("演示数据（虚构）", 60, 800), ("四、下一步打算", 60, 700), ("继续巩固成果。", 60, 680)) == [
        "演示数据（虚构）",
        "四、下一步打算",
        "继续巩固成果。",
    ]


def test_无框线的表格行各自成行() -> None:
    rows = [
        [*_line("城关街道", 60, y)[:-1], *_line("31", 260, y)[:-1], *_line("88.1%", 460, y)] for y in (700.0, 680.0)
    ]
    groups = paragraphs(lines_of(Chars.of(char for row in rows for char in row)), 595)
    assert len(groups) == 2


def test_汉字与数字之间推断出的细空格去掉_宽空格保留() -> None:
    thin = [*_line("普惠率达到", 60, 700)[:-1], Char(" ", 120, 700, 120, 700, True), *_line("86.5%", 123, 700)]
    wide = [*_line("城关街道", 60, 700)[:-1], Char(" ", 108, 700, 108, 700, True), *_line("31", 180, 700)]
    assert lines_of(Chars.of(thin))[0].text == "普惠率达到86.5%"
    assert lines_of(Chars.of(wide))[0].text == "城关街道 31"


def test_写在文件里的空格不动() -> None:
    chars = [*_line("附件", 60, 700)[:-1], Char(" ", 84, 700, 87, 700), *_line("名单", 88, 700)]
    assert lines_of(Chars.of(chars))[0].text == "附件 名单"


def test_拉丁词与数字换行处留空格() -> None:
    assert _paragraphs(("a" * 90, 30, 700), ("b", 30, 680)) == [f"{'a' * 90} b"]


def test_字形顺序打乱的页按版面恢复() -> None:
    lines = [(_FULL, 60.0, 700.0 - 20 * n) for n in range(4)]
    chars = [char for text, x, y in lines for char in _line(text, x, y) if not char.made_up]
    random.Random(3).shuffle(chars)
    assert [line.text for line in lines_of(in_reading_order(Chars.of(chars)))] == [_FULL] * 4


def test_顺序正常的页保持原序() -> None:
    chars = Chars.of(char for n in range(4) for char in _line(_FULL, 60, 700.0 - 20 * n))
    assert in_reading_order(chars) is chars
