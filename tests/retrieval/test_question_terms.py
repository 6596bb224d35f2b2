"""What of a question must be spoken of, and how well a sentence does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from retrieval.metrics import load_metrics
from retrieval.question import parse_question
from retrieval.question_terms import Term, Terms, _cut, question_terms
from scoring_rules.catalogue import load_catalogue
from scoring_rules.scheme_loader import load_scheme

PASSAGES = ["领导小组全年召开会议3次。", "党风廉政建设责任书签订率100%。", "教师164名。", "教师参加培训。"]


def counted(words: Sequence[str]) -> Mapping[str, int]:
    return {word: sum(word in passage for passage in PASSAGES) for word in words}


def terms_of(text: str) -> Terms:
    scheme, catalogue, metrics = load_scheme(), load_catalogue(), load_metrics()
    question = parse_question(text, scheme, catalogue, metrics=metrics)
    return question_terms(question, scheme, catalogue, metrics, counted, len(PASSAGES))


def test_日常用语不算词() -> None:
    words = terms_of("区里的教师一年开了几次会？").words
    assert "教师" in words
    assert not any(part in word for word in words for part in ("一年", "开了", "区里", "几次"))


def test_不认识的词按两字一对部分相符() -> None:
    terms = Terms([Term("建党组织", 1.0, False, (), (("建党", 1.0), ("党组", 2.0), ("组织", 2.0)))])
    assert terms.coverage("党组织覆盖率100%") == pytest.approx(4 / 5)
    assert terms.coverage("建党组织") == 1.0
    assert terms.coverage("毫无关系") == 0.0


def test_认识的词按另一种说法也相符_但轻些() -> None:
    terms = Terms([Term("普惠率", 3.0, True, (("普惠性幼儿园覆盖率", 0.9),)), Term("区", 1.0, True)])
    assert terms.coverage("普惠性幼儿园覆盖率86%") == pytest.approx(2.7 / 4)
    assert terms.coverage("全区普惠率86%") == 1.0


def test_名称的两半分开说也相符_但轻些() -> None:
    terms = Terms([Term("隐患整改", 1.0, True)])
    assert terms.coverage("全年排查隐患1286处，整改1271处") == pytest.approx(0.8)
    assert terms.coverage("全年排查隐患1286处") == pytest.approx(0.35)


def test_标题里的词算得少些() -> None:
    terms = Terms([Term("师德考核", 1.0, True)])
    assert terms.coverage("合格5922人", "师德考核台账") == pytest.approx(0.7)


def test_没有词就没有覆盖() -> None:
    assert Terms([]).coverage("随便") == 0.0


def test_少见的词比常见的词重() -> None:
    weights = {term.word: term.weight for term in terms_of("教师、党风廉政").terms}
    assert weights["党风廉政"] > weights["教师"]


def test_切词以剩下的字最少为准() -> None:
    words = frozenset({"附加", "分别", "加分"})
    assert _cut("附加分别收", words, frozenset("了"), 2) == ["附加", "分别", "收"]
    assert _cut("附加了", words, frozenset("了"), 2) == ["附加", "了"]


def test_材料里没有的两字_带着虚字的不算词() -> None:
    (term,) = (term for term in terms_of("责任书签订还缺").terms if not term.known)
    pairs = {pair for pair, _ in term.pairs}
    assert "签订" in pairs
    assert not pairs & {"订还", "还缺"}


def test_材料里少见的说法_按材料里的说法算分量() -> None:
    weights = {term.word: term.weight for term in terms_of("老师、党风廉政").terms}
    assert weights["老师"] == pytest.approx({term.word: term.weight for term in terms_of("教师").terms}["教师"])


def test_问第几次就得是第几次() -> None:
    terms = Terms([Term("常务会议", 1.0, True)], ["第39次"])
    assert terms.coverage("第39次常务会议研究教育") == 1.0
    assert terms.coverage("第38次常务会议研究教育") == pytest.approx(0.7)
    assert terms.coverage("研究教育", "第39次常务会议纪要") == pytest.approx(0.7)
    assert terms_of("区政府第39次常务会议研究了教育吗？").numbers == ("第39次",)


def test_问自评的得分_编号也是词() -> None:
    assert "b19" in terms_of("B19 自评扣了几分？").words
    assert "b19" not in terms_of("B19 规范办学落实得怎么样？").words
