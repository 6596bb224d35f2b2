"""Totals added up again: what does not add up is told, and nothing else."""

from __future__ import annotations

import time
from decimal import Decimal
from pathlib import Path

import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from ingest.pages import Finding, ParsedPage
from ingest.readers import docx, xlsx
from ingest.readers.grid import Cell, rows_of
from ingest.readers.totals import total_findings


def _found(*lines: str, since: int = 0) -> list[Finding]:
    """Tables written as 镇街|人数 lines."""
    cells = [
        Cell(row, column, text)
        for row, line in enumerate(lines)
        for column, text in enumerate(line.split("|"))
        if text != ""
    ]
    return list(total_findings(rows_of(cells)[0], "第 2 页的表格", since=since))


_HEAD = "镇街|幼儿园数|在园幼儿"
_ROWS = ("城关|31|8,420", "北河|27|6,310", "南岭|28|6,270")
ADDS_UP = {
    "合计在末行": (_HEAD, *_ROWS, "合计|86|21,000"),
    "合计在首行": (_HEAD, "合计|86|21,000", *_ROWS),
    "带单位": ("镇街|数量|金额", "城关|31所|1.5万元", "北河|27所|2.5万元", "合计|58所|4.0万元"),
    "四舍五入之差": ("镇街|金额（万元）", "城关|1.3", "北河|1.3", "南岭|1.3", "合计|4.0"),
    "小计与合计": (_HEAD, "城关|1|10", "北河|2|20", "小计|3|30", "南岭|3|30", "东湖|4|40", "小计|7|70", "合计|10|100"),
    "率不相加": ("镇街|人数|普惠率", "城关|10|80%", "北河|20|90%", "合计|30|86.7%"),
    "比率不带百分号": ("镇街|人数|达标面（%）", "城关|10|80", "北河|20|90", "合计|30|86"),
    "平均不相加": ("镇街|人数|平均班额", "城关|10|40", "北河|20|44", "合计|30|43"),
    "其中行不计": (_HEAD, "公办|10|100", "其中：镇办|4|40", "民办|5|50", "合计|15|150"),
    "没有合计": (_HEAD, *_ROWS),
    "空缺与横线": (_HEAD, "城关|31|—", "北河|27|6,310", "南岭|28|6,270", "合计|86|12,580"),
}
WRONG = {
    "末行": (_HEAD, *_ROWS, "合计|86|21,100"),
    "首行": (_HEAD, "合计|86|21,100", *_ROWS),
    "总计": (_HEAD, *_ROWS, "总 计|86|21,100"),
    "全区合计": (_HEAD, *_ROWS, "全区合计|86|21,100"),
}


@pytest.mark.parametrize("name", ADDS_UP)
def test_对得上或不该相加的不提(name: str) -> None:
    assert _found(*ADDS_UP[name]) == []


@pytest.mark.parametrize("name", WRONG)
def test_对不上的列合计(name: str) -> None:
    [found] = _found(*WRONG[name])
    assert found.kind == "合计不符"
    assert "第 2 页的表格“在园幼儿”一栏：各项相加为 21,000" in found.sentence
    assert "写的是 21,100，相差 100，请核对原件。" in found.sentence


def test_小计对不上() -> None:
    [found] = _found(_HEAD, "城关|1|10", "北河|2|20", "小计|3|31", "南岭|3|30", "东湖|4|40", "小计|7|70", "合计|10|101")
    assert "“小计”写的是 31，相差 1" in found.sentence


def test_行合计对不上() -> None:
    head = ("镇街|公办|民办|合计", "城关|10|5|15", "北河|20|6|26", "东湖|1|1|2")
    [found] = _found(*head, "南岭|30|7|38")
    assert "各项相加为 37，“南岭的合计”写的是 38，相差 1" in found.sentence
    assert _found(*head, "南岭|30|7|37") == []


def test_多数行对不上说明那一栏不是各栏之和() -> None:
    assert _found("镇街|学校|学生|合计", "城关|10|500|7", "北河|20|600|8", "南岭|30|700|9") == []


def test_前页的行只参与相加() -> None:
    table = (_HEAD, *_ROWS, "合计|86|21,100")
    assert len(_found(*table, since=4)) == 1
    assert _found(*table, since=5) == []


def test_太多时合成一句() -> None:
    head = "镇街|" + "|".join(f"甲{n}" for n in range(8))
    found = _found(head, "城关|" + "|".join("10" * 8 for _ in range(8)), "北河|1|1|1|1|1|1|1|1", "合计|2|2|2|2|2|2|2|2")
    assert len(found) == 5
    assert "还有 4 处" in found[-1].sentence


@given(st.lists(st.decimals(0, 10**6, places=2), min_size=2, max_size=8), st.integers(0, 7))
def test_精确相加不受二进制小数影响(values: list[Decimal], wrong: int) -> None:
    lines = [f"第{n}镇|{value}" for n, value in enumerate(values)]
    total = sum(values, Decimal(0))
    assert _found("镇街|金额（万元）", *lines, f"合计|{total}") == []
    slack = Decimal(len(values)) / 200
    assert len(_found("镇街|金额（万元）", *lines, f"合计|{total + slack + Decimal(wrong + 1) / 100:.2f}")) == 1


def test_许多小计也很快() -> None:
    rows = [f"第{n}组|{n}" if n % 3 else f"小计|{n}" for n in range(1, 6000)]
    began = time.process_time()
    _found("组别|人数", *rows)
    assert time.process_time() - began < 5


def test_文档和工作簿里的表也重新相加(tmp_path: Path) -> None:
    rows = [line.split("|") for line in (_HEAD, *_ROWS, "合计|86|21,100")]
    document = Document()
    table = document.add_table(rows=0, cols=3)
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "普惠率"
    for values in rows:
        for cell, text in zip(table.add_row().cells, values, strict=True):
            cell.text = text
        sheet.append([int(text.replace(",", "")) if text[0].isdigit() else text for text in values])
    document.save(str(tmp_path / "a.docx"))
    book.save(tmp_path / "a.xlsx")
    for reader, name, where in ((docx, "a.docx", "正文的表1"), (xlsx, "a.xlsx", "《a.xlsx》的工作表“普惠率”")):
        pages = [item for item in reader.read(tmp_path / name, name) if isinstance(item, ParsedPage)]
        told = [found.sentence for page in pages for found in page.findings if found.kind == "合计不符"]
        assert told == [f"{where}“在园幼儿”一栏：各项相加为 21,000，“合计”写的是 21,100，相差 100，请核对原件。"]
