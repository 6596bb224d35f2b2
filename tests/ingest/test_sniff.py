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
    DamagedFileError,
    EmptyFileError,
    EncryptedFileError,
    ImageFileError,
    MissingFileError,
    TooLargeError,
    UnknownKindError,
    UnreadableFileError,
    UnsafeFileError,
)
from ingest.sniff import MAX_TEXT_MB, decode, sniff


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
    "图片": (_PNG.getvalue(), ImageFileError, "PNG.*文字识别"),
    "压缩包": (_zip({"a.txt": b"x"}), UnknownKindError, "ZIP"),
    "OFD": (_zip({"OFD.xml": b"<OFD/>"}), UnknownKindError, "OFD"),
    "演示文稿": (
        _zip({"[Content_Types].xml": b"presentationml.presentation.main+xml"}),
        UnknownKindError,
        "PowerPoint",
    ),
    "带宏的Word": (
        _zip({"[Content_Types].xml": b"application/vnd.ms-word.document.macroEnabled.main+xml"}),
        UnknownKindError,
        "宏",
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
    "旧版Word": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "WordDocument".encode("utf-16-le"),
        UnknownKindError,
        "另存为 DOCX",
    ),
    "网页": (b"<!DOCTYPE html><html></html>", UnknownKindError, "HTML"),
    "RTF": (b"{\\rtf1 hello}", UnknownKindError, "RTF"),
}


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
