"""The charts: the right picture from the numbers, legible without colour, and never a failure for odd data."""

from __future__ import annotations

import io
from itertools import pairwise

import numpy as np
import pytest
from PIL import Image

from review.charts import STATES, Bar, font, heat_chart, profile_chart, ranking_chart, waterfall_chart, years_chart

WORDS = {state: state for state in STATES}


def pixels(png: bytes) -> np.ndarray:
    """(height, width) of lightness, 0 to 255."""
    return np.asarray(Image.open(io.BytesIO(png)).convert("L"))


def colours(png: bytes) -> set[tuple[int, ...]]:
    found = Image.open(io.BytesIO(png)).convert("RGB").getcolors(1 << 24) or []
    return {colour for count, colour in found if count > 200}


def test_中文字体找得到() -> None:
    assert font().get_file() is not None


def test_最长的柱子是最高分() -> None:
    bands = [("优秀", 900.0), ("良好", 750.0), ("合格", 600.0), ("不合格", 0.0)]
    png = ranking_chart([Bar("虚构甲区", 950, 950), Bar("虚构乙区", 700, 700)], bands, 1020)
    blue = (np.asarray(Image.open(io.BytesIO(png)).convert("RGB")) == (0, 114, 178)).all(axis=2)
    lengths = blue.sum(axis=1)
    half = len(lengths) // 2
    assert lengths[:half].max() > lengths[half:].max() > 0


def test_未定的总分画成斜线区间() -> None:
    bands = [("合格", 0.0)]
    known, open_ = (ranking_chart([Bar("虚构区", 600, high)], bands, 1020) for high in (600.0, 900.0))
    assert known != open_


def test_五种材料状态在黑白打印下也分得开() -> None:
    shades = sorted(Image.new("RGB", (1, 1), shade).convert("L").getpixel((0, 0)) for shade, _ in STATES.values())
    assert min(b - a for a, b in pairwise(shades)) >= 15
    assert len({sign for _, sign in STATES.values()}) == len(STATES)


def test_热力图每种状态都画出来() -> None:
    png = heat_chart([("虚构区", [("1", state) for state in STATES] * 4)], WORDS)
    assert {(8, 48, 107), (191, 215, 234), (230, 159, 0), (127, 127, 127)} <= colours(png)


@pytest.mark.parametrize(
    "png",
    [
        profile_chart(["A1 虚构" * 9], [0.0], [100.0], "虚构" * 30),
        waterfall_chart(1000.0, (), 1000.0),
        waterfall_chart(1000.0, (("B1", 1000.0),), 0.0),
        waterfall_chart(1000.0, (("B1", 30.0), ("B21", -20.0)), 990.0),
        heat_chart([], WORDS),
        ranking_chart([], [("合格", 0.0)], 1020),
        years_chart(["虚构区"], [None], [None], 2019),
        years_chart(["虚构区" * 20, "乙"], [800.0, None], [850.0, 700.0], 2019),
    ],
)
def test_少见的数据也画得出(png: bytes) -> None:
    assert pixels(png).min() < 100
    assert pixels(png).max() == 255
