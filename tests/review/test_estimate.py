"""The estimate follows the slowest of the parts that go on side by side, and says nothing before it knows."""

from __future__ import annotations

import pytest

from ingest.queue import Progress
from review.estimate import Estimate, in_words


def _at(pages: int, recognised: int, passages: int, *, cut: int = 0) -> Progress:
    return Progress(0, 5, pages, 100, recognised, 40, passages, cut)


def test_开头不猜() -> None:
    estimate = Estimate()
    assert estimate.seconds_left(0.0, _at(0, 0, 0)) is None
    assert estimate.seconds_left(2.9, _at(30, 0, 0)) is None, "不到三秒的快慢不作数"
    assert estimate.seconds_left(3.0, _at(30, 0, 0)) == pytest.approx(3.0)


def test_最慢的一项说了算() -> None:
    estimate = Estimate()
    estimate.seconds_left(0.0, _at(0, 0, 0))
    # 60 pages of text are read, and 10 of the 40 pictures: 30 pictures at 1 a second.
    assert estimate.seconds_left(10.0, _at(70, 10, 0)) == pytest.approx(30.0)


def test_还没切出的段落按已读的页推算() -> None:
    estimate = Estimate()
    estimate.seconds_left(0.0, Progress(0, 5, 50, 100, 0, 0, 0, 200))
    assert estimate.seconds_left(10.0, Progress(0, 5, 50, 100, 0, 0, 100, 200)) == pytest.approx(30.0)


def test_全部完成就是零() -> None:
    assert Estimate().seconds_left(0.0, Progress(5, 5, 100, 100, 0, 0, 9, 9)) == 0.0


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, ""), (0.0, "约需不到 1 分钟"), (59.9, "约需不到 1 分钟"), (60.0, "约需 1 分钟"), (3540.0, "约需 59 分钟"),
        (3600.0, "约需 1 小时"), (5400.0, "约需 1 小时 30 分钟"),
    ],
)  # fmt: skip
def test_用话说(seconds: float | None, words: str) -> None:
    assert in_words(seconds) == words
