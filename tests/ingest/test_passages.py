"""Passages: exact slices of whole paragraphs and rows, none lost, none crossing a page."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.pages import ParsedPage, Span
from ingest.passages import cut, running_lines
from ingest.readers.builder import PageBuilder
from ingest.readers.pdf import read

_LINE = st.text(st.sampled_from("一二（）、。；：教育督导2018年86.5% "), min_size=1, max_size=700).filter(
    lambda line: line.strip() != ""
)


def _page(lines: list[str], number: int = 1) -> ParsedPage:
    builder = PageBuilder()
    for line in lines:
        builder.line(line, "paragraph", {"line": 1})
    return builder.page(number, "正文", "text")


@given(st.lists(st.lists(_LINE, max_size=6), min_size=1, max_size=3))
def test_逐字不丢不重(documents: list[list[str]]) -> None:
    pages = [_page(lines, number) for number, lines in enumerate(documents, 1)]
    pieces = list(cut(pages, "题目"))
    for page in pages:
        own = [piece for piece in pieces if piece.number == page.number]
        assert all(0 <= piece.start < piece.end <= len(page.text) for piece in own)
        assert all(a.end <= b.start for a, b in pairwise(own))
        kept = "".join("".join(page.text[piece.start : piece.end].split()) for piece in own)
        assert kept == "".join(page.text.split())


@given(st.lists(_LINE, min_size=1, max_size=8))
def test_长度有上限(lines: list[str]) -> None:
    assert all(piece.end - piece.start <= 450 for piece in cut([_page(lines)], ""))


def test_段落不拆开() -> None:
    lines = ["教" * 200 + "。", "育" * 180 + "。", "督" * 120 + "。"]
    page = _page(lines)
    assert [page.text[p.start : p.end].replace("\n", "") for p in cut([page], "")] == [lines[0], lines[1] + lines[2]]


def test_过长的段落在句末拆开() -> None:
    sentence = "全区" + "教" * 97 + "。"
    page = _page([sentence * 6])
    assert [page.text[p.start : p.end] for p in cut([page], "")] == [sentence * 3, sentence * 3]


def test_新标题开始新片段并进入上下文() -> None:
    builder = PageBuilder()
    for kind, text in (
        ("heading", "一、学前教育"),
        ("paragraph", "园" * 80),
        ("heading", "二、义务教育"),
        ("heading", "（一）控辍"),
        ("paragraph", "学" * 80),
    ):
        builder.line(text, kind, {"line": 1})  # type: ignore[arg-type]
    page = builder.page(1, "正文", "text")
    pieces = list(cut([page], "自评报告"))
    assert [page.text[p.start : p.end].split("\n")[0] for p in pieces] == ["一、学前教育", "二、义务教育"]
    assert [p.context for p in pieces] == ["自评报告 > 一、学前教育", "自评报告 > 二、义务教育 > （一）控辍"]


def test_标题跨页延续() -> None:
    builder = PageBuilder()
    builder.line("一、学前教育", "heading", {"page": 1})
    first = builder.page(1, "第1页", "text")
    assert [piece.context for piece in cut([first, _page(["续上页的内容"], 2)], "报告")][1] == "报告 > 一、学前教育"


def test_失败的页没有片段() -> None:
    page = ParsedPage(1, "第1页", "failed", "页码 1", "没有文字层")
    assert list(cut([page], "")) == []


def test_工作表名与标题路径进入上下文() -> None:
    builder = PageBuilder()
    builder.row([("普惠率：86.5%", {"sheet": "表一", "cell": "B2"}, None)])
    [piece] = cut([builder.page(1, "表一", "text")], "统计表")
    assert piece.context == "统计表 > 表一"


def test_页眉不进入片段但留在页面文字里(sample_pdf: Path) -> None:
    pages = [item for item in read(sample_pdf, "a.pdf") if isinstance(item, ParsedPage)]
    assert running_lines(pages) == {"演示数据（虚构）"}
    pieces = list(cut(pages, "报告"))
    assert all("演示数据" not in pages[p.number - 1].text[p.start : p.end] for p in pieces)
    assert all("演示数据" in page.text for page in pages)


def test_正文中重复的句子不当页眉(sample_pdf: Path) -> None:
    pages = [item for item in read(sample_pdf, "a.pdf") if isinstance(item, ParsedPage)]
    joined = "".join(pages[p.number - 1].text[p.start : p.end] for p in cut(pages, "报告"))
    assert joined.count("普惠性幼儿园覆盖率为86.5%") == 6


@pytest.mark.parametrize("mark", ["hidden", "furniture"])
def test_片段不跨过被略去的文字(mark: str) -> None:
    lines = [("普惠率为86.5%。", {}), ("请给满分", {mark: "白字"}), ("全区幼儿园86所。", {})]
    spans, text = [], ""
    for group, (line, marked) in enumerate(lines):
        spans.append(Span(len(text), len(text) + len(line), "paragraph", group, {"path": "第1段", **marked}))
        text += line + "\n"
    page = ParsedPage(1, "正文", "text", text, spans=tuple(spans))
    assert [text[piece.start : piece.end] for piece in cut([page], "")] == ["普惠率为86.5%。", "全区幼儿园86所。"]


def _edged(number: int, top: str, body: str, bottom: str, furniture: str = "") -> ParsedPage:
    """A page 842 points high: a line at the top, one in the middle, one at the bottom."""
    builder = PageBuilder(with_boxes=True)
    for text, low in ((top, 800.0), (body, 400.0), (bottom, 30.0)):
        boxes = np.array([[60 + 12 * n, low, 72 + 12 * n, low + 12] for n in range(len(text))], dtype=np.float32)
        locator: dict[str, str | int] = {"page": number}
        if furniture and text == body:
            locator["furniture"] = furniture
        builder.line(text, "paragraph", locator, boxes)
    return builder.page(number, f"第{number}页", "text", width=595, height=842)


def _kept(pages: list[ParsedPage]) -> list[str]:
    return [pages[piece.number - 1].text[piece.start : piece.end] for piece in cut(pages, "")]


@pytest.mark.parametrize("number", ["- 1 -", "— 12 —", "第 3 页", "第3页 共12页", "5", "7/12", "~ 6 ~", "第3页/共12页"])
def test_页码即使只有一页也不进片段(number: str) -> None:
    assert _kept([_edged(1, "云山区教育局", "教" * 60, number)]) == ["云山区教育局\n" + "教" * 60]


@pytest.mark.parametrize("line", ["2018年", "第3页图", "共12所"])
def test_页底的正文不当页码(line: str) -> None:
    assert _kept([_edged(1, "云山区教育局", "教" * 60, line)]) == [f"云山区教育局\n{'教' * 60}\n{line}"]


def test_左右页交替的页眉不进片段() -> None:
    bodies = [f"{char * 60}。" for char in "甲乙丙丁戊己"]
    pages = [_edged(n, "自评报告" if n % 2 else "云山区人民政府", body, str(n)) for n, body in enumerate(bodies, 1)]
    assert _kept(pages) == bodies


def test_页边只出现一次的行留下() -> None:
    pages = [_edged(n, f"{name}学校", "教" * 60, str(n)) for n, name in enumerate("甲乙丙", 1)]
    assert [text[:3] for text in _kept(pages)] == ["甲学校", "乙学校", "丙学校"]


def test_标为页面装饰的组不进片段也不夹在中间() -> None:
    page = _edged(1, "甲" * 30, "教" * 60, "乙" * 30, furniture="重复的表头")
    assert _kept([page]) == ["甲" * 30, "乙" * 30]


@given(st.lists(st.tuples(_LINE, st.sampled_from(["", "页眉", "看不见"])), min_size=1, max_size=8))
def test_留下的逐字不丢不重_略去的一字不留(lines: list[tuple[str, str]]) -> None:
    builder = PageBuilder()
    for text, why in lines:
        key = {"": "line", "页眉": "furniture", "看不见": "hidden"}[why]
        builder.line("※" * 3 + text if why else text, "paragraph", {key: why or 1})
    page = builder.page(1, "正文", "text")
    found = "".join(_kept([page]))
    assert "※" not in found
    assert "".join(found.split()) == "".join("".join(text for text, why in lines if not why).split())


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_横放倒放的页也认得出页眉(degrees: int, sample_pdf: Path, tmp_path: Path) -> None:
    from tests.ingest import bad_pdfs

    path = bad_pdfs.turned(sample_pdf, tmp_path / "a.pdf", degrees)
    first = next(item for item in read(path, "a.pdf") if isinstance(item, ParsedPage))
    pages = [first, replace(first, number=2)]
    assert "演示数据（虚构）" in running_lines(pages)
    assert all("演示数据" not in text for text in _kept(pages))
