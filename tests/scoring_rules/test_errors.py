"""What a person is told when data cannot be used."""

from __future__ import annotations

import re

import pytest

from scoring_rules.errors import CatalogueError, DataFaultsError, SchemeError, ScoringError, UnknownYearError

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
