"""Reads the numbers of Chinese official prose exactly: digits, 万/亿, percentages, 百分之…, 三分之二, 18.6:1, 两次, 伍拾万, 约, 以上.

Values are Decimal and never pass through a float.  A number is read together with its unit, because in these texts the
unit decides what a number can be ("20 条底线" is no rate).  What only looks like a number - the 5 of "B5-5", the parts
of a date, "〔2019〕5号" - has no unit that a metric accepts, or is left out here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from retrieval.years import Year, find_years

__all__ = ["Number", "Year", "canonical_unit", "chinese_integer", "find_numbers", "find_years", "plain"]

Bound = Literal["", "at_least", "at_most", "range"]

# Longest first, so that 人次 is not read as 人 and 万平方米 not as 万.
_UNITS = {
    "个百分点": "百分点", "百分点": "百分点",
    "%": "%", "％": "%", "﹪": "%", "‰": "‰",
    "米": "米", "公里": "公里", "千米": "公里", "个月": "个月", "节": "课时", "科": "科",
    "平方米": "平方米", "㎡": "平方米", "m²": "平方米", "亩": "亩",
    "人次": "人次", "课时": "课时", "学时": "学时", "个班": "班", "班级": "班",
    "元": "元", "所": "所", "人": "人", "名": "人", "位": "人", "次": "次", "起": "起", "件": "件", "例": "例", "宗": "起",
    "家": "所", "班": "班", "轨": "轨", "册": "册", "间": "间", "处": "处", "项": "项", "辆": "辆", "台": "台", "套": "套",
    "场": "场", "份": "份", "条": "条", "期": "期", "天": "天", "小时": "小时", "月": "月", "日": "日", "岁": "岁",
    "门": "门", "支": "支", "篇": "篇", "批": "批", "片": "片", "座": "座", "栋": "栋", "幢": "栋", "倍": "倍", "分": "分",
    "个": "个", "年": "年", "号": "号", "页": "页", "级": "级", "类": "类", "款": "款", "章": "章", "届": "届",
}  # fmt: skip
_UNIT = "|".join(re.escape(unit) for unit in sorted(_UNITS, key=len, reverse=True))
_SCALES = {
    "": Decimal(1),
    "百": Decimal(100),
    "千": Decimal(1000),
    "万": Decimal(10**4),
    "百万": Decimal(10**6),
    "千万": Decimal(10**7),
    "亿": Decimal(10**8),
    "万亿": Decimal(10**12),
}
_OTHER_UNITS = {"公里": (Decimal(1000), "米"), "‰": (Decimal("0.1"), "%")}  # these are stored in another unit
_DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_POWERS = {"十": 10, "百": 100, "千": 1000}
_HAN = "零〇一二两三四五六七八九十百千万亿"
# 伍拾万元: capital numerals, where at least two stand together (伍 and 陆 alone are family names).
_CAPITALS = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟萬", "一二三四五六七八九十百千万")
_CAPITAL_RUN = re.compile(r"[零壹贰叁肆伍陆柒捌玖拾佰仟萬]+[壹贰叁肆伍陆柒捌玖拾佰仟萬万亿]+")

_ARABIC = re.compile(
    r"(?<![A-Za-z0-9０-９.．/:〔\[])(?<![^%％]-)(?<![^%％][—–−])(?P<digits>[0-9０-９]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9０-９]+(?:\s?[.．][0-9０-９]+)?)"
    r"(?![0-9０-９])(?:\s*(?P<more>余|多)?(?P<scale>万亿|千万|百万|亿|万|千|百)?(?P<more2>余|多)?\s*(?P<unit>"
    + _UNIT
    + r"))?+"
    r"(?(unit)|(?:\s*(?P<bare>万亿|千万|百万|亿|万))?(?![./:\-][0-9]))"
)
_CHINESE = re.compile(
    rf"(?<![第个0-9０-９.．{_HAN}])(?:(?P<percent>百分之)(?P<whole>[{_HAN}]+)(?:点(?P<part>[零〇一二三四五六七八九]+))?"
    rf"|(?P<number>(?=[万亿千百]*[零〇一二两三四五六七八九十])[{_HAN}]+)(?:点(?P<part2>[零〇一二三四五六七八九]+)(?P<scale>[万亿])?)?"
    r"(?P<more>余|多)?\s*(?P<unit>" + _UNIT + r"))"
)
_FRACTION = re.compile(
    r"(?<![百千万])(?P<below>[二三四五六七八九十]|千|万)分之(?P<above>[一二两三四五六七八九十]+(?:点[零〇一二三四五六七八九]+)?)"
)
# 18.6:1 and 1:18.6 both say how many go to one; any other ratio (5.5:4.5) is no figure of a metric.
_RATIO = re.compile(
    r"(?<![0-9.:：∶﹕])(?P<first>[0-9]+(?:\.[0-9]+)?)\s*[:：∶﹕比]\s*(?P<second>[0-9]+(?:\.[0-9]+)?)(?![0-9:：∶﹕]|\.[0-9])"
)
_ABOUT_AFTER = re.compile(r"\s*(?:左右|上下)")
_APPROXIMATE = re.compile(r"(?:约|大约|近|将近|接近|逾|超)(?:为|有)?\s*$")
_AT_LEAST_BEFORE = re.compile(
    r"(?:突破|不低于|不少于|不得低于|不得少于|至少|(?<![不得])(?:高于|超过|大于|多于)|≥|>|＞|以上)\s*$"
)
_AT_MOST_BEFORE = re.compile(
    r"(?:不足|不到|未满|不超过|不高于|不多于|不得超过|不得高于|(?<![不得])(?:低于|少于|小于)|至多|≤|<|＜)\s*$"
)
_AT_LEAST_AFTER = re.compile(r"\s*(?:（含）|\(含\))?(?:及)?以上")
_AT_MOST_AFTER = re.compile(r"\s*(?:（含）|\(含\))?(?:及)?(?:以下|以内|之内)")
_RANGE_AFTER = re.compile(r"\s*(?:-|—|–|~|～|至|到)\s*[0-9０-９]")
_RANGE_BEFORE = re.compile(r"[0-9０-９]\s*(?:%|％)?\s*(?:-|—|–|~|～)\s*$")
_FULL_WIDTH = str.maketrans("０１２３４５６７８９．，", "0123456789.,")


@dataclass(frozen=True, slots=True)
class Number:
    """A number at `text[start:end]` (unit and scale included), `value` already multiplied by 万 or 亿.

    unit : canonical (名 → 人, ％ → %), "" when none stands behind the number.
    approximate : 约, 近, 余, 多.  bound : the text gives a limit (以上, 不超过) or one end of a range, not a value.
    """

    start: int
    end: int
    value: Decimal
    unit: str
    approximate: bool = False
    bound: Bound = ""


def find_numbers(text: str) -> list[Number]:
    """The numbers of `text` in order, years excluded."""
    text = _CAPITAL_RUN.sub(lambda run: run[0].translate(_CAPITALS), text)
    taken = [(year.start, year.end) for year in find_years(text)]
    found: list[Number] = []
    for pattern, read in _READERS:
        numbers = [number for match in pattern.finditer(text) if (number := read(text, match))]
        numbers = [n for n in numbers if not any(start < n.end and n.start < end for start, end in taken)]
        found += numbers
        taken += [(number.start, number.end) for number in numbers]
    return sorted(found, key=lambda number: number.start)


def canonical_unit(unit: str) -> str:
    """The unit that numbers written with `unit` carry (名 → 人)."""
    return _UNITS.get(unit, unit)


def chinese_integer(text: str) -> int:
    """The integer written 一百零二, 两千, 十二 or digit by digit 二〇一八.

    Raises ValueError when `text` holds anything else.
    """
    if not text or any(char not in _HAN for char in text):
        raise ValueError(f"not a Chinese integer: {text!r}")
    if all(char in _DIGITS for char in text):
        return int("".join(str(_DIGITS[char]) for char in text))
    total = section = digit = 0
    for char in text:
        if char in _DIGITS:
            digit = _DIGITS[char]
        elif char in "万亿":
            # 一亿二千万: what stands before 亿 is complete, before 万 only what follows 亿.
            scale = 10**4 if char == "万" else 10**8
            whole, rest = (0, total) if char == "万" else (total, 0)
            total, section, digit = rest + (whole + section + digit) * scale, 0, 0
        else:
            # 十二 has no digit before 十: one ten.
            section, digit = section + (digit or 1) * _POWERS[char], 0
    return total + section + digit


def plain(value: Decimal) -> str:
    """The shortest plain notation: "86.5", "1200", never "1.2E+3"; trailing zeros of the fraction are dropped."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _arabic(text: str, match: re.Match[str]) -> Number | None:
    unit = match["unit"] or ""
    scale = match["scale"] or match["bare"] or ""
    if unit in {"年", "号"} and not scale:
        # 2018年 is a year, 5年 a duration, 12号 an identity: none of them is a figure of a metric.
        return None
    digits = re.sub(r"[\s,]", "", match["digits"].translate(_FULL_WIDTH))
    value = Decimal(digits) * _SCALES[scale]
    return _number(text, match.start(), match.end(), value, unit, bool(match["more"] or match["more2"]))


def _chinese(text: str, match: re.Match[str]) -> Number:
    if match["percent"]:
        value = chinese_integer(match["whole"]) + _decimal_part(match["part"])
        return _number(text, match.start(), match.end(), value, "%", False)
    value = (chinese_integer(match["number"]) + _decimal_part(match["part2"])) * _SCALES[match["scale"] or ""]
    return _number(text, match.start(), match.end(), value, match["unit"], bool(match["more"]))


def _decimal_part(digits: str | None) -> Decimal:
    return Decimal("0." + "".join(str(_DIGITS[char]) for char in digits)) if digits else Decimal(0)


def _fraction(text: str, match: re.Match[str]) -> Number:
    """三分之二 as a share in %, to two decimals; what does not come out even is about."""
    above, _, part = match["above"].partition("点")
    below = {"千": 1000, "万": 10000}.get(match["below"]) or chinese_integer(match["below"])
    value = (chinese_integer(above) + _decimal_part(part)) * 100 / Decimal(below)
    rounded = value.quantize(Decimal("0.01"))
    number = _number(text, match.start(), match.end(), rounded, "%", False)
    return number if value == rounded else replace(number, approximate=True)


def _ratio(text: str, match: re.Match[str]) -> Number | None:
    first, second = match["first"], match["second"]
    if "1" not in (first, second):
        return None
    return _number(text, match.start(), match.end(), Decimal(first if second == "1" else second), "", False)


def _number(text: str, start: int, end: int, value: Decimal, unit: str, more: bool) -> Number:
    before, after = text[max(0, start - 8) : start], text[end : end + 8]
    bound: Bound = ""
    if _RANGE_AFTER.match(after) or _RANGE_BEFORE.search(before):
        bound = "range"
    elif _AT_LEAST_BEFORE.search(before) or _AT_LEAST_AFTER.match(after):
        bound = "at_least"
    elif _AT_MOST_BEFORE.search(before) or _AT_MOST_AFTER.match(after):
        bound = "at_most"
    about = more or bool(_APPROXIMATE.search(before)) or bool(_ABOUT_AFTER.match(after))
    factor, unit = _OTHER_UNITS.get(_UNITS.get(unit, ""), (Decimal(1), _UNITS.get(unit, "")))
    return Number(start, end, value * factor, unit, about, bound)


_READERS: tuple[tuple[re.Pattern[str], Callable[[str, re.Match[str]], Number | None]], ...] = (
    (_RATIO, _ratio),
    (_FRACTION, _fraction),
    (_ARABIC, _arabic),
    (_CHINESE, _chinese),
)
