"""The marked text of a source: exactly the quotes are marked, nothing of the page acts as HTML."""

from __future__ import annotations

import re
from html import unescape

from retrieval.cite import Citation
from ui.source import AFTER, BEFORE, grouped, marked

TEXT = "第一行 <b>粗</b>\n" + "甲" * 2 * BEFORE + "\n普惠率达到 86.5%&更高\n" + "乙" * 2 * AFTER + "\n末行"


def parts(text: str, *quotes: str) -> tuple[list[str], str]:
    """(the marked words, everything) as a reader sees them."""
    ranges = [(text.index(quote), text.index(quote) + len(quote)) for quote in quotes]
    drawn = marked(text, ranges)
    words = re.findall(r"<mark>(.*?)</mark>", drawn, re.DOTALL)
    rest = re.sub(r"</?mark>", "", drawn)
    assert not re.search(r"[<>]", rest)
    return [unescape(word) for word in words], unescape(rest)


def test_标出的正是引文() -> None:
    assert parts(TEXT, "普惠率达到 86.5%&更高")[0] == ["普惠率达到 86.5%&更高"]


def test_材料里的标签只是文字() -> None:
    assert parts(TEXT, "<b>粗</b>")[0] == ["<b>粗</b>"]


def test_长文只取引文前后并说明有省略() -> None:
    drawn = parts(TEXT, "普惠率")[1]
    assert drawn.startswith("……\n甲")
    assert drawn.endswith("乙\n……")
    assert "第一行" not in drawn
    assert "末行" not in drawn


def test_短文完整显示() -> None:
    assert parts("一二三\n四五六", "三\n四") == (["三\n四"], "一二三\n四五六")


def test_同页几处都标出而重叠的只标一次() -> None:
    assert parts("一二三四五六七八九", "七八", "二三") == (["二三", "七八"], "一二三四五六七八九")
    assert parts("一二三四五六七八九", "二三四", "三四五") == (["二三四五"], "一二三四五六七八九")


def test_同页同处的引文合为一个出处() -> None:
    def at(page: int, start: int) -> Citation:
        return Citation("a" * 64, 1, "报告.pdf", "云山区", 2019, page, {"page": page}, start, start + 1, "字")

    one, two, other = at(1, 0), at(1, 5), at(2, 0)
    assert grouped([one, other, two]) == [(one, two), (other,)]


def test_引文前后的标签也只是文字() -> None:
    assert parts("<i>前</i>引文<i>后</i>", "引文") == (["引文"], "<i>前</i>引文<i>后</i>")
