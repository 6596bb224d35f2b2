"""The office's wording: versions kept, figures and names that change refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from review.errors import RefusedRecordError
from review.papers.wording import altered, revise, revisions, wording
from review.workspace import Settings, Workspace

BEFORE = "2018 年虚构镇中心小学生均经费为 710 元，《决算.xlsx》未见盖章，差 1 所。"


@pytest.fixture
def own(tmp_path: Path) -> Workspace:
    return Workspace(Settings(tmp_path))


@pytest.mark.parametrize(
    ("after", "named"),
    [
        (BEFORE.replace("710", "720"), "720"),
        (BEFORE.replace("2018 年", ""), "2018"),
        (BEFORE.replace("《决算.xlsx》", "《预算.xlsx》"), "《预算.xlsx》"),
        (BEFORE.replace("虚构镇中心小学", "另一镇中心小学"), "虚构镇"),
        (BEFORE + "共三所。", "三"),
    ],
)
def test_数或名称变了就拒绝(own: Workspace, after: str, named: str) -> None:
    assert any(named in one for one in altered(BEFORE, after))
    with pytest.raises(RefusedRecordError, match="数或名称不同"):
        revise(own, "虚构区", 2019, BEFORE, after, "虚构的科长", model="虚构模型")
    assert revisions(own, "虚构区", 2019) == []


def test_只改措辞就留下新版本_旧版本都在(own: Workspace) -> None:
    first = "据《决算.xlsx》，2018 年虚构镇中心小学生均经费仅 710 元，且未见盖章，差 1 所。"
    second = first.replace("仅", "为")
    revise(own, "虚构区", 2019, BEFORE, first, "虚构的科长")
    revise(own, "虚构区", 2019, BEFORE, second, "虚构的科长", model="虚构模型")
    assert [one.after for one in revisions(own, "虚构区", 2019)] == [first, second]
    assert wording(own, "虚构区", 2019) == {BEFORE: second}
    assert wording(own, "虚构县", 2019) == {}


def test_没有署名就拒绝(own: Workspace) -> None:
    with pytest.raises(RefusedRecordError, match="谁"):
        revise(own, "虚构区", 2019, BEFORE, BEFORE, "")


def test_区县名不会成为路径(own: Workspace, tmp_path: Path) -> None:
    revise(own, "../../虚构", 2019, "虚构句子。", "虚构的句子。", "虚构的科长")
    assert [path.parent.name for path in tmp_path.rglob("*.jsonl") if path.parent.name == "wording"] == ["wording"]
