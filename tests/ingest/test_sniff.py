"""The bytes decide what a file is, not its name; what cannot be read says why."""

from __future__ import annotations

import io
import random
import zipfile
from pathlib import Path

import docx
import openpyxl
import pytest
from PIL import Image

from ingest.errors import (
    ArchiveError,
    DamagedFileError,
    EmptyFileError,
    EncryptedFileError,
    MissingFileError,
    TooLargeError,
    UnknownKindError,
    UnreadableFileError,
    UnsafeFileError,
)
from ingest.sniff import MAX_TEXT_MB, decode, sniff
from ingest.worker import MODULES


def _bytes(kind: str, tmp_path: Path) -> bytes:
    buffer = io.BytesIO()
    if kind == "docx":
        docx.Document().save(buffer)
    elif kind == "xlsx":
        openpyxl.Workbook().save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize("kind", ["docx", "xlsx"])
def test_名称不符仍按内容识别(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "材料.pdf"
    path.write_bytes(_bytes(kind, tmp_path))
    assert sniff(path, path.name) == kind


def test_pdf前有多余字节(tmp_path: Path, sample_pdf: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"\n\n" + sample_pdf.read_bytes())
    assert sniff(path, "a.txt") == "pdf"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_文本编码(encoding: str, tmp_path: Path) -> None:
    words = "云山区零报告：2018年未发生校车责任事故。𠮷㛃"
    path = tmp_path / "a.bin"
    path.write_bytes(words.encode(encoding))
    assert sniff(path, "a.bin") == "txt"
    decoded = decode(path.read_bytes())
    assert decoded is not None
    assert decoded[0] == words


def test_开头四千字节切断一个字也认得出(tmp_path: Path) -> None:
    for shift in range(4):
        path = tmp_path / f"{shift}.txt"
        path.write_bytes(b"a" * shift + "督导材料".encode("gb18030") * 3000)
        assert sniff(path, path.name) == "txt"


def _zip(parts: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return buffer.getvalue()


_WORD_TYPES = b"<Types>application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml</Types>"
_PNG = io.BytesIO()
Image.new("RGB", (4, 4)).save(_PNG, "PNG")

REFUSED: dict[str, tuple[bytes, type[UnreadableFileError], str]] = {
    "空文件": (b"", EmptyFileError, "0 字节"),
    "随机字节": (random.Random(7).randbytes(5000), UnknownKindError, "二进制"),
    "压缩包": (_zip({"a.txt": b"x"}), ArchiveError, "ZIP"),
    "电子书": (_zip({"mimetype": b"application/epub+zip"}), UnknownKindError, "电子书"),
    "手机照片": (b"\0\0\0\x18ftypheic" + b"\0" * 50, UnknownKindError, "HEIC.*另存为 JPEG"),
    "Outlook邮件": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "__substg1.0_0037001F".encode("utf-16-le"),
        UnknownKindError,
        "另存为 EML",
    ),
    "残缺的压缩结构": (_bytes("docx", Path())[:2000], DamagedFileError, "损坏"),
    "压缩炸弹": (
        _zip({"[Content_Types].xml": _WORD_TYPES, "word/document.xml": b"0" * 60_000_000}),
        UnsafeFileError,
        "压缩比",
    ),
    "加密的Office": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"),
        EncryptedFileError,
        "已加密.*请提供不加密的版本",
    ),
    "网页": (b"<!DOCTYPE html><html></html>", UnknownKindError, "HTML"),
}


_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def _office(main: str) -> bytes:
    return _zip({"[Content_Types].xml": f'<Types><Override ContentType="application/{main}"/></Types>'.encode()})


KINDS: dict[str, tuple[bytes, str]] = {
    "PNG": (_PNG.getvalue(), "image"),
    "BMP": (b"BM\x46\0\0\0\0\0\0\0\x36\0\0\0", "image"),
    "OFD": (_zip({"OFD.xml": b"<OFD/>"}), "ofd"),
    "ODT": (_zip({"mimetype": b"application/vnd.oasis.opendocument.text"}), "odt"),
    "演示文稿": (_office("vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"), "pptx"),
    "幻灯片放映": (_office("vnd.openxmlformats-officedocument.presentationml.slideshow.main+xml"), "pptm"),
    "带宏的Word": (_office("vnd.ms-word.document.macroEnabled.main+xml"), "docm"),
    "带宏的Excel": (_office("vnd.ms-excel.sheet.macroEnabled.main+xml"), "xlsm"),
    "旧版Word": (_OLE2 + "WordDocument".encode("utf-16-le"), "doc"),
    "旧版PowerPoint": (_OLE2 + "PowerPoint Document".encode("utf-16-le"), "ppt"),
    "RTF": (b"{\\rtf1 hello}", "rtf"),
    "Word2003XML": (b'<?xml version="1.0"?><?mso-application progid="Word.Document"?><w/>', "wordxml"),
    "邮件": (b"From: a@b.example\r\nSubject: =?utf-8?B?5ryU?=\r\nMIME-Version: 1.0\r\n\r\nabc", "eml"),
    "像邮件的文字": ("Date: 2018\n\nFrom: 甲\nTo: 乙\nSubject: 丙".encode(), "txt"),
}


@pytest.mark.parametrize("name", KINDS)
def test_按内容识别(name: str, tmp_path: Path) -> None:
    content, kind = KINDS[name]
    (tmp_path / "材料").write_bytes(content)
    assert sniff(tmp_path / "材料", "材料.pdf") == kind
    assert kind in MODULES


def test_文本表格看后缀(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes("学校,人数\n甲,3\n".encode())
    assert [sniff(tmp_path / "a", name) for name in ("a.csv", "a.TSV", "a.txt")] == ["csv", "csv", "txt"]


@pytest.mark.parametrize("name", REFUSED)
def test_不能读的文件说明原因(name: str, tmp_path: Path) -> None:
    content, error, words = REFUSED[name]
    path = tmp_path / "材料.docx"
    path.write_bytes(content)
    with pytest.raises(error, match=words) as caught:
        sniff(path, "材料.docx")
    assert "《材料.docx》" in str(caught.value)
    assert str(tmp_path) not in str(caught.value)


def test_文件不存在(tmp_path: Path) -> None:
    with pytest.raises(MissingFileError, match="请"):
        sniff(tmp_path / "无.pdf", "无.pdf")


def test_文本过大(tmp_path: Path) -> None:
    path = tmp_path / "大.txt"
    path.write_bytes(b"a" * (MAX_TEXT_MB * 1024 * 1024 + 1))
    with pytest.raises(TooLargeError, match="请拆分"):
        sniff(path, "大.txt")


def test_压缩数据损坏的包有中文原因(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "x" * 5000)
    content = bytearray(path.read_bytes())
    start = 30 + len("[Content_Types].xml")
    content[start] = 0xFF  # a block type that does not exist
    path.write_bytes(bytes(content))
    with pytest.raises(DamagedFileError, match="压缩结构不完整"):
        sniff(path, "a.docx")
