"""Four kills in a small import; the whole suite is `python -m tests.faults.kills` (at least 50 kills, 200 pages)."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.faults.kills import run
from tests.faults.material import FONTS
from tests.faults.snapshot import differences

pytestmark = [
    pytest.mark.model,
    pytest.mark.skipif(sys.platform == "win32", reason="用信号杀进程，Windows 没有"),
    pytest.mark.skipif(not any(Path(font).exists() for font in FONTS), reason="没有中文字体，画不出扫描件"),
]


def test_随时被杀后重新运行与从未中断的完全一致(tmp_path: Path) -> None:
    told: list[str] = []
    report = run(tmp_path, text_pages=12, scanned_pages=1, kills=4, seed=5, say=told.append)
    assert len(report.kills) == 4
    assert report.pages == 20
    assert report.faults == [], "\n".join(told)


def test_两份快照的每一种差别都看得出来() -> None:
    one = {"pages": {1: "a", 2: "b"}, "left": {}}
    other = {"pages": {2: "c", 3: "d"}, "left": {7: "read"}}
    assert differences(one, one) == []
    assert differences(one, other) == ["left: 多了 7", "pages: 少了 1", "pages: 多了 3", "pages: 不同 2: b / c"]
