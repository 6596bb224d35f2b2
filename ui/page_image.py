"""The image of a cited PDF page: quoted words marked, margins cut, and by default the part of the page around the words."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import streamlit as st
from PIL import Image, ImageChops

from ingest.render import draw_highlights, render_page

Box = tuple[float, float, float, float]

# Pixels per point: sharp on the panel's width also on dense screens.
SCALE = 2.0
# Height of the part shown, as a share of its width: what fits beside an answer on a common screen.
PART = 1.05
# Where the first marked line stands in the part shown when the page does not begin there.
LEAD = 0.3
MARGIN_PX = 16
KEPT_IMAGES = 100


@st.cache_data(show_spinner=False, max_entries=KEPT_IMAGES)
def page_png(
    original: str,
    file: str,
    number: int,
    boxes: tuple[Box, ...],
    width: float,
    height: float,
    kind: str = "",
    source: str = "",
) -> tuple[bytes, bytes]:
    """(the part around the boxes, the whole page) as PNG; both the same when the page is low enough.

    width, height : of the page in points (pixels for a picture), as the boxes are. file : label for sentences.
    kind, source : of the file and page as recorded. Raises IngestError.
    """
    page = draw_highlights(
        render_page(Path(original), number, scale=SCALE, file=file, kind=kind, source=source), boxes, width, height
    )
    left, top, right, bottom = printed(page)
    whole = page.crop((left, top, right, bottom))
    upper, lower = part(boxes, height, page.height, top, whole)
    return _png(whole.crop((0, upper, whole.width, lower))), _png(whole)


def printed(page: Image.Image) -> tuple[int, int, int, int]:
    """The area that is not white, with a narrow margin, in pixels; the whole page when it is blank."""
    paper = Image.new("RGB", page.size, (255, 255, 255))
    found = ImageChops.difference(page.convert("RGB"), paper).getbbox()
    if found is None:
        return 0, 0, page.width, page.height
    left, top, right, bottom = found
    return (
        max(left - MARGIN_PX, 0),
        max(top - MARGIN_PX, 0),
        min(right + MARGIN_PX, page.width),
        min(bottom + MARGIN_PX, page.height),
    )


def part(boxes: Sequence[Box], page_height: float, pixels: int, cut: int, whole: Image.Image) -> tuple[int, int]:
    """Upper and lower edge, in pixels of `whole`, of the part to show: the page's head, or further down when the boxes are there.

    pixels : height of the uncut image. cut : how much of it was cut off above `whole`.
    """
    tall = int(whole.width * PART)
    if whole.height <= tall or not boxes:
        return 0, min(whole.height, tall) if boxes else whole.height
    scale = pixels / page_height
    first = int((page_height - max(box[3] for box in boxes)) * scale) - cut
    last = int((page_height - min(box[1] for box in boxes)) * scale) - cut
    if last + MARGIN_PX <= tall:
        return 0, tall
    upper = max(0, min(first - int(tall * LEAD), whole.height - tall))
    return upper, max(upper + tall, min(last + MARGIN_PX, whole.height))


def _png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()
