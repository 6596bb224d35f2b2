"""A second opinion on a PDF page's text, for pages of which pdfium gives none that can be read."""

from __future__ import annotations

import logging
from pathlib import Path

from pypdf import PdfReader

_MAX_BYTES = 100 * 1024 * 1024  # pypdf keeps a file in memory several times over


class SecondEngine:
    """Text of single pages by pypdf; the file is opened when the first is asked for."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._reader: PdfReader | None = None
        self._given_up = False

    def __call__(self, number: int) -> str:
        """Text of the page (1-based), "" when pypdf cannot read it either."""
        logging.getLogger("pypdf").setLevel(logging.CRITICAL)
        if self._given_up:
            return ""
        try:
            if self._reader is None:
                if self._path.stat().st_size > _MAX_BYTES:
                    self._given_up = True
                    return ""
                self._reader = PdfReader(self._path, strict=False)
            return self._reader.pages[number - 1].extract_text()
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001 - whatever pypdf raises on a damaged page must not cost the pages pdfium reads
            # Where both engines fail, the drawing is recognised: nothing is lost by giving this one up.
            self._given_up = self._reader is None
            return ""
