"""What a question asks: words, single characters, and what must be met to the letter."""

from __future__ import annotations

import pytest

from retrieval.search_text import exact_marks, search_text
from retrieval.synonyms import synonyms_of
from retrieval.tokens import normalise

NONE = synonyms_of([])


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("普惠率86.5%", ["86.5%"]),
        ("标准是8,000元", ["8000"]),
        ("标准是 8000 元", ["8000"]),
        ("云政办发〔2018〕12号", ["[2018]12号"]),
        ("云政办发（2018）第12号", ["[2018]12号"]),
        ("Ｂ5—5 的材料", ["b5-5"]),
        ("B21加分", ["b21"]),
        ("2018年的工作", []),
        ("2018 年和2019年", []),
        ("3个班", []),
        ("12个班", ["12"]),
        ("第7页", []),
        ("共有1204人", ["1204"]),
        ("提高0.35", ["0.35"]),
        ("没有数字", []),
    ],
)
def test_须逐字相符的(text: str, tokens: list[str]) -> None:
    assert [mark.token for mark in exact_marks(normalise(text))] == tokens


@pytest.mark.parametrize(
    ("asked", "said", "met"),
    [
        ("8,000元", "每人8000元", True),
        ("8000 元", "每人8,000元", True),
        ("8000元", "每人18000元", False),
        ("8000元", "每人8000人", False),
        ("8000元", "8,000.5元", False),
        ("8000元", "28,000元", False),
        ("86.5%", "达到86.5%", True),
        ("86.5%", "达到186.5%", False),
        ("86.5%", "提高86.5个百分点", False),
        ("〔2018〕12号", "云政办发[2018]12号", True),
        ("〔2018〕12号", "云政办发〔2018〕112号", False),
        ("B5-5", "对应b5-5。", True),
        ("B5-5", "对应b5—5。", True),
        ("B1-1", "对应b1-12", False),
        ("B1", "对应b1-1", False),
        ("1204", "专任教师1,204人", True),
        ("1204", "1204.5", False),
    ],
)
def test_相符与不相符(asked: str, said: str, met: bool) -> None:
    (mark,) = exact_marks(normalise(asked))
    assert bool(mark.pattern.search(said)) is met


def test_单字只在短问句里用且不含问词() -> None:
    asked = search_text("专职督学有多少人？", NONE)
    assert asked.characters == ("专", "职", "督", "学", "人")
    assert asked.character_weight == 1
    assert "督学" in asked.words
    long = search_text("推动义务教育优质均衡发展" * 8, NONE)
    assert (long.characters, long.character_weight) == ((), 0)
    middle = search_text("推动义务教育优质均衡发展" * 4 + "推动义务教育", NONE)
    assert 0 < middle.character_weight < 1
