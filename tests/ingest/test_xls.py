"""The old Excel format, made by LibreOffice: figures as shown, merged cells, hidden things; damaged ones by stored values."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Font

from ingest.errors import DamagedFileError
from ingest.pages import ParsedPage
from ingest.readers.base import Properties
from ingest.readers.xls import read
from ingest.readers.xls_values import read_values
from tests.ingest.office import convert


@pytest.fixture(scope="module")
def old(soffice: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = "普惠"
    for row in (
        ["镇街", "在园幼儿数", None, "普惠率", "填报日期", "备注"],
        [None, "公办", "民办", None, None, None],
        ["北河镇", 320, 180.5, 0.865, dt.date(2018, 3, 14), "底稿"],
        ["南岭镇", 100, 50, 0.9, dt.date(2018, 3, 15), "看不见"],
        ["合计", "=SUM(B3:B4)", "=1/0", None, None, None],
    ):
        sheet.append(row)
    for area in ("A1:A2", "B1:C1", "D1:D2"):
        sheet.merge_cells(area)
    sheet["D3"].number_format = sheet["D4"].number_format = "0.0%"
    sheet["B3"].comment = Comment("含代管村", "演示")
    sheet["F4"].font = Font(color="FFFFFFFF")
    sheet.row_dimensions[4].hidden = True
    sheet.column_dimensions["F"].hidden = True
    workbook.create_sheet("底稿").append(["底数", 1])
    workbook["底稿"].sheet_state = "hidden"
    folder = tmp_path_factory.mktemp("xls")
    workbook.save(folder / "旧表.xlsx")
    return convert(soffice, folder / "旧表.xlsx", "xls", folder).rename(folder / "original-without-suffix")


def test_显示格式_合并_公式结果(old: Path) -> None:
    properties, page, _ = read(old, "旧表.xls")
    assert isinstance(properties, Properties)
    assert isinstance(page, ParsedPage)
    assert (properties.kind, properties.pages, properties.defects) == ("xls", 2, ())
    lines = page.text.split("\n")
    assert (
        "镇街：北河镇；在园幼儿数 / 公办：320；在园幼儿数 / 民办：180.5；普惠率：86.5%；填报日期：2018年3月14日"
        in lines
    )
    assert "镇街：合计；在园幼儿数 / 公办：420；在园幼儿数 / 民办：#DIV/0!" in lines


def test_隐藏与批注(old: Path) -> None:
    _, page, secret = read(old, "旧表.xls")
    assert isinstance(page, ParsedPage)
    assert isinstance(secret, ParsedPage)
    hidden = {page.text[span.start : span.end]: span.locator.get("hidden") for span in page.spans}
    assert hidden["镇街：南岭镇"] == "隐藏行"
    assert hidden["备注：底稿"] == "隐藏列"
    assert hidden["镇街：北河镇"] is None
    kinds = [found.kind for found in page.findings]
    assert kinds.count("隐藏行列") == 2
    assert {"批注", "公式错误"} <= set(kinds)
    assert [found.excerpt for found in page.findings if found.kind == "批注"] == ["含代管村"]
    assert (secret.label, {span.locator["hidden"] for span in secret.spans}) == ("底稿（隐藏）", {"隐藏工作表"})


def test_按存储值读是退路(old: Path) -> None:
    properties, page, _ = read_values(old, "旧表.xls", 1, kind="xls", defect="按存储值")
    assert isinstance(properties, Properties)
    assert isinstance(page, ParsedPage)
    assert properties.defects == ("按存储值",)
    assert "镇街：北河镇；在园幼儿数 / 公办：320；在园幼儿数 / 民办：180.5；普惠率：0.865" in page.text


def test_截断的文件(old: Path, tmp_path: Path) -> None:
    (tmp_path / "半.xls").write_bytes(old.read_bytes()[:1500])
    with pytest.raises(DamagedFileError, match="请重新导出"):
        list(read(tmp_path / "半.xls", "半.xls"))
