"""What the libraries raise on a broken package of parts (DOCX, XLSX, PPTX, OFD: ZIP files with XML inside)."""

from __future__ import annotations

import zipfile
import zlib

# Parts that are missing, of another kind or cut short make the libraries fail anywhere; MemoryError is not here, the process limits it.
BROKEN_PACKAGE: tuple[type[Exception], ...] = (
    zipfile.BadZipFile,
    zlib.error,
    SyntaxError,  # XML that is not well formed, of either parser
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    EOFError,
    OSError,
    RuntimeError,  # a part that is encrypted, too deep or packed in an unknown way
)
