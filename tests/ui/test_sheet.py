"""A spreadsheet's cited cells in their rows, under their heads."""

from __future__ import annotations

import re

from ui.sheet import sheet_html

TITLE = "表3 在园幼儿"
HEADS = ("镇街", "普惠率")
ROWS = [(f"{number}街道", f"{number}%") for number in range(1, 31)]


def page() -> tuple[str, list[list[object]]]:
    """A stored sheet: title in row 1, heads in row 2, thirty rows of values."""
    text, spans = "", []

    def add(words: str, cell: str, head: str | None, end: str) -> None:
        nonlocal text
        locator = {"sheet": "表", "cell": cell} | ({"header": head} if head else {})
        spans.append([len(text), len(text) + len(words), "cell", 0, locator])
        text += words + end

    add(TITLE, "A1", None, "\n")
    for column, head in zip("AB", HEADS, strict=True):
        add(head, f"{column}2", None, "\n" if column == "B" else "；")
    for number, row in enumerate(ROWS, 3):
        for column, head, value in zip("AB", HEADS, row, strict=True):
            add(f"{head}：{value}", f"{column}{number}", head, "\n" if column == "B" else "；")
    return text, spans


def drawn(*quotes: str) -> str:
    text, spans = page()
    found = sheet_html(text, spans, [(text.index(quote), text.index(quote) + len(quote)) for quote in quotes])
    assert found
    return found


def hits(table: str) -> list[str]:
    return re.findall(r'<td[^>]*class="er-hit"[^>]*>(.*?)</td>', table)


def test_只标出被引的单元格() -> None:
    assert hits(drawn("镇街：20街道；普惠率：20%")) == ["20街道", "20%"]
    assert hits(drawn("普惠率：20%")) == ["20%"]


def test_表头和前后几行都在而其余省略() -> None:
    table = drawn("普惠率：20%")
    assert "<td>镇街</td><td>普惠率</td>" in table
    assert re.findall(r"<th>(\d+|…)</th>", table) == ["2", "…", *map(str, range(18, 29))]


def test_行号列号与原表一致() -> None:
    table = drawn("普惠率：1%")
    assert table.startswith('<table class="er-table er-sheet"><tr><th></th><th>A</th><th>B</th></tr>')
    assert '<th>3</th><td>1街道</td><td class="er-hit">1%</td>' in table


def test_独占一行的标题占满整行() -> None:
    assert hits(drawn(TITLE)) == [TITLE]
    assert f'<td colspan="2" class="er-hit">{TITLE}</td>' in drawn(TITLE)


def test_单元格里的标签只是文字() -> None:
    table = sheet_html("<b>粗</b>", [[0, 8, "cell", 0, {"sheet": "表", "cell": "AA7"}]], [(0, 8)])
    assert table
    assert "&lt;b&gt;粗&lt;/b&gt;" in table
    assert "<th>AA</th>" in table


def test_没有单元格地址就不画成表格() -> None:
    assert sheet_html("正文", [[0, 2, "paragraph", 0, {"path": "第1段"}]], [(0, 2)]) is None


def test_宽表只取首列和被引单元格附近的列() -> None:
    text, spans = "", []
    for column in "ABCDEFGHIJKLM":
        locator = {"sheet": "表", "cell": f"{column}3", "header": column}
        spans.append([len(text), len(text) + 3, "cell", 0, locator])
        text += f"{column}：{ord(column) % 10}；"
    start = text.index("L：")
    table = sheet_html(text, spans, [(start, start + 3)])
    assert table
    assert re.findall(r"<th>([A-Z])</th>", table) == ["A", "J", "K", "L", "M"]
    assert hits(table) == [str(ord("L") % 10)]
