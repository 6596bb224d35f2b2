"""The numbers Word puts before list paragraphs. They are not in the text; they follow from numbering.xml and the order."""

from __future__ import annotations

import re
from typing import Any

from docx.oxml.ns import qn

_DIGITS = "〇一二三四五六七八九"
_ROMAN = (
    (1000, "M"),
    (900, "CM"),
    (500, "D"),
    (400, "CD"),
    (100, "C"),
    (90, "XC"),
    (50, "L"),
    (40, "XL"),
    (10, "X"),
    (9, "IX"),
    (5, "V"),
    (4, "IV"),
    (1, "I"),
)
_CHINESE = {
    "chineseCounting",
    "chineseCountingThousand",
    "japaneseCounting",
    "ideographDigital",
    "taiwaneseCounting",
    "taiwaneseCountingThousand",
    "koreanCounting",
}


def chinese(number: int) -> str:
    """1 → 一, 10 → 十, 21 → 二十一, 105 → 一百〇五; figures from 1000 on."""
    if number >= 1000:
        return str(number)
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    text = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        text += ("" if tens == 1 and not hundreds else _DIGITS[tens]) + "十"
    elif hundreds and ones:
        text += "〇"
    return text + (_DIGITS[ones] if ones else "")


def written(number: int, form: str) -> str | None:
    """The number in a w:numFmt; None for a form we cannot write."""
    if form in ("decimal", "decimalZero", "decimalFullWidth", "decimalHalfWidth"):
        return f"{number:02d}" if form == "decimalZero" else str(number)
    if form in _CHINESE:
        return chinese(number)
    if form in ("lowerLetter", "upperLetter") and 1 <= number <= 26:
        return chr((97 if form == "lowerLetter" else 65) + number - 1)
    if form in ("decimalEnclosedCircle", "decimalEnclosedCircleChinese") and 1 <= number <= 20:
        return chr(0x2460 + number - 1)
    if form in ("lowerRoman", "upperRoman") and 1 <= number < 4000:
        text = ""
        for value, letters in _ROMAN:
            text += letters * (number // value)
            number %= value
        return text.lower() if form == "lowerRoman" else text
    return None


class Numbering:
    """Counts list paragraphs in document order. `unknown` counts those whose number could not be worked out."""

    def __init__(self, part: Any, styles: Any) -> None:
        """part : the w:numbering element or None. styles : the w:styles element, for lists that come with a style."""
        self.unknown = 0
        self._abstract: dict[str, Any] = {}
        self._lists: dict[str, tuple[str, Any]] = {}
        self._counts: dict[tuple[str, int], int] = {}
        self._style_lists: dict[str, tuple[str, int]] = {}
        if part is not None:
            for element in part.findall(qn("w:abstractNum")):
                self._abstract[element.get(qn("w:abstractNumId"))] = element
            for element in part.findall(qn("w:num")):
                target = element.find(qn("w:abstractNumId"))
                if target is not None:
                    self._lists[element.get(qn("w:numId"))] = (target.get(qn("w:val")), element)
        for style in styles.findall(qn("w:style")) if styles is not None else ():
            found = _list_of(style.find(qn("w:pPr")))
            if found:
                self._style_lists[style.get(qn("w:styleId"))] = found

    def prefix(self, properties: Any) -> str:
        """The number before a paragraph with these w:pPr, "" for none and for bullets."""
        found = _list_of(properties)
        if found is None and properties is not None and (style := properties.find(qn("w:pStyle"))) is not None:
            found = self._style_lists.get(style.get(qn("w:val")))
        if found is None or found[0] == "0":
            return ""
        list_id, level = found
        abstract_id, instance = self._lists.get(list_id, ("", None))
        levels = self._levels(abstract_id, instance)
        if level not in levels:
            self.unknown += 1
            return ""
        key = (abstract_id, level)
        self._counts[key] = self._counts[key] + 1 if key in self._counts else levels[level][0]
        for deeper in [other for other in self._counts if other[0] == abstract_id and other[1] > level]:
            del self._counts[deeper]
        _, form, pattern = levels[level]
        if form in ("bullet", "none"):
            return ""
        return self._fill(pattern, abstract_id, levels)

    def _fill(self, pattern: str, abstract_id: str, levels: dict[int, tuple[int, str, str]]) -> str:
        def number(match: re.Match[str]) -> str:
            at = int(match.group(1)) - 1
            start, form, _ = levels.get(at, (1, "decimal", ""))
            text = written(self._counts.get((abstract_id, at), start), form)
            if text is None:
                self.unknown += 1
            return text or ""

        return re.sub(r"%(\d)", number, pattern)

    def _levels(self, abstract_id: str, instance: Any) -> dict[int, tuple[int, str, str]]:
        """level → start, form, pattern such as "（%1）"."""
        abstract = self._abstract.get(abstract_id)
        levels: dict[int, tuple[int, str, str]] = {}
        for element in abstract.findall(qn("w:lvl")) if abstract is not None else ():
            levels[int(element.get(qn("w:ilvl"), "0"))] = (
                int(_value(element, "w:start") or "1"),
                _value(element, "w:numFmt") or "decimal",
                _value(element, "w:lvlText") or "",
            )
        for override in instance.findall(qn("w:lvlOverride")) if instance is not None else ():
            level, start = int(override.get(qn("w:ilvl"), "0")), _value(override, "w:startOverride")
            if start and level in levels:
                levels[level] = (int(start), *levels[level][1:])
        return levels


def _value(element: Any, name: str) -> str | None:
    child = element.find(qn(name))
    return None if child is None else child.get(qn("w:val"))


def _list_of(properties: Any) -> tuple[str, int] | None:
    if properties is None or (numbering := properties.find(qn("w:numPr"))) is None:
        return None
    list_id = _value(numbering, "w:numId")
    return None if list_id is None else (list_id, int(_value(numbering, "w:ilvl") or "0"))
