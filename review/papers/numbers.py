"""The one place where papers turn numbers into text; every paper and every chart goes through here."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

from scoring_rules.rounding import published

CREDIBILITY_DECIMALS = 4
# What stands where there is no number: never a zero, never an empty cell.
ABSENT = "—"


def points_text(value: Fraction | None) -> str:
    """Points with two decimals, half up, a minus where they are below 0; — where there are none."""
    if value is None:
        return ABSENT
    return f"-{published(-value)}" if value < 0 else published(value)


def interval_text(low: Fraction, high: Fraction) -> str:
    """One number where both ends are shown alike, else 低～高."""
    first, second = points_text(low), points_text(high)
    return first if first == second else f"{first}～{second}"


def credibility_text(value: Fraction | None) -> str:
    """The exact fraction and its four decimals: 776/821（约 0.9452）."""
    if value is None:
        return ABSENT
    if value.denominator == 1:
        return str(value)
    return f"{value}（约 {published(value, CREDIBILITY_DECIMALS)}）"


def decimal_text(value: Fraction | None) -> str:
    """A credibility with four decimals, for narrow columns."""
    return ABSENT if value is None else published(value, CREDIBILITY_DECIMALS)


def percent_text(part: Fraction, whole: Fraction) -> str:
    """The share in percent with one decimal; — of nothing."""
    return ABSENT if whole == 0 else f"{published(part / whole * 100, 1)}%"


# A person begins to say 万元 here; below it the figure is as easily read in full.
LEAST_IN_TENTHOUSANDS = 10**5
_HUNDRED_MILLION, _TEN_THOUSAND = Decimal(10**8), Decimal(10**4)
_YUAN = re.compile(r"(?<![\d.])(\d{6,}(?:\.\d+)?)(\s?)元")

_ROUND_SIZE = re.compile(r"(\d{6,}(?:\.\d+)?)(\s?)元（约[^）]*亿元）")


def amount_text(yuan: Decimal, space: str = "") -> str:
    """An amount as a person writes it, and exactly: 18.264亿元, 680万元, 9500元. space : between number and unit.

    Where 亿 or 万 would take more decimals than one reads (4, or 2), the yuan stand in full, a large amount with its round
    size behind it: 1826412345.67元（约18.26亿元）.
    """
    for unit, scale, least, decimals in (
        ("亿", _HUNDRED_MILLION, _HUNDRED_MILLION, 4),
        ("万", _TEN_THOUSAND, LEAST_IN_TENTHOUSANDS, 2),
    ):
        scaled = yuan / scale
        if yuan >= least and scaled == round(scaled, decimals):
            return f"{_plain(scaled)}{space}{unit}元"
    about = ""
    if yuan >= _HUNDRED_MILLION:
        about = f"（约{space}{published(Fraction(yuan / _HUNDRED_MILLION))}{space}亿元）"
    return f"{_plain(yuan)}{space}元{about}"


def with_amounts(text: str) -> str:
    """The text with every amount in yuan as `amount_text` puts it."""
    return _YUAN.sub(lambda found: amount_text(Decimal(found[1]), found[2]), text)


def without_round_sizes(text: str) -> str:
    """The text without the （约18.26亿元） that `amount_text` puts behind an exact amount."""
    return _ROUND_SIZE.sub(
        lambda found: f"{found[1]}{found[2]}元" if with_amounts(f"{found[1]}{found[2]}元") == found[0] else found[0],
        text,
    )


def _plain(value: Decimal) -> str:
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


_NUMERALS = "零一二三四五六七八九十"


def numeral(number: int) -> str:
    """1 → 一, 12 → 十二, 20 → 二十; 1 to 99."""
    if number <= 10:
        return _NUMERALS[number]
    tens, ones = divmod(number, 10)
    return f"{'' if tens == 1 else _NUMERALS[tens]}十{_NUMERALS[ones] if ones else ''}"


def day_text(iso: str) -> str:
    """2019-05-06 → 2019年5月6日; any other text as it is."""
    parts = iso[:10].split("-")
    if len(parts) != 3 or not all(part.isdigit() for part in parts):
        return iso
    year, month, day = (int(part) for part in parts)
    return f"{year}年{month}月{day}日"
