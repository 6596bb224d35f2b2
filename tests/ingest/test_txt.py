"""Plain text: every line has its number, whatever ends the lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.pages import ParsedPage
from ingest.readers.txt import read


def _page(path: Path) -> ParsedPage:
    [page] = [item for item in read(path, path.name) if isinstance(item, ParsedPage)]
    return page


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_行号与原文(end: str, encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "零报告.txt"
    path.write_bytes(end.join(["零报告", "", "一、校车安全", "2018年未发生校车责任事故。"]).encode(encoding))
    page = _page(path)
    assert page.text == "零报告\n\n一、校车安全\n2018年未发生校车责任事故。"
    found = [(span.locator["line"], span.kind, page.text[span.start : span.end]) for span in page.spans]
    assert found == [
        (1, "paragraph", "零报告"),
        (3, "heading", "一、校车安全"),
        (4, "paragraph", "2018年未发生校车责任事故。"),
    ]


def test_只有空白(tmp_path: Path) -> None:
    path = tmp_path / "空.txt"
    path.write_text(" \n\n　", encoding="utf-8")
    page = _page(path)
    assert (page.state, page.spans) == ("empty", ())
    assert "没有文字" in page.reason
