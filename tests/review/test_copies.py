"""Copies are found by bytes and by words; one district never sees that another handed in the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.pipeline import ingest_file
from ingest.tables import EvidenceLink, Passage
from review.copies import CopyGroup, find_copies
from review.workspace import Settings, Workspace

SAFETY = "".join(
    f"第{n}所学校已完成消防、校车、食品三项安全检查，整改隐患{n * 3}处，落实责任人{n % 7 + 1}名。\n" for n in range(40)
)
BUDGET = "".join(f"第{n}项经费预算{n * 37}万元，由财政部门拨付{n * 31}万元，用于改善薄弱学校。\n" for n in range(40))


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(Settings(tmp_path / "home"))


def take(workspace: Workspace, name: str, text: str, district: str = "云山区", cycle: int = 2019) -> None:
    path = workspace.settings.home.parent / "given.txt"
    path.write_text(text, encoding="utf-8")
    assert ingest_file(workspace.store, path, district=district, cycle=cycle, label=name).state == "indexed"


def kinds(groups: list[CopyGroup]) -> list[tuple[str, list[str]]]:
    return [(group.kind, [copy.file for copy in group.documents]) for group in groups]


def test_三种重复分别说明而不同的材料不算(workspace: Workspace) -> None:
    take(workspace, "安全.txt", SAFETY)
    take(workspace, "副本/安全.txt", SAFETY)
    take(workspace, "经费.txt", BUDGET)
    take(workspace, "经费（重新排版）.txt", BUDGET.replace("，", "， "))
    take(workspace, "无关.txt", "教师培训共开展十二期，参训教师三百余人，" * 10)
    found = find_copies(workspace, "云山区")
    assert kinds(found) == [
        ("内容完全相同", ["安全.txt", "副本/安全.txt"]),
        ("文字完全相同（文件不同）", ["经费.txt", "经费（重新排版）.txt"]),
    ]
    assert all("请核对" in group.sentence and "约" not in group.sentence for group in found)


def test_去年的报告只改了年份算文字相近并指出跨年度(workspace: Workspace) -> None:
    take(workspace, "2017年安全报告.txt", "2017年安全工作报告。\n" + SAFETY, cycle=2018)
    take(workspace, "2018年安全报告.txt", "2018年安全工作报告。\n" + SAFETY.replace("整改隐患30处", "整改隐患31处"))
    (group,) = find_copies(workspace, "云山区")
    assert group.kind == "文字相近"
    assert 0.85 <= group.share < 1
    assert "不同年度" in group.sentence
    assert "不同区县" not in group.sentence


def test_只查一个区县时看不到别的区县(workspace: Workspace) -> None:
    take(workspace, "安全.txt", SAFETY)
    take(workspace, "照抄.txt", SAFETY + "另有一句。\n", district="清河区")
    assert find_copies(workspace, "云山区") == []
    (group,) = find_copies(workspace)
    assert "不同区县" in group.sentence
    assert {copy.district for copy in group.documents} == {"云山区", "清河区"}


def test_用于不同评价要点时指出(workspace: Workspace) -> None:
    take(workspace, "安全.txt", SAFETY)
    take(workspace, "安全二.txt", SAFETY + "另有一句。\n")
    with workspace.store.session() as session:
        for passage in session.query(Passage):
            item = "B12-1" if passage.document_id == 1 else "B12-2"
            session.add(
                EvidenceLink(
                    passage_id=passage.id, item=item, rank=1, confidence=0.5, verdict="supports", method="测试"
                )
            )
    (group,) = find_copies(workspace, "云山区")
    assert [copy.items for copy in group.documents] == [("B12-1",), ("B12-2",)]
    assert "不同评价要点" in group.sentence


def test_演示材料里没有重复(demo: Workspace) -> None:
    assert find_copies(demo) == []
