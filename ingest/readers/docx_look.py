"""Whether the words of a Word run can be seen: marked as hidden, in the paper's colour, too small, squeezed to nothing.

Follows the order in which Word applies formats: the run's own, its character style, its paragraph's style, the defaults.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from docx.oxml.ns import qn

MARKED, UNSEEN, TINY, SQUEEZED = "设为隐藏", "与底色相同", "极小", "压缩到看不见"
_TINY = 5  # half points
_LIGHT = 240  # of 255 in each colour
_ALIKE = 24
_HEX = re.compile(r"^[0-9A-Fa-f]{6}$")
_MAX_STYLES = 50  # styles one upon another; hostile files make circles
# Where a drawing says what it is filled with; anything but plain white makes white words in it readable.
_FILLS = re.compile(r"}(?:solidFill|gradFill|blipFill|pattFill|fillRef|fill)$")


class Looks:
    """Answers for the runs of one document. styles : its w:styles element or None."""

    def __init__(self, styles: Any) -> None:
        self._styles: dict[str, Any] = {}
        self._default: Any = None
        self._standard = ""  # the paragraph style of paragraphs that name none
        for style in styles.findall(qn("w:style")) if styles is not None else ():
            self._styles[style.get(qn("w:styleId"), "")] = style
            if style.get(qn("w:type")) == "paragraph" and style.get(qn("w:default")) in ("1", "true", "on"):
                self._standard = style.get(qn("w:styleId"), "")
        if styles is not None:
            self._default = styles.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")

    def why_hidden(self, run: Any) -> str:
        """Why the words of a w:r cannot be seen, "" when they can."""
        chain = list(self._formats(run))
        if _switched_on(_first(chain, "w:vanish")):
            return MARKED
        size = _number(_first(chain, "w:sz"))
        if size is not None and size <= _TINY:
            return TINY
        width = _number(_first(chain, "w:w"))
        if width is not None and width <= 5:
            return SQUEEZED
        color = _color(_first(chain, "w:color"))
        if color is None:
            return ""
        ground = self._ground(run, chain)
        if ground == "unknown":
            return ""
        paper = _rgb(ground) or (255, 255, 255)
        limit = 255 - _LIGHT if paper == (255, 255, 255) else _ALIKE
        alike = max(abs(one - other) for one, other in zip(color, paper, strict=True)) <= limit
        return UNSEEN if alike else ""

    def _formats(self, run: Any) -> Iterator[Any]:
        """The w:rPr that apply to a run, the strongest first."""
        own = run.find(qn("w:rPr"))
        if own is not None:
            yield own
            yield from self._style(own.find(qn("w:rStyle")), "w:rPr")
        paragraph = _around(run, "w:p")
        yield from self._paragraph_styles(paragraph, "w:rPr")
        if self._default is not None:
            yield self._default

    def _paragraph_styles(self, paragraph: Any, part: str) -> Iterator[Any]:
        named = None if paragraph is None else paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        yield from self._style(named if named is not None else self._standard, part)

    def _style(self, named: Any, part: str) -> Iterator[Any]:
        """The w:rPr or w:pPr of a style and of those it is based on."""
        name = named if isinstance(named, str) else None if named is None else named.get(qn("w:val"))
        for _ in range(_MAX_STYLES):
            style = self._styles.get(name or "")
            if style is None:
                return
            properties = style.find(qn(part))
            if properties is not None:
                yield properties
            based = style.find(qn("w:basedOn"))
            name = None if based is None else based.get(qn("w:val"))

    def _ground(self, run: Any, chain: list[Any]) -> str:
        """The colour behind a run as six hexadecimal figures, "" for bare paper, "unknown" when a style or drawing decides it."""
        mark = _first(chain, "w:highlight")
        if mark is not None and mark.get(qn("w:val")) not in (None, "none", "white"):
            return "unknown"
        paragraph = _around(run, "w:p")
        shades = [_first(chain, "w:shd")]
        if paragraph is not None:
            shades.append(paragraph.find(f"{qn('w:pPr')}/{qn('w:shd')}"))
            shades.extend(part.find(qn("w:shd")) for part in self._paragraph_styles(paragraph, "w:pPr"))
        cell = _around(run, "w:tc")
        if cell is not None:
            shades.append(cell.find(f"{qn('w:tcPr')}/{qn('w:shd')}"))
        for shade in shades:
            fill = _fill(shade)
            if fill:
                return fill
        if cell is not None and self._table_is_shaded(_around(cell, "w:tbl")):
            return "unknown"
        box = _around(run, "w:txbxContent")
        return "unknown" if box is not None and _drawing_is_filled(box) else ""

    def _table_is_shaded(self, table: Any) -> bool:
        """Whether the table, or any condition of its style, colours cells."""
        own = None if table is None else table.find(f"{qn('w:tblPr')}/{qn('w:shd')}")
        if _fill(own):
            return True
        named = None if table is None else table.find(f"{qn('w:tblPr')}/{qn('w:tblStyle')}")
        name = None if named is None else named.get(qn("w:val"))
        for _ in range(_MAX_STYLES):
            style = self._styles.get(name or "")
            if style is None:
                return False
            if any(_fill(shade) for shade in style.iter(qn("w:shd"))):
                return True
            based = style.find(qn("w:basedOn"))
            name = None if based is None else based.get(qn("w:val"))
        return False


def _first(chain: list[Any], name: str) -> Any:
    """The setting of that name in the strongest format that has one."""
    return next((found for part in chain if (found := part.find(qn(name))) is not None), None)


def _around(element: Any, name: str) -> Any:
    return next(element.iterancestors(qn(name)), None)


def _switched_on(switch: Any) -> bool:
    return switch is not None and switch.get(qn("w:val"), "true") not in ("0", "false", "off")


def _number(element: Any) -> float | None:
    value = "" if element is None else element.get(qn("w:val"), "")
    try:
        return float(value.rstrip("%pt"))
    except ValueError:
        return None


def _color(element: Any) -> tuple[int, int, int] | None:
    """Red, green, blue; None for automatic colour, which is always readable."""
    if element is None:
        return None
    if element.get(qn("w:themeColor")) in ("background1", "light1") and element.get(qn("w:themeShade")) is None:
        return 255, 255, 255
    return _rgb(element.get(qn("w:val"), ""))


def _rgb(text: str) -> tuple[int, int, int] | None:
    if not _HEX.match(text):
        return None
    return int(text[:2], 16), int(text[2:4], 16), int(text[4:], 16)


def _fill(shade: Any) -> str:
    """The colour of a w:shd: six figures, "unknown" for patterns and theme colours, "" for none."""
    if shade is None:
        return ""
    if shade.get(qn("w:themeFill")) not in (None, "background1", "light1"):
        return "unknown"
    if shade.get(qn("w:val"), "clear") not in ("clear", "nil"):
        return "unknown"
    fill = str(shade.get(qn("w:fill"), ""))
    return fill.upper() if _HEX.match(fill) and fill.upper() != "FFFFFF" else ""


def _drawing_is_filled(box: Any) -> bool:
    """Whether the shape around a text box is, or by its style may be, filled with something else than white."""
    shape = next(
        (above for above in box.iterancestors() if above.tag.rpartition("}")[2] in ("wsp", "shape", "rect")), None
    )
    if shape is None:
        return False
    if shape.get("fillcolor") and shape.get("fillcolor", "").lower() not in ("white", "#fff", "#ffffff"):
        return True
    for part in shape.iter():
        if (
            not isinstance(part.tag, str)
            or not _FILLS.search(part.tag)
            or any(up is box for up in part.iterancestors())
        ):
            continue
        white = any(child.get("val") in ("FFFFFF", "bg1") for child in part)
        if not white and part.get("idx") != "0":
            return True
    return False
