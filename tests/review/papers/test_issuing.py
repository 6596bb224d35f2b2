"""Issuing a letter: only what is confirmed, only what can be traced, frozen with its hash and told in the log of acts."""

from __future__ import annotations

import hashlib
import io
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import pytest
from sqlalchemy import select, text

from ingest.tables import Examination
from review.audit import acts
from review.errors import NotAllowedError, OtherDistrictError, RefusedRecordError
from review.papers import issuing
from review.papers.issuing import issue, issued, issued_file
from review.papers.letter import UNSETTLED, letter_values
from review.papers.proof import district_faults
from review.papers.record import DistrictRecord, read_record
from review.papers.render import render
from review.papers.wording import revise
from review.people import Person
from review.workspace import Settings, Workspace
from tests.review.papers.conftest import CYCLE, DAY, DISTRICT, NUMBER, WHO, examined, words


def test_签发的信_只有确认过的_有文号日期_没有拟定字样(ready: Workspace) -> None:
    record = read_record(ready, DISTRICT, CYCLE)
    done = issue(ready, DISTRICT, CYCLE, "反馈意见", DAY, NUMBER, WHO)
    paper = issued_file(ready, DISTRICT, CYCLE, "feedback")
    told = words(paper)
    assert hashlib.sha256(paper).hexdigest() == done.sha256
    assert NUMBER in told
    assert "2019年6月10日" in told
    for absent in ("待确认", "拟定稿", "初评区间", "另有", "None"):
        assert absent not in told, absent
    assert "拟定稿" not in docx.Document(io.BytesIO(paper)).sections[0].header._element.xml
    registered = {problem.item for problem in record.problems}
    assert registered
    for problem in record.feedback.problems:
        assert (problem.sentence in told) is record.problem_is_confirmed(problem), problem.sentence
    assert record.feedback.achievements[0].sentence in told
    assert record.feedback.achievements[1].sentence not in told
    assert done.left_out == sum(not record.problem_is_confirmed(p) for p in record.feedback.problems) + (
        len(record.feedback.achievements) - 1
    )


def test_没有签认的认定_签发的信不说得分与等级(ready: Workspace) -> None:
    issue(ready, DISTRICT, CYCLE, "反馈意见", DAY, NUMBER, WHO)
    told = words(issued_file(ready, DISTRICT, CYCLE, "反馈意见"))
    record = read_record(ready, DISTRICT, CYCLE)
    assert record.score is not None
    assert UNSETTLED in told
    for absent in (str(record.score.to_json()["total_points"]), "认定等级", "得分等级"):
        assert absent not in told, absent


def test_有签认的认定才印出得分(ready: Workspace) -> None:
    record = read_record(ready, DISTRICT, CYCLE)
    assert record.score is not None
    document: dict[str, Any] = {"signature": {"by": WHO}, "result": record.score.to_json()}
    signed_record = replace(record, decision=Decided(document))
    values = letter_values(signed_record, is_draft=False, with_charts=False)
    assert any(str(record.score.to_json()["total_points"]) in line for line in values["work"])
    assert values["points_rows"][-1]["id"] == "合计"
    assert district_faults(signed_record, render("feedback", values)) == ()
    for other in ({"signature": {"by": ""}}, {"result": {**record.score.to_json(), "grade": "优秀"}}):
        unsigned = replace(record, decision=Decided({**document, **other}))
        assert UNSETTLED in letter_values(unsigned, is_draft=False, with_charts=False)["work"]


def Decided(document: dict[str, Any]) -> Any:
    from review.decisions import StoredDecision

    return StoredDecision(1, document, "0" * 64)


def test_签发写进操作记录_文件本身不写(ready: Workspace) -> None:
    done = issue(ready, DISTRICT, CYCLE, "反馈意见", DAY, NUMBER, WHO)
    act = acts(ready, DISTRICT, CYCLE)[-1]
    assert (act.act, act.subject, act.after["sha256"], act.after["document"]) == (
        "paper_issued", "反馈意见 1", done.sha256, NUMBER,
    )  # fmt: skip
    assert "file" not in act.after


def test_签发后记录变了_签发的文件不变(ready: Workspace) -> None:
    done = issue(ready, DISTRICT, CYCLE, "反馈意见", DAY, NUMBER, WHO)
    problem = next(p for p in read_record(ready, DISTRICT, CYCLE).feedback.problems if p.kind == "未达标")
    revise(ready, DISTRICT, CYCLE, problem.sentence, problem.sentence.replace("未达到", "尚未达到"), WHO)
    before = issued_file(ready, DISTRICT, CYCLE, "反馈意见")
    with pytest.raises(RefusedRecordError, match="再次签发要写明理由"):
        issue(ready, DISTRICT, CYCLE, "反馈意见", DAY, NUMBER, WHO)
    again = issue(ready, DISTRICT, CYCLE, "反馈意见", "2019-06-12", "虚构教督〔2019〕2号", WHO, reason="虚构：改一句话")
    assert [(one.number, one.sha256) for one in issued(ready, DISTRICT, CYCLE)] == [(1, done.sha256), (2, again.sha256)]
    assert issued_file(ready, DISTRICT, CYCLE, "反馈意见", 1) == before
    assert "尚未达到" in words(issued_file(ready, DISTRICT, CYCLE, "反馈意见"))
    with pytest.raises(RefusedRecordError, match="没有第 3 次签发过反馈意见"):
        issued_file(ready, DISTRICT, CYCLE, "反馈意见", 3)


def test_数据库不许改签发过的_绕过去改了也看得出(ready: Workspace) -> None:
    issue(ready, DISTRICT, CYCLE, "整改通知", DAY, NUMBER, WHO)
    with pytest.raises(Exception, match="frozen row"), ready.store.session() as session:
        session.execute(text("DELETE FROM review_acts"))
    with ready.store.session() as session:
        session.execute(text("DROP TRIGGER review_acts_frozen_update"))
        session.execute(text('UPDATE review_acts SET content = replace(content, \'"file":"UEs\', \'"file":"UEt\')'))
    with pytest.raises(RefusedRecordError, match="校验码不符"):
        issued_file(ready, DISTRICT, CYCLE, "整改通知")


def test_整改通知照登记的问题签发(ready: Workspace) -> None:
    issue(ready, DISTRICT, CYCLE, "整改通知", DAY, NUMBER, WHO)
    told = words(issued_file(ready, DISTRICT, CYCLE, "整改通知"))
    for problem in read_record(ready, DISTRICT, CYCLE).problems:
        assert problem.text in told
    assert NUMBER in told


def test_有一处没有出处就不签发(ready: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(record: DistrictRecord, **rest: Any) -> dict[str, Any]:
        values = letter_values(record, **rest)
        return {**values, "advice": [*values["advice"], "9. 请在 47 日内完成。"]}

    monkeypatch.setattr(issuing, "letter_values", wrong)
    with pytest.raises(RefusedRecordError, match="数 47 在记录中没有出处"):
        issue(ready, DISTRICT, CYCLE, "反馈意见", DAY, NUMBER, WHO)
    assert issued(ready, DISTRICT, CYCLE) == []


def test_还没有准备好就不签发(ready: Workspace, demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    with pytest.raises(RefusedRecordError, match="可以签发的是反馈意见、整改通知"):
        issue(ready, DISTRICT, CYCLE, "评分依据", DAY, NUMBER, WHO)
    with pytest.raises(RefusedRecordError, match="依据哪份文件"):
        issue(ready, DISTRICT, CYCLE, "反馈意见", DAY, "", WHO)
    home = tmp_path_factory.mktemp("unready")
    shutil.copytree(demo_home, home, dirs_exist_ok=True)
    bare = Workspace(Settings(home))
    examined(bare)
    with pytest.raises(RefusedRecordError, match="没有一条成绩或问题经人确认"):
        issue(bare, DISTRICT, CYCLE, "反馈意见", DAY, NUMBER, WHO)
    with pytest.raises(RefusedRecordError, match="没有登记整改的问题"):
        issue(bare, DISTRICT, CYCLE, "整改通知", DAY, NUMBER, WHO)
    with bare.store.session() as session:
        for row in session.scalars(select(Examination)):
            row.fingerprint = "旧"
    with pytest.raises(RefusedRecordError, match="查完才能签发"):
        issue(bare, DISTRICT, CYCLE, "反馈意见", DAY, NUMBER, WHO)


def test_只有市督导办签发_区县只看自己的(ready: Workspace) -> None:
    issue(ready.acting_as(Person("虚构的主任", "office")), DISTRICT, CYCLE, "整改通知", DAY, NUMBER)
    for person in (
        Person("虚构甲", "expert", frozenset({DISTRICT})),
        Person("虚构乙", "district", frozenset({DISTRICT})),
    ):
        with pytest.raises(NotAllowedError):
            issue(ready.acting_as(person), DISTRICT, CYCLE, "整改通知", DAY, NUMBER)
        (seen,) = issued(ready.acting_as(person), DISTRICT, CYCLE)
        assert seen.by == "虚构的主任"
    with pytest.raises(OtherDistrictError):
        issued_file(ready.acting_as(Person("虚构丙", "district", frozenset({"苇泽区"}))), DISTRICT, CYCLE, "整改通知")
