"""What a person is told while files are read."""

from __future__ import annotations

import pytest

from ingest.queue import Progress as Counts
from review.intake import Progress, sentence, share_done


@pytest.mark.parametrize(
    ("progress", "words", "share"),
    [
        (Progress(3, 10), "登记　3/10 份", 0.0),
        (Progress(5, 5, Counts(0, 5, 0, 0, 0, 0, 0, 0)), "读取　0/0 页，完成 0/5 份", 0.0),
        (
            Progress(5, 5, Counts(2, 5, 12, 40, 3, 10, 20, 80), 120.0),
            "读取　12/40 页（文字识别 3/10 页），完成 2/5 份，建立索引 20/80 段，约需 2 分钟",
            32 / 120,
        ),
        (Progress(5, 5, Counts(5, 5, 40, 40, 0, 0, 80, 80), 0.0), "读取　40/40 页，完成 5/5 份，建立索引 80/80 段", 1.0),
        (Progress(1, 1, Counts(1, 1, 0, 0, 0, 0, 0, 0)), "读取　0/0 页，完成 1/1 份", 1.0),
    ],
)  # fmt: skip
def test_进度一句话与完成的份额(progress: Progress, words: str, share: float) -> None:
    assert sentence(progress) == words
    assert share_done(progress) == pytest.approx(share)
