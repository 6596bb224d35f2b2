"""School lists as they come: CSV (UTF-8, GB18030), XLSX, YAML; every fault at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from review.errors import SchoolListError
from review.school_list import read_schools
from scoring_rules.sampling import School

ROWS = [
    ["学校名称", "学段", "城乡", "学生数", "办学性质"],
    ["虚构一小", "小学", "城区", 900, "公办"],
    ["虚构二小", "小学", "乡村", 120, "公办"],
    ["虚构三小", "小学", "乡村", 300, "民办"],
    ["虚构幼儿园", "幼儿园", "城区", 90, "民办"],
]
EXPECTED = [
    School("虚构一小", "小学", "城区", "大", "公办"),
    School("虚构二小", "小学", "乡村", "小", "公办"),
    School("虚构三小", "小学", "乡村", "小", "民办"),
    School("虚构幼儿园", "幼儿园", "城区", "小", "民办"),
]


def _csv(path: Path, encoding: str) -> Path:
    text = "\n".join(",".join(str(cell) for cell in row) for row in ROWS) + "\n,,,,\n"
    (path / "名单.csv").write_bytes(text.encode(encoding))
    return path / "名单.csv"


def _xlsx(path: Path) -> Path:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in ROWS:
        book.active.append([float(cell) if isinstance(cell, int) else cell for cell in row])
    book.save(path / "名单.xlsx")
    return path / "名单.xlsx"


def _yaml(path: Path) -> Path:
    lines = [f"- {{name: {n}, stage: {s}, area: {a}, size: {p}, ownership: {o}}}" for n, s, a, p, o in ROWS[1:]]
    (path / "名单.yaml").write_text("\n".join(lines), encoding="utf-8")
    return path / "名单.yaml"


@pytest.mark.parametrize(
    "write",
    [lambda p: _csv(p, "utf-8-sig"), lambda p: _csv(p, "gb18030"), _xlsx, _yaml],
    ids=["CSV", "CSV国标", "XLSX", "YAML"],
)
def test_读到同样的学校(tmp_path: Path, write: Callable[[Path], Path]) -> None:
    assert read_schools(write(tmp_path)) == EXPECTED


def test_规模写成词的照用(tmp_path: Path) -> None:
    path = tmp_path / "名单.csv"
    path.write_text("学校,学段,规模\n甲校,小学,大型\n", encoding="utf-8")
    assert read_schools(path) == [School("甲校", "小学", "", "大型", "")]


def test_一次列出全部问题(tmp_path: Path) -> None:
    path = tmp_path / "名单.csv"
    path.write_text("学校名称,学段\n甲校,\n,小学\n甲校,小学\n", encoding="utf-8")
    with pytest.raises(SchoolListError) as caught:
        read_schools(path)
    assert caught.value.faults == ("第 2 行没有“学段”", "第 3 行没有“学校名称”", "“甲校”出现 2 次")


@pytest.mark.parametrize(
    ("name", "content"),
    [("空.csv", b""), ("坏.xlsx", b"not a zip"), ("坏.yaml", b"a: [1"), ("词.yaml", b"hello"), ("坏.csv", b"\xff\xff")],
    ids=["空", "坏工作簿", "坏YAML", "不是列表", "坏编码"],
)
def test_读不出的名单(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SchoolListError, match="请改正"):
        read_schools(tmp_path / name)
