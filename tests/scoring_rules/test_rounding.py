"""Rounding and exact text."""

from __future__ import annotations

from fractions import Fraction

import pytest

from scoring_rules.rounding import exact_text, half_up, published


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("899.994999", "899.99"),
        ("899.995", "900.00"),
        ("0", "0.00"),
        ("0.005", "0.01"),
        ("1020", "1020.00"),
        ("7.5", "7.50"),
    ],
)
def test_四舍五入到两位(value, shown):
    assert published(Fraction(value)) == shown


def test_不随二进制小数走():
    # In binary floats: round(2.675, 2) == 2.67.
    assert published(Fraction("2.675")) == "2.68"
    assert published(Fraction(125, 3)) == "41.67"
    assert published(Fraction(7, 2), 0) == "4"


def test_得分不会是负数():
    with pytest.raises(ValueError, match="negative"):
        half_up(Fraction(-1))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("58", "58"),
        ("31.50", "31.5"),
        ("125/3", "125/3"),
        ("-0.05", "-0.05"),
        ("1/8", "0.125"),
        ("0", "0"),
        ("-7/3", "-7/3"),
        ("300", "300"),
    ],
)
def test_写出的数不失真(value, text):
    assert exact_text(Fraction(value)) == text
    assert Fraction(text) == Fraction(value)


def test_取位从不颠倒大小():
    values = [Fraction(n, 700) for n in range(0, 1400)]
    rounded = [half_up(value) for value in values]
    assert rounded == sorted(rounded)
