"""Page images and highlights: the box lies where the ink is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ingest.errors import UnreadableFileError
from ingest.pages import ParsedPage
from ingest.readers.pdf import read
from ingest.render import draw_highlights, highlight_boxes, render_page
from tests.ingest import bad_pdfs

_QUOTE = "普惠性幼儿园覆盖率为86.5%，学前三年入园率达到97.2%"


def _first(path: Path) -> ParsedPage:
    return next(item for item in read(path, "a.pdf") if isinstance(item, ParsedPage))


def _dark(image: Image.Image, box: tuple[float, float, float, float], page: ParsedPage) -> float:
    """Share of dark pixels inside a box of points."""
    scale = image.width / page.width
    left, bottom, right, top = box
    part = image.crop(
        (
            int(left * scale),
            int((page.height - top) * scale),
            int(right * scale) + 1,
            int((page.height - bottom) * scale) + 1,
        )
    )
    return float((np.asarray(part.convert("L")) < 128).mean())


def test_跨行的引文每行一个框且框住墨迹(sample_pdf: Path) -> None:
    page = _first(sample_pdf)
    assert page.char_boxes is not None
    at = page.text.index(_QUOTE)
    boxes = highlight_boxes(page.char_boxes, at, at + len(_QUOTE))
    assert len(boxes) == 2
    assert boxes[0][1] > boxes[1][3]  # the first line stands above the second
    image = render_page(sample_pdf, 1)
    assert all(_dark(image, box, page) > 0.08 for box in boxes)
    assert _dark(image, (20, 20, 60, 780), page) == 0  # the margin is white


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_旋转页的框也框住墨迹(degrees: int, sample_pdf: Path, tmp_path: Path) -> None:
    path = bad_pdfs.turned(sample_pdf, tmp_path / "a.pdf", degrees)
    page = _first(path)
    assert page.char_boxes is not None
    image = render_page(path, 1)
    assert image.width / image.height == pytest.approx(page.width / page.height, abs=0.01)
    at = page.text.index("普惠性幼儿园覆盖率")
    for box in page.char_boxes[at : at + 9].tolist():
        assert _dark(image, tuple(box), page) > 0.1


def test_裁剪页的框也框住墨迹(sample_pdf: Path, tmp_path: Path) -> None:
    path = bad_pdfs.cropped(sample_pdf, tmp_path / "a.pdf", 40, 30)
    page = _first(path)
    assert page.char_boxes is not None
    at = page.text.index("一、学前教育")
    [box] = highlight_boxes(page.char_boxes, at, at + 6)
    assert _dark(render_page(path, 1), box, page) > 0.1


def test_没有框的字符不占位() -> None:
    boxes = np.array([[np.nan] * 4, [0, 0, 10, 10], [10, 0, 20, 10], [np.nan] * 4, [0, -20, 10, -10]], dtype=np.float32)
    assert highlight_boxes(boxes, 0, 5) == [(0, 0, 20, 10), (0, -20, 10, -10)]
    assert highlight_boxes(boxes, 0, 1) == []
    assert highlight_boxes(boxes, 3, 3) == []


def test_同一行隔得远的单元格分开() -> None:
    boxes = np.array([[0, 0, 10, 10], [200, 0, 210, 10]], dtype=np.float32)
    assert len(highlight_boxes(boxes, 0, 2)) == 2


def test_标记透明且只在框内() -> None:
    image = Image.new("RGB", (100, 200), "white")
    image.putpixel((50, 100), (0, 0, 0))
    marked = draw_highlights(image, [(20, 40, 30, 60)], 50, 100)
    assert marked.getpixel((50, 100)) == (0, 0, 0)  # black stays black
    assert marked.getpixel((52, 100)) == (255, 214, 0)
    assert marked.getpixel((5, 5)) == (255, 255, 255)
    assert image.getpixel((52, 100)) == (255, 255, 255)  # the image given is not changed


def test_超大页面缩小(tmp_path: Path) -> None:
    from pypdf import PdfWriter

    writer = PdfWriter()
    writer.add_blank_page(14000, 14000)
    writer.write(tmp_path / "a.pdf")
    assert render_page(tmp_path / "a.pdf", 1, scale=3).width < 5000


@pytest.mark.parametrize("page", [0, 4])
def test_没有这一页(page: int, sample_pdf: Path) -> None:
    with pytest.raises(UnreadableFileError, match=f"《自评.pdf》.*没有第 {page} 页，共 3 页"):
        render_page(sample_pdf, page, file="自评.pdf")
