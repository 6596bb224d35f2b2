"""Chinese punctuation told by its place: 注: and 注：look alike in a picture, but a wide mark takes as much room as a character."""

from __future__ import annotations

import re
import statistics
import unicodedata
from collections.abc import Sequence
from itertools import pairwise

_WIDE = str.maketrans(",:;!?()", "，：；！？（）")
_NARROW = str.maketrans("，：；！？（）", ",:;!?()")
_BRACKETS = re.compile(r"([(（])([^()（）]*)([)）])")
_NUMERALS = "一二三四五六七八九十"
_MARKS = "，：；！？（）"
_FIGURE = 0.52  # width of a figure in ems
_ROOMY = 0.65  # ems that a mark takes; a narrow one takes less than half, a wide one a whole unless it is squeezed


def settled(text: str, centres: Sequence[float], em: float) -> tuple[str, int | None]:
    """The text of one line with marks of the width that their places show, and where a lost 、 was put back, else None.

    centres : of the characters along the line. em : size of the type, in the same unit; used when the line has too few
    Chinese characters to tell it.
    """
    steps = [b - a for (x, a), (y, b) in pairwise(zip(text, centres, strict=True)) if _is_chinese(x) and _is_chinese(y)]
    pitch = statistics.median(steps) if len(steps) >= 3 else em
    chars = list(text)
    for index, char in enumerate(text):
        before, after = text[index - 1 : index], text[index + 1 : index + 2]
        if char.translate(_WIDE) not in _MARKS or not (_is_chinese(before) or _is_chinese(after)):
            continue
        if before and after:
            room = (centres[index + 1] - centres[index - 1]) / pitch - (_width(before) + _width(after)) / 2
            chars[index] = char.translate(_WIDE if room > _ROOMY else _NARROW)
        elif before or char in "(（":  # at the ends nothing measures a mark; Chinese lines begin and end with wide ones
            chars[index] = char.translate(_WIDE)
    found = _BRACKETS.sub(_paired, "".join(chars))
    lost = _lost_mark(found, centres, pitch)
    return (found if lost is None else f"{found[:lost]}、{found[lost:]}"), lost


def paired(text: str) -> str:
    """The text with both brackets of a pair wide when one of them is; as long as before."""
    return _BRACKETS.sub(_paired, text)


def _lost_mark(text: str, centres: Sequence[float], pitch: float) -> int | None:
    """Where the thin 、 of a heading (一、总体情况) was overlooked: the numeral stands two ems before the next character."""
    length = next((index for index, char in enumerate(text) if char not in _NUMERALS), len(text))
    if not 1 <= length <= 2 or length + 2 > len(text) or not _is_chinese(text[length]):
        return None
    return length if 1.7 < (centres[length] - centres[length - 1]) / pitch < 2.4 else None


def _paired(match: re.Match[str]) -> str:
    opening, inside, closing = match.groups()
    return match.group() if (opening == "(") == (closing == ")") else f"（{inside}）"


def _is_chinese(char: str) -> bool:
    return bool(char) and "\u3400" <= char <= "\u9fff"


def _width(char: str) -> float:
    return 1.0 if unicodedata.east_asian_width(char) in "WF" else _FIGURE
