"""Opens a PDF, and repairs one whose table of contents is damaged or cut off, in memory: the original stays as it is."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium_c

from ingest.errors import DamagedFileError, EncryptedFileError
from ingest.pages import Finding

_MAX_BYTES = 200 * 1024 * 1024  # a repaired copy is held in memory beside what is read of it


def open_pdf(path: Path, file: str) -> Any:
    """The pypdfium2 document, repaired where it must be. Raises EncryptedFileError or DamagedFileError."""
    return open_or_repair(path, file)[0]


def open_or_repair(path: Path, file: str) -> tuple[Any, tuple[Finding, ...]]:
    """The pypdfium2 document, and a finding when it could only be read after repair."""
    try:
        return pypdfium2.PdfDocument(path), ()
    except pypdfium2.PdfiumError as exc:
        if getattr(exc, "err_code", None) in (pdfium_c.FPDF_ERR_PASSWORD, pdfium_c.FPDF_ERR_SECURITY):
            raise EncryptedFileError(file, "PDF") from exc
        document = _repaired(path)
        if document is None:
            raise DamagedFileError(file, "PDF", "文件结构不完整") from exc
        sentence = (
            f"《{file}》的文件结构有损坏，修复后读出 {len(document)} 页，可能缺页缺字，请对照原件核对或重新导出后上传。"
        )
        return document, (Finding("修复后读取", sentence),)


def _repaired(path: Path) -> Any | None:
    """The document as pikepdf can put it together again; None when nothing of it can be read."""
    if path.stat().st_size > _MAX_BYTES:
        return None
    try:
        with pikepdf.open(path, suppress_warnings=True, attempt_recovery=True) as pdf:
            if not len(pdf.pages):
                return None
            whole = io.BytesIO()
            pdf.save(whole)
        document = pypdfium2.PdfDocument(whole.getvalue())
    except (pikepdf.PdfError, pypdfium2.PdfiumError, ValueError, TypeError, RuntimeError, OSError):
        return None
    return document if len(document) else None
