"""数字读取：精确、带单位、分得清年份、界线与约数。"""

from __future__ import annotations

from decimal import Decimal

import pytest

from retrieval.numbers import chinese_integer, find_numbers, find_years, plain


def read(text: str) -> list[tuple[str, str, str]]:
    return [(text[n.start : n.end], plain(n.value), n.unit) for n in find_numbers(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("覆盖率86.5%", [("86.5%", "86.5", "%")]),
        ("覆盖率86.5 ％", [("86.5 ％", "86.5", "%")]),
        ("投入1.25亿元", [("1.25亿元", "125000000", "元")]),
        ("支出182640万元", [("182640万元", "1826400000", "元")]),
        ("在园幼儿18,600人", [("18,600人", "18600", "人")]),
        ("教师32名", [("32名", "32", "人")]),
        ("３２所学校", [("３２所", "32", "所")]),
        ("研究教育工作两次", [("两次", "2", "次")]),
        ("百分之八十六点五", [("百分之八十六点五", "86.5", "%")]),
        ("二十条底线", [("二十条", "20", "条")]),
        ("提高4.2个百分点", [("4.2个百分点", "4.2", "百分点")]),
        ("人均3260平方米", [("3260平方米", "3260", "平方米")]),
    ],
)
def test_数字与单位(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    "text", ["B5-5", "〔2018〕12号", "2018年", "增长率为-3.2%", "第三次会议", "5.5:4.5", "11/12", "三会一课", "5年"]
)
def test_不是数据的数字不读(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("80%以上", "at_least"),
        ("不低于95.5%", "at_least"),
        ("4%以内", "at_most"),
        ("不超过20分", "at_most"),
        ("86.5%", ""),
    ],
)
def test_界线不是数值(text: str, bound: str) -> None:
    assert find_numbers(text)[0].bound == bound


def test_区间两端都标明() -> None:
    assert [n.bound for n in find_numbers("80%-85%")] == ["range", "range"]


@pytest.mark.parametrize("text", ["约3万人", "3万余人", "近90%", "十余次"])
def test_约数标明(text: str) -> None:
    assert find_numbers(text)[0].approximate


def test_十进制精确不经过浮点() -> None:
    assert find_numbers("0.1万元")[0].value == Decimal(1000)
    assert find_numbers("2.675%")[0].value == Decimal("2.675")


@pytest.mark.parametrize(
    ("text", "year", "role"),
    [
        ("2018年", 2018, ""),
        ("2018—2019学年", 2018, ""),
        ("二〇一八年", 2018, ""),
        ("较2017年", 2017, "compared"),
        ("由2017年", 2017, "from"),
        ("到2020年", 2020, "until"),
    ],
)
def test_年份(text: str, year: int, role: str) -> None:
    (found,) = find_years(text)
    assert (found.year, found.role) == (year, role)


def test_年级不是年份() -> None:
    assert find_years("2018年级") == []


def test_中文整数逐个核对() -> None:
    digits = "零一二三四五六七八九"
    for value in range(1, 1000):
        hundreds, tens, ones = value // 100, value // 10 % 10, value % 10
        text = f"{digits[hundreds]}百" if hundreds else ""
        text += f"{digits[tens]}十" if tens else ("零" if hundreds and ones else "")
        text += digits[ones] if ones else ""
        assert chinese_integer(text) == value, text
    with pytest.raises(ValueError, match="not a Chinese integer"):
        chinese_integer("3十")


def test_不写成科学记数() -> None:
    assert plain(Decimal("1E+3")) == "1000"
    assert plain(Decimal("86.50")) == "86.5"


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("18.6:1", "18.6", ""),
        ("1∶18.6", "18.6", ""),
        ("伍拾万元", "500000", "元"),
        ("壹佰贰拾叁万元", "1230000", "元"),
        ("一亿二千万元", "120000000", "元"),
        ("十二点五万元", "125000", "元"),
        ("2.5公里", "2500", "米"),
        ("3‰", "0.3", "%"),
        ("四分之三", "75", "%"),
        ("2个月", "2", "个月"),
        ("一万九千三百五十人", "19350", "人"),
    ],
)
def test_比_大写_亿_分数_换算(text: str, value: str, unit: str) -> None:
    (number,) = find_numbers(text)
    assert (plain(number.value), number.unit, number.start, number.end) == (value, unit, 0, len(text))


def test_除不尽的分数和左右是约数_不足和突破是界线() -> None:
    assert find_numbers("三分之二")[0].approximate
    assert not find_numbers("四分之三")[0].approximate
    assert find_numbers("85%左右")[0].approximate
    assert find_numbers("不足80%")[0].bound == "at_most"
    assert find_numbers("突破15亿元")[0].bound == "at_least"


def test_普职比和姓氏不读() -> None:
    assert find_numbers("普职比5.5:4.5") == []
    assert [number.value for number in find_numbers("陆某等3人")] == [Decimal(3)]
