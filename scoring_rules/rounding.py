"""Exact numbers as text, and the one place where points are rounded (约定 R8)."""

from __future__ import annotations

from fractions import Fraction

POINTS_DECIMALS = 2  # 两位小数 has precedent in the province; `points_decimals` in corpus/parameters says where


def half_up(value: Fraction, decimals: int = POINTS_DECIMALS) -> Fraction:
    """`value` (0 or more) rounded to that many decimals, halves upwards: 899.995 → 900.

    ``round()`` and binary floats would make 899.99 of it, which is another grade.
    """
    if value < 0:
        raise ValueError("points are never negative")
    scale = 10**decimals
    return Fraction(int(value * scale + Fraction(1, 2)), scale)


def published(value: Fraction, decimals: int = POINTS_DECIMALS) -> str:
    """`value` as published: half up, exactly two decimals, e.g. ``"885.20"``."""
    scale = 10**decimals
    whole, part = divmod(int(half_up(value, decimals) * scale), scale)
    return f"{whole}.{part:0{decimals}d}" if decimals else str(whole)


def exact_text(value: Fraction) -> str:
    """`value` without loss: a plain decimal where it ends (``"31.5"``), else a reduced fraction (``"125/3"``)."""
    rest, twos, fives = value.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        return str(value)
    decimals = max(twos, fives)
    if decimals == 0:
        return str(value.numerator)
    digits = str(abs(value.numerator) * 10**decimals // value.denominator).zfill(decimals + 1)
    return f"{'-' if value < 0 else ''}{digits[:-decimals]}.{digits[-decimals:]}"
