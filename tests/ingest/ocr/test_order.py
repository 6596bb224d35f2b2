"""阅读次序：同一行从左到右，两栏先左后右，横贯的标题分开上下。"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

import pytest

from ingest.ocr.order import rows


@dataclass(frozen=True)
class Part:
    name: str
    box: tuple[float, float, float, float]


def names(parts: list[Part]) -> list[list[str]]:
    return [[part.name for part in row] for row in rows(parts)]


def column(name: str, left: float, count: int, top: float = 100, width: float = 400) -> list[Part]:
    return [Part(f"{name}{n}", (left, top + 40 * n, left + width, top + 40 * n + 30)) for n in range(count)]


@pytest.mark.parametrize("seed", range(5))
def test_次序与找到的先后无关(seed: int) -> None:
    parts = [*column("左", 50, 6), *column("右", 550, 6)]
    Random(seed).shuffle(parts)
    assert names(parts) == [[f"左{n}"] for n in range(6)] + [[f"右{n}"] for n in range(6)]


def test_标题在两栏之上_落款在两栏之下() -> None:
    title, end = Part("标题", (200, 40, 800, 70)), Part("落款", (300, 400, 700, 430))
    parts = [*column("左", 50, 6), *column("右", 550, 6), end, title]
    assert names(parts) == [["标题"], *([f"左{n}"] for n in range(6)), *([f"右{n}"] for n in range(6)), ["落款"]]


def test_名称和数值各一列时按行读() -> None:
    parts = [*column("名", 50, 6, width=80), *column("值", 550, 6, width=60)]
    long = Part("名长", (50, 340, 430, 370))
    assert names([*parts, long])[:6] == [[f"名{n}", f"值{n}"] for n in range(6)]


def test_高低略有参差仍是一行() -> None:
    assert names([Part("乙", (300, 104, 400, 134)), Part("甲", (50, 100, 250, 130))]) == [["甲", "乙"]]


def test_上下相接的两行不并作一行() -> None:
    assert names([Part("甲", (50, 100, 450, 160)), Part("乙", (50, 128, 450, 188))]) == [["甲"], ["乙"]]
