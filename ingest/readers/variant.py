"""Reads Office files that differ from DOCX, XLSX and PPTX only in name: with macros, templates, slide shows. Macros are never run."""

from __future__ import annotations

import importlib
import re
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from ingest.errors import DamagedFileError
from ingest.pages import Finding, ParsedPage
from ingest.readers.base import Properties
from ingest.readers.opc import read_part

_MACROS = re.compile(r"vbaProject|vbaData|xl/macrosheets/|activeX", re.IGNORECASE)
# What the libraries look for → content types of the main part that mean the same.
_PLAIN = {
    b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": (
        b"application/vnd.ms-word.document.macroEnabled.main+xml",
        b"application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml",
        b"application/vnd.ms-word.template.macroEnabledTemplate.main+xml",
    ),
    b"application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml": (
        b"application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml",
        b"application/vnd.openxmlformats-officedocument.presentationml.slideshow.main+xml",
        b"application/vnd.openxmlformats-officedocument.presentationml.template.main+xml",
        b"application/vnd.ms-powerpoint.slideshow.macroEnabled.main+xml",
        b"application/vnd.ms-powerpoint.template.macroEnabled.main+xml",
    ),
}
_TYPES = "[Content_Types].xml"


def read(path: Path, file: str, first: int = 1) -> Iterator[Properties | ParsedPage]:
    """What the reader of the plain format gives, and a finding when the file carries macros. Raises UnreadableFileError."""
    try:
        with zipfile.ZipFile(path) as package, tempfile.TemporaryDirectory(prefix="edureview-") as scratch:
            macros = any(_MACROS.search(name) for name in package.namelist())
            kind = _kind(package)
            # calamine does not mind what a workbook calls itself; the others get a copy without the macros.
            plain = path if kind == "xlsx" else _plain_copy(package, Path(scratch) / f"plain.{kind}")
            for item in importlib.import_module(f"ingest.readers.{kind}").read(plain, file, first):
                if isinstance(item, Properties) and macros:
                    item = replace(item, findings=(*item.findings, macro_finding(file)))
                yield item
    except (
        zipfile.BadZipFile,
        zlib.error,
        KeyError,
        ValueError,
        OSError,
        EOFError,
        RuntimeError,
        NotImplementedError,
    ) as exc:
        raise DamagedFileError(file, "Office 文件", "压缩结构不完整") from exc


def macro_finding(file: str) -> Finding:
    """What an expert is told about a file with macros."""
    sentence = f"《{file}》带有宏（自动执行的程序），没有运行也没有读取，请核实来源，必要时请对方提供不带宏的版本。"
    return Finding("宏", sentence)


def _kind(package: zipfile.ZipFile) -> str:
    types = read_part(package, _TYPES, 20)
    for kind, (_, others) in zip(("docx", "pptx"), _PLAIN.items(), strict=True):
        if any(b'"' + other + b'"' in types for other in others):
            return kind
    return "xlsx"


def _plain_copy(package: zipfile.ZipFile, target: Path) -> Path:
    """The package without its macros, its main part called by its plain type."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as copy:
        for info in package.infolist():
            if info.is_dir() or _MACROS.search(info.filename):
                continue
            content = read_part(package, info.filename)
            if info.filename == _TYPES:
                for plain, others in _PLAIN.items():
                    for other in others:
                        content = content.replace(b'"' + other + b'"', b'"' + plain + b'"')
            elif info.filename.endswith(".rels"):
                content = re.sub(rb"<Relationship [^>]*(?:vbaProject|wordVbaData|activeX)[^>]*/>", b"", content)
            copy.writestr(info.filename, content)
    return target
