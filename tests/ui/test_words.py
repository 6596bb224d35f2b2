"""Words on the pages: uploaded names show as they are and never act as Markdown or HTML."""

from __future__ import annotations

import pytest

from ui.words import html, plain, points, short_name


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("**加粗**[链接](http://x)", r"\*\*加粗\*\*\[链接\]\(http\:\/\/x\)"),
        ("2016~2018年 $x$ `a`", r"2016\~2018年 \$x\$ \`a\`"),
        ("一、经费保障，第3页", "一、经费保障，第3页"),
    ],
)
def test_文件名不会变成排版(text: str, shown: str) -> None:
    assert plain(text) == shown


def test_文字不会变成网页代码() -> None:
    assert html("<script>\"x\"&'y'") == "&lt;script&gt;&quot;x&quot;&amp;&#x27;y&#x27;"


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("02 各类教育/学前教育/2018年公报.pdf", "2018年公报"),
        ("材料\\台账.xlsx", "台账"),
        ("没有后缀", "没有后缀"),
        (".pdf", ".pdf"),
    ],
)
def test_短名不带文件夹和后缀(file: str, name: str) -> None:
    assert short_name(file) == name


def test_长名从中间截短() -> None:
    name = short_name("关于" + "进一步" * 20 + "的通知.pdf")
    assert name.startswith("关于")
    assert name.endswith("的通知")
    assert "…" in name
    assert len(name) <= 30


def test_得分区间() -> None:
    assert points("3.00", "8.00") == "3.00–8.00 分"
    assert points("8.00", "8.00") == "8.00 分"
