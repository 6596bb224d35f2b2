"""The completeness list by department, the figures and zero reports of an item, and the checklists as files."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from docx import Document as Docx
from openpyxl import load_workbook

from review.completeness import Completeness, completeness
from review.departments import (
    by_department,
    checklist_docx,
    lacking,
    lacking_figures,
    matrix_xlsx,
    of_department,
)
from review.errors import RefusedRecordError
from review.workspace import Settings, Workspace

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def listed(demo_home: Path) -> Completeness:
    return completeness(Workspace(Settings(demo_home)), "云山区", 2019)


def test_每个要点正好有一个牵头部门(listed: Completeness) -> None:
    lists = by_department(listed)
    led = [entry.item for one in lists for entry in one.leads]
    assert sorted(led) == sorted(entry.item for entry in listed.items)
    assert sum(sum(one.counts.values()) for one in lists) == 65
    assert [len(one.leads) for one in lists] == sorted((len(one.leads) for one in lists), reverse=True)
    with pytest.raises(RefusedRecordError, match="没有“虚构局”"):
        of_department(listed, "虚构局")


def test_零报告要有说明_写了零也不算(listed: Completeness) -> None:
    items = {entry.item: entry for entry in listed.items}
    safe = {zero.metric: zero for zero in items["B12-2"].zeros}
    assert safe["religious_infiltration"].is_vouched
    assert any("零报告" in file for file in safe["religious_infiltration"].notes)
    assert not any(note.startswith("零报告") for note in items["B12-2"].notes)
    lessons = {zero.metric: zero for zero in items["B6-4"].zeros}
    assert (lessons["missing_lessons"].stated, lessons["missing_lessons"].is_vouched) == (True, False)
    (told,) = [note for note in items["B6-4"].notes if note.startswith("零报告")]
    assert "抽样学校缺课时数（材料写的是 0）" in told
    assert items["B1-1"].zeros == ()


def test_规则要看的数_有没有都列出(listed: Completeness) -> None:
    items = {entry.item: entry for entry in listed.items}
    rates = {figure.metric: figure for figure in items["B5-5"].figures}
    assert rates["puhui_rate"].state == "found"
    assert "86.5%" in rates["puhui_rate"].values
    missing = [figure.name for figure in items["B4-2"].figures if figure.state == "missing"]
    assert missing
    assert lacking_figures(items["B4-2"]) == [f"{name}（没有）" for name in missing]
    data = items["B5-5"].to_json()
    assert data["lead"] == "教育和体育局"
    assert {figure["metric"] for figure in data["figures"]} == set(rates)


def test_Excel_有矩阵_各部门情况_每个部门一张可填的表(listed: Completeness) -> None:
    book = load_workbook(io.BytesIO(matrix_xlsx(listed)))
    lists = by_department(listed)
    assert len(book.sheetnames) == 2 + len(lists)
    matrix = book["要点与责任部门"]
    head = [cell.value for cell in matrix[1]]
    assert head[3:] == [one.department for one in lists]
    rows = {row[0]: row for row in matrix.iter_rows(min_row=2, values_only=True)}
    assert len(rows) == 65
    assert rows["B5-2"][head.index("财政局")] == "牵头"
    assert rows["B5-2"][head.index("教育和体育局")] == "配合"
    counts = {row[0]: row[1:] for row in book["各部门情况"].iter_rows(min_row=2, values_only=True)}
    money = of_department(listed, "财政局")
    assert counts["财政局"][0] == len(money.leads) == sum(counts["财政局"][1:6])
    sheet = book[next(name for name in book.sheetnames if name.endswith("财政局"))]
    filled = {row[0]: row for row in sheet.iter_rows(min_row=2, values_only=True)}
    for entry in money.leads:
        assert (filled[entry.item][4] or "") == "\n".join(lacking(entry))
    assert sheet.freeze_panes == "A2"


def test_Word_清单每个部门一节_只列还要补的(listed: Completeness) -> None:
    paper = Docx(io.BytesIO(checklist_docx(listed)))
    texts = [paragraph.text for paragraph in paper.paragraphs]
    for one in by_department(listed):
        assert one.department in texts
    words = "\n".join(cell.text for table in paper.tables for row in table.rows for cell in row.cells)
    for entry in listed.items:
        assert all(part in words for part in lacking(entry)), entry.item
    done = [entry for entry in listed.items if not (lacking(entry) or lacking_figures(entry) or entry.notes)]
    assert done
    assert not [entry.item for entry in done if f"{entry.item}\n{entry.title}" in words]
    only = Docx(io.BytesIO(checklist_docx(listed, "财政局")))
    assert [p.text for p in only.paragraphs if p.text.endswith("局")] == ["财政局"]
