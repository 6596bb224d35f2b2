"""Reads the numbers of Chinese official prose exactly: digits, 万/亿, percentages, 百分之…, 两次, 约, 以上.

Values are Decimal and never pass through a float.  A number is read together with its unit, because in these texts the
unit decides what a number can be ("20 条底线" is no rate).  What only looks like a number - the 5 of "B5-5", the parts
of a date, "〔2019〕5号" - has no unit that a metric accepts, or is left out here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Bound = Literal["", "at_least", "at_most", "range"]

# Longest first, so that 人次 is not read as 人 and 万平方米 not as 万.
_UNITS = {
    "个百分点": "百分点", "百分点": "百分点",
    "%": "%", "％": "%", "﹪": "%", "‰": "‰",
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
_DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_POWERS = {"十": 10, "百": 100, "千": 1000}
_HAN = "零〇一二两三四五六七八九十百千万"

_ARABIC = re.compile(
    r"(?<![A-Za-z0-9０-９.．/:〔\[])(?<![^%％]-)(?<![^%％][—–−])(?P<digits>[0-9０-９]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9０-９]+(?:\s?[.．][0-9０-９]+)?)"
    r"(?![0-9０-９])(?:\s*(?P<more>余|多)?(?P<scale>万亿|千万|百万|亿|万|千|百)?(?P<more2>余|多)?\s*(?P<unit>"
    + _UNIT
    + r"))?+"
    r"(?(unit)|(?:\s*(?P<bare>万亿|千万|百万|亿|万))?(?![./:\-][0-9]))"
)
_CHINESE = re.compile(
    rf"(?<![第个0-9０-９.．{_HAN}])(?:(?P<percent>百分之)(?P<whole>[{_HAN}]+)(?:点(?P<part>[零〇一二三四五六七八九]+))?"
    rf"|(?P<number>(?=[万千百]*[零〇一二两三四五六七八九十])[{_HAN}]+)(?P<more>余|多)?\s*(?P<unit>" + _UNIT + r"))"
)
_APPROXIMATE = re.compile(r"(?:约|大约|近|将近|接近|逾|超)(?:为|有)?\s*$")
_AT_LEAST_BEFORE = re.compile(
    r"(?:不低于|不少于|不得低于|不得少于|至少|(?<![不得])(?:高于|超过|大于|多于)|≥|>|＞|以上)\s*$"
)
_AT_MOST_BEFORE = re.compile(
    r"(?:不超过|不高于|不多于|不得超过|不得高于|(?<![不得])(?:低于|少于|小于)|至多|≤|<|＜)\s*$"
)
_AT_LEAST_AFTER = re.compile(r"\s*(?:（含）|\(含\))?(?:及)?以上")
_AT_MOST_AFTER = re.compile(r"\s*(?:（含）|\(含\))?(?:及)?(?:以下|以内|之内)")
_RANGE_AFTER = re.compile(r"\s*(?:-|—|–|~|～|至|到)\s*[0-9０-９]")
_RANGE_BEFORE = re.compile(r"[0-9０-９]\s*(?:%|％)?\s*(?:-|—|–|~|～)\s*$")
_FULL_WIDTH = str.maketrans("０１２３４５６７８９．，", "0123456789.,")

_YEAR = re.compile(
    r"(?<![0-9０-９])(?P<year>(?:19|20)[0-9]{2})(?:\s*[-—–~～/至]\s*(?P<next>(?:(?:19|20)[0-9]{2})|[0-9]{2}(?![0-9])))?\s*(?P<word>学年度?|年度?|春|秋)(?!级)"
)
_HAN_YEAR = re.compile(r"(?P<year>[一二][零〇一二三四五六七八九]{3})年")
_COMPARED = re.compile(r"(?:比|较|相比|相较于?|对比|同比)\s*$")
_FROM = re.compile(r"(?:从|由|自)\s*$")
_UNTIL = re.compile(r"(?:到|至|于)\s*$")


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


@dataclass(frozen=True, slots=True)
class Year:
    """A calendar or school year named at `text[start:end]`; of 2018—2019学年 the first.

    role : "compared" after 比/较 (it says what something is measured against), "from" after 从/由, "until" after 到/至, else "".
    """

    start: int
    end: int
    year: int
    role: Literal["", "compared", "from", "until"] = ""


def find_numbers(text: str) -> list[Number]:
    """The numbers of `text` in order, years excluded."""
    years = [(year.start, year.end) for year in find_years(text)]
    found = [number for match in _ARABIC.finditer(text) if (number := _arabic(text, match))]
    found += [_chinese(text, match) for match in _CHINESE.finditer(text)]
    outside = (n for n in found if not any(start <= n.start < end for start, end in years))
    return sorted(outside, key=lambda number: number.start)


def find_years(text: str) -> list[Year]:
    """The years named in `text`, in order."""
    found = []
    for match in (*_YEAR.finditer(text), *_HAN_YEAR.finditer(text)):
        digits = match["year"] if match["year"].isascii() else "".join(str(_DIGITS[c]) for c in match["year"])
        found.append(Year(match.start(), match.end(), int(digits), _role(text[: match.start()])))
    return sorted(found, key=lambda year: year.start)


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
        elif char == "万":
            total, section, digit = total + (section + digit) * 10**4, 0, 0
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
        value = Decimal(chinese_integer(match["whole"]))
        if match["part"]:
            value += Decimal("0." + "".join(str(_DIGITS[char]) for char in match["part"]))
        return _number(text, match.start(), match.end(), value, "%", False)
    return _number(
        text, match.start(), match.end(), Decimal(chinese_integer(match["number"])), match["unit"], bool(match["more"])
    )


def _number(text: str, start: int, end: int, value: Decimal, unit: str, more: bool) -> Number:
    before, after = text[max(0, start - 8) : start], text[end : end + 8]
    bound: Bound = ""
    if _RANGE_AFTER.match(after) or _RANGE_BEFORE.search(before):
        bound = "range"
    elif _AT_LEAST_BEFORE.search(before) or _AT_LEAST_AFTER.match(after):
        bound = "at_least"
    elif _AT_MOST_BEFORE.search(before) or _AT_MOST_AFTER.match(after):
        bound = "at_most"
    return Number(start, end, value, _UNITS.get(unit, ""), more or bool(_APPROXIMATE.search(before)), bound)


def _role(before: str) -> Literal["", "compared", "from", "until"]:
    before = before[-6:]
    if _COMPARED.search(before):
        return "compared"
    if _FROM.search(before):
        return "from"
    return "until" if _UNTIL.search(before) else ""
