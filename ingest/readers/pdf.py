"""Reads PDF with pdfium, page by page; a second engine and repair for files that pdfium cannot follow."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium_c

from ingest.errors import DamagedFileError, EncryptedFileError
from ingest.pages import ParsedPage
from ingest.readers.base import Properties
from ingest.readers.pdf_page import failed, read_page
from ingest.readers.pdf_second import SecondEngine
from ingest.readers.pdf_structure import structure_of


def open_pdf(path: Path, file: str) -> Any:
    """The pypdfium2 document. Raises EncryptedFileError or DamagedFileError."""
    try:
        return pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as exc:
        if getattr(exc, "err_code", None) in (pdfium_c.FPDF_ERR_PASSWORD, pdfium_c.FPDF_ERR_SECURITY):
            raise EncryptedFileError(file, "PDF") from exc
        raise DamagedFileError(file, "PDF", "文件结构不完整") from exc


def read(path: Path, file: str, first: int = 1) -> Iterator[Properties | ParsedPage]:
    """Properties, then every page from `first` on; a page that cannot be read is a page with state "failed"."""
    with closing(open_pdf(path, file)) as document:
        count = len(document)
        if count == 0:
            raise DamagedFileError(file, "PDF", "没有页面")
        title = document.get_metadata_dict(skip_empty=True).get("Title", "").strip()
        second = SecondEngine(path)
        structure = structure_of(path, file)
        yield Properties("pdf", count, title, structure.defects, structure.findings)
        carried = None
        for number in range(first, count + 1):
            try:
                page = document[number - 1]
            except pypdfium2.PdfiumError:
                yield failed(file, number, "页面结构损坏，请重新导出后上传")
                carried = None
                continue
            with closing(page):
                parsed, carried = read_page(page, file, number, carried, second)
            yield parsed
