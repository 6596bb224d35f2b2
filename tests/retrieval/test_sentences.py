"""切句：都是原文切片，不漏字。"""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from retrieval.sentences import is_row, split_sentences


def pieces(text: str, breaks: frozenset[int] | None = None) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text, breaks)]


def test_按句号切_引号跟着走() -> None:
    assert pieces("他说：“好。”然后走了。完了！") == ["他说：“好。”", "然后走了。", "完了！"]


def test_表格行整行一句() -> None:
    row = "镇街：望云街道；普惠率：89.6%；备注：见说明。另附"
    assert is_row(row)
    assert pieces(f"上文。\n{row}\n下文。") == ["上文。", row, "下文。"]


def test_读取器给的段落起点决定换行是否断句() -> None:
    text = "第一行没有说完\n接着说完。\n第二段。"
    assert pieces(text, frozenset({0, 14})) == ["第一行没有说完\n接着说完。", "第二段。"]
    assert pieces(text, frozenset({0, 8, 14})) == ["第一行没有说完", "接着说完。", "第二段。"]


@given(st.text(alphabet="普惠率达到86.5%，。；：！\n ”表", max_size=120))
def test_不漏字不重叠(text: str) -> None:
    places = split_sentences(text)
    assert all(start < end for start, end in places)
    assert all(first[1] <= second[0] for first, second in itertools.pairwise(places))
    left = "".join(text[start:end] for start, end in places)
    assert "".join(left.split()) == "".join(text.split())
