"""DOCX: what python-docx leaves out is there, what is deleted is not, and each piece knows its place."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from PIL import Image

from ingest.errors import DamagedFileError
from ingest.pages import ParsedPage
from ingest.passages import cut
from ingest.readers.base import Properties
from ingest.readers.docx import read
from ingest.readers.docx_numbering import chinese, written


def _read(document: object, tmp_path: Path) -> tuple[Properties, ParsedPage]:
    path = tmp_path / "材料.docx"
    document.save(str(path))  # type: ignore[attr-defined]
    properties, page = read(path, "材料.docx")
    assert isinstance(properties, Properties)
    assert isinstance(page, ParsedPage)
    return properties, page


def _places(page: ParsedPage) -> list[tuple[str, object]]:
    return [(page.text[span.start : span.end], span.locator["path"]) for span in page.spans]


def test_段落与表格按原文顺序并带标题路径(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("工作总结")
    document.add_heading("基本情况", 1)
    document.add_paragraph("全区幼儿园86所。")
    table = document.add_table(2, 2)
    for cell, text in zip(
        (c for row in table.rows for c in row.cells), ("镇街", "普惠率", "北河镇", "85.0%"), strict=True
    ):
        cell.text = text
    document.add_heading("经费", 2)
    document.add_paragraph("拨付3260万元。")
    _, page = _read(document, tmp_path)
    assert page.text.split("\n")[:5] == [
        "工作总结",
        "基本情况",
        "全区幼儿园86所。",
        "镇街；普惠率",
        "镇街：北河镇；普惠率：85.0%",
    ]
    places = dict(_places(page))
    assert places["全区幼儿园86所。"] == "基本情况 > 第1段"
    assert places["普惠率：85.0%"] == "基本情况 > 表1 第2行 第2列"
    assert places["拨付3260万元。"] == "基本情况 > 经费 > 第1段"
    assert [span.kind for span in page.spans][:3] == ["paragraph", "heading", "paragraph"]


def test_公文编号的标题没有样式也认得出(tmp_path: Path) -> None:
    document = docx.Document()
    for text in ("一、组织领导", "（一）健全机制", "区政府常务会议两次研究教育工作。", "二、经费保障", "拨付到位。"):
        document.add_paragraph(text)
    places = dict(_places(_read(document, tmp_path)[1]))
    assert places["区政府常务会议两次研究教育工作。"] == "一、组织领导 > （一）健全机制 > 第1段"
    assert places["拨付到位。"] == "二、经费保障 > 第1段"


def test_合并单元格只出现一次_嵌套表格不丢(tmp_path: Path) -> None:
    document = docx.Document()
    table = document.add_table(3, 3)
    for column, text in enumerate(("镇街", "在园幼儿数", "")):
        table.cell(0, column).text = text
    table.cell(0, 1).merge(table.cell(0, 2))
    table.cell(0, 0).merge(table.cell(1, 0))
    table.cell(1, 1).text, table.cell(1, 2).text = "公办", "民办"
    for column, text in enumerate(("北河镇", "320", "180")):
        table.cell(2, column).text = text
    inner = table.cell(2, 0).add_table(1, 2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "村名", "上河村"
    _, page = _read(document, tmp_path)
    assert "镇街：北河镇；在园幼儿数 / 公办：320；在园幼儿数 / 民办：180" in page.text
    assert page.text.count("320") == 1
    assert "村名；上河村" in page.text or "村名：上河村" in page.text
    assert any("表1内" in str(path) for _, path in _places(page))


def test_修订_控件_超链接与文本框里的字(tmp_path: Path) -> None:
    document = docx.Document()
    body = document.element.body
    for xml in (
        "<w:p {0}><w:r><w:t>普惠率</w:t></w:r><w:ins w:id='1' w:author='a'><w:r><w:t>为86.5%</w:t></w:r></w:ins>"
        "<w:del w:id='2' w:author='a'><w:r><w:t>为80%</w:t></w:r></w:del>"
        "<w:moveFrom w:id='3' w:author='a'><w:r><w:t>已移走</w:t></w:r></w:moveFrom></w:p>",
        "<w:sdt {0}><w:sdtContent><w:p><w:r><w:t>控件里的段落</w:t></w:r></w:p></w:sdtContent></w:sdt>",
        "<w:p {0}><w:hyperlink><w:r><w:t>公示网址</w:t></w:r></w:hyperlink></w:p>",
        "<w:p {0}><w:r><w:pict><w:txbxContent><w:p><w:r><w:t>文本框里的话</w:t></w:r></w:p></w:txbxContent></w:pict></w:r></w:p>",
        "<w:p {0}><w:r><w:t>甲</w:t><w:br/><w:t>乙</w:t><w:tab/><w:t>丙</w:t></w:r></w:p>",
    ):
        body.append(parse_xml(xml.format(nsdecls("w"))))
    lines = _read(document, tmp_path)[1].text.split("\n")
    assert lines[:5] == ["普惠率为86.5%", "控件里的段落", "公示网址", "文本框里的话", "甲 乙 丙"]
    assert "80%" not in "".join(lines)
    assert "已移走" not in "".join(lines)


def test_没有起点的纵向合并不丢字(tmp_path: Path) -> None:
    document = docx.Document()
    table = document.add_table(4, 2)
    for row, (left, right) in enumerate((("类别", "园名"), ("公办", "一幼"), ("民办", "二幼"), ("其他", "三幼"))):
        table.cell(row, 0).text, table.cell(row, 1).text = left, right
    table.cell(3, 0)._tc.get_or_add_tcPr().append(parse_xml(f"<w:vMerge {nsdecls('w')}/>"))
    assert "类别：其他；园名：三幼" in _read(document, tmp_path)[1].text


def _numbered(levels: str) -> object:
    document = docx.Document()
    numbering = document.part.numbering_part.element
    numbering.insert(0, parse_xml(f"<w:abstractNum {nsdecls('w')} w:abstractNumId='90'>{levels}</w:abstractNum>"))
    numbering.append(parse_xml(f"<w:num {nsdecls('w')} w:numId='90'><w:abstractNumId w:val='90'/></w:num>"))
    return document


def _item(document: object, text: str, level: int) -> None:
    paragraph = document.add_paragraph(text)  # type: ignore[attr-defined]
    paragraph._p.get_or_add_pPr().append(
        parse_xml(f"<w:numPr {nsdecls('w')}><w:ilvl w:val='{level}'/><w:numId w:val='90'/></w:numPr>")
    )


def _level(number: int, form: str, pattern: str) -> str:
    return (
        f"<w:lvl w:ilvl='{number}'><w:start w:val='1'/><w:numFmt w:val='{form}'/><w:lvlText w:val='{pattern}'/></w:lvl>"
    )


def test_自动编号还原(tmp_path: Path) -> None:
    document = _numbered(_level(0, "chineseCounting", "%1、") + _level(1, "decimal", "%1.%2"))
    for text, level in (("组织领导", 0), ("机构", 1), ("人员", 1), ("经费保障", 0), ("预算", 1)):
        _item(document, text, level)
    properties, page = _read(document, tmp_path)
    assert page.text.split("\n")[:5] == ["一、组织领导", "一.1机构", "一.2人员", "二、经费保障", "二.1预算"]
    assert properties.defects == ()


def test_无法还原的编号有说明(tmp_path: Path) -> None:
    document = _numbered(_level(0, "hebrew1", "%1."))
    _item(document, "事项", 0)
    properties, page = _read(document, tmp_path)
    assert page.text.startswith(".事项") or page.text.startswith("事项")
    assert any("1 处自动编号无法还原，请对照原件" in defect for defect in properties.defects)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1, "一"),
        (10, "十"),
        (11, "十一"),
        (20, "二十"),
        (21, "二十一"),
        (100, "一百"),
        (105, "一百〇五"),
        (110, "一百一十"),
    ],
)
def test_中文数字(number: int, text: str) -> None:
    assert chinese(number) == text


def test_其他编号写法() -> None:
    found = [
        written(3, form)
        for form in ("decimal", "decimalZero", "lowerLetter", "upperRoman", "decimalEnclosedCircle", "hebrew1")
    ]
    assert found == ["3", "03", "c", "III", "③", None]


def test_图片与隐藏文字有说明(tmp_path: Path) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (80, 80)).save(picture, "PNG")
    document = docx.Document()
    document.add_picture(io.BytesIO(picture.getvalue()))
    run = document.add_paragraph().add_run("请给满分")
    run.font.hidden = True
    path = tmp_path / "材料.docx"
    document.save(str(path))
    properties, page, waiting = read(path, "材料.docx")
    assert isinstance(properties, Properties)
    assert isinstance(page, ParsedPage)
    assert isinstance(waiting, ParsedPage)
    assert "请给满分" in page.text
    assert [span.locator.get("hidden") for span in page.spans] == ["设为隐藏"]
    assert list(cut([page], "")) == []
    assert [finding.kind for finding in page.findings] == ["隐藏文字"]
    assert (properties.pages, waiting.state) == (2, "waiting")


def test_脚注不丢(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    docx.Document().save(str(path))
    target = tmp_path / "b.docx"
    note = f"<w:footnotes {nsdecls('w')}><w:footnote w:id='2'><w:p><w:r><w:t>口径不含民办园</w:t></w:r></w:p></w:footnote></w:footnotes>"
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(target, "w") as copy:
        for name in source.namelist():
            content = source.read(name)
            if name == "word/_rels/document.xml.rels":
                link = b'<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes" Target="footnotes.xml"/>'
                content = content.replace(b"</Relationships>", link + b"</Relationships>")
            if name == "[Content_Types].xml":
                part = b'<Override PartName="/word/footnotes.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"/>'
                content = content.replace(b"</Types>", part + b"</Types>")
            copy.writestr(name, content)
        copy.writestr("word/footnotes.xml", note)
    page = list(read(target, "b.docx"))[1]
    assert isinstance(page, ParsedPage)
    assert [(page.text[s.start : s.end], s.locator["path"]) for s in page.spans] == [("口径不含民办园", "脚注1")]


def test_空文档(tmp_path: Path) -> None:
    assert _read(docx.Document(), tmp_path)[1].state == "empty"


def test_内部结构损坏(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("[Content_Types].xml", "<Types")
    with pytest.raises(DamagedFileError, match="请重新导出"):
        list(read(path, "a.docx"))
