"""Folding for matching, and the tokens of full-text search."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.tokens import _RADICALS, fold, normalise, tokens


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("全 区 普 惠 性 幼儿园", "全区普惠性幼儿园"),
        ("泉城区 2023 年度", "泉城区2023年度"),
        ("８６．５％", "86.5%"),
        ("⼈⺠政府 ⻓清 ⻛ ⻅ ⻘ ⻋", "人民政府长清风见青车"),
        ("Ｂ５—６", "b5-6"),
        ("济政办发〔２０１９〕５号", "济政办发[2019]5号"),
        ("“两个只增不减”", '"两个只增不减"'),
        ("零\u200b宽\ufeff字符\u00ad", "零宽字符"),
        ("ISO 9001 认证", "iso 9001认证"),
        ("第一行\n第二行", "第一行第二行"),
    ],
)
def test_归一(written: str, folded: str) -> None:
    assert normalise(written) == folded


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("普惠性幼儿园", ["普惠", "惠性", "性幼", "幼儿", "儿园"]),
        ("达到86.5%", ["达到", "86.5", "86.5%"]),
        ("共１，２０４所学校", ["1204", "所学", "学校"]),
        ("教师5人，第3页", ["教师", "5", "3"]),
        ("B5-5和b21", ["b5-5", "b21"]),
        ("济政办发〔2019〕5号", ["济政", "政办", "办发", "[2019]5号"]),
        ("鲁政办字（2018）第 189 号", ["鲁政", "政办", "办字", "[2018]189号"]),
        ("使用 ISO 9001 与 covid-19", ["使用", "iso", "9001", "covid-19"]),
        ("和谐、园、ABC 班", ["和谐", "园", "abc", "班"]),
        ("", []),
        ("，。！　\n", []),
        ("𠮷㛃䶮", ["𠮷㛃", "㛃䶮"]),
    ],
)
def test_词元(text: str, expected: list[str]) -> None:
    assert tokens(text) == expected


def test_拉开的字距不影响词元() -> None:
    assert tokens("全 区  普惠性\n幼儿园 86.5 ％") == tokens("全区普惠性幼儿园86.5%")


def test_部首表每个都换成常用字() -> None:
    assert len(_RADICALS) > 100
    for radical, ideograph in _RADICALS.items():
        assert 0x2E80 <= ord(radical) <= 0x2EF3, radical
        assert unicodedata.name(ideograph).startswith("CJK UNIFIED IDEOGRAPH"), ideograph
    # Where Unicode itself knows the answer, the table agrees with it.
    known = {r: unicodedata.normalize("NFKC", r) for r in _RADICALS if unicodedata.normalize("NFKC", r) != r}
    assert known
    assert all(_RADICALS[r] == ideograph for r, ideograph in known.items())


@given(st.text(max_size=80))
def test_归一的每个字都说得出来处(text: str) -> None:
    folded, origins = fold(text)
    assert len(folded) == len(origins)
    assert origins == sorted(origins)
    for character, origin in zip(folded, origins, strict=True):
        assert character in fold(text[origin])[0]


@given(st.text(max_size=80))
def test_归一没有空白且再做一次不变(text: str) -> None:
    folded, _ = fold(text)
    assert not any(character.isspace() for character in folded)
    assert fold(folded)[0] == folded


@given(st.text(max_size=80))
def test_词元里没有引号与空白(text: str) -> None:
    # Both would end a token inside an FTS5 query.
    assert not any('"' in token or any(c.isspace() for c in token) or not token for token in tokens(text))
