"""Tables over a page break: headers once, the cut row told what it is about, totals over all pages."""

from __future__ import annotations

from pathlib import Path

import pytest
from docx import Document
from docx.shared import Pt

from ingest.pages import ParsedPage
from ingest.passages import cut
from ingest.readers.grid import Cell, Row, rows_of
from ingest.readers.pdf import read
from ingest.readers.table_pages import carry, continued
from tests.ingest.make_files import to_pdf


def _rows(*lines: str, inherited: tuple[str, ...] = ()) -> tuple[list[Row], list[str]]:
    cells = [
        Cell(row, column, text) for row, line in enumerate(lines) for column, text in enumerate(line.split("|")) if text
    ]
    return rows_of(cells, inherited)


def _texts(row: Row) -> list[str]:
    return [piece.text for piece in row.pieces]


_FIRST = ("类别|学校|学生数", "小学|一小|800", "小学|二小|640")


def test_被分页切断的行补上它说的是什么() -> None:
    rows, headers = _rows(*_FIRST)
    before = carry(rows, headers, 3, None)
    more, again = _rows("||（含分校 120 人）", "中学|三中|900", inherited=before.headers)
    assert again == headers
    done = continued(more, before)
    assert _texts(done[0]) == ["类别：小学", "学校：二小", "学生数：（含分校 120 人）"]
    assert [piece.filled for piece in done[0].pieces] == [True, True, False]
    assert _texts(done[1]) == ["类别：中学", "学校：三中", "学生数：900"]


def test_跨页的合并单元格逐行补上() -> None:
    rows, headers = _rows(*_FIRST)
    more, _ = _rows("|四小|500", "|五小|450", "中学|三中|900", inherited=tuple(headers))
    done = continued(more, carry(rows, headers, 3, None))
    assert [_texts(row)[0] for row in done] == ["类别：小学", "类别：小学", "类别：中学"]


def test_上页的数字不补到下页() -> None:
    rows, headers = _rows("学生数|学校|备注", "800|一小|新建", "640|二小|改建")
    more, _ = _rows("|三小|扩建", inherited=tuple(headers))
    assert _texts(continued(more, carry(rows, headers, 3, None))[0]) == ["学校：三小", "备注：扩建"]


def test_重复的表头有标记() -> None:
    rows, headers = _rows(*_FIRST)
    more, _ = _rows(_FIRST[0], "小学|三小|500", "小学|四小|510", inherited=tuple(headers))
    done = continued(more, carry(rows, headers, 3, None))
    assert [(row.kind, row.repeated) for row in done] == [("header", True), ("data", False), ("data", False)]


def test_续表带着前几页的行() -> None:
    rows, headers = _rows(*_FIRST)
    first = carry(rows, headers, 3, None)
    second = carry(rows[1:], headers, 3, first)
    assert (first.begins, second.begins, len(second.rows)) == (0, 3, 5)


@pytest.fixture(scope="module")
def long_table(tmp_path_factory: pytest.TempPathFactory, soffice: str) -> Path:
    """A table of 70 rows over three pages, header repeated, the last row a total that is 1 too high."""
    folder = tmp_path_factory.mktemp("long")
    document = Document()
    document.styles["Normal"].font.name = "Noto Serif CJK SC"
    document.styles["Normal"].font.size = Pt(12)
    document.add_paragraph("附表1 各校学生数（演示数据，虚构）")
    table = document.add_table(rows=0, cols=3, style="Table Grid")
    rows = [("学校", "学生数", "说明")] + [(f"第{n}小学", str(100 + n), "正常") for n in range(1, 71)]
    for values in [*rows, ("合计", str(sum(100 + n for n in range(1, 71)) + 1), "")]:
        for cell, text in zip(table.add_row().cells, values, strict=True):
            cell.text = text
    properties = table.rows[0]._tr.get_or_add_trPr()
    properties.append(properties.makeelement(f"{{{properties.nsmap['w']}}}tblHeader"))
    document.save(str(folder / "a.docx"))
    return to_pdf(folder / "a.docx", folder)


def test_三页的表格(long_table: Path) -> None:
    pages = [item for item in read(long_table, "a.pdf") if isinstance(item, ParsedPage)]
    assert len(pages) >= 2
    lines = [line for page in pages for line in page.text.splitlines()]
    for number in range(1, 71):
        assert f"学校：第{number}小学；学生数：{100 + number}；说明：正常" in lines
    passages = [pages[piece.number - 1].text[piece.start : piece.end] for piece in cut(pages, "")]
    assert sum(text.count("学校；学生数；说明") for text in passages) == 1
    assert sum(page.text.count("学校；学生数；说明") for page in pages) == len(pages)  # kept in the pages
    [found] = [found for page in pages for found in page.findings]
    assert found in pages[-1].findings
    assert "各项相加为 9,485，“合计”写的是 9,486，相差 1" in found.sentence
