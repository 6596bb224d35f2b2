"""Scores of words, reckoned by hand."""

from __future__ import annotations

from math import log

import numpy as np
import pytest

from retrieval.search_text import search_text
from retrieval.synonyms import synonyms_of
from retrieval.word_scores import counts, exact_shares, folded, word_scores

NONE = synonyms_of([])


def test_少见的词更重且按公式() -> None:
    asked = search_text("校车", NONE)
    asked = type(asked)(asked.text, asked.words, (), 0.0, (), ())
    scores = word_scores(asked, ["校车安全", "食堂安全"], {"校车": 1}, 2)
    # both lengths are the mean, so the norm is k1
    assert scores.tolist() == pytest.approx([log(1 + 1.5 / 1.5) * 1 * 2.2 / (1 + 1.2), 0.0])


def test_短文比长文得分高() -> None:
    scores = word_scores(search_text("校车", NONE), ["校车安全", "校车安全" + "其余工作正常推进" * 9], {"校车": 2}, 9)
    assert scores[0] > scores[1] > 0


def test_别的说法也得分但不及原词() -> None:
    asked = search_text("普惠率", synonyms_of([("普惠率", "普惠性幼儿园覆盖率")]))
    texts = ["普惠率达到百分之八十", "普惠性幼儿园覆盖率达标", "校车安全检查台账齐全"]
    own, other, none = word_scores(asked, texts, {"普惠": 2, "惠率": 1}, 3)
    assert own > other > none == 0
    assert other - word_scores(search_text("普惠率", NONE), texts, {"普惠": 2, "惠率": 1}, 3)[1] <= 0.5 * own + 1e-9


def test_别的说法再多也只到原词的一半() -> None:
    others = ("课业负担", "作业管理", "校外培训", "课后服务", "学科培训")
    asked = search_text("双减", synonyms_of([], [(("双减",), others)]))
    own, other = word_scores(asked, ["双减工作推进情况良好有序进行中中中中", "、".join(others)], {"双减": 1}, 2)
    assert other == pytest.approx(0.5 * own)


def test_没有共同的字时只凭别的说法() -> None:
    asked = search_text("双减", synonyms_of([("双减", "课业负担")]))
    scores = word_scores(asked, ["学生课业负担", "校车"], {}, 2)
    assert scores[0] > scores[1] == 0


def test_单字使近似的说法靠前() -> None:
    near, far = word_scores(search_text("师训", NONE), ["教师的培训", "食堂的安全"], {}, 2)
    assert near > far == 0


@pytest.mark.parametrize(
    ("word", "text", "times"),
    [
        ("86", "186人", 0),
        ("86", "86人，86.5%", 1),
        ("1204", "1,204人与1204人", 2),
        ("[2018]12号", "云政办发〔2018〕12号、〔2018〕112号", 1),
        ("b5-5", "b5—5与b5-51", 1),
        ("督学", "督学督学", 2),
    ],
)
def test_数字与编号整个地数(word: str, text: str, times: int) -> None:
    assert counts(word, [text]).tolist() == [times]


def test_全须相符的份额() -> None:
    asked = search_text("B5-5 普惠率86.5%", NONE)
    assert exact_shares(asked, ["b5-5，86.5%", "86.5%", "85.6%"]).tolist() == [1, 0.5, 0]
    assert exact_shares(search_text("普惠率", NONE), ["86.5%"]).tolist() == [0]


def test_折叠去掉空白与全角部首() -> None:
    assert folded("普 惠\n率 ８６．５％ ⺠办 ABC") == "普惠率86.5%民办abc"


def test_没有候选时为空() -> None:
    assert word_scores(search_text("校车", NONE), [], {}, 0).shape == (0,)
    assert np.array_equal(exact_shares(search_text("86.5%", NONE), []), np.zeros(0))
