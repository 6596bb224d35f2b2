"""The office's wording: versions kept, figures and names that change refused."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from sqlalchemy import text

from review.audit import acts
from review.errors import RefusedRecordError
from review.papers.wording import FOLDER, altered, revise, revisions, smooth, wording
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


def test_改写留在记录里_也留在操作记录里(own: Workspace) -> None:
    after = BEFORE.replace("，差", "，尚差")
    revise(own, "虚构区", 2019, BEFORE, after, "虚构的科长", model="虚构模型")
    (act,) = acts(own, "虚构区", 2019)
    assert (act.act, act.after["after"], act.after["model"], act.after["by"]) == (
        "wording_revised", after, "虚构模型", "虚构的科长",
    )  # fmt: skip
    with pytest.raises(Exception, match="frozen row"), own.store.session() as session:
        session.execute(text("UPDATE review_acts SET content = '{}'"))


def test_以前的文件里的改写仍然算数(own: Workspace, tmp_path: Path) -> None:
    folder = tmp_path / FOLDER
    folder.mkdir()
    key = hashlib.sha256("虚构区\n2019".encode()).hexdigest()[:24]
    old = {
        "before": "虚构句。",
        "after": "虚构的句。",
        "by": "虚构的科长",
        "at": "2019-05-06T00:00:00+00:00",
        "model": "",
    }
    (folder / f"{key}.jsonl").write_text(json.dumps(old, ensure_ascii=False) + "\n", encoding="utf-8")
    assert wording(own, "虚构区", 2019) == {"虚构句。": "虚构的句。"}


@pytest.mark.parametrize(
    ("rewritten", "told"),
    [
        (BEFORE.replace("710", "170"), "170"),
        (BEFORE.replace("未见盖章", "盖章齐全"), "否定词"),
        (BEFORE.replace("虚构镇中心小学", "虚构镇实验小学"), "实验小学"),
        (BEFORE + "建议给予表扬并继续推广有关做法，" * 8, "不能添加内容"),
        ("  ", "没有给出"),
    ],
)
def test_模型顺句时改了数_名称或意思就拒绝(rewritten: str, told: str) -> None:
    with pytest.raises(RefusedRecordError, match=told):
        smooth(BEFORE, lambda sentence: rewritten)


def test_模型只顺句子就收下() -> None:
    said = smooth(BEFORE, lambda sentence: sentence.replace("，差 1 所。", "，尚差 1 所。\n"))
    assert said == BEFORE.replace("，差", "，尚差")
