"""Tables: which rows name the columns, and what each value is said to be."""

from __future__ import annotations

import pytest

from ingest.readers.grid import Cell, is_number, rows_of


def _cells(*rows: list[str | tuple[str, int, int]], top: int = 0) -> list[Cell]:
    """Rows of texts; ("text", rows, columns) is a merged cell, "" keeps a place that it covers."""
    cells = []
    for number, row in enumerate(rows, top):
        for column, value in enumerate(row):
            text, tall, wide = (value, 1, 1) if isinstance(value, str) else value
            if text:
                cells.append(Cell(number, column, text, tall, wide))
    return cells


def _shown(cells: list[Cell], inherited: tuple[str, ...] = ()) -> list[str]:
    return ["；".join(piece.text for piece in row.pieces) for row in rows_of(cells, inherited)[0]]


def test_首行为表头() -> None:
    assert _shown(_cells(["统计项目", "2017年", "2018年"], ["幼儿园数", "84", "86"])) == [
        "统计项目；2017年；2018年",
        "统计项目：幼儿园数；2017年：84；2018年：86",
    ]


def test_标题行与注释行不当表头() -> None:
    cells = _cells(
        [("表1 幼儿园情况", 1, 2), ""],
        ["镇街", "普惠率"],
        ["北河镇", "85.0%"],
        [("注：数据截至2018年9月1日，由区教育局统计。", 1, 2), ""],
    )
    kinds = [row.kind for row in rows_of(cells)[0]]
    assert kinds == ["title", "header", "data", "title"]
    assert _shown(cells)[2] == "镇街：北河镇；普惠率：85.0%"


def test_两级表头写成路径() -> None:
    cells = _cells(
        [("镇街", 2, 1), ("在园幼儿数", 1, 2), "", ("普惠率", 2, 1)],
        ["", "公办", "民办", ""],
        ["北河镇", "320", "180", "85%"],
    )
    assert _shown(cells)[-1] == "镇街：北河镇；在园幼儿数 / 公办：320；在园幼儿数 / 民办：180；普惠率：85%"


def test_两级表头没有纵向合并也认得出() -> None:
    cells = _cells(["", ("在园幼儿数", 1, 2), ""], ["镇街", "公办", "民办"], ["北河镇", "320", "180"])
    assert _shown(cells)[-1] == "镇街：北河镇；在园幼儿数 / 公办：320；在园幼儿数 / 民办：180"


def test_纵向合并的类别逐行重复_合并的数字不重复() -> None:
    cells = _cells(["类别", "园名", "合计"], [("公办", 2, 1), "一幼", ("500", 2, 1)], ["", "二幼", ""])
    assert _shown(cells)[1:] == ["类别：公办；园名：一幼；合计：500", "类别：公办；园名：二幼"]


def test_两列表单_左列是名称() -> None:
    assert _shown(_cells(["机构名称", "社区教育学院"], ["专职人员（人）", "9"])) == [
        "机构名称：社区教育学院",
        "专职人员（人）：9",
    ]


def test_两列而首行是列名() -> None:
    assert _shown(_cells(["项目", "数量"], ["幼儿园", "86"]))[1] == "项目：幼儿园；数量：86"


def test_空行之后另一张表有自己的表头() -> None:
    cells = [*_cells(["镇街", "园数"], ["北河镇", "27"]), *_cells(["年度", "入园率"], ["2018年", "97.2%"], top=3)]
    assert _shown(cells)[-1] == "年度：2018年；入园率：97.2%"


def test_空行之后没有表头的继续用原表头() -> None:
    cells = [*_cells(["镇街", "园数", "班数"], ["北河镇", "27", "81"]), *_cells(["南岭镇", "28", "90"], top=3)]
    assert _shown(cells)[-1] == "镇街：南岭镇；园数：28；班数：90"


def test_表中小标题下面的文字行仍属原表头() -> None:
    cells = _cells(["序号", "问题", "责任单位"], [("一、安全", 1, 3), "", ""], ["甲", "围栏松动", "后勤科"])
    assert _shown(cells)[-1] == "序号：甲；问题：围栏松动；责任单位：后勤科"


def test_新表题之后的文字行是新表头() -> None:
    cells = _cells(
        ["序号", "问题", "单位"],
        ["1", "围栏松动", "后勤科"],
        [("表2 整改情况", 1, 3), "", ""],
        ["学校", "措施", "结果"],
        ["一小", "加固", "完成"],
    )
    assert _shown(cells)[-1] == "学校：一小；措施：加固；结果：完成"


def test_跨页续表沿用上页表头() -> None:
    headers = ("序号", "问题", "责任单位")
    assert _shown(_cells(["甲", "围栏松动", "后勤科"], ["乙", "灭火器过期", "总务处"]), headers) == [
        "序号：甲；问题：围栏松动；责任单位：后勤科",
        "序号：乙；问题：灭火器过期；责任单位：总务处",
    ]
    repeated = _shown(_cells(["序号", "问题", "责任单位"], ["甲", "围栏松动", "后勤科"]), headers)
    assert repeated == ["序号；问题；责任单位", "序号：甲；问题：围栏松动；责任单位：后勤科"]


def test_列数不同的表不沿用上页表头() -> None:
    assert _shown(_cells(["一小", "12"], ["二小", "15"]), ("序号", "问题", "责任单位")) == ["一小：12", "二小：15"]


def test_全是数字的表没有表头() -> None:
    assert _shown(_cells(["1", "2", "3"], ["4", "5", "6"])) == ["1；2；3", "4；5；6"]


@pytest.mark.parametrize("text", ["86", "86.5%", "3,260万元", "-1.2", "31所", "1 234人", "97.2％"])
def test_数值(text: str) -> None:
    assert is_number(text)


@pytest.mark.parametrize("text", ["2018年", "2018", "2018—2019学年", "公办", "第3名", "—", "云政发〔2018〕3号"])
def test_不是数值(text: str) -> None:
    assert not is_number(text)
