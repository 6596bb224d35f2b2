"""Fictional sheets of paper as pictures, with known words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw

from eval_sets.ingest.scans import seal_font

WIDTH, HEIGHT = 1240, 1754  # A4 at 150 dpi
LINES = (
    "一、基本情况（演示数据）",
    "全区共有学校126所，在校学生84,312人。",
    "普惠性幼儿园覆盖率为88.6%，比上年高。",
    "教育支出12.46亿元，按时足额拨付到位。",
)


def sheet(
    lines: Sequence[str] = LINES, *, left: int = 140, top: int = 240, size: int = 36, step: int = 70
) -> Image.Image:
    """Lines of text one below the other."""
    page = Image.new("RGB", (WIDTH, HEIGHT), "white")
    write(page, lines, left=left, top=top, size=size, step=step)
    return page


def write(
    page: Image.Image, lines: Sequence[str], *, left: int, top: int, size: int = 36, step: int = 70,
    colour: tuple[int, int, int] = (20, 20, 20),
) -> None:  # fmt: skip
    """Writes the lines on the page."""
    pen, font = ImageDraw.Draw(page), seal_font(size)
    for number, line in enumerate(lines):
        pen.text((left, top + number * step), line, font=font, fill=colour)


def ruled(
    page: Image.Image, xs: Sequence[int], ys: Sequence[int], *, without: Sequence[tuple[str, int, int]] = ()
) -> None:
    """Draws a grid. without : ("|", column border, row) and ("-", row border, column) that are left out, so that cells merge."""
    pen = ImageDraw.Draw(page)
    for column, x in enumerate(xs):
        for row in range(len(ys) - 1):
            if ("|", column, row) not in without:
                pen.line((x, ys[row], x, ys[row + 1]), fill=0, width=2)
    for row, y in enumerate(ys):
        for column in range(len(xs) - 1):
            if ("-", row, column) not in without:
                pen.line((xs[column], y, xs[column + 1], y), fill=0, width=2)


def noisy(page: Image.Image, *, deviation: float = 12, seed: int = 1) -> Image.Image:
    """The page with the grain of a bad scan."""
    values = np.asarray(page).astype(np.float32)
    grain = np.random.default_rng(seed).normal(0, deviation, values.shape[:2])[:, :, None]
    return Image.fromarray((values + grain).clip(0, 255).astype(np.uint8))
