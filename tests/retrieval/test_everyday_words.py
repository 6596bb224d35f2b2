"""The words that only carry a question."""

from __future__ import annotations

import pytest

from retrieval.everyday_words import EverydayWordsError, load_everyday_words, read_everyday_words

GOOD = "asking:\n  - [多少]\ntime:\n  - [一年]\ndoing:\n  - [开了]\npointing:\n  - [区里]\nparticles: 的了\n"


def test_随附的词读得出() -> None:
    everyday = load_everyday_words()
    assert {"多少", "区里", "开了"} <= everyday.words
    assert "的" in everyday.particles
    assert all(len(word) > 1 for word in everyday.words)


def test_数量和业务名词不在里面() -> None:
    assert not load_everyday_words().words & {"学校", "教师", "经费", "幼儿园", "学位", "普惠率", "校车"}


def test_单字词和缺项一次说全() -> None:
    assert read_everyday_words(GOOD).words == {"多少", "一年", "开了", "区里"}
    with pytest.raises(EverydayWordsError, match="太短"):
        read_everyday_words(GOOD.replace("开了", "开"))
    with pytest.raises(EverydayWordsError, match="请"):
        read_everyday_words(GOOD.replace("particles", "particle"))
