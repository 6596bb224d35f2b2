"""Cell values as Excel shows them, as far as practical: percent, fixed decimals, thousands, dates, units in quotes."""

from __future__ import annotations

import datetime as dt
import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

_QUOTED = re.compile(r'"([^"]*)"|\\(.)|_.|\*.|\[[^\]]*\]')
_NUMBER_PART = re.compile(r"[#0?](?:[#0?,]*[#0?])?(?:\.([0?#]+))?(,*)")
_DATE_PART = re.compile(r"[ymdhs年月日]", re.IGNORECASE)


def shown(value: Any, number_format: str) -> str:
    """The text of a cell. value : None, str, bool, int, float, date, datetime, time or timedelta."""
    if value is None:
        return ""
    if isinstance(value, str):
        return (re.sub(r"\s*\n\s*", " ", value) if "\n" in value else value).strip()
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return _date(value, number_format)
    if isinstance(value, dt.timedelta):
        return str(value)
    return _number(value, number_format)


def _date(value: dt.datetime | dt.date | dt.time, number_format: str) -> str:
    if isinstance(value, dt.time):
        return value.strftime("%H:%M")
    plain = _QUOTED.sub("", number_format).lower()
    if isinstance(value, dt.datetime) and (value.hour or value.minute or value.second):
        return value.strftime("%Y-%m-%d %H:%M")
    if "y" in plain and "d" not in plain and "m" in plain:
        return f"{value.year}年{value.month}月"
    if "y" in plain and "m" not in plain:
        return f"{value.year}年"
    return f"{value.year}年{value.month}月{value.day}日"


def _number(value: int | float, number_format: str) -> str:
    exact = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if not exact.is_finite():
        return str(value)
    sections = number_format.split(";")
    section = sections[1] if len(sections) > 1 and exact < 0 else sections[0]
    negative_has_own = len(sections) > 1 and exact < 0
    before, after, pattern = _literals(section)
    if pattern is None:  # General, text, or a format of words only
        return _general(exact)
    decimals = len(pattern.group(1) or "")
    percent = "%" in section
    if percent:
        exact *= 100
    exact = exact.scaleb(-3 * len(pattern.group(2)))
    rounded = exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    sign = "-" if rounded < 0 and not negative_has_own else ""  # a section for negatives brings its own sign
    text = f"{abs(rounded):,f}" if "," in pattern.group().split(".")[0].rstrip(",") else f"{abs(rounded):f}"
    optional = len(re.search(r"#*$", pattern.group(1) or "").group())  # type: ignore[union-attr]
    if optional:
        whole, _, fraction = text.partition(".")
        kept = fraction[: decimals - optional] + fraction[decimals - optional :].rstrip("0")
        text = f"{whole}.{kept}" if kept else whole
    return f"{sign}{before}{text}{'%' if percent else ''}{after}"


def _literals(section: str) -> tuple[str, str, re.Match[str] | None]:
    """Words before and after the figure, and the figure's pattern in a section such as `#,##0.00"万元"`."""
    literals: list[str] = []

    def hide(match: re.Match[str]) -> str:
        literals.append(match.group(1) or match.group(2) or "")
        return f"\x00{chr(0xE000 + len(literals) - 1)}"

    hidden = _QUOTED.sub(hide, section)
    if re.search(r"[Ee][+-]|/|General|@", hidden) or _DATE_PART.search(re.sub(r"\x00.", "", hidden)):
        return "", "", None
    pattern = _NUMBER_PART.search(hidden)
    if pattern is None:
        return "", "", None

    def words(text: str) -> str:
        return re.sub(r"\x00(.)", lambda match: literals[ord(match.group(1)) - 0xE000], text).replace("%", "").strip()

    return words(hidden[: pattern.start()]), words(hidden[pattern.end() :]), pattern


def _general(exact: Decimal) -> str:
    """Without the noise of binary fractions: 0.1 + 0.2 is 0.3. Excel keeps 15 digits."""
    text = f"{exact:.15g}" if exact != exact.to_integral_value() or abs(exact) >= Decimal(10) ** 15 else f"{exact:.0f}"
    text = f"{Decimal(text):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
