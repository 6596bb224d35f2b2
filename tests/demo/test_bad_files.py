"""坏文件确实是坏的：损坏的打不开，加密的要密码，空的没有字节，未知的不是任何已知格式。"""

from __future__ import annotations

from pathlib import Path

import pypdfium2 as pdfium
import pytest
from pypdf import PdfReader

from tests.demo.bad_files import GOOD_PDF, PASSWORD, make_bad_files


@pytest.fixture(scope="module")
def bad(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return make_bad_files(tmp_path_factory.mktemp("坏文件"))


def test_损坏的PDF打不开_但开头像PDF(bad: dict[str, Path]) -> None:
    assert bad["damaged"].read_bytes().startswith(b"%PDF-")
    with pytest.raises(pdfium.PdfiumError):
        pdfium.PdfDocument(str(bad["damaged"]))


def test_加密的PDF没有密码打不开_有密码是原文(bad: dict[str, Path]) -> None:
    assert PdfReader(bad["encrypted"]).is_encrypted
    with pytest.raises(pdfium.PdfiumError):
        pdfium.PdfDocument(str(bad["encrypted"]))
    opened = pdfium.PdfDocument(str(bad["encrypted"]), password=PASSWORD)
    original = pdfium.PdfDocument(str(GOOD_PDF))
    assert opened[0].get_textpage().get_text_range() == original[0].get_textpage().get_text_range()


def test_空文件和未知类型(bad: dict[str, Path]) -> None:
    assert bad["empty"].stat().st_size == 0
    start = bad["unknown"].read_bytes()[:8]
    assert not start.startswith((b"%PDF", b"PK", b"\xd0\xcf\x11\xe0"))
    with pytest.raises(UnicodeDecodeError):
        bad["unknown"].read_bytes().decode("utf-8")
