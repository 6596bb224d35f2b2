"""The marked text of a source: exactly the quote is marked, nothing of the page acts as HTML."""

from __future__ import annotations

import re
from html import unescape

from ui.source import marked

TEXT = "第一行 <b>粗</b>\n" + "甲" * 900 + "\n普惠率达到 86.5%&更高\n" + "乙" * 900 + "\n末行"


def parts(text: str, quote: str) -> tuple[str, str]:
    """(the marked words, everything) as a reader sees them."""
    start = text.index(quote)
    drawn = marked(text, start, start + len(quote))
    found = re.fullmatch(r"(.*)<mark>(.*)</mark>(.*)", drawn, re.DOTALL)
    assert found
    assert not re.search(r"[<>]", found[1] + found[2] + found[3])
    return unescape(found[2]), unescape(found[1] + found[2] + found[3])


def test_标出的正是引文() -> None:
    assert parts(TEXT, "普惠率达到 86.5%&更高")[0] == "普惠率达到 86.5%&更高"


def test_材料里的标签只是文字() -> None:
    assert parts(TEXT, "<b>粗</b>")[0] == "<b>粗</b>"


def test_长文只取引文前后并说明有省略() -> None:
    drawn = parts(TEXT, "普惠率")[1]
    assert drawn.startswith("……\n甲")
    assert drawn.endswith("乙\n……")
    assert "第一行" not in drawn
    assert "末行" not in drawn


def test_短文完整显示() -> None:
    assert parts("一二三\n四五六", "三\n四") == ("三\n四", "一二三\n四五六")
