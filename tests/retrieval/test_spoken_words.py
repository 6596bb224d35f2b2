"""口头说法换成材料的写法，写法本来就在的不动。"""

from __future__ import annotations

import pytest

from retrieval.question import parse_question
from retrieval.spoken_words import SpokenWordsError, as_written, read_spoken_words, years_in_digits
from scoring_rules.catalogue import load_catalogue
from scoring_rules.scheme_loader import load_scheme


def test_换成写法() -> None:
    assert as_written("幼儿园老师有证的比例") == "幼儿教师持证上岗率"
    assert as_written("教师年平均工资") == "教师年平均工资"


def test_由此认得数据名称() -> None:
    question = parse_question("我们区幼儿园老师有证的比例是多少啊", load_scheme(), load_catalogue())
    assert question.metrics == ("cert_rate",)


def test_写了两次就拒绝() -> None:
    with pytest.raises(SpokenWordsError, match="写了两次"):
        read_spoken_words("words:\n  - {said: 老师, written: 教师}\n  - {said: 老师, written: 先生}\n")


def test_逐字说的年份_学制和几年不动() -> None:
    assert years_in_digits("一五年的普惠率，二〇一七年呢") == "2015年的普惠率，2017年呢"
    for text in ("九一年级", "十一年", "一二年级", "二十一年"):
        assert years_in_digits(text) == text
