"""Shared by the tests of ingest: a fresh record, and the committed PDF."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ingest.store import Store, open_store

FILES = Path(__file__).parent / "files"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(tmp_path / "home")


@pytest.fixture(scope="session")
def sample_pdf() -> Path:
    """Three pages made by LibreOffice: running header, headings, justified paragraphs, a ruled table."""
    return FILES / "自评报告.pdf"


@pytest.fixture(scope="session")
def soffice() -> str:
    found = shutil.which("soffice")
    if found is None:
        pytest.skip("没有安装 LibreOffice，跳过由它现场生成 PDF 的测试")
    return found
