"""Reads PDF with pdfium, page by page; a second engine and repair for files that pdfium cannot follow."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pypdfium2

from ingest.errors import DamagedFileError
from ingest.pages import ParsedPage
from ingest.readers.base import Properties
from ingest.readers.pdf_page import failed, read_page
from ingest.readers.pdf_repair import open_or_repair, open_pdf
from ingest.readers.pdf_second import SecondEngine
from ingest.readers.pdf_structure import structure_of

__all__ = ["open_pdf", "read"]


def read(path: Path, file: str, first: int = 1) -> Iterator[Properties | ParsedPage]:
    """Properties, then every page from `first` on; a page that cannot be read is a page with state "failed".

    A table that goes on over a page break is joined only when both pages are read in one go.
    """
    opened, repaired = open_or_repair(path, file)
    with closing(opened) as document:
        count = len(document)
        if count == 0:
            raise DamagedFileError(file, "PDF", "没有页面")
        title = document.get_metadata_dict(skip_empty=True).get("Title", "").strip()
        second = SecondEngine(path)
        structure = structure_of(path, file)
        yield Properties("pdf", count, title, structure.defects, (*repaired, *structure.findings))
        carried = None
        for number in range(first, count + 1):
            try:
                page = document[number - 1]
            except pypdfium2.PdfiumError:
                yield failed(file, number, "页面结构损坏，请重新导出后上传")
                carried = None
                continue
            with closing(page):
                parsed, carried = read_page(page, file, number, carried, second, layers=structure.layers)
            yield parsed
