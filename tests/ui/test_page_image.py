"""The part of a page image that is shown always holds the marked words."""

from __future__ import annotations

import pytest
from PIL import Image

from ui.page_image import MARGIN_PX, PART, Box, part, printed

WIDTH, HEIGHT = 600.0, 850.0
SCALE = 2


def shown(boxes: list[Box], height: int = 1600) -> tuple[int, int]:
    """Edges of the part, for a page of which nothing was cut off above."""
    return part(boxes, HEIGHT, int(HEIGHT * SCALE), 0, Image.new("RGB", (1000, height)))


@pytest.mark.parametrize("top", range(20, 851, 10))
def test_引文总在所示部分之内(top: int) -> None:
    box = (50.0, top - 20.0, 500.0, float(top))
    upper, lower = shown([box], height=1700)
    assert 0 <= upper <= (HEIGHT - box[3]) * SCALE
    assert (HEIGHT - box[1]) * SCALE <= lower <= 1700
    assert lower - upper <= int(1000 * PART)


def test_引文在上部就从页首开始() -> None:
    assert shown([(50, 800, 500, 820)]) == (0, int(1000 * PART))


def test_引文比所示部分高就全部显示() -> None:
    upper, lower = shown([(50, 100, 500, 780)])
    assert upper <= (HEIGHT - 780) * SCALE
    assert lower >= (HEIGHT - 100) * SCALE


def test_不高的页面和没有位置的引文显示整页() -> None:
    assert shown([(50, 10, 500, 30)], height=900) == (0, 900)
    assert shown([]) == (0, 1600)


def test_裁去白边而留下字迹() -> None:
    page = Image.new("RGB", (400, 600), (255, 255, 255))
    page.paste((0, 0, 0), (100, 200, 150, 220))
    assert printed(page) == (100 - MARGIN_PX, 200 - MARGIN_PX, 150 + MARGIN_PX, 220 + MARGIN_PX)
    assert printed(Image.new("RGB", (400, 600), (255, 255, 255))) == (0, 0, 400, 600)
