"""Issuing the annual report: only of an approved year, only what is confirmed, in the office's words, frozen and told in the log."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest

from review.approval import Approval
from review.audit import acts
from review.errors import NotAllowedError, OtherDistrictError, RefusedRecordError
from review.papers import year_issuing
from review.papers.annual import annual_values, lines_of
from review.papers.proof import sentences_of, year_faults
from review.papers.render import render
from review.papers.wording import WHOLE_YEAR, revise
from review.papers.year_issuing import issue_report, issued_report_file, issued_reports
from review.papers.year_record import YearRecord
from review.people import Person
from review.workspace import Workspace
from tests.review.papers.conftest import CYCLE, DISTRICT, WHO, words

DAY, NUMBER = "2019-12-10", "虚构教督〔2019〕9号"
REGISTERED = "部分镇街社区教育中心没有挂牌。"


@pytest.fixture
def approved(year_record: YearRecord) -> YearRecord:
    given = {
        name: Approval(1, "0" * 64, "2019-11-06", "虚构政发〔2019〕1号", "虚构", "") for name in year_record.districts
    }
    records = {}
    for name, one in year_record.records.items():
        coverage = replace(one.feedback.coverage, outdated=(), waiting=())
        records[name] = replace(one, feedback=replace(one.feedback, coverage=coverage))
    return replace(year_record, approvals=given, records=records)


@pytest.fixture
def year_is(approved: YearRecord, monkeypatch: pytest.MonkeyPatch) -> YearRecord:
    monkeypatch.setattr(year_issuing, "read_year", lambda *_: approved)
    return approved


def test_签发的报告_只有确认过的_有文号日期_连同校验码冻结(workspace: Workspace, year_is: YearRecord) -> None:
    done = issue_report(workspace, CYCLE, DAY, NUMBER, WHO)
    paper = issued_report_file(workspace, CYCLE)
    told = words(paper)
    assert hashlib.sha256(paper).hexdigest() == done.sha256
    for there in (NUMBER, "2019年12月10日", "虚构政发〔2019〕1号", REGISTERED.rstrip("。")):
        assert there in told, there
    feedback = year_is.records[DISTRICT].feedback
    proposed = [one.sentence.rstrip("。") for one in feedback.problems_of("未达标")]
    assert proposed
    for absent in ("拟定稿", "达到要求", "None", *proposed):
        assert absent not in told, absent
    assert done.left_out == len(feedback.problems) + len(feedback.achievements) - 2
    act = acts(workspace, "", CYCLE)[-1]
    assert (act.act, act.subject, act.after["sha256"]) == ("paper_issued", f"年度评价报告 {done.number}", done.sha256)
    assert set(act.after["decisions"]) == set(year_is.districts)
    assert "file" not in act.after


def test_再次签发要理由_以前的还在(workspace: Workspace, year_is: YearRecord) -> None:
    if not issued_reports(workspace, CYCLE):
        issue_report(workspace, CYCLE, DAY, NUMBER, WHO)
    first = issued_reports(workspace, CYCLE)[-1]
    with pytest.raises(RefusedRecordError, match="再次签发要写明理由"):
        issue_report(workspace, CYCLE, DAY, NUMBER, WHO)
    again = issue_report(workspace, CYCLE, "2019-12-12", "虚构教督〔2019〕10号", WHO, reason="虚构：改一行", grades_only=True)  # fmt: skip
    assert [one.number for one in issued_reports(workspace, CYCLE)][-2:] == [first.number, again.number]
    sha256 = hashlib.sha256(issued_report_file(workspace, CYCLE, first.number)).hexdigest()
    assert sha256 == first.sha256 != again.sha256


def test_市督导办的措辞进报告_数仍然逐个核对(workspace: Workspace, approved: YearRecord) -> None:
    values = annual_values(approved)
    line = next(one for one in lines_of(values) if REGISTERED.rstrip("。") in one)
    demand = values["demands"][0]
    shorter = demand.replace("各区县要对照", "请各区县对照")
    revise(workspace, WHOLE_YEAR, CYCLE, demand, shorter, WHO)
    own = {
        DISTRICT: {REGISTERED: "部分镇街的社区教育中心没有挂牌。"},
        WHOLE_YEAR: {
            demand: shorter,
            values["work"][1]: values["work"][1].replace("录入案卷的区县", "已录入案卷的区县"),
        },
    }
    told = replace(approved, wordings=own)
    report = render("annual", annual_values(told))
    text = words(report)
    assert all(one in text for one in (shorter, "部分镇街的社区教育中心没有挂牌", "已录入案卷的区县"))
    assert line not in text
    assert sentences_of(year_faults(told, report)) == []
    other = {**own, WHOLE_YEAR: {demand: demand + "限 47 日。"}}
    told = replace(approved, wordings=other)
    assert "数 47" in "".join(sentences_of(year_faults(told, render("annual", annual_values(told)))))


def test_没有审定或材料没有查完_或有数查不到_不签发(
    workspace: Workspace, year_record: YearRecord, approved: YearRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    def given(told: YearRecord) -> None:
        monkeypatch.setattr(year_issuing, "read_year", lambda *_: told)

    before = len(issued_reports(workspace, CYCLE))
    given(year_record)
    with pytest.raises(RefusedRecordError, match=f"没有登记市政府审定（.*{DISTRICT}"):
        issue_report(workspace, CYCLE, DAY, NUMBER, WHO)
    one = approved.records[DISTRICT]
    coverage = replace(one.feedback.coverage, waiting=("虚构.txt",))
    given(replace(approved, records={DISTRICT: replace(one, feedback=replace(one.feedback, coverage=coverage))}))
    with pytest.raises(RefusedRecordError, match=f"{DISTRICT}：.*查完才能签发"):
        issue_report(workspace, CYCLE, DAY, NUMBER, WHO)
    given(approved)
    values = annual_values(approved)
    monkeypatch.setattr(
        year_issuing, "annual_values", lambda *_, **__: {**values, "demands": [*values["demands"], "限 47 日。"]}
    )
    with pytest.raises(RefusedRecordError, match="数 47 在记录中没有出处"):
        issue_report(workspace, CYCLE, DAY, NUMBER, WHO)
    assert len(issued_reports(workspace, CYCLE)) == before


def test_只有市督导办签发和看年度报告(workspace: Workspace) -> None:
    for person in (
        Person("虚构甲", "expert", frozenset({DISTRICT})),
        Person("虚构乙", "district", frozenset({DISTRICT})),
        Person("虚构丁", "admin"),
    ):
        acting = workspace.acting_as(person)
        with pytest.raises(NotAllowedError):
            issue_report(acting, CYCLE, DAY, NUMBER)
        for call in (issued_reports, issued_report_file):
            with pytest.raises(NotAllowedError):
                call(acting, CYCLE)
    expert = workspace.acting_as(Person("虚构甲", "expert", frozenset({DISTRICT})))
    with pytest.raises(OtherDistrictError):
        revise(expert, WHOLE_YEAR, CYCLE, "一句。", "一句话。")
