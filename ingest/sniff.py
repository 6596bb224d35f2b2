"""Which format the bytes are, whatever the file is called."""

from __future__ import annotations

import zipfile
from pathlib import Path

from ingest.errors import (
    DamagedFileError,
    EmptyFileError,
    EncryptedFileError,
    ImageFileError,
    MissingFileError,
    TooLargeError,
    UnknownKindError,
    UnsafeFileError,
)

MAX_FILE_MB = 300
MAX_TEXT_MB = 20
# Limits for packages (DOCX, XLSX). XML grows four- to tenfold in memory, so what unpacks to more cannot be read safely.
MAX_PARTS = 20_000
MAX_UNPACKED_MB = 300
MAX_RATIO = 200  # real office files stay below 40; only judged above 20 MB unpacked
_MB = 1024 * 1024

_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_IMAGES = {
    b"\xff\xd8\xff": "JPEG",
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"GIF8": "GIF",
    b"BM": "BMP",
    b"II*\x00": "TIFF",
    b"MM\x00*": "TIFF",
}
_OTHERS = {
    b"{\\rtf": "RTF 文档",
    b"Rar!": "RAR 压缩包",
    b"7z\xbc\xaf": "7z 压缩包",
    b"\x1f\x8b": "GZIP 压缩包",
    b"MZ": "可执行程序",
    b"\x7fELF": "可执行程序",
    b"ID3": "音频",
    b"RIFF": "音视频",
}
_MAIN_PARTS = {
    b"wordprocessingml.document.main+xml": "docx",
    b"wordprocessingml.template.main+xml": "",
    b"spreadsheetml.sheet.main+xml": "xlsx",
}
_OTHER_PARTS = {
    b"macroEnabled": "带宏的 Office 文件",
    b"presentationml": "PowerPoint 演示文稿",
    b"sheet.binary": "Excel 二进制工作簿（xlsb）",
    b"wordprocessingml.template": "Word 模板",
}


def sniff(path: Path, file: str) -> str:
    """The kind found in the bytes: "pdf", "docx", "xlsx", "xls" or "txt".

    Raises the UnreadableFileError that says why the file cannot be read.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as stream:
            head = stream.read(4096)
    except OSError as exc:
        raise MissingFileError(file, exc.strerror or type(exc).__name__) from exc
    if size == 0:
        raise EmptyFileError(file)
    if size > MAX_FILE_MB * _MB:
        raise TooLargeError(file, size // _MB, MAX_FILE_MB)
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head.startswith(b"PK\x03\x04"):
        return _sniff_package(path, file)
    if head.startswith(_OLE2):
        return _sniff_ole2(path, file)
    for magic, name in _IMAGES.items():
        if head.startswith(magic):
            raise ImageFileError(file, name)
    for magic, name in _OTHERS.items():
        if head.startswith(magic):
            raise UnknownKindError(file, name)
    return _sniff_text(path, file, head, size)


def _sniff_package(path: Path, file: str) -> str:
    try:
        with zipfile.ZipFile(path) as package:
            check_package(package, file)
            names = set(package.namelist())
            types = package.read("[Content_Types].xml") if "[Content_Types].xml" in names else b""
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError, ValueError) as exc:
        raise DamagedFileError(file, "Office 文件", "压缩结构不完整") from exc
    for part, name in _OTHER_PARTS.items():
        if part in types:
            raise UnknownKindError(file, name)
    for part, kind in _MAIN_PARTS.items():
        if kind and part in types:
            return kind
    if "OFD.xml" in names:
        raise UnknownKindError(file, "OFD 版式文件")
    raise UnknownKindError(file, "ZIP 压缩包，请先解压")


def check_package(package: zipfile.ZipFile, file: str) -> None:
    """Refuses a package that unpacks to too much, before anything is unpacked. Raises UnsafeFileError."""
    parts = package.infolist()
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts) or 1
    if len(parts) > MAX_PARTS:
        raise UnsafeFileError(file, f"内含 {len(parts)} 个部件，上限 {MAX_PARTS}")
    if unpacked > MAX_UNPACKED_MB * _MB:
        raise UnsafeFileError(file, f"解压后 {unpacked // _MB} MB，上限 {MAX_UNPACKED_MB} MB")
    if unpacked > 20 * _MB and unpacked > packed * MAX_RATIO:
        raise UnsafeFileError(file, f"压缩比 {unpacked // packed}:1，上限 {MAX_RATIO}:1")


def _sniff_ole2(path: Path, file: str) -> str:
    """Old Office formats name their main stream in UTF-16 in the directory; no full parse is needed to tell them."""
    content = path.read_bytes()
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise EncryptedFileError(file, "Office 文件")
    if "Workbook".encode("utf-16-le") in content or "Book\0".encode("utf-16-le") in content:
        return "xls"
    if "WordDocument".encode("utf-16-le") in content:
        raise UnknownKindError(file, "旧版 Word（.doc）或 WPS 文字，请用 Word 或 WPS 另存为 DOCX")
    raise UnknownKindError(file, "旧版 Office（OLE2）文件")


def _sniff_text(path: Path, file: str, head: bytes, size: int) -> str:
    lower = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if lower.startswith((b"<!doctype html", b"<html")):
        raise UnknownKindError(file, "网页文件（HTML），请打印为 PDF")
    if decode(head, whole=size <= len(head)) is None:
        raise UnknownKindError(file, "无法识别的二进制内容")
    if size > MAX_TEXT_MB * _MB:
        raise TooLargeError(file, size // _MB, MAX_TEXT_MB)
    if decode(path.read_bytes()) is None:
        raise UnknownKindError(file, "既不是 UTF-8 也不是 GB18030 的文本")
    return "txt"


def decode(content: bytes, *, whole: bool = True) -> tuple[str, str] | None:
    """The text and the encoding's name, by the ladder BOM → UTF-8 → GB18030; None when it is not text.

    whole : False when `content` is the beginning of something longer and may end inside a character.
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ("utf-16",)
    elif content.startswith(b"\xef\xbb\xbf"):
        encodings = ("utf-8-sig",)
    else:
        encodings = ("utf-8", "gb18030")  # type: ignore[assignment]
    for encoding in encodings:
        for cut in range(1 if whole else 4):
            try:
                text = content[: len(content) - cut].decode(encoding)
            except UnicodeDecodeError:
                continue
            if _looks_like_text(text):
                return text, encoding
    return None


def _looks_like_text(text: str) -> bool:
    """Random bytes sometimes decode as GB18030; then they are full of control and private-use characters."""
    odd = sum(
        1
        for char in text
        if (char < " " and char not in "\t\n\r\f") or char == "\x7f" or "\ue000" <= char <= "\uf8ff" or char == "\ufffd"
    )
    return odd * 100 <= len(text)
