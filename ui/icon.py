"""The icon in the browser's tab: a document with a tick. Drawn here; a named icon would be fetched from the internet."""

from __future__ import annotations

from functools import cache

from PIL import Image, ImageDraw

SIDE_PX = 64
GROUND, PAPER, TICK = (29, 79, 124), (255, 255, 255), (23, 100, 58)


@cache
def tab_icon() -> Image.Image:
    """A square RGBA image."""
    image = Image.new("RGBA", (SIDE_PX, SIDE_PX), (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    pen.rounded_rectangle((0, 0, SIDE_PX - 1, SIDE_PX - 1), radius=12, fill=GROUND)
    pen.rounded_rectangle((14, 9, 50, 55), radius=4, fill=PAPER)
    pen.line((21, 33, 29, 42, 43, 22), fill=TICK, width=6, joint="curve")
    return image
