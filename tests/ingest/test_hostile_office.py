"""A workbook whose formulas fetch addresses is worked out by LibreOffice without fetching anything."""

from __future__ import annotations

import socket
from pathlib import Path

import openpyxl
import pytest

from ingest import isolate
from ingest.isolate import Limits, read_isolated


@pytest.mark.usefixtures("soffice")
def test_重算公式时不联网(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.2)
        address = f"http://127.0.0.1:{listening.getsockname()[1]}/"
        workbook = openpyxl.Workbook()
        sheet = workbook.active
        sheet["A1"], sheet["A2"] = 21000, "=A1*2"
        sheet["B1"] = f'=_xlfn.WEBSERVICE("{address}")'
        sheet["B2"] = f"='{address}[a.xlsx]Sheet1'!A1"
        workbook.save(tmp_path / "a.xlsx")
        pages = list(read_isolated(tmp_path / "a.xlsx", "a.xlsx", limits=Limits(page_seconds=110)))
        isolate.close()
        with pytest.raises(TimeoutError):
            listening.accept()
    assert "21000" in pages[1].text  # type: ignore[union-attr]
