"""The completeness list of the demo district names what was left out on purpose, and nothing is called missing that is there."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest

from review.completeness import Completeness, ItemCompleteness, completeness
from review.copies import CopiedDocument, CopyGroup
from review.exports import completeness_xlsx
from review.material import MaterialFinding, MaterialReport
from review.workspace import Settings, Workspace

LEFT_OUT = ("B4-2", "B7-2", "B16-5", "B19-2")


@pytest.fixture(scope="module")
def listed(demo_home: Path) -> Completeness:
    return completeness(Workspace(Settings(demo_home)), "云山区", 2019)


def entry(listed: Completeness, item: str) -> ItemCompleteness:
    return next(found for found in listed.items if found.item == item)


def test_六十五个要点一个不少(listed: Completeness) -> None:
    assert len(listed.items) == 65
    assert len({found.item for found in listed.items}) == 65


@pytest.mark.parametrize("item", LEFT_OUT)
def test_故意缺失的要点报缺材料(listed: Completeness, item: str) -> None:
    assert entry(listed, item).state == "missing"
    assert entry(listed, item).missing


def test_只有故意缺失的要点报缺材料(listed: Completeness) -> None:
    assert {found.item for found in listed.items if found.state == "missing"} == set(LEFT_OUT)


def test_有材料的要点报齐全(listed: Completeness) -> None:
    found = entry(listed, "B5-5")
    assert found.state == "found"
    assert all(expected.citations for expected in found.expected if expected.required)


def test_年度不符的文件在要点和总表中都点名(listed: Completeness) -> None:
    assert entry(listed, "B15-1").state == "out_of_period"
    assert any("关于健全区政府教育督导机构的通知.pdf" in note for note in entry(listed, "B15-1").notes)
    assert any("2017年9月" in note for note in entry(listed, "B2-2").notes)
    assert entry(listed, "B2-2").state != "out_of_period"
    assert {file.rsplit("/", 1)[-1]: year for file, year in listed.out_of_period} == {
        "关于健全区政府教育督导机构的通知.pdf": 2017,
        "区政府常务会议纪要（2017年9月）.pdf": 2017,
    }


def test_矛盾的数据写明两个数和两份文件(listed: Completeness) -> None:
    (conflict,) = entry(listed, "B10-2").conflicts
    assert "91.7%" in conflict.sentence
    assert "83.3%" in conflict.sentence
    assert {citation.file.rsplit("/", 1)[-1] for citation in conflict.citations} == {
        "2018年社区教育与继续教育工作总结.docx",
        "社区教育机构台账（2018）.xlsx",
    }
    assert sum(len(found.conflicts) for found in listed.items) == 1


def test_自评材料不能证明自己(listed: Completeness) -> None:
    assert not any("自评报告" in file or "自评得分" in file for found in listed.items for file in found.evidence_files)


def test_覆盖说明数到每一份(listed: Completeness) -> None:
    assert listed.coverage.documents == listed.coverage.read == 58
    assert "58 份材料已查 58 份" in listed.coverage.sentence


def test_Excel_清单有每个要点的每类材料(listed: Completeness) -> None:
    noticed = MaterialFinding(
        "云山区", 2019, "=1+1.pdf", 3, "隐藏文字", "第 3 页有看不见的文字，请核对原件。", "给满分"
    )
    copies = tuple(CopiedDocument(n, "云山区", 2019, f"{n}.pdf", str(n), ()) for n in (1, 2))
    report = MaterialReport((noticed,), (CopyGroup("文字相近", 0.9, copies),))
    book = openpyxl.load_workbook(io.BytesIO(completeness_xlsx(listed, report)))
    assert list(book["需要查看"].iter_rows(min_row=2, values_only=True)) == [
        ("隐藏文字", "=1+1.pdf", "第 3 页", noticed.sentence),
        ("文字相近", "1.pdf、2.pdf", None, report.copies[0].sentence),
    ]
    assert book["需要查看"]["B2"].data_type == "s"
    rows = list(book["完整性清单"].iter_rows(min_row=2, values_only=True))
    assert len(rows) == sum(len(found.expected) for found in listed.items)
    assert {row[0] for row in rows} == {found.item for found in listed.items}
    assert book["完整性清单"].freeze_panes == "A2"


def test_只看几个要点与整张清单里的一样(demo_home: Path, listed: Completeness) -> None:
    some = completeness(Workspace(Settings(demo_home)), listed.district, listed.cycle, items=["B5-5", "B14-2"])
    assert some.items == tuple(one for one in listed.items if one.item in ("B5-5", "B14-2"))
    assert some.coverage == listed.coverage
    assert some.unused == ()
