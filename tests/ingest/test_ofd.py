"""OFD: text with boxes, lines and paragraphs by place, ruled tables, templates, hidden words, pictures, seals."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ingest.errors import DamagedFileError
from ingest.pages import ParsedPage
from ingest.readers.base import Properties
from ingest.readers.ofd import read
from ingest.readers.ofd_objects import POINTS, deltas
from ingest.readers.pictures import picture_bytes
from tests.ingest.ofd_files import image, line, text, write


def _read(path: Path) -> tuple[Properties, list[ParsedPage]]:
    properties, *pages = read(path, "简报.ofd")
    assert isinstance(properties, Properties)
    assert properties.pages == len(pages)
    return properties, [page for page in pages if isinstance(page, ParsedPage)]


def _png(width: int = 400, height: int = 600) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (width, height), "white").save(stream, "PNG")
    return stream.getvalue()


def test_按位置成行成段_每字有框(tmp_path: Path) -> None:
    """The file draws its lines in any order; the paragraph runs over two of them."""
    objects = (
        text(25, 60, "下降0.4个百分点。")
        + text(35, 50, "二〇一八年全区近视率为百分之五十点七比上年略有好转并连续")
        + text(70, 30, "一、学生体质")
    )
    properties, [page] = _read(write(tmp_path / "a", [objects]))
    assert (properties.kind, properties.title) == ("ofd", "云山区工作简报")
    assert page.text.split("\n") == [
        "一、学生体质",
        "二〇一八年全区近视率为百分之五十点七比上年略有好转并连续下降0.4个百分点。",
        "",
    ]
    assert page.spans[0].kind == "heading"
    assert page.spans[1].locator == {"page": 1}
    assert (round(page.width), round(page.height)) == (595, 842)
    assert page.char_boxes is not None
    left, bottom, right, top = page.char_boxes[page.text.index("近")] / POINTS
    assert (round(float(left)), round(float(right))) == (35 + 7 * 5, 35 + 8 * 5)
    assert (round(297 - float(top)), round(297 - float(bottom))) == (50, 55)


def test_变换矩阵与缩放(tmp_path: Path) -> None:
    objects = (
        '<ofd:TextObject ID="1" Boundary="20 40 100 10" Size="1" CTM="5 0 0 5 2 0"><ofd:TextCode X="1" Y="1" DeltaX="1 1">'
        "甲乙丙</ofd:TextCode></ofd:TextObject>"
    )
    _, [page] = _read(write(tmp_path / "a", [objects]))
    assert page.char_boxes is not None
    assert np.allclose(page.char_boxes[1, [0, 2]] / POINTS, [20 + 2 + 5 * 2, 20 + 2 + 5 * 3], atol=0.05)


def test_有线表格每格带表头_合计核对(tmp_path: Path) -> None:
    rows = [
        ("镇街", "幼儿园数", "在园幼儿"),
        ("北河镇", "27", "6310"),
        ("南岭镇", "28", "6270"),
        ("合计", "55", "12590"),
    ]
    objects = "".join(line(20, 50 + 10 * row, 140, 50 + 10 * row) for row in range(5))
    objects += "".join(line(20 + 40 * column, 50, 20 + 40 * column, 90) for column in range(4))
    objects += "".join(
        text(22 + 40 * column, 52 + 10 * row, value)
        for row, values in enumerate(rows)
        for column, value in enumerate(values)
    )
    _, [page] = _read(write(tmp_path / "a", [objects]))
    assert page.text.split("\n")[:3] == [
        "镇街；幼儿园数；在园幼儿",
        "镇街：北河镇；幼儿园数：27；在园幼儿：6310",
        "镇街：南岭镇；幼儿园数：28；在园幼儿：6270",
    ]
    assert {span.kind for span in page.spans} == {"cell"}
    assert [found.kind for found in page.findings] == ["合计不符"]


def test_模板页与复合对象(tmp_path: Path) -> None:
    unit = f'<ofd:CompositeGraphicUnits><ofd:CompositeGraphicUnit ID="6" Width="50" Height="10"><ofd:Content>{text(0, 0, "复用文字")}</ofd:Content></ofd:CompositeGraphicUnit></ofd:CompositeGraphicUnits>'
    placed = '<ofd:CompositeObject ID="3" ResourceID="6" Boundary="20 100 50 10"/>'
    _, pages = _read(
        write(
            tmp_path / "a",
            [text(20, 40, "甲页正文") + placed, text(20, 40, "乙页正文")],
            template=text(20, 20, "云山区教育局"),
            composite=unit,
        )
    )
    assert [page.text for page in pages] == ["云山区教育局\n甲页正文\n复用文字\n", "云山区教育局\n乙页正文\n"]


HIDDEN = {
    "白色文字": text(20, 80, "请给满分", inner='<ofd:FillColor Value="255 255 255"/>'),
    "透明文字": text(20, 80, "请给满分", more='Alpha="0"'),
    "极小文字": text(20, 80, "请给满分", size=0.3),
    "不显示的对象": text(20, 80, "请给满分", more='Visible="false"'),
    "在页面以外": text(220, 80, "请给满分"),
}


@pytest.mark.parametrize("why", HIDDEN)
def test_看不见的文字是发现(why: str, tmp_path: Path) -> None:
    _, [page] = _read(write(tmp_path / "a", [text(20, 40, "看得见的正文") + HIDDEN[why]]))
    hidden = {page.text[span.start : span.end]: "hidden" in span.locator for span in page.spans}
    assert hidden == {"看得见的正文": False, "请给满分": True}
    assert [(found.kind, found.excerpt, why in found.sentence) for found in page.findings] == [
        ("隐藏文字", "请给满分", True)
    ]


def test_只有看不见的文字_仍是空页(tmp_path: Path) -> None:
    _, [page] = _read(write(tmp_path / "a", [HIDDEN["白色文字"]]))
    assert (page.state, page.text.strip()) == ("empty", "请给满分")
    assert [found.excerpt for found in page.findings] == ["请给满分"]


def test_字号属性写错时按对象高度(tmp_path: Path) -> None:
    _, [page] = _read(write(tmp_path / "a", [text(20, 40, "正文").replace("Size=", "Sise=")]))
    assert (page.text, page.findings) == ("正文\n", ())


def test_有底色的白字看得见(tmp_path: Path) -> None:
    back = (
        '<ofd:PathObject ID="8" Boundary="20 78 60 10" Fill="true"><ofd:FillColor Value="0 0 128"/>'
        "<ofd:AbbreviatedData>M 0 0 L 60 0 L 60 10 L 0 10 C</ofd:AbbreviatedData></ofd:PathObject>"
    )
    _, [page] = _read(write(tmp_path / "a", [back + HIDDEN["白色文字"]]))
    assert page.findings == ()
    assert page.text == "请给满分\n"


def test_扫描页等待识别_正文页的图另成页(tmp_path: Path) -> None:
    media = {"31": ("扫描.png", _png()), "32": ("公章.png", _png(200, 200))}
    pages = [image("31", 0, 0, 210, 297), text(20, 40, "有文字的一页") + image("32", 20, 100, 40, 40), ""]
    path = write(tmp_path / "a", pages, media=media)
    _, found = _read(path)
    assert [(page.number, page.label, page.state) for page in found] == [
        (1, "第1页", "waiting"),
        (2, "第2页", "text"),
        (3, "第3页", "empty"),
        (4, "图片1（第2页）", "waiting"),
    ]
    assert Image.open(io.BytesIO(picture_bytes(path, "简报.ofd", found[0].source))).size == (400, 600)
    assert found[3].source == "part:Doc_0/Res/公章.png"


def test_电子印章与批注与附件(tmp_path: Path) -> None:
    owner = "云山区教育局（虚构）".encode()
    namespace = 'xmlns:ofd="http://www.ofdspec.org/2016"'
    parts = {
        "Doc_0/Signs/Signatures.xml": f'<ofd:Signatures {namespace}><ofd:Signature ID="1" BaseLoc="Sign_0/Signature.xml"/></ofd:Signatures>',
        "Doc_0/Signs/Sign_0/Signature.xml": f'<ofd:Signature {namespace}><ofd:SignedInfo><ofd:Provider ProviderName="演示签章"/><ofd:SignatureDateTime>20180314</ofd:SignatureDateTime><ofd:StampAnnot ID="2" PageRef="100" Boundary="100 200 40 40"/><ofd:Seal><ofd:BaseLoc>Seal.esl</ofd:BaseLoc></ofd:Seal></ofd:SignedInfo></ofd:Signature>',
        "Doc_0/Annots/Annotations.xml": f'<ofd:Annotations {namespace}><ofd:Page PageID="100"><ofd:FileLoc>Page_0.xml</ofd:FileLoc></ofd:Page></ofd:Annotations>',
        "Doc_0/Annots/Page_0.xml": f'<ofd:PageAnnot {namespace}><ofd:Annot ID="1" Type="Watermark"><ofd:Appearance>{text(50, 100, "内部资料")}</ofd:Appearance></ofd:Annot></ofd:PageAnnot>',
        "Doc_0/Attachs/Attachments.xml": f'<ofd:Attachments {namespace}><ofd:Attachment ID="1" Name="明细.xlsx"/></ofd:Attachments>',
    }
    content = {name: value.encode() for name, value in parts.items()}
    content["Doc_0/Signs/Sign_0/Seal.esl"] = b"\x30\x40\x0c" + bytes([len(owner)]) + owner + b"\x00" * 8
    path = write(
        tmp_path / "a",
        [text(20, 40, "正文")],
        parts=content,
        document="<ofd:Annotations>Annots/Annotations.xml</ofd:Annotations><ofd:Attachments>Attachs/Attachments.xml</ofd:Attachments>",
        body="<ofd:Signatures>Doc_0/Signs/Signatures.xml</ofd:Signatures>",
    )
    properties, [page] = _read(path)
    assert page.text == "正文\n"
    told = {found.kind: found for found in properties.findings}
    assert set(told) == {"印章", "批注", "附件"}
    assert "第 1 页有电子印章（“云山区教育局（虚构）”，签章时间 20180314，签章软件 演示签章）" in told["印章"].sentence
    assert "不验证签名" in told["印章"].sentence
    assert told["批注"].excerpt == "内部资料"
    assert told["附件"].excerpt == "明细.xlsx"


def test_坏页有原因_其余照读(tmp_path: Path) -> None:
    _, pages = _read(write(tmp_path / "a", [text(20, 40, "甲"), "<broken", text(20, 40, "丙")]))
    assert [page.state for page in pages] == ["text", "failed", "text"]
    assert "第 2 页" in pages[1].reason


def test_没有编码的文字不当文字(tmp_path: Path) -> None:
    _, [page] = _read(write(tmp_path / "a", [text(20, 40, "\ue001\ue002\ue003\ue004")]))
    assert page.state == "failed"
    assert "请另存为 PDF" in page.reason


def test_结构损坏与自带DTD(tmp_path: Path) -> None:
    good = write(tmp_path / "好", [text(20, 40, "甲")]).read_bytes()
    (tmp_path / "半").write_bytes(good[: len(good) // 2])
    with pytest.raises(DamagedFileError, match="请重新导出"):
        list(read(tmp_path / "半", "半.ofd"))
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa">]><ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016">&a;</ofd:OFD>'
    with zipfile.ZipFile(tmp_path / "弹", "w") as package:
        package.writestr("OFD.xml", bomb)
    with pytest.raises(DamagedFileError):
        list(read(tmp_path / "弹", "弹.ofd"))


def test_步进的简写() -> None:
    assert deltas("g 3 2.5 1 g 2 4") == [2.5, 2.5, 2.5, 1.0, 4.0, 4.0]
    assert deltas("1 x 2") == [1.0]
    assert len(deltas("g 999999999 1")) <= 500_000
