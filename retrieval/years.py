"""Reads the years a text names: 2018年, 2018—2019学年, 二〇一八年, 2016、2017、2018年, and - once a year is known - 上年, 今年."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Role = Literal["", "compared", "from", "since", "until"]

_DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_YEAR = re.compile(
    r"(?<![0-9０-９])(?P<year>(?:19|20)[0-9]{2})(?:\s*[-—–~～/至]\s*(?P<next>(?:(?:19|20)[0-9]{2})|[0-9]{2}(?![0-9])))?\s*(?P<word>学年度?|年度?|春|秋)(?!级)"
)
_LISTED = re.compile(
    r"(?<![0-9０-９])(?P<year>(?:19|20)[0-9]{2})(?=\s*(?:[、，,和及与]\s*(?:19|20)[0-9]{2}\s*)+年(?!级))"
)
_HAN_YEAR = re.compile(r"(?P<year>[一二][零〇一二三四五六七八九]{3})年")
_COMPARED = re.compile(r"(?:比|较|相比|相较于?|对比|同比|高于|低于|优于|超过|好于|针对|对照|根据|依据|按照|围绕)\s*$")
_COMPARED_AFTER = re.compile(
    r"\s*(?:的?[0-9.,]+(?:%|％|[\u4e00-\u9fff]{1,3}?)?(?:相比|相较|对比|的?基础上)|(?:同期)?(?:水平)?(?:以来|度?(?:[国省市区县](?:级|政府)?)?(?:督导|反馈|检查|发现|遗留)|问题|的?基础上|相比|持平|基本持平|相当|对比|一致))"
)
_FROM = re.compile(r"(?:从|由|自)\s*$")
_SINCE = re.compile(r"\s*(?:[0-9]{1,2}月(?:[0-9]{1,2}日)?|[春秋]季(?:学期)?)?(?:开始|起)")
_UNTIL = re.compile(r"(?:到|至)\s*$")
_RELATIVE = re.compile(
    r"(?P<before>上一?个?(?:学?年度?|自然年)|去年|前一年度?)(?:年?[末底初]|同期|度)?"
    r"|(?P<two>(?<![0-9一二三四五六七八九十几多年])前年)[末底]?"
    r"|(?P<same>今年|本年度?|本年内|当年|目前|现已|现有)[末底]?"
    r"|(?P<after>明年|下一?年度?|来年)[末底]?"
)


@dataclass(frozen=True, slots=True)
class Year:
    """A calendar or school year named at `text[start:end]`; of 2018—2019学年 the first.

    role : "compared" after 比/较 (it says what something is measured against), "from" after 从/由, "since" in 自…起, "until" after 到/至, else "".
    last : of a span of calendar years (2016—2018年) the last one, else None.
    """

    start: int
    end: int
    year: int
    role: Role = ""
    last: int | None = None


def find_years(text: str) -> list[Year]:
    """The years named in `text`, in order."""
    found = [_calendar(text, match) for match in _YEAR.finditer(text)]
    found += [_han(text, match) for match in _HAN_YEAR.finditer(text)]
    for match in _LISTED.finditer(text):
        if not any(year.start <= match.start() < year.end for year in found):
            found.append(Year(match.start(), match.end(), int(match["year"]), _role(text, match)))
    return sorted(found, key=lambda year: year.start)


def find_all_years(text: str, base: int | None) -> list[Year]:
    """As `find_years`, with 上年, 去年, 前年, 今年 and 明年 counted from `base`; None: these are left out."""
    named = find_years(text)
    return sorted([*named, *_relative(text, base)], key=lambda year: year.start)


def _relative(text: str, base: int | None) -> Iterator[Year]:
    if base is None:
        return
    steps = {"before": -1, "two": -2, "same": 0, "after": 1}
    for match in _RELATIVE.finditer(text):
        step = steps[match.lastgroup or "same"]
        yield Year(match.start(), match.end(), base + step, _role(text, match))


def _calendar(text: str, match: re.Match[str]) -> Year:
    first, last = int(match["year"]), None
    if match["next"] and match["word"].startswith("年"):
        last = int(match["next"]) if len(match["next"]) == 4 else first // 100 * 100 + int(match["next"])
    return Year(match.start(), match.end(), first, _role(text, match), last)


def _han(text: str, match: re.Match[str]) -> Year:
    digits = "".join(str(_DIGITS[char]) for char in match["year"])
    return Year(match.start(), match.end(), int(digits), _role(text, match))


def _role(text: str, match: re.Match[str]) -> Role:
    before, after = text[max(0, match.start() - 6) : match.start()], text[match.end() : match.end() + 16]
    if _COMPARED.search(before) or _COMPARED_AFTER.match(after):
        return "compared"
    if _FROM.search(before):
        # 自2019年1月1日起 is when it holds, not what it rose from.
        return "since" if _SINCE.match(after) else "from"
    return "until" if _UNTIL.search(before) else ""
