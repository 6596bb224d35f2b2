"""问了哪个镇街、什么单位、什么东西，答句就要说到它。"""

from __future__ import annotations

import pytest

from retrieval.demands import Demands, places_named
from retrieval.question import parse_question
from retrieval.question_terms import Term, Terms
from scoring_rules.catalogue import load_catalogue
from scoring_rules.scheme_loader import load_scheme


def demands(text: str, *terms: Term) -> Demands:
    return Demands.of(parse_question(text, load_scheme(), load_catalogue()), Terms(terms))


@pytest.mark.parametrize(
    ("text", "sentence", "met"),
    [
        ("桃花街道大班额还剩多少", "全区大班额36个。", False),
        ("新城街道大班额还剩多少", "新城、北苑街道大班额36个。", True),
        ("教师平均年龄是多少岁", "教师平均工资98640元。", False),
        ("教师平均年龄是多少岁", "教师平均41岁。", True),
        ("教师培训花了多少钱", "培训教师3000人。", False),
        ("教师培训花了多少钱", "教师培训费430.91万元。", True),
        ("各镇街的教师有多少", "全区教师5924名。", True),
    ],
)
def test_镇街与单位(text: str, sentence: str, met: bool) -> None:
    assert demands(text).met_by(sentence, "") is met


def test_数的是什么要说到() -> None:
    asked = demands("学生人均伙食费多少", Term("人均伙食费", 1.0, False))
    assert asked.counted == "食费"
    assert not asked.met_by("教师培训费430.91万元。", "")
    assert asked.met_by("伙食费每餐8元。", "")


def test_材料里从没有的词_要有很近的说法才算() -> None:
    absent = Term("有偿家教", 1.0, True, (("违规补课", 0.8),), absent=True)
    asked = demands("教师有偿家教处理了几个人", absent)
    assert not asked.met_by("受理师德投诉17件，查实2件。", "")
    assert asked.met_by("违规补课查实2件。", "")


def test_镇街的名字() -> None:
    assert places_named("云东街道和白石镇呢，各镇街、乡镇") == ("云东街道", "白石镇")
