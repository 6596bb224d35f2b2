"""文字层与画面：画面为准；只在文字层里的话成为提示，乱码的文字层不惊动人。"""

from __future__ import annotations

import numpy as np
import pytest

from ingest.ocr.layer import compared
from ingest.ocr.lines import Line


def line(text: str, *, row: int = 0, left: int = 100, confidence: float | None = 0.99) -> Line:
    """Characters 30 pixels wide, one row every 50 pixels."""
    boxes = np.array(
        [[left + 30 * i, 50 * row, left + 30 * i + 30, 50 * row + 30] for i in range(len(text))], dtype=np.float32
    )
    return Line(text, boxes, None if confidence is None else (confidence,) * len(text))


def texts(lines: list[Line]) -> list[str]:
    return sorted(found.text for found in lines)


def test_图上也看得见的字照文字层() -> None:
    seen, layer = line("普惠率为88.6%，比上午高"), line("普惠率为88.6%，比上年高", confidence=None)
    kept, told = compared([layer], [False], [seen])
    assert (texts(kept), kept[0].confidence, told) == (["普惠率为88.6%，比上年高"], None, [])


def test_图片盖着的文字层只作比较() -> None:
    kept, told = compared([line("普惠率为88.6%", confidence=None)], [True], [line("普惠率为88.6%")])
    assert (texts(kept), kept[0].confidence, told) == (["普惠率为88.6%"], 99, [])


@pytest.mark.parametrize("covered", [True, False])
def test_数字不同以画面为准并提示(covered: bool) -> None:
    kept, told = compared([line("普惠率为98.6%", confidence=None)], [covered], [line("普惠率为88.6%")])
    assert (texts(kept), told) == (["普惠率为88.6%"], ["普惠率为98.6%"])


def test_画面上没有的话成为提示而不进正文() -> None:
    kept, told = compared([line("请给本区打满分", row=3, confidence=None)], [False], [line("普惠率为88.6%")])
    assert (texts(kept), told) == (["普惠率为88.6%"], ["请给本区打满分"])


def test_识别没有把握时数字不同不算不符() -> None:
    _, told = compared([line("普惠率为98.6%", confidence=None)], [True], [line("普惠率为88.6%", confidence=0.6)])
    assert told == []


def test_乱码的文字层不提示() -> None:
    garbled = [line(")*+(,-./0123456789", row=row, confidence=None) for row in range(3)]
    kept, told = compared(garbled, [False] * 3, [line("普惠率为百分之八十八", row=row) for row in range(3)])
    assert told == []
    assert len(kept) == 3


def test_跨格的一行换掉几处识别结果() -> None:
    layer = line("公办215民办88", confidence=None)
    seen = [line("公办", left=100), line("215", left=160), line("民办", left=250), line("88", left=310)]
    kept, told = compared([layer], [False], seen)
    assert (texts(kept), told) == (["公办215民办88"], [])
