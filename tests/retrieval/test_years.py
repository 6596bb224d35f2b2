"""年份：写明的、并列的、起止的，以及“上年、去年、今年”；书名号和比较对象的年份不算这个数的年份。"""

from __future__ import annotations

import pytest

from retrieval.years import find_all_years, find_years


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("2016、2017、2018年分别为", [2016, 2017, 2018]),
        ("2017和2018年", [2017, 2018]),
        ("2018—2019学年", [2018]),
        ("二〇一八年", [2018]),
        ("2016级学生", []),
        ("第2016、2017号", []),
    ],
)
def test_写明的年份(text: str, years: list[int]) -> None:
    assert [year.year for year in find_years(text)] == years


def test_起止年份记下最后一年_学年不记() -> None:
    assert find_years("2016—2018年")[0].last == 2018
    assert find_years("2016-18年")[0].last == 2018
    assert find_years("2018—2019学年")[0].last is None


@pytest.mark.parametrize(
    ("word", "year"),
    [
        ("上年", 2017),
        ("去年", 2017),
        ("上一年度", 2017),
        ("前年", 2016),
        ("今年", 2018),
        ("目前", 2018),
        ("明年", 2019),
    ],
)
def test_相对年份按材料年度推算(word: str, year: int) -> None:
    (found,) = find_all_years(f"{word}普惠率为86.5%", 2018)
    assert found.year == year


def test_不知道材料年度就不推算() -> None:
    assert find_all_years("上年为82.3%", None) == []


@pytest.mark.parametrize("text", ["三年前年均增长", "比上年提高", "与去年相比", "在上年基础上", "较2017年"])
def test_比较对象和不是年份的字(text: str) -> None:
    assert all(year.role == "compared" for year in find_all_years(text, 2018))
