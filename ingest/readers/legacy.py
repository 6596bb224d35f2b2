"""Reads old and foreign office formats by having LibreOffice save them as DOCX, XLSX or PPTX first."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

from ingest.errors import ConversionError, DamagedFileError
from ingest.office import converted
from ingest.pages import Finding, ParsedPage
from ingest.readers.base import Properties
from ingest.readers.variant import macro_finding
from ingest.sniff import sniff

# kind → suffix LibreOffice knows it by, format it is saved in, name for people
KINDS = {
    "doc": ("doc", "docx", "旧版 Word（DOC）或 WPS 文字"),
    "wordxml": ("xml", "docx", "Word 2003 XML 文档"),
    "rtf": ("rtf", "docx", "RTF 文档"),
    "odt": ("odt", "docx", "ODT 文档"),
    "ods": ("ods", "xlsx", "ODS 表格"),
    "odp": ("odp", "pptx", "ODP 演示文稿"),
    "ppt": ("ppt", "pptx", "旧版 PowerPoint（PPT）或 WPS 演示"),
    "xlsb": ("xlsb", "xlsx", "Excel 二进制工作簿（XLSB）"),
    "excelxml": ("xml", "xlsx", "Excel 2003 XML 表格"),
}


def read(path: Path, file: str, first: int = 1) -> Iterator[Properties | ParsedPage]:
    """What the reader of the new format gives; the kind stays the old one.

    Raises NoOfficeError when LibreOffice is not installed, ConversionError when it cannot read the file.
    """
    kind = sniff(path, file)
    _, target, name = KINDS[kind]
    with readable(path, file) as new:
        try:
            for item in importlib.import_module(f"ingest.readers.{target}").read(new, file, first):
                if isinstance(item, Properties):
                    found = tuple(_macros(path, kind, file))
                    item = replace(item, kind=kind, findings=(*found, *item.findings))
                yield item
        except DamagedFileError as exc:
            raise ConversionError(file, name, "转换结果读不出来") from exc


def readable(path: Path, file: str) -> AbstractContextManager[Path]:
    """The file in the new format, for as long as the context lasts; see `converted`."""
    suffix, target, name = KINDS[sniff(path, file)]
    return converted(path, file, suffix, target, name)


def _macros(path: Path, kind: str, file: str) -> Iterator[Finding]:
    if kind in ("doc", "ppt") and "_VBA_PROJECT".encode("utf-16-le") in path.read_bytes():
        yield macro_finding(file)
