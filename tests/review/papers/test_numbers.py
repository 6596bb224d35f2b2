"""Amounts as people write them: exact, 万元 and 亿元 where that is easier to read, and traced back all the same."""

from __future__ import annotations

from decimal import Decimal

import pytest

from retrieval.cite import Citation
from review.answer_words import stated
from review.papers.numbers import amount_text, with_amounts, without_round_sizes
from review.papers.trace import Place, Source, trace_place


@pytest.mark.parametrize(
    ("yuan", "told"),
    [
        ("1826400000", "18.264亿元"),
        ("100000000", "1亿元"),
        ("99990000", "9999万元"),
        ("1826411200", "182641.12万元"),
        ("1826412345.67", "1826412345.67元（约18.26亿元）"),
        ("680000", "68万元"),
        ("185000", "18.5万元"),
        ("182641", "182641元"),
        ("99999", "99999元"),
        ("0", "0元"),
    ],
)
def test_大数写成亿元万元_一分不差(yuan: str, told: str) -> None:
    assert amount_text(Decimal(yuan)) == told
    assert without_round_sizes(told) == told.partition("（约")[0]


def test_句子里的元都换_别的数不动() -> None:
    told = with_amounts("2018 年支出 1826400000 元，比上年 182640 万元持平；生均 12345 元，学生 1826400 人。")
    assert told == "2018 年支出 18.264 亿元，比上年 182640 万元持平；生均 12345 元，学生 1826400 人。"


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("支出 18.264 亿元", 0),
        ("支出 182640万元", 0),
        ("支出 1826400000 元", 0),
        ("支出 18.265 亿元", 1),
        ("支出 18.264 万元", 1),
        ("支出 18.264 元", 1),
    ],
)
def test_写成亿元的数仍逐个核对(text: str, faults: int) -> None:
    source = Source("所引", (), frozenset({Decimal(1826400000)}))
    assert len(trace_place(Place("", text), [source], frozenset()).faults) == faults


def test_约数只在等于前面的数时放过() -> None:
    source = Source("所引", (), frozenset({Decimal("1826412345.67")}))
    for about, faults in (("18.26", 0), ("18.27", 1)):
        place = Place("", f"支出 1826412345.67 元（约 {about} 亿元）")
        assert len(trace_place(place, [source], frozenset()).faults) == faults


def test_回答里的金额也这样写_出处按数值找到() -> None:
    def cited(quote: str) -> Citation:
        return Citation("0" * 64, 1, "虚构.txt", "虚构区", 2019, 1, {"line": 1}, 0, len(quote), quote)

    proof, other = cited("教育支出182640万元"), cited("教育支出182641万元")
    sentence = stated("一般公共预算教育支出 1826400000元，低于上一年。", [proof, other])
    assert sentence.sentence == "一般公共预算教育支出 18.264亿元，低于上一年。"
    assert sentence.citations == (proof,)
