"""Words that are in a PDF's text layer and that nobody sees on the page.

Off the paper and tiny words follow from their boxes. For everything else the objects of the page say which text might not
show (light, transparent, clipped, optional, under a picture or a shape); only then is the page drawn, once with and once
without that text: where both drawings agree, nobody sees it. Most pages have no such text and are never drawn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

import numpy as np
import pypdfium2.raw as pdfium_c
from numpy.typing import NDArray

from ingest.hidden import hidden_finding
from ingest.pages import Finding
from ingest.readers.pdf_chars import Char, Chars, View
from ingest.readers.pdf_lines import is_blank
from ingest.readers.pdf_objects import IMAGE, PATH, SHADING, TEXT, Drawn, area, key_of, objects_of, overlap

OFF_PAGE, TINY, UNSEEN = "页面之外", "极小", "与底色相同"
NOT_PAINTED, CLIPPED, COVERED, OFF, TRANSPARENT = "设为不显示", "被裁剪", "被图片或色块遮住", "所在图层关闭", "透明"
_TINY = 2.2  # points; the smallest print of any real paper is about 4
_LIGHT = 200  # of 255, in each colour
_ALIKE = 48  # difference in each colour below which text on a ground must be looked at
_FAINT = 40  # of 255: how opaque what is drawn must be to count without a look
_FLAT = 12  # grey levels between the two drawings below which nothing can be read
_SCAN = 0.3  # share of the page from which a picture is a scan, and invisible words on it are its recognised text
_MAX_PIXELS = 6_000_000


def hidden_in(page: Any, textpage: Any, chars: Chars, view: View, *, look: bool = True) -> dict[int, str]:
    """Position in `chars` → why it cannot be seen. view : of the boxes, and how the page is turned now.

    look : whether the objects of the page must be looked at; False where a quick look (pdf_suspects) has found nothing.
    """
    found = _out_of_sight(chars, view)
    if not look:
        return _with_spaces(chars, found) if found else found
    drawn = objects_of(page)
    doubtful = _doubtful(drawn, view)
    if not doubtful:
        return _with_spaces(chars, found)
    places: dict[int, list[int]] = {}
    for position, char in enumerate(chars):
        if position in found or char.made_up or char.text.isspace() or char.index < 0:
            continue
        key = key_of(pdfium_c.FPDFText_GetTextObject(textpage, char.index))
        if key in doubtful:
            places.setdefault(key, []).append(position)
    found.update((p, NOT_PAINTED) for key, ps in places.items() if doubtful[key][1] == NOT_PAINTED for p in ps)
    open_ = {key: ps for key, ps in places.items() if doubtful[key][1] != NOT_PAINTED}
    if open_:
        difference, scale = _difference(page, [doubtful[key][0].handle for key in open_])
        for key, positions in open_.items():
            for position in positions:
                if not _shows(difference, scale, chars[position], view):
                    found[position] = doubtful[key][1]
    return _with_spaces(chars, found)


def _out_of_sight(chars: Chars, view: View) -> dict[int, str]:
    """Position of each character that is off the paper or too small to read, with the reason."""
    width, height = view.size
    left, bottom, right, top = chars.boxes.T
    ink = ~chars.made_up & ~is_blank(chars)
    off = ink & ((right < -1) | (left > width + 1) | (top < -1) | (bottom > height + 1))
    small = ink & ~off & (np.maximum(top - bottom, right - left) < _TINY)
    found = dict.fromkeys(np.flatnonzero(off).tolist(), OFF_PAGE)
    found.update((position, TINY) for position in np.flatnonzero(small).tolist() if chars.text[position].isalnum())
    return found


def _with_spaces(chars: Sequence[Char], found: dict[int, str]) -> dict[int, str]:
    """In the order of the page, with the blanks between two characters that are hidden for the same reason."""
    whole: dict[int, str] = {}
    last = -1
    for position in sorted(found):
        between = range(last + 1, position)
        if whole and found[position] == whole[last] and all(chars[blank].text == " " for blank in between):
            whole.update((blank, found[position]) for blank in between)
        whole[position] = found[position]
        last = position
    return whole


def _doubtful(drawn: Sequence[Drawn], view: View) -> dict[int, tuple[Drawn, str]]:
    """Text objects that may be unseen, by key, each with the reason that would then hold."""
    paper = max((view.right - view.left) * (view.top - view.bottom), 1.0)
    grounds = [one for one in drawn if one.kind in (IMAGE, SHADING) or (one.kind == PATH and one.color is not None)]
    scans = [one for one in grounds if one.kind == IMAGE and area(one.bounds) >= _SCAN * paper]
    found: dict[int, tuple[Drawn, str]] = {}
    for text in drawn:
        if text.kind == TEXT and (why := _doubt(text, grounds, scans)):
            found[text.key] = (text, why)
    return found


def _doubt(text: Drawn, grounds: Sequence[Drawn], scans: Sequence[Drawn]) -> str:
    """Why a text object may be unseen, "" when it must show."""
    size = area(text.bounds) or 1.0
    on_scan = any(area(overlap(text.bounds, scan.bounds)) > 0.5 * size for scan in scans)
    if text.invisible:
        return "" if on_scan else NOT_PAINTED
    if text.clipped:
        return CLIPPED
    if text.layered:
        return OFF
    if text.soft or (text.color is not None and text.color[3] < 255 - _FAINT):
        return TRANSPARENT
    under = [ground for ground in grounds if area(overlap(text.bounds, ground.bounds)) > 0.05 * size]
    above = [ground for ground in under if ground.order > text.order and _hides(ground)]
    if above:
        # The words of a scanner program may lie under the picture it made: recognition compares them with the drawn page.
        return "" if on_scan and all(ground in scans for ground in above) else COVERED
    if text.color is None or min(text.color[:3]) >= _LIGHT:
        return UNSEEN
    if any(ground.order < text.order and _alike(text, ground) for ground in under):
        return UNSEEN
    return OFF if text.depth else ""  # a form may belong to a layer as a whole, which only drawing can tell


def _hides(ground: Drawn) -> bool:
    return ground.kind != PATH or (ground.color is not None and ground.color[3] > _FAINT)


def _alike(text: Drawn, ground: Drawn) -> bool:
    """Whether the text's colour is near the ground's. What a picture shows at that place is not known: perhaps."""
    if ground.color is None or text.color is None:
        return True
    return max(abs(one - other) for one, other in zip(text.color[:3], ground.color[:3], strict=True)) < _ALIKE


def _difference(page: Any, handles: Sequence[Any]) -> tuple[NDArray[np.int16], float]:
    """Grey levels between the page drawn with and without these objects, and the pixels a point has."""
    width, height = page.get_size()
    scale = min(2.0, (_MAX_PIXELS / max(width * height, 1.0)) ** 0.5)
    shown = _drawn(page, scale)
    for handle in handles:
        pdfium_c.FPDFPageObj_SetIsActive(handle, 0)
    try:
        without = _drawn(page, scale)
    finally:
        for handle in handles:
            pdfium_c.FPDFPageObj_SetIsActive(handle, 1)
    return np.abs(shown - without).max(axis=2), scale


def _drawn(page: Any, scale: float) -> NDArray[np.int16]:
    # In colour: yellow on white is light grey to a camera and plain to the eye.
    image = page.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB")
    return np.asarray(image).astype(np.int16)


def _shows(difference: NDArray[np.int16], scale: float, char: Char, view: View) -> bool:
    rows = slice(
        max(int((view.size[1] - char.top) * scale) - 1, 0), max(int((view.size[1] - char.bottom) * scale) + 2, 0)
    )
    part = difference[rows, max(int(char.left * scale) - 1, 0) : max(int(char.right * scale) + 2, 0)]
    return bool(part.size) and int(part.max()) >= _FLAT


def _by_reason(chars: Sequence[Char], hidden: Mapping[int, str]) -> list[tuple[str, str]]:
    """Each reason with its words, in the order of the page."""
    ordered = sorted(hidden, key=lambda position: (hidden[position], position))
    return [
        (why, "".join(chars[position].text for position in group))
        for why, group in groupby(ordered, key=lambda position: hidden[position])
    ]


def sentence(number: int, chars: Sequence[Char], hidden: Mapping[int, str]) -> str:
    """What the expert is told about a page's hidden words, "" when there are none."""
    parts = [f"{why}：“{words[:60]}{'……' if len(words) > 60 else ''}”" for why, words in _by_reason(chars, hidden)]
    return f"第 {number} 页有看不见的文字（{'；'.join(parts)}），没有作为佐证使用，请核对原件。" if parts else ""


def findings_of(number: int, chars: Sequence[Char], hidden: Mapping[int, str]) -> tuple[Finding, ...]:
    """A finding for each reason for which words of the page cannot be seen."""
    return tuple(hidden_finding(f"第 {number} 页", why, words) for why, words in _by_reason(chars, hidden))
