"""字面信号：要点文字的 BM25，以及文中出现的完整名称。"""

from __future__ import annotations

import numpy as np
import pytest

from retrieval.item_words import ItemLexicon, ItemNames, folded_grams


def test_单字与双字_数字和英文整取() -> None:
    assert folded_grams("普惠率86.5%") == ["普", "惠", "率", "普惠", "惠率", "86.5%"]


def test_说到谁的词谁得分高_没有共同的字就是零() -> None:
    lexicon = ItemLexicon(["普惠性幼儿园覆盖率", "教师交流轮岗", "校车安全"])
    scores = lexicon.scores("新增普惠性幼儿园三所")
    assert scores.argmax() == 0
    assert scores[1] == 0
    assert lexicon.scores("abc").tolist() == [0, 0, 0]


def test_重复三次以上不再加分() -> None:
    lexicon = ItemLexicon(["校车", "教师"])
    thrice, often = lexicon.scores("校车，校车，校车"), lexicon.scores("校车，" * 9)
    assert thrice[0] > lexicon.scores("校车")[0]
    assert often[0] == pytest.approx(thrice[0])


def test_重叠的名称取最长的() -> None:
    names = ItemNames({"甲": ["责任清单"], "乙": ["安全责任清单", "安全责任"]})
    assert names.words("公布安全责任清单和责任清单") == ["安全责任清单", "责任清单"]
    assert names.scores("公布安全责任清单").tolist() == [0, 6]


def test_几个要点共有的名称平分_封顶24字() -> None:
    names = ItemNames({"甲": ["双减", "一" * 30], "乙": ["双减"]})
    assert names.scores("落实双减").tolist() == [1, 1]
    assert names.scores("双减双减").tolist() == [1, 1]
    assert names.scores("一" * 30)[0] == 24


def test_只属于一个要点的长名称才算点名() -> None:
    names = ItemNames({"甲": ["责任督学挂牌督导", "督学"], "乙": ["督学"]})
    assert names.found("实行责任督学挂牌督导，督学到校", least=5) == {0: "责任督学挂牌督导"}
    assert names.found("督学到校", least=2) == {}


def test_分数与词的先后无关() -> None:
    names = ItemNames({"甲": ["校车安全", "防溺水"], "乙": ["防溺水"]})
    assert np.array_equal(names.scores("校车安全防溺水"), names.scores("防溺水校车安全"))
