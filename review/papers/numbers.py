"""The one place where papers turn numbers into text; every paper and every chart goes through here."""

from __future__ import annotations

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
