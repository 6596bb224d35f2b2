"""Which year a document speaks of, and which number (文号) it carries."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

_CHINESE_YEAR = re.compile(r"[二2][〇○零0OＯ][一二三][〇○零一二三四五六七八九](?=年)")
_CHINESE_DIGITS = str.maketrans("〇○零OＯ一二三四五六七八九", "00000123456789")
_SPACE = re.compile(r"(?<=[\d年月度号〔〕\[\]第])[ 　]+|[ 　]+(?=[\d年月度号〔〕\[\]])")
_NUMBER = re.compile(r"([\u4e00-\u9fff]{2,16})[〔\[［【（(]((?:19|20)\d\d)[〕\]］】）)](?:第)?(\d{1,4})号")
_NOT_ISSUER = re.compile(
    r".*(?:根据|按照|依据|依照|印发|转发|关于|落实|贯彻|执行|下发|制发|出台|以及|文件|通知|见|和|及|由|的|以|与|经|照)"
)
_RANGE = re.compile(r"((?:19|20)\d\d)年?(?:[-—－–~～/至到]{1,2})((?:19|20)?\d\d)(学年|年)?")
_YEAR = re.compile(
    r"(?<!\d)((?:19|20)\d\d)(年度|学年|年|(?=[.\-]?(?:0[1-9]|1[0-2])(?!\d))|(?=(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])))"
)
_BARE = re.compile(r"(?<![\d.])(20[0-3]\d)(?![\d.%])")
_DATE_LINE = re.compile(r"^((?:19|20)\d\d)年\d{1,2}月\d{1,2}日$")
_DATE = re.compile(r"((?:19|20)\d\d)年\d{1,2}月\d{1,2}日")
_LAST_YEAR_STORY = re.compile(r"一年来|全年|过去一年|上年度|年度工作")
EARLIEST, LATEST = 1990, 2100


@dataclass(frozen=True, slots=True)
class YearFound:
    """year: None when nothing says it. by: where it was found. word: the words. candidates: mentions of each year in the text."""

    year: int | None
    by: str
    word: str
    candidates: dict[int, int]


def plain(text: str) -> str:
    """Years in figures and without inner spaces: 二〇一八年 → 2018年, 2018 年 → 2018年. For reading only, never stored."""
    return _CHINESE_YEAR.sub(lambda match: match.group().translate(_CHINESE_DIGITS), _SPACE.sub("", text))


def document_number(lines: list[str]) -> str:
    """The 文号 that stands on a line of its own near the top (where a 公文 carries its own), "" when there is none."""
    for line in lines[:8]:
        for match in _NUMBER.finditer(plain(line)):
            if len(match.group()) >= 0.6 * len(plain(line).strip()):
                return _without_verbs(match)
    return ""


def cited_numbers(text: str) -> list[str]:
    """Every 文号 in the text, in order, each once."""
    return list(dict.fromkeys(_without_verbs(match) for match in _NUMBER.finditer(plain(text))))


def _without_verbs(match: re.Match[str]) -> str:
    issuer = _NOT_ISSUER.sub("", match.group(1)) or match.group(1)[-4:]
    return f"{issuer}〔{match.group(2)}〕{match.group(3)}号"


def explicit_year(name: str, expected: int) -> tuple[int, str] | None:
    """The year a file name or title states, with its words; a span of years counts as `expected` when it covers it."""
    text = _NUMBER.sub("", plain(name))
    for match in _RANGE.finditer(text):
        first = int(match.group(1))
        last = int(match.group(2)) if len(match.group(2)) == 4 else first // 100 * 100 + int(match.group(2))
        if not (EARLIEST <= first < last <= LATEST and last - first <= 15):
            continue
        if match.group(3) == "学年":
            return first, match.group()  # statistics of the school year are taken at its beginning
        return (expected if first <= expected <= last else last), match.group()
    matches = list(_YEAR.finditer(text))
    for wanted in ("年度", "学年", "年", ""):
        for match in matches:
            if match.group(2) == wanted and EARLIEST <= int(match.group(1)) <= LATEST:
                return int(match.group(1)), match.group()
    bare = _BARE.search(text)
    return (int(bare.group(1)), bare.group()) if bare else None


def mentions(text: str) -> Counter[int]:
    """How often each year is named (年度 twice as heavy), without 文号 and without a date that stands alone (the signature)."""
    counts: Counter[int] = Counter()
    for line in plain(text).split("\n"):
        stripped = _NUMBER.sub("", line.strip())
        if _DATE_LINE.match(stripped):
            continue
        for match in re.finditer(r"(?<!\d)((?:19|20)\d\d)(年度|学年|年)", stripped):
            if EARLIEST <= int(match.group(1)) <= LATEST:
                counts[int(match.group(1))] += 2 if match.group(2) == "年度" else 1
    return counts


def find_year(file: str, title: str, text: str, number: str, type_code: str | None, expected: int) -> YearFound:
    """The data year: file name, then title, then (for 纪要 and 文件) its own date or number, then the year that dominates."""
    counts = mentions(text)
    candidates = dict(counts.most_common(6))
    for by, name in (("文件名", file), ("标题", title)):
        found = explicit_year(name, expected)
        if found:
            return YearFound(found[0], by, found[1], candidates)
    if type_code == "F" and number:
        return YearFound(int(number.split("〔")[1][:4]), "文号", number, candidates)
    if type_code == "M" and (date := _DATE.search(plain(text[:600]))):
        return YearFound(int(date.group(1)), "会议日期", date.group(), candidates)
    ranked = counts.most_common(2)
    if ranked and (len(ranked) == 1 or ranked[0][1] > ranked[1][1]):
        return YearFound(ranked[0][0], "正文中出现最多", f"{ranked[0][0]}年 {ranked[0][1]} 次", candidates)
    if ranked and expected in (ranked[0][0], ranked[1][0]):
        return YearFound(expected, "正文中并列最多", f"{expected}年 {counts[expected]} 次", candidates)
    return _by_signature(text, candidates)


def _by_signature(text: str, candidates: dict[int, int]) -> YearFound:
    """A report signed in the first months of a year tells of the year before; anything else is of the year it was signed in."""
    for line in reversed(plain(text).split("\n")):
        if match := _DATE_LINE.match(line.strip()):
            year = int(match.group(1))
            early = re.match(r"\d{4}年[1-3]月", line.strip()) is not None
            if early and _LAST_YEAR_STORY.search(text):
                return YearFound(year - 1, "落款日期（年初总结上年）", match.group(), candidates)
            return YearFound(year, "落款日期", match.group(), candidates)
    return YearFound(None, "未找到", "", candidates)
