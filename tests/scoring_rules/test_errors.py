"""What a person is told when data cannot be used."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest

from scoring_rules.basis import sentence
from scoring_rules.errors import CatalogueError, DataFaultsError, SchemeError, ScoringError, UnknownYearError
from scoring_rules.intervals import Interval
from scoring_rules.remembered import Same

EXAMPLES = [
    SchemeError("2019 年评价方案", ["甲处不对", "乙处不对"]),
    CatalogueError("佐证材料目录", ["甲处不对"]),
    UnknownYearError("评价方案", "2018", ["2019", "2020"]),
]


@pytest.mark.parametrize("error", EXAMPLES, ids=lambda error: type(error).__name__)
def test_错误说中文_说怎么办(error: ScoringError) -> None:
    assert re.search("[一-鿿]", str(error))
    assert "请" in str(error)


def test_例子不漏一类() -> None:
    own = {
        cls
        for cls in (ScoringError.__subclasses__() + DataFaultsError.__subclasses__())
        if cls.__module__ == "scoring_rules.errors"
    }
    assert {type(error) for error in EXAMPLES} == own - {DataFaultsError}


def test_每处错误都印出来() -> None:
    assert str(EXAMPLES[0]) == "2019 年评价方案有2处错误，请逐处改正后重试：\n  1. 甲处不对\n  2. 乙处不对"
    assert EXAMPLES[2].args == ("没有“2018”年的评价方案，现有：2019、2020。请改用现有的年份。",)


def test_没有错误就不是错误() -> None:
    with pytest.raises(ValueError, match="at least one"):
        SchemeError("方案", [])


def test_没有原文的步骤说明是约定_别的名字不认() -> None:
    assert sentence({"bonus": "原文。"}, "bonus") == "原文。"
    assert sentence({"bonus": "原文。"}, "sample") == "约定 R11：方案没有写这一步的原文。"
    with pytest.raises(KeyError, match=r"^'别的'$"):
        sentence({"别的": "原文。"}, "别的")


def test_同一对象才相等() -> None:
    one, other = ["甲"], ["甲"]
    assert Same(one) == Same(one)
    assert Same(one) != Same(other)
    assert Same(one) != one


def test_区间两端按同一位数公布() -> None:
    assert Interval(Fraction("1.25"), Fraction("2.35")).published(1) == ["1.3", "2.4"]
    assert Interval(Fraction("1.25"), Fraction("2.355")).published() == ["1.25", "2.36"]
