"""Passages: exact slices of whole paragraphs and rows, none lost, none crossing a page."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

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
