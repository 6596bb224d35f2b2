"""A small share of the random damage that `python -m tests.ingest.fuzz` does for half an hour."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from ingest import isolate
from ingest.pages import ParsedPage, Span
from ingest.readers.base import Properties
from tests.ingest import fuzz
from tests.ingest.seeds import seeds

CASES = 40


def test_随意损坏的文件不会弄倒读取(tmp_path: Path) -> None:
    tally = fuzz.Tally()
    originals = seeds(tmp_path, old_formats=False)
    for number in range(CASES):
        fuzz.run_case(number, 2018, originals, tmp_path, tally)
    isolate.close()
    assert tally.faults == []
    assert tally.cases == CASES
    assert {"read", "refused"} <= set(tally.outcomes)


def test_完好的样本都读得出(tmp_path: Path) -> None:
    for name, content in seeds(tmp_path, old_formats=False).items():
        path = tmp_path / f"whole{Path(name).suffix}"
        path.write_bytes(content)
        assert fuzz._read(path, name, tmp_path, fuzz.LIMITS) == ("read", ""), name
    isolate.close()


@pytest.mark.parametrize("damage", fuzz.DAMAGES, ids=lambda damage: damage.__name__)
def test_每种损坏都真的改动了文件_且可重现(damage: object, sample_pdf: Path) -> None:
    content = sample_pdf.read_bytes()
    changed = [damage(content, random.Random(number)) for number in range(20)]  # type: ignore[operator]
    assert sum(one != content for one in changed) >= 15
    assert changed == [damage(content, random.Random(number)) for number in range(20)]  # type: ignore[operator]


PROPERTIES = Properties("txt", 1)
BAD = {
    "没有先给属性": [ParsedPage(1, "a", "text", "")],
    "页码倒退": [PROPERTIES, ParsedPage(2, "a", "text", ""), ParsedPage(1, "a", "text", "")],
    "失败而无原因": [PROPERTIES, ParsedPage(1, "a", "failed", "")],
    "位置出界": [PROPERTIES, ParsedPage(1, "a", "text", "x", spans=(Span(0, 2, "line", 0, {}),))],
    "存不下的字符": [PROPERTIES, ParsedPage(1, "a", "text", "\ud800")],
    "零字符": [PROPERTIES, ParsedPage(1, "a", "text", "a\0")],
}


@pytest.mark.parametrize("case", BAD)
def test_自相矛盾的结果会被发现(case: str) -> None:
    assert fuzz._contradiction(BAD[case]) != ""  # type: ignore[arg-type]
