"""Which format the bytes are, whatever the file is called."""

from __future__ import annotations

import re
import zipfile
import zlib
from pathlib import Path

from ingest.archive import ArchiveProblemError, check_directory, is_zip
from ingest.encodings import decode
from ingest.errors import (
    ArchiveError,
    DamagedFileError,
    EmptyFileError,
    EncryptedFileError,
    MissingFileError,
    TooLargeError,
    UnknownKindError,
    UnsafeFileError,
)

__all__ = ["check_package", "decode", "sniff"]

MAX_FILE_MB = 300
MAX_TEXT_MB = 20
# Limits for packages (DOCX, XLSX). XML grows four- to tenfold in memory, so what unpacks to more cannot be read safely.
MAX_PARTS = 20_000
MAX_UNPACKED_MB = 300
MAX_RATIO = 200  # real office files stay below 40; only judged above 20 MB unpacked
_MB = 1024 * 1024

_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_IMAGES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8", b"II*\x00", b"MM\x00*")
_ARCHIVES = {
    b"Rar!": "RAR 压缩包",
    b"7z\xbc\xaf": "7z 压缩包",
    b"\x1f\x8b": "GZIP 压缩包",
    b"BZh": "BZIP2 压缩包",
    b"\xfd7zXZ": "XZ 压缩包",
}
_OTHERS = {
    b"MZ": "可执行程序",
    b"\x7fELF": "可执行程序",
    b"ID3": "音频",
    b"RIFF": "音视频",
    b"SQLite format 3": "数据库",
}
# Main part's content type → kind. "docm", "pptm" and the like need their package set right before it is read.
_MAIN_PARTS = {
    b"wordprocessingml.document.main+xml": "docx",
    b"ms-word.document.macroEnabled.main+xml": "docm",
    b"wordprocessingml.template.main+xml": "docm",
    b"ms-word.template.macroEnabledTemplate.main+xml": "docm",
    b"spreadsheetml.sheet.main+xml": "xlsx",
    b"ms-excel.sheet.macroEnabled.main+xml": "xlsm",
    b"spreadsheetml.template.main+xml": "xlsm",
    b"ms-excel.template.macroEnabled.main+xml": "xlsm",
    b"presentationml.presentation.main+xml": "pptx",
    b"ms-powerpoint.presentation.macroEnabled.main+xml": "pptm",
    b"presentationml.slideshow.main+xml": "pptm",
    b"presentationml.template.main+xml": "pptm",
    b"ms-powerpoint.slideshow.macroEnabled.main+xml": "pptm",
    b"ms-powerpoint.template.macroEnabled.main+xml": "pptm",
    b"ms-excel.sheet.binary": "xlsb",
}
_OPEN_DOCUMENTS = {b"opendocument.text": "odt", b"opendocument.spreadsheet": "ods", b"opendocument.presentation": "odp"}
# Old Office formats name their main stream in UTF-16 in the directory; no full parse is needed to tell them.
_STREAMS = {"Workbook": "xls", "Book\0": "xls", "WordDocument": "doc", "PowerPoint Document": "ppt"}
_MAIL_HEADER = re.compile(
    rb"^(?:From|To|Subject|Date|Received|Message-ID|MIME-Version|Content-Type|Return-Path|Delivered-To|X-[\w-]+|DKIM-Signature)[ \t]*:",
    re.IGNORECASE | re.MULTILINE,
)
_TABLE_SUFFIXES = (".csv", ".tsv", ".tab")


def sniff(path: Path, file: str) -> str:
    """The kind found in the bytes, a key of `ingest.worker.MODULES`. Only a table in plain text is known by its suffix.

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
    if is_zip(head):
        return _sniff_package(path, file)
    if head.startswith(_OLE2):
        return _sniff_ole2(path, file)
    if head.startswith(_IMAGES) or (head.startswith(b"BM") and head[6:10] == b"\0\0\0\0") or head[8:12] == b"WEBP":
        return "image"
    if head[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypavif"):
        raise UnknownKindError(file, "HEIC/AVIF 照片，请在手机或电脑上另存为 JPEG")
    if head.lstrip().startswith(b"{\\rtf"):
        return "rtf"
    for magic, name in _ARCHIVES.items():
        if head.startswith(magic):
            raise ArchiveError(file, name, "本程序只能解开 ZIP")
    for magic, name in _OTHERS.items():
        if head.startswith(magic):
            raise UnknownKindError(file, name)
    return _sniff_text(path, file, head, size)


def _sniff_package(path: Path, file: str) -> str:
    try:
        check_directory(path)
        with zipfile.ZipFile(path) as package:
            names = set(package.namelist())
            if not names & {"[Content_Types].xml", "OFD.xml", "mimetype"}:
                raise _archive_error(path, file)
            check_package(package, file)
            types = package.read("[Content_Types].xml") if "[Content_Types].xml" in names else b""
            mimetype = package.read("mimetype") if "mimetype" in names else b""
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError, ValueError) as exc:
        raise DamagedFileError(file, "Office 文件", "压缩结构不完整") from exc
    except ArchiveProblemError as exc:
        raise DamagedFileError(file, "压缩结构", str(exc)) from exc
    for part, kind in _MAIN_PARTS.items():
        if part in types:
            return kind
    if "OFD.xml" in names:
        return "ofd"
    for part, kind in _OPEN_DOCUMENTS.items():
        if part in mimetype:
            return kind
    raise UnknownKindError(file, "不认识的 Office 或电子书文件")


def _archive_error(path: Path, file: str) -> ArchiveError:
    """Why this archive is a row of its own: what of it could not be unpacked."""
    from ingest.unpack import faults_of

    return ArchiveError(file, "ZIP 压缩包", faults_of(path, file))


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
    content = path.read_bytes()
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise EncryptedFileError(file, "Office 文件")
    for stream, kind in _STREAMS.items():
        if stream.encode("utf-16-le") in content:
            return kind
    if "__substg1.0_".encode("utf-16-le") in content:
        raise UnknownKindError(file, "Outlook 邮件（MSG），请在 Outlook 中另存为 EML，或把正文打印为 PDF、附件单独保存")
    raise UnknownKindError(file, "旧版 Office（OLE2）文件")


def _sniff_text(path: Path, file: str, head: bytes, size: int) -> str:
    lower = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if lower.startswith((b"<!doctype html", b"<html")):
        raise UnknownKindError(file, "网页文件（HTML），请打印为 PDF")
    if lower.startswith(b"<?xml") and b'progid="word.document"' in lower:
        return "wordxml"
    if lower.startswith(b"<?xml") and b'progid="excel.sheet"' in lower:
        return "excelxml"
    if decode(head, whole=size <= len(head)) is None:
        raise UnknownKindError(file, "无法识别的二进制内容")
    top = head.split(b"\r\n\r\n")[0].split(b"\n\n")[0]
    if len({name.lower() for name in _MAIL_HEADER.findall(top)}) >= 3:
        return "eml"
    if size > MAX_TEXT_MB * _MB:
        raise TooLargeError(file, size // _MB, MAX_TEXT_MB)
    if decode(path.read_bytes()) is None:
        raise UnknownKindError(file, "既不是 UTF-8、UTF-16 也不是 GB18030、Big5 的文本")
    return "csv" if file.lower().endswith(_TABLE_SUFFIXES) else "txt"
