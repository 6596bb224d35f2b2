"""Problems from registration to recheck, and what of them reaches the next year's B15-4."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ingest.tables import EvidenceLink, Passage
from review.acts import office_rules
from review.audit import acts
from review.cycles import District, open_year
from review.errors import NotAllowedError, OtherDistrictError, RefusedRecordError, UnknownItemError
from review.people import Person
from review.rectification import (
    carried,
    give_evidence,
    plan,
    problems,
    put_off,
    raise_from_feedback,
    raise_problem,
    recheck,
    side_by_side,
)
from review.submission_case import case_text, disagreements
from review.workspace import Workspace
from scoring_rules.case import load_case
from tests.review.submissions import CYCLE, DISTRICT, WHO, full_marks, publish, put_document

OFFICE = "虚构的科长"


def _raise(workspace: Workspace, *items: str) -> None:
    for item in items:
        raise_problem(workspace, DISTRICT, CYCLE, item, f"虚构：{item} 未达标", "虚构反馈意见", "2019-12-31", OFFICE)


def _recheck(workspace: Workspace, number: int, outcome: str, note: str = "虚构：实地查看") -> str:
    return recheck(workspace, DISTRICT, CYCLE, number, outcome, "2020-01-10", "虚构复查记录", note, OFFICE).state_words


def test_从登记到复查_每一步都留下(workspace: Workspace) -> None:
    _raise(workspace, "B5-5")
    assert problems(workspace, DISTRICT, CYCLE)[0].state_words == "未报措施"
    assert (
        plan(workspace, DISTRICT, CYCLE, 1, "新建幼儿园两所", "虚构的局长", "2019-11-30", WHO).state_words == "整改中"
    )
    put_document(workspace, "整改/开园照片.txt", "虚构：两所幼儿园已开园。")
    assert give_evidence(workspace, DISTRICT, CYCLE, 1, ["开园照片.txt"], by=WHO).state_words == "已报整改，待复查"
    assert _recheck(workspace, 1, "部分整改") == "部分整改"
    assert _recheck(workspace, 1, "整改到位") == "整改到位"
    [problem] = problems(workspace, DISTRICT, CYCLE)
    assert [(act.number, act.kind, act.by) for act in problem.acts] == [
        (1, "plan", WHO), (2, "evidence", WHO), (3, "recheck", OFFICE), (4, "recheck", OFFICE),
    ]  # fmt: skip
    assert problem.acts[1].content["files"][0]["file"] == "整改/开园照片.txt"
    assert len(problem.acts[1].content["files"][0]["sha256"]) == 64
    assert len([act for act in acts(workspace) if act.act == "rectification_act"]) == 5


def test_同一问题不重复登记(workspace: Workspace) -> None:
    _raise(workspace, "B5-5", "B5-5", "B6-1")
    assert [(p.number, p.item) for p in problems(workspace, DISTRICT, CYCLE)] == [(1, "B5-5"), (2, "B6-1")]


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        (("done", "done", "done"), (3, 0, ())),
        (("done", "partly", "not_done"), (3, 2, ())),
        (("done", None, "not_done"), (3, 1, (2,))),
        ((None, None, None), (3, 0, (1, 2, 3))),
    ],
)  # fmt: skip
def test_带入下一年_没复查的不算到位也不算未到位(
    workspace: Workspace, outcomes: tuple[str | None, ...], expected: tuple[int, int, tuple[int, ...]]
) -> None:
    _raise(workspace, "B5-5", "B6-1", "B7-1")
    for number, outcome in enumerate(outcomes, 1):
        if outcome is not None:
            _recheck(workspace, number, outcome)
    found = carried(workspace, DISTRICT, CYCLE + 1)
    assert found is not None
    assert (found.due, found.unrectified, found.unchecked) == expected


def test_没有登记问题的年度_什么也不带(workspace: Workspace) -> None:
    assert carried(workspace, DISTRICT, CYCLE + 1) is None
    _raise(workspace, "B5-5")
    assert carried(workspace, DISTRICT, CYCLE) is None
    assert carried(workspace, DISTRICT, CYCLE + 2) is None


def test_进入下一年案卷的B15_4(workspace: Workspace) -> None:
    _raise(workspace, "B5-5", "B6-1", "B7-1")
    full_marks(workspace, cycle=CYCLE + 1)
    assert "rectification" not in case_text(workspace, DISTRICT, CYCLE + 1)
    for number, outcome in ((1, "done"), (2, "not_done"), (3, "partly")):
        _recheck(workspace, number, outcome)
    text = case_text(workspace, DISTRICT, CYCLE + 1)
    case = load_case(text, "案卷")
    assert case.rectification is not None
    assert (case.rectification.due, case.rectification.unrectified) == (3, 2)
    rules = office_rules(workspace, CYCLE + 1)
    with workspace.store.session() as session:
        assert disagreements(session, case, rules) == []
        other = load_case(text.replace('"unrectified": 2', '"unrectified": 0'), "案卷")
        assert other.rectification is not None
        assert other.rectification.unrectified == 0
        assert "未到位 2 项" in disagreements(session, other, rules)[0]


def test_没复查完_认定前要说明(workspace: Workspace) -> None:
    _raise(workspace, "B5-5", "B6-1")
    _recheck(workspace, 1, "done")
    full_marks(workspace, cycle=CYCLE + 1)
    case = load_case(case_text(workspace, DISTRICT, CYCLE + 1), "案卷")
    with workspace.store.session() as session:
        assert "第 2 号还没有复查结论" in disagreements(session, case, office_rules(workspace, CYCLE + 1))[0]


def test_完成时限不晚于要求_延期由督导办登记(workspace: Workspace) -> None:
    _raise(workspace, "B5-5")
    with pytest.raises(RefusedRecordError, match="晚于要求的 2019-12-31"):
        plan(workspace, DISTRICT, CYCLE, 1, "虚构", "虚构的局长", "2020-01-01", WHO)
    assert plan(workspace, DISTRICT, CYCLE, 1, "虚构", "虚构的局长", "2019-12-31", WHO).acts
    with pytest.raises(RefusedRecordError, match="要写明理由"):
        put_off(workspace, DISTRICT, CYCLE, 1, "2020-03-31", "", OFFICE)
    assert put_off(workspace, DISTRICT, CYCLE, 1, "2020-03-31", "虚构：冬季停工", OFFICE).due_on == "2020-03-31"
    assert plan(workspace, DISTRICT, CYCLE, 1, "虚构", "虚构的局长", "2020-01-01", WHO).newest("plan")


def test_两人办理同一问题_后一人被告知(workspace: Workspace) -> None:
    _raise(workspace, "B5-5")
    plan(workspace, DISTRICT, CYCLE, 1, "虚构甲方案", "虚构的局长", "2019-11-30", "虚构的甲", seen=0)
    with pytest.raises(RefusedRecordError, match="虚构的甲办理过"):
        plan(workspace, DISTRICT, CYCLE, 1, "虚构乙方案", "虚构的局长", "2019-11-30", "虚构的乙", seen=0)
    [problem] = problems(workspace, DISTRICT, CYCLE)
    assert [act.content["measure"] for act in problem.acts] == ["虚构甲方案"]


def test_说不全的不登记(workspace: Workspace) -> None:
    with pytest.raises(UnknownItemError):
        _raise(workspace, "B99-9")
    with pytest.raises(RefusedRecordError, match="写明内容"):
        raise_problem(workspace, DISTRICT, CYCLE, "B5-5", "", "虚构", "2019-12-31", OFFICE)
    with pytest.raises(RefusedRecordError, match="2019-12-31"):
        raise_problem(workspace, DISTRICT, CYCLE, "B5-5", "虚构", "虚构", "年底", OFFICE)
    _raise(workspace, "B5-5")
    with pytest.raises(RefusedRecordError, match="没有第 2 号"):
        _recheck(workspace, 2, "done")
    with pytest.raises(RefusedRecordError, match="还差什么"):
        _recheck(workspace, 1, "partly", "")
    with pytest.raises(RefusedRecordError, match="怎样查实"):
        _recheck(workspace, 1, "done", "")
    with pytest.raises(RefusedRecordError, match="只能是整改到位、部分整改、未整改"):
        _recheck(workspace, 1, "差不多")
    tomorrow = (datetime.now(UTC).date() + timedelta(days=2)).isoformat()
    with pytest.raises(RefusedRecordError, match="还没有到"):
        recheck(workspace, DISTRICT, CYCLE, 1, "done", tomorrow, "虚构", "虚构", OFFICE)
    with pytest.raises(RefusedRecordError, match="没有“没有.txt”".replace(".", r"\.")):
        give_evidence(workspace, DISTRICT, CYCLE, 1, ["没有.txt"], by=WHO)
    with pytest.raises(RefusedRecordError, match="写明用哪些材料"):
        give_evidence(workspace, DISTRICT, CYCLE, 1, [], by=WHO)
    assert problems(workspace, DISTRICT, CYCLE)[0].acts == ()


def test_区县报整改_督导办复查_别的区县看不到(workspace: Workspace) -> None:
    _raise(workspace, "B5-5")
    clerk = workspace.acting_as(Person("虚构的丙", "district", frozenset({DISTRICT})))
    assert plan(clerk, DISTRICT, CYCLE, 1, "虚构", "虚构的局长", "2019-11-30").newest("plan")
    with pytest.raises(NotAllowedError):
        recheck(clerk, DISTRICT, CYCLE, 1, "done", "2020-01-10", "虚构", "虚构")
    with pytest.raises(NotAllowedError):
        raise_problem(clerk, DISTRICT, CYCLE, "B5-5", "虚构", "虚构", "2019-12-31")
    other = workspace.acting_as(Person("虚构的丁", "district", frozenset({"鹤汀区"})))
    with pytest.raises(OtherDistrictError):
        problems(other, DISTRICT, CYCLE)
    with pytest.raises(OtherDistrictError):
        side_by_side(other, DISTRICT, CYCLE + 1)


def test_下一年发布之后不能再办理(workspace: Workspace) -> None:
    _raise(workspace, "B5-5")
    open_year(workspace, CYCLE + 1, [District(DISTRICT)], OFFICE)
    publish(workspace, CYCLE + 1)
    with pytest.raises(RefusedRecordError, match="2020 年度评价报告已经发布"):
        _recheck(workspace, 1, "done")


def test_两年证据并排(workspace: Workspace) -> None:
    put_document(workspace, "去年.txt", "虚构：2018年普惠率为百分之七十八。")
    put_document(workspace, "今年.txt", "虚构：2019年普惠率为百分之八十五。", cycle=CYCLE + 1)
    with workspace.store.session() as session:
        for passage in session.query(Passage):
            session.add(EvidenceLink(passage_id=passage.id, item="B5-5", rank=1, confidence=0.9, verdict="supports", method="虚构"))  # fmt: skip
    _raise(workspace, "B5-5", "B6-1")
    give_evidence(workspace, DISTRICT, CYCLE, 1, ["今年.txt"], by=WHO)
    first, second = side_by_side(workspace, DISTRICT, CYCLE + 1)
    assert [citation.quote for citation in first.before] == ["虚构：2018年普惠率为百分之七十八。"]
    assert [citation.quote for citation in first.now] == ["虚构：2019年普惠率为百分之八十五。"]
    assert [file for file, _ in first.handed_in] == ["今年.txt"]
    assert (second.before, second.handed_in, second.now) == ((), (), ())
    assert side_by_side(workspace, DISTRICT, CYCLE) == []


def test_由反馈意见登记_再登记不重复(workspace: Workspace) -> None:
    put_document(workspace, "总结.txt")
    first = raise_from_feedback(workspace, DISTRICT, CYCLE, "虚构反馈意见", "2019-12-31", OFFICE, kinds=["缺材料"])
    assert first
    assert all(problem.text.startswith("缺材料：") for problem in first)
    again = raise_from_feedback(workspace, DISTRICT, CYCLE, "虚构反馈意见", "2019-12-31", OFFICE, kinds=["缺材料"])
    assert [problem.number for problem in again] == [problem.number for problem in first]
    assert len(problems(workspace, DISTRICT, CYCLE)) == len(first)
