"""XLSX: every sheet, every value with its header path and cell; what was not saved or is hidden is said."""

from __future__ import annotations

import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.chart import BarChart, Reference

from ingest.errors import DamagedFileError
from ingest.pages import ParsedPage
from ingest.readers import xls
from ingest.readers.base import Properties
from ingest.readers.xlsx import read
from ingest.readers.xlsx_values import shown


def _read(workbook: openpyxl.Workbook, tmp_path: Path) -> list[ParsedPage]:
    path = tmp_path / "original-without-suffix"
    workbook.save(path)
    properties, *pages = read(path, "统计表.xlsx")
    assert isinstance(properties, Properties)
    assert properties.defects == ()
    assert properties.pages == len(pages)
    return [page for page in pages if isinstance(page, ParsedPage)]


def _with_rows(*rows: list[object]) -> openpyxl.Workbook:
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.active.append(row)
    return workbook


def test_每行带表头_每格带位置(tmp_path: Path) -> None:
    workbook = _with_rows(["统计项目", 2017, 2018], ["幼儿园数", 84, 86], ["普惠率", 0.834, 0.865])
    workbook.active["B3"].number_format = workbook.active["C3"].number_format = "0.0%"
    [page] = _read(workbook, tmp_path)
    assert page.text.split("\n")[1:3] == [
        "统计项目：幼儿园数；2017：84；2018：86",
        "统计项目：普惠率；2017：83.4%；2018：86.5%",
    ]
    span = page.spans[-1]
    assert page.text[span.start : span.end] == "2018：86.5%"
    assert dict(span.locator) == {"sheet": "Sheet", "cell": "C3", "header": "2018"}


def test_合并的两级表头(tmp_path: Path) -> None:
    workbook = _with_rows(
        ["云山区学前教育统计表"],
        ["镇街", "在园幼儿数", None, "普惠率"],
        [None, "公办", "民办", None],
        ["北河镇", 320, 180, "85%"],
    )
    for area in ("A1:D1", "A2:A3", "B2:C2", "D2:D3"):
        workbook.active.merge_cells(area)
    [page] = _read(workbook, tmp_path)
    assert page.text.startswith("云山区学前教育统计表\n")
    assert "镇街：北河镇；在园幼儿数 / 公办：320；在园幼儿数 / 民办：180；普惠率：85%" in page.text
    assert {"sheet": "Sheet", "cell": "C4", "header": "在园幼儿数 / 民办"} in [
        dict(span.locator) for span in page.spans
    ]


def test_没有保存结果的公式说明是哪一格(tmp_path: Path) -> None:
    [page] = _read(_with_rows(["项目", "人数"], ["公办", 10], ["合计", "=SUM(B2:B2)"]), tmp_path)
    assert page.state == "text"
    assert "B3 是公式但没有保存计算结果" in page.reason
    assert "请用 Excel 或 WPS 打开并保存" in page.reason
    assert page.text.split("\n")[2] == "项目：合计"


def test_只有未计算公式的表是失败而不是空白(tmp_path: Path) -> None:
    [page] = _read(_with_rows(["=1+1"]), tmp_path)
    assert (page.state, page.text) == ("failed", "")
    assert "A1 是公式" in page.reason


def test_隐藏的表行列都读并说明(tmp_path: Path) -> None:
    workbook = _with_rows(["项目", "数量"], ["幼儿园", 86])
    workbook.active.row_dimensions[2].hidden = True
    workbook.active.column_dimensions["B"].hidden = True
    secret = workbook.create_sheet("底稿")
    secret.append(["底稿数", 80])
    secret.sheet_state = "hidden"
    pages = _read(workbook, tmp_path)
    assert "1 行被隐藏" in pages[0].reason
    assert "隐藏的列" in pages[0].reason
    assert "幼儿园" in pages[0].text
    assert (pages[1].label, "80" in pages[1].text) == ("底稿（隐藏）", True)
    assert "是隐藏的" in pages[1].reason


def test_空表与图表页(tmp_path: Path) -> None:
    workbook = _with_rows(["a", "b"])
    workbook.create_sheet("空表")
    chart = BarChart()
    chart.add_data(Reference(workbook.active, min_col=1, min_row=1, max_row=2))
    workbook.create_chartsheet("图表").add_chart(chart)
    pages = _read(workbook, tmp_path)
    assert [page.state for page in pages] == ["text", "empty", "empty"]
    assert "图表页" in pages[2].reason


def test_版式读不全时仍读数值(tmp_path: Path) -> None:
    workbook = _with_rows(["项目", "数量"], ["幼儿园", 86])
    workbook.create_chartsheet("没有图的图表页")  # openpyxl writes it and cannot read it
    path = tmp_path / "a.xlsx"
    workbook.save(path)
    properties, *pages = read(path, "a.xlsx")
    assert isinstance(properties, Properties)
    assert "版式读不全" in properties.defects[0]
    assert any("项目：幼儿园；数量：86" in page.text for page in pages if isinstance(page, ParsedPage))


def test_远处的零星单元格不拖慢(tmp_path: Path) -> None:
    workbook = _with_rows(["项目", "数量"], ["幼儿园", 86])
    workbook.active["XFD1048576"] = "注"
    [page] = _read(workbook, tmp_path)
    assert page.text.endswith("注\n")


def test_从中间一张表开始(tmp_path: Path) -> None:
    workbook = _with_rows(["a", "b"])
    workbook.create_sheet("二").append(["c", "d"])
    path = tmp_path / "a.xlsx"
    workbook.save(path)
    assert [item.number for item in read(path, "a.xlsx", 2) if isinstance(item, ParsedPage)] == [2]


def test_结构损坏(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("[Content_Types].xml", "<x/>")
    with pytest.raises(DamagedFileError, match="请重新导出"):
        list(read(path, "a.xlsx"))


def test_旧版xls(soffice: str, tmp_path: Path) -> None:
    workbook = _with_rows(["镇街", "在园幼儿数", None], [None, "公办", "民办"], ["北河镇", 320, 180.5])
    for area in ("A1:A2", "B1:C1"):
        workbook.active.merge_cells(area)
    workbook.save(tmp_path / "旧表.xlsx")
    subprocess.run(
        [
            soffice,
            f"-env:UserInstallation=file://{tmp_path}/profile",
            "--headless",
            "--convert-to",
            "xls",
            "--outdir",
            tmp_path,
            tmp_path / "旧表.xlsx",
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    (tmp_path / "旧表.xls").rename(tmp_path / "original-without-suffix")
    properties, page = xls.read(tmp_path / "original-without-suffix", "旧表.xls")
    assert isinstance(properties, Properties)
    assert isinstance(page, ParsedPage)
    assert "镇街：北河镇；在园幼儿数 / 公办：320；在园幼儿数 / 民办：180.5" in page.text
    assert "另存为 XLSX" in properties.defects[0]


VALUES: dict[str, tuple[object, str, str]] = {
    "百分比": (0.865, "0.0%", "86.5%"),
    "百分比取整进位": (0.8650, "0%", "87%"),
    "百分比二进制误差": (0.972, "0.00%", "97.20%"),
    "千分位": (3260.5, "#,##0.00", "3,260.50"),
    "千分位整数": (21000, "#,##0", "21,000"),
    "固定一位": (14.0, "0.0", "14.0"),
    "可省小数": (14.0, "0.##", "14"),
    "带单位": (3260, '0.00"万元"', "3260.00万元"),
    "带货币": (12.5, '"¥"#,##0.00', "¥12.50"),
    "常规小数": (0.1 + 0.2, "General", "0.3"),
    "常规整数的浮点": (86.0, "General", "86"),
    "常规大数": (123456789012.0, "General", "123456789012"),
    "整百不去零": (1200, "General", "1200"),
    "负数": (-3.5, "0.0", "-3.5"),
    "负数括号": (-3.5, "0.0;(0.0)", "(3.5)"),
    "负数红字自带负号": (-3.5, "0.0;[Red]-0.0", "-3.5"),
    "四舍五入逢五进一": (2.675, "0.00", "2.68"),
    "按千缩放": (3260000, "#,##0,", "3,260"),
    "科学计数按存储值": (12345.0, "0.00E+00", "12345"),
    "布尔": (True, "General", "是"),
    "空": (None, "General", ""),
    "文本换行": ("在园\n幼儿数 ", "General", "在园 幼儿数"),
    "文本编号": ("370102199001011234", "@", "370102199001011234"),
}


@pytest.mark.parametrize("name", VALUES)
def test_显示值(name: str) -> None:
    value, number_format, text = VALUES[name]
    assert shown(value, number_format) == text


def test_日期按格式显示(dates: Callable[[str], str]) -> None:
    assert dates("yyyy-mm-dd") == "2018年3月14日"
    assert dates('yyyy"年"m"月"') == "2018年3月"
    assert dates("yyyy") == "2018年"


@pytest.fixture
def dates() -> Callable[[str], str]:
    import datetime as dt

    return lambda number_format: shown(dt.datetime(2018, 3, 14), number_format)
