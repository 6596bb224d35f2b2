"""What a PDF carries besides its pages, read with pypdf: files embedded in it and fields of a form."""

from __future__ import annotations

import logging
from pathlib import Path

from pypdf import PdfReader
from pypdf.errors import PyPdfError

# Damaged but readable files make pypdf write a warning for each repaired object; what matters is told as a defect.
logging.getLogger("pypdf").setLevel(logging.ERROR)

_NAMES_SHOWN = 5


def defects_of(path: Path, file: str) -> tuple[str, ...]:
    """Chinese sentences on what of the file is not on its pages, so that nothing embedded is dropped unseen; () when there is nothing.

    A file whose structure pypdf cannot follow, although its pages can be read, gives a sentence too.
    """
    try:
        with PdfReader(path, strict=False) as reader:
            if reader.is_encrypted and not reader.decrypt(""):
                return ()  # pdfium refuses such a file itself, with its own sentence
            embedded = list(reader.attachments)
            filled = [name for name, value in reader.get_form_text_fields().items() if value]
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError, OSError):
        return (f"《{file}》的内部结构检查没有完成，不能确定有没有内嵌附件，请核对原件。",)
    told = []
    if embedded:
        names = "、".join(f"“{name}”" for name in embedded[:_NAMES_SHOWN])
        more = "等" if len(embedded) > _NAMES_SHOWN else ""
        told.append(f"《{file}》内嵌 {len(embedded)} 个附件（{names}{more}），没有读取，请另存后单独上传。")
    if filled:
        told.append(f"《{file}》有 {len(filled)} 个表单填写项，页面文字可能不含填写内容，请导出为普通 PDF 后核对。")
    return tuple(told)
