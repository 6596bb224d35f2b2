"""口头说法换成材料的写法，写法本来就在的不动。"""

from __future__ import annotations

import pytest

from retrieval.question import parse_question
from retrieval.spoken_words import SpokenWordsError, as_written, read_spoken_words
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
