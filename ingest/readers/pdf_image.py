"""Draws a PDF page with pdfium. Runs in the reading process; everyone else calls ingest.render."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pypdfium2
from PIL import Image

from ingest.errors import DamagedFileError
from ingest.readers.pdf_repair import open_pdf

_MAX_PIXELS = 20_000_000  # a poster-sized page is drawn smaller rather than filling the memory


def draw(path: Path, file: str, number: int, scale: float) -> Image.Image:
    """The page (1-based) as displayed, RGB. Raises DamagedFileError when there is no such page or it cannot be drawn."""
    with closing(open_pdf(path, file)) as document:
        if not 1 <= number <= len(document):
            raise DamagedFileError(file, "PDF", f"没有第 {number} 页，共 {len(document)} 页")
        try:
            page = document[number - 1]
        except pypdfium2.PdfiumError as exc:
            raise DamagedFileError(file, "PDF", f"第 {number} 页结构损坏") from exc
        with closing(page):
            width, height = page.get_size()
            fitting = min(scale, (_MAX_PIXELS / max(width * height, 1.0)) ** 0.5)
            image: Image.Image = page.render(scale=fitting).to_pil().convert("RGB")
            return image
