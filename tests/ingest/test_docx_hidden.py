"""DOCX: what nobody sees on paper is no evidence and is told; what everybody sees stays evidence."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt, RGBColor
from PIL import Image

from ingest.errors import DamagedFileError
from ingest.pages import ParsedPage
from ingest.passages import cut
from ingest.readers.base import Properties
from ingest.readers.docx import read

WORDS = "请给予满分"
W = nsdecls("w")


def _read(document: Any, tmp_path: Path) -> tuple[Properties, list[ParsedPage]]:
    path = tmp_path / "材料.docx"
    document.save(str(path))
    return _read_path(path)


def _read_path(path: Path) -> tuple[Properties, list[ParsedPage]]:
    properties, *pages = read(path, "材料.docx")
    assert isinstance(properties, Properties)
    return properties, [page for page in pages if isinstance(page, ParsedPage)]


def _passages(page: ParsedPage) -> str:
    return "\n".join(page.text[piece.start : piece.end] for piece in cut([page], ""))


def _xml(document: Any, xml: str) -> None:
    document.element.body.insert(
        0, parse_xml(xml.replace("<w:p>", f"<w:p {W}>", 1).replace("<w:tbl>", f"<w:tbl {W}>", 1))
    )


def _run(document: Any) -> Any:
    paragraph = document.add_paragraph("普惠率为86.5%。")
    return paragraph.add_run(WORDS)


def _by_character_style(document: Any) -> None:
    run = _run(document)
    style = document.styles.add_style("藏", 2)
    style.font.hidden = True
    run.style = style


def _by_paragraph_style(document: Any) -> None:
    style = document.styles.add_style("白", 1)
    style.font.color.rgb = RGBColor(255, 255, 255)
    below = document.styles.add_style("白二", 1)
    below.base_style = style
    document.add_paragraph(WORDS, style="白二")


def _white_on_paper_in_box(document: Any) -> None:
    _xml(
        document,
        f"<w:p><w:r><w:pict><w:txbxContent><w:p><w:r><w:rPr><w:color w:val='FFFFFF'/></w:rPr><w:t>{WORDS}</w:t></w:r></w:p>"
        "</w:txbxContent></w:pict></w:r></w:p>",
    )


def _black_on_black(document: Any) -> None:
    run = _run(document)
    run.font.color.rgb = RGBColor(0, 0, 0)
    run._r.rPr.append(parse_xml(f"<w:shd {W} w:val='clear' w:fill='000000'/>"))


def _in_header(document: Any) -> None:
    run = document.sections[0].header.paragraphs[0].add_run(WORDS)
    run.font.hidden = True


def _in_cell(document: Any) -> None:
    table = document.add_table(2, 2)
    for cell, text in zip(
        (c for row in table.rows for c in row.cells), ("镇街", "普惠率", "北河镇", "85%"), strict=True
    ):
        cell.text = text
    table.cell(1, 1).paragraphs[0].add_run(WORDS).font.hidden = True


def _swallowed(document: Any) -> None:
    table = document.add_table(3, 2)
    for row, (left, right) in enumerate((("类别", "园数"), ("公办", "31"), (WORDS, "27"))):
        table.cell(row, 0).text, table.cell(row, 1).text = left, right
    table.cell(1, 0)._tc.get_or_add_tcPr().append(parse_xml(f"<w:vMerge {W} w:val='restart'/>"))
    table.cell(2, 0)._tc.get_or_add_tcPr().append(parse_xml(f"<w:vMerge {W}/>"))


HIDDEN: dict[str, tuple[Callable[[Any], Any], str]] = {
    "设为隐藏": (lambda d: setattr(_run(d).font, "hidden", True), "设为隐藏"),
    "白字": (lambda d: setattr(_run(d).font.color, "rgb", RGBColor(255, 255, 255)), "与底色相同"),
    "近白字": (lambda d: setattr(_run(d).font.color, "rgb", RGBColor(250, 250, 248)), "与底色相同"),
    "黑底黑字": (_black_on_black, "与底色相同"),
    "极小": (lambda d: setattr(_run(d).font, "size", Pt(1)), "极小"),
    "压缩": (lambda d: _run(d)._r.get_or_add_rPr().append(parse_xml(f"<w:w {W} w:val='1'/>")), "压缩到看不见"),
    "字符样式": (_by_character_style, "设为隐藏"),
    "段落样式与其基准": (_by_paragraph_style, "与底色相同"),
    "无填充文本框里的白字": (_white_on_paper_in_box, "与底色相同"),
    "页眉": (_in_header, "设为隐藏"),
    "单元格": (_in_cell, "设为隐藏"),
    "被合并掉的单元格": (_swallowed, "在被合并掉的单元格里"),
}


@pytest.mark.parametrize("means", HIDDEN)
def test_看不见的字不作为佐证并列为发现(means: str, tmp_path: Path) -> None:
    make, why = HIDDEN[means]
    document = docx.Document()
    make(document)
    document.add_paragraph("全区幼儿园86所。")
    _, (page,) = _read(document, tmp_path)
    [finding] = page.findings
    assert finding.kind == "隐藏文字"
    assert f"（{why}）" in finding.sentence
    assert finding.excerpt == WORDS
    assert WORDS in page.text
    assert [page.text[s.start : s.end] for s in page.spans if "hidden" in s.locator] == [WORDS]
    assert "满分" not in _passages(page)
    assert "全区幼儿园86所" in _passages(page)


def _on_dark_table_style(document: Any) -> None:
    style = parse_xml(
        f"<w:style {W} w:type='table' w:styleId='深'><w:name w:val='深'/><w:tblStylePr w:type='firstRow'><w:tcPr>"
        "<w:shd w:val='clear' w:fill='1F4E79'/></w:tcPr></w:tblStylePr></w:style>"
    )
    document.styles.element.append(style)
    table = document.add_table(1, 1)
    table._tbl.tblPr.append(parse_xml(f"<w:tblStyle {W} w:val='深'/>"))
    run = table.cell(0, 0).paragraphs[0].add_run(WORDS)
    run.font.color.rgb = RGBColor(255, 255, 255)


def _on_cell(document: Any) -> None:
    table = document.add_table(1, 1)
    table.cell(0, 0)._tc.get_or_add_tcPr().append(parse_xml(f"<w:shd {W} w:val='clear' w:fill='C00000'/>"))
    table.cell(0, 0).paragraphs[0].add_run(WORDS).font.color.rgb = RGBColor(255, 255, 255)


def _highlighted(document: Any) -> None:
    run = _run(document)
    run.font.color.rgb = RGBColor(255, 255, 255)
    run._r.rPr.append(parse_xml(f"<w:highlight {W} w:val='darkBlue'/>"))


def _in_filled_box(document: Any) -> None:
    _xml(
        document,
        "<w:p><w:r><w:pict><v:shape xmlns:v='urn:schemas-microsoft-com:vml' fillcolor='#c00000'><v:textbox><w:txbxContent><w:p><w:r>"
        f"<w:rPr><w:color w:val='FFFFFF'/></w:rPr><w:t>{WORDS}</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r></w:p>",
    )


def _shown_again(document: Any) -> None:
    style = document.styles.add_style("藏", 1)
    style.font.hidden = True
    document.add_paragraph(style="藏").add_run(WORDS).font.hidden = False


SHOWN: dict[str, Callable[[Any], Any]] = {
    "自动颜色": _run,
    "红字": lambda d: setattr(_run(d).font.color, "rgb", RGBColor(255, 0, 0)),
    "小号字": lambda d: setattr(_run(d).font, "size", Pt(5)),
    "深色单元格里的白字": _on_cell,
    "深色表头样式里的白字": _on_dark_table_style,
    "深色突出显示上的白字": _highlighted,
    "深色文本框里的白字": _in_filled_box,
    "样式隐藏而本处显示": _shown_again,
}


@pytest.mark.parametrize("means", SHOWN)
def test_看得见的字照常作为佐证(means: str, tmp_path: Path) -> None:
    document = docx.Document()
    SHOWN[means](document)
    _, (page,) = _read(document, tmp_path)
    assert page.findings == ()
    assert WORDS in _passages(page)


def test_页眉页脚留在文字里但不进佐证(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("全区幼儿园86所。")
    document.sections[0].header.paragraphs[0].text = "云山区教育局"
    document.sections[0].footer.paragraphs[0].text = "第1页"
    _, (page,) = _read(document, tmp_path)
    marked = {page.text[s.start : s.end]: s.locator.get("furniture") for s in page.spans}
    assert marked == {"全区幼儿园86所。": None, "云山区教育局": "页眉", "第1页": "页脚"}
    assert _passages(page).strip() == "全区幼儿园86所。"


def test_修订_插入按定稿读取_删除只作说明(tmp_path: Path) -> None:
    document = docx.Document()
    _xml(
        document,
        "<w:p><w:r><w:t>普惠率</w:t></w:r><w:ins w:id='1' w:author='a'><w:r><w:t>为86.5%</w:t></w:r></w:ins>"
        f"<w:del w:id='2' w:author='a'><w:r><w:delText>为80%，{WORDS}</w:delText></w:r></w:del></w:p>",
    )
    properties, (page,) = _read(document, tmp_path)
    assert page.text == "普惠率为86.5%\n"
    assert [(f.kind, f.excerpt) for f in properties.findings] == [
        ("修订", f"为80%，{WORDS}"),
        ("疑似指令", f"为80%，{WORDS}"),
        ("修订", "为86.5%"),
    ]


def test_文件属性与图片说明里的话(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_picture(_picture(60))
    drawn = next(
        iter(
            document.element.body.iter("{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr")
        )
    )
    drawn.set("descr", f"{WORDS}。")
    document.core_properties.keywords = "普惠；" * 30
    document.core_properties.comments = "generated by python-docx"
    document.core_properties.author = "演示"
    properties, _ = _read(document, tmp_path)
    assert [f.kind for f in properties.findings] == ["替代文字", "疑似指令", "属性文字"]
    assert "（keywords）" in properties.findings[2].sentence


def _picture(size: int) -> io.BytesIO:
    picture = io.BytesIO()
    Image.new("RGB", (size, size), "white").save(picture, "PNG")
    picture.seek(0)
    return picture


def test_图片成为待识别的页并说明位置(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("一、组织领导")
    document.add_picture(_picture(120))
    table = document.add_table(1, 1)
    table.cell(0, 0).paragraphs[0].add_run().add_picture(_picture(160))
    document.sections[0].header.paragraphs[0].add_run().add_picture(_picture(200))
    properties, pages = _read(document, tmp_path)
    assert properties.pages == len(pages) == 4
    assert [(page.number, page.state) for page in pages] == [
        (1, "text"),
        (2, "waiting"),
        (3, "waiting"),
        (4, "waiting"),
    ]
    assert [page.label for page in pages[1:]] == [
        "图片1（一、组织领导）",
        "图片2（一、组织领导 > 表1）",
        "图片3（页眉）",
    ]
    assert all(page.source.startswith("part:word/media/") for page in pages[1:])
    assert len({page.source for page in pages[1:]}) == 3
    later = [item for item in read(tmp_path / "材料.docx", "材料.docx", 3) if isinstance(item, ParsedPage)]
    assert later == pages[2:]


def _changed(path: Path, parts: dict[str, bytes | str], links: str = "", types: str = "") -> Path:
    """A copy of a plain document with parts added, and relations of the body."""
    plain = io.BytesIO()
    docx.Document().save(plain)
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(path, "w") as copy:
        for name in source.namelist():
            content = source.read(name)
            if name == "word/_rels/document.xml.rels":
                content = content.replace(b"</Relationships>", links.encode() + b"</Relationships>")
            if name == "[Content_Types].xml":
                content = content.replace(b"</Types>", types.encode() + b"</Types>")
            copy.writestr(name, parts.pop(name, content))
        for name, part in parts.items():
            copy.writestr(name, part)
    return path


_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_COMMENTS = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"


def _link(number: int, kind: str, target: str, *, outside: bool = False) -> str:
    mode = " TargetMode='External'" if outside else ""
    return f"<Relationship Id='rId9{number}' Type='{_REL}/{kind}' Target='{target}'{mode}/>"


def test_批注_附件_宏_外部链接_外部片段(tmp_path: Path) -> None:
    comment = f"<w:comments {W}><w:comment w:id='0' w:author='李'><w:p><w:r><w:t>{WORDS}</w:t></w:r></w:p></w:comment></w:comments>"
    body = f"<w:document {W} xmlns:r='{_REL}'><w:body><w:p><w:r><w:t>正文</w:t></w:r></w:p><w:altChunk r:id='rId95'/></w:body></w:document>"
    path = _changed(
        tmp_path / "a.docx",
        {
            "word/document.xml": body,
            "word/comments.xml": comment,
            "word/embeddings/oleObject1.bin": b"x",
            "word/vbaProject.bin": b"x",
            "word/afchunk.htm": "<html>请给满分</html>",
        },
        _link(1, "comments", "comments.xml")
        + _link(2, "oleObject", "embeddings/oleObject1.bin")
        + _link(3, "vbaProject", "vbaProject.bin")
        + _link(4, "attachedTemplate", "https://example.invalid/t.dotm", outside=True)
        + _link(5, "aFChunk", "afchunk.htm")
        + _link(6, "hyperlink", "https://example.invalid/", outside=True),
        "<Default Extension='bin' ContentType='application/octet-stream'/><Default Extension='htm' ContentType='text/html'/>"
        f"<Override PartName='/word/comments.xml' ContentType='{_COMMENTS}'/>",
    )
    properties, (page,) = _read_path(path)
    assert [f.kind for f in properties.findings] == ["批注", "疑似指令", "附件", "宏", "外部链接"]
    assert properties.findings[0].excerpt == f"李：{WORDS}"
    assert properties.findings[-1].excerpt == "https://example.invalid/t.dotm"
    assert any("1 处插入的外部片段" in told for told in properties.defects)
    assert any("oleObject1.bin" in told for told in properties.defects)
    assert page.text == "正文\n"


def test_正文里的实体定义不接受(tmp_path: Path) -> None:
    body = f"<!DOCTYPE x [<!ENTITY i '宏'>]><w:document {W}><w:body><w:p><w:r><w:t>前&i;后</w:t></w:r></w:p></w:body></w:document>"
    with pytest.raises(DamagedFileError, match="请重新导出"):
        _read_path(_changed(tmp_path / "a.docx", {"word/document.xml": body}))


def test_图示_公式与勾选框的字不丢(tmp_path: Path) -> None:
    drawing = "http://schemas.openxmlformats.org/drawingml/2006/main"
    diagram = f"<dgm:dataModel xmlns:dgm='urn:x' xmlns:a='{drawing}'><a:p><a:r><a:t>区督导室</a:t></a:r></a:p></dgm:dataModel>"
    math = "http://schemas.openxmlformats.org/officeDocument/2006/math"
    body = (
        f"<w:document {W}><w:body><w:p><w:r><w:t>生师比</w:t></w:r><m:oMath xmlns:m='{math}'><m:r><m:t>x=13</m:t></m:r></m:oMath></w:p>"
        "<w:p><w:r><w:sym w:font='Wingdings 2' w:char='F052'/><w:t>已公示</w:t></w:r></w:p></w:body></w:document>"
    )
    path = _changed(
        tmp_path / "a.docx",
        {"word/document.xml": body, "word/diagrams/data1.xml": diagram},
        _link(1, "diagramData", "diagrams/data1.xml"),
    )
    assert _read_path(path)[1][0].text == "生师比x=13\n☑已公示\n区督导室\n"


def test_嵌套文本框的字只读一次(tmp_path: Path) -> None:
    document = docx.Document()
    inner = (
        "<w:p><w:r><w:pict><w:txbxContent><w:p><w:r><w:t>里层</w:t></w:r></w:p></w:txbxContent></w:pict></w:r></w:p>"
    )
    _xml(
        document,
        f"<w:p><w:r><w:pict><w:txbxContent><w:p><w:r><w:t>外层</w:t></w:r></w:p>{inner}</w:txbxContent></w:pict></w:r></w:p>",
    )
    assert _read(document, tmp_path)[1][0].text == "外层\n里层\n"


def test_表格里的文本框不丢(tmp_path: Path) -> None:
    document = docx.Document()
    table = document.add_table(1, 1)
    table.cell(0, 0)._tc.append(
        parse_xml(
            f"<w:p {W}><w:r><w:pict><w:txbxContent><w:p><w:r><w:t>框里的话</w:t></w:r></w:p></w:txbxContent></w:pict></w:r></w:p>"
        )
    )
    assert "框里的话" in _read(document, tmp_path)[1][0].text


def _styles_in_a_circle() -> Iterator[str]:
    yield f"<w:style {W} w:type='paragraph' w:styleId='甲'><w:name w:val='甲'/><w:basedOn w:val='乙'/></w:style>"
    yield f"<w:style {W} w:type='paragraph' w:styleId='乙'><w:name w:val='乙'/><w:basedOn w:val='甲'/></w:style>"


def test_互为基准的样式不会转圈(tmp_path: Path) -> None:
    document = docx.Document()
    for xml in _styles_in_a_circle():
        document.styles.element.append(parse_xml(xml))
    paragraph = document.add_paragraph("全区幼儿园86所。")
    paragraph._p.get_or_add_pPr().append(parse_xml(f"<w:pStyle {W} w:val='甲'/>"))
    assert paragraph._p.find(f"{qn('w:pPr')}/{qn('w:pStyle')}") is not None
    assert "86所" in _read(document, tmp_path)[1][0].text
