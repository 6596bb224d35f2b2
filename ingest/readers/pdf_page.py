"""One PDF page: whether its text layer can be trusted, and if so the page as text with a box for each character."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from typing import Any

import numpy as np
import pypdfium2

from ingest.pages import ParsedPage
from ingest.readers.pdf_chars import View, chars_of, view_of
from ingest.readers.pdf_drawing import drawing_of, picture_share
from ingest.readers.pdf_hidden import findings_of, hidden_in, sentence
from ingest.readers.pdf_layout import build
from ingest.readers.pdf_order import in_reading_order
from ingest.readers.pdf_suspects import may_hide
from ingest.readers.pdf_tables import tables_of
from ingest.readers.table_pages import Carried
from ingest.text_quality import is_readable, visible_length

_FEW = 15  # fewer characters over a full-page picture are a scanner's stamp or a page number, not the page's text
_WHOLE, _LARGE = (
    0.7,
    0.35,
)  # share of the page a picture covers: the page is a scan; the picture may hold text of its own
_WORD = re.compile(r"[\u4e00-\u9fff]{2}|[A-Za-z]{3}")


def failed(file: str, number: int, why: str, view: View | None = None) -> ParsedPage:
    """A page that cannot be read, with the reason."""
    width, height = view.size if view else (0.0, 0.0)
    return ParsedPage(number, f"第{number}页", "failed", "", f"《{file}》第 {number} 页{why}。", (), width, height)


def read_page(
    page: Any, file: str, number: int, carried: Carried | None, second: Callable[[int], str], *, layers: bool = True
) -> tuple[ParsedPage, Carried | None]:
    """The page, and the table it ends with (None when it does not end with one).

    second : page number → its text by other means, "" when there is none; asked only when pdfium gives nothing readable.
    layers : whether the file has optional content, which some of the page may belong to.
    State "waiting" with source "page": the drawing must be recognised; `text` is then what the text layer says, if that can
    be read at all, with its spans and boxes, to be merged with what is recognised or compared with it.
    """
    view, drawing = view_of(page), drawing_of(page)
    look = may_hide(drawing, layers=layers)
    try:
        textpage = page.get_textpage()
    except pypdfium2.PdfiumError:
        return failed(file, number, "的文字层损坏，请重新导出后上传", view), None
    with closing(textpage):
        chars, reading = chars_of(textpage, view)
        hidden = hidden_in(page, textpage, chars, view, look=look) if reading.turn == view.turn else {}
    if reading.turn != view.turn:
        # pdfium sorts what lies on one line as displayed: a page on its side is read again after turning it upright.
        page.set_rotation(reading.turn)
        with closing(page.get_textpage()) as upright:
            chars, reading = chars_of(upright, reading)
            hidden = hidden_in(page, upright, chars, reading, look=look)
    told = sentence(number, chars, hidden) if hidden else ""
    findings = findings_of(number, chars, hidden) if hidden else ()
    unseen = chars.take(np.array(list(hidden), dtype=np.intp))
    if hidden:
        chars = chars.take(np.delete(np.arange(len(chars)), list(hidden)))
    visible = visible_length(chars.text)
    if visible == 0 and not hidden and not drawing.handles:
        reason = f"第 {number} 页是空白页。"
        return ParsedPage(number, f"第{number}页", "empty", "", reason, (), *view.size), carried
    picture = picture_share(drawing.shapes, view)
    waiting = ParsedPage(
        number, f"第{number}页", "waiting", "", told, (), *view.size, source="page", findings=tuple(findings)
    )
    if visible == 0 or (visible < _FEW and picture > _WHOLE):
        return replace(waiting, text=chars.text.strip()), None
    if not is_readable(chars.text):
        other = second(number)
        if not is_readable(other) or visible_length(other) < visible / 2:
            # A stray sign of a broken font is nobody's hidden word; the drawing will be read instead.
            told_apart = _WORD.search(unseen.text) and is_readable(unseen.text)
            return (waiting if told_apart else replace(waiting, reason="", findings=())), None
        return _without_places(other, waiting), None
    parsed, last = build(in_reading_order(chars), unseen, tables_of(drawing.shapes, reading), number, carried, reading)
    boxes = parsed.char_boxes
    shown = None if boxes is None else view.from_view(reading, boxes)
    parsed = replace(
        parsed,
        reason=told,
        width=view.size[0],
        height=view.size[1],
        char_boxes=shown,
        findings=(*findings, *parsed.findings),
    )
    if picture > _LARGE:
        return replace(parsed, state="waiting", source="page"), None
    return parsed, last


def _without_places(text: str, page: ParsedPage) -> ParsedPage:
    """The page as another engine reads it, which gives lines without their places."""
    from ingest.readers.builder import PageBuilder

    builder = PageBuilder(with_boxes=True)
    for line in text.splitlines():
        if line.strip():
            builder.line(line.strip(), "line", {"page": page.number})
    found = builder.page(page.number, page.label, "text")
    why = f"第 {page.number} 页的文字层用另一种方法读出，没有字的位置，请核对原件。"
    return replace(found, reason=page.reason + why, width=page.width, height=page.height, findings=page.findings)
