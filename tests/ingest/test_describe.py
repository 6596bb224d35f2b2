"""Title, types and year of a document, each with how it was found."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.describe import Description, describe
from ingest.pages import ParsedPage
from ingest.readers.builder import PageBuilder
from ingest.readers.pdf import read


def _page(*lines: str, state: str = "text") -> ParsedPage:
    builder = PageBuilder()
    for number, line in enumerate(lines, 1):
        builder.line(line, "paragraph", {"line": number})
    return builder.page(1, "正文", state)  # type: ignore[arg-type]


def _describe(file: str, *lines: str, properties: str = "") -> Description:
    return describe(file, "pdf", [_page(*lines)], properties, expected_year=2018)


TITLES: dict[str, tuple[str, list[str], str, str, str]] = {
    "正文首行": ("a.pdf", ["云山区2018年学校安全工作总结", "一、基本情况"], "", "云山区2018年学校安全工作总结", "正文"),
    "文号之下": (
        "a.pdf",
        ["云政办发〔2018〕7号", "关于健全督导机构的通知", "各镇街："],
        "",
        "关于健全督导机构的通知",
        "正文",
    ),
    "发文机关在上一行": (
        "a.pdf",
        ["云山区人民政府", "关于健全督导机构的通知"],
        "",
        "云山区人民政府关于健全督导机构的通知",
        "正文",
    ),
    "机关全称在上一行": ("a.pdf", ["云山区教育局", "2018年度工作总结"], "", "云山区教育局2018年度工作总结", "正文"),
    "演示标记不当题目": ("a.pdf", ["演示数据（虚构）", "云山区控辍保学情况报告"], "", "云山区控辍保学情况报告", "正文"),
    "正文没有题目时用文件属性": (
        "001.pdf",
        ["一、基本情况", "全区幼儿园86所。"],
        "学前教育工作总结",
        "学前教育工作总结",
        "文件属性",
    ),
    "软件自动生成的属性不用": (
        "03/B5-5 认定公示.pdf",
        ["一、基本情况"],
        "Microsoft Word - 新建文档.doc",
        "认定公示",
        "文件名",
    ),
    "都没有时用文件名": ("02_课程表.xlsx", ["一、基本情况"], "", "课程表", "文件名"),
}


@pytest.mark.parametrize("name", TITLES)
def test_题目(name: str) -> None:
    file, lines, properties, title, by = TITLES[name]
    found = _describe(file, *lines, properties=properties)
    assert (found.title, found.facts["title"]["by"]) == (title, by)


def test_类型年度文号都说明由来() -> None:
    found = _describe(
        "通知.pdf", "云政办发〔2018〕7号", "关于下达教育经费预算的通知", "根据济政办发〔2019〕5号文件，2018年安排资金。"
    )
    assert (found.type_code, found.data_year) == ("F", 2018)
    assert found.facts["number"] == "云政办发〔2018〕7号"
    assert found.facts["cited_numbers"] == ["济政办发〔2019〕5号"]
    assert {"code": "Y", "by": "标题", "word": "预算"} in found.facts["types"]
    assert found.facts["types"][0] == {"code": "F", "by": "文件名", "word": "通知"}
    assert found.facts["year"]["by"] == "文号"


def test_没有可读页面时只看文件名() -> None:
    found = describe(
        "2018年安全工作总结.pdf", "pdf", [ParsedPage(1, "第1页", "failed", "", "没有文字层")], "", expected_year=2018
    )
    assert (found.title, found.type_code, found.data_year) == ("2018年安全工作总结", "R", 2018)


def test_页眉不当题目(sample_pdf: Path) -> None:
    pages = [item for item in read(sample_pdf, "a.pdf") if isinstance(item, ParsedPage)]
    found = describe("a.pdf", "pdf", pages, "", expected_year=2018)
    assert found.title == "云山区人民政府2018年度履行教育职责自评报告"
    assert (found.type_code, found.data_year) == ("R", 2018)
