"""Problems the office words itself: in the letter, with evidence numbers that lead to what it named, every number traced."""

from __future__ import annotations

import pytest

from review.errors import RefusedRecordError
from review.feedback import REGISTERED
from review.papers.issuing import issue, issued_file
from review.papers.letter import letter_values
from review.papers.proof import broken_citations, district_faults, sentences_of
from review.papers.record import DistrictRecord, read_record
from review.papers.render import render
from review.papers.trace import marks, places
from review.papers.trace_sources import cited_in
from review.rectification import name_evidence, problems, raise_from_feedback, raise_problem
from review.searching import search
from review.workspace import Workspace
from tests.review.papers.conftest import CYCLE, DAY, DISTRICT, NUMBER, WHO, words

PLACE = (DISTRICT, CYCLE)
DUE = "2019-10-31"


def passage(workspace: Workspace, query: str) -> tuple[str, str]:
    """Key and text of the best passage."""
    hit = search(workspace, query, district=DISTRICT, cycle=CYCLE, count=1)[0]
    return str(hit["passage"]), str(hit["text"])


def letter(workspace: Workspace) -> tuple[DistrictRecord, bytes]:
    record = read_record(workspace, *PLACE)
    return record, render("feedback", letter_values(record, with_charts=False))


def test_写明佐证段落的问题进反馈意见_编号指得到原文(ready: Workspace) -> None:
    key, text = passage(ready, "普惠性幼儿园覆盖率")
    raise_problem(
        ready, *PLACE, "B5-5", "部分镇街普惠园偏少，全区覆盖率为 86.5%", "虚构督导记录3号", DUE, WHO, passages=[key]
    )
    assert "86.5%" in text
    record, paper = letter(ready)
    assert sentences_of(district_faults(record, paper)) == []
    with ready.store.session() as session:
        assert broken_citations(session, record, paper) == []
    told = [place for place in places(paper) if "部分镇街普惠园偏少" in place.text]
    assert any("（B5-5）部分镇街普惠园偏少，全区覆盖率为 86.5%。〔" in place.text for place in told)
    (row,) = [place.row for place in told if place.column == "问题"]
    (number,) = marks(row["佐证"])
    cited = cited_in(paper, record)[number]
    assert cited is not None
    assert (cited.quote, row["整改要求"]) == (text, "请按要求整改，于2019年10月31日前完成。")
    issue(ready, *PLACE, "反馈意见", DAY, NUMBER, WHO)
    assert "部分镇街普惠园偏少，全区覆盖率为 86.5%。" in words(issued_file(ready, *PLACE, "反馈意见"))


@pytest.mark.parametrize(("told", "missing"), [("覆盖率为 68.5%", "68.5"), ("有 417 处隐患", "417")])
def test_段落里没有的数不签发(ready: Workspace, told: str, missing: str) -> None:
    key, _ = passage(ready, "普惠性幼儿园覆盖率")
    raise_problem(ready, *PLACE, "B5-5", told, "虚构督导记录3号", DUE, WHO, passages=[key])
    with pytest.raises(RefusedRecordError, match=f"数 {missing} 在记录中没有出处"):
        issue(ready, *PLACE, "反馈意见", DAY, NUMBER, WHO)


def test_没有写明段落的_依据是登记_不能带数(ready: Workspace) -> None:
    raise_problem(ready, *PLACE, "B10-2", "部分镇街社区教育中心没有挂牌。", "虚构督导记录3号", DUE, WHO)
    record, paper = letter(ready)
    assert sentences_of(district_faults(record, paper)) == []
    last = record.problems[-1].number
    (row,) = [p.row for p in places(paper) if p.column == "材料" and p.text == "虚构督导记录3号"]
    assert (row["位置"], row["原文"]) == (f"市教育督导办登记的第 {last} 号问题", "部分镇街社区教育中心没有挂牌。")
    raise_problem(ready, *PLACE, "B10-2", "部分中心没有专职人员。", "虚构督导记录3号", DUE, WHO)
    record, paper = letter(ready)
    rows = [p.row for p in places(paper) if p.column == "问题" and p.row["类别"] == REGISTERED]
    cited = [cited_in(paper, record)[marks(row["佐证"])[0]] for row in rows]
    assert [one.quote for one in cited if one is not None] == [
        "部分镇街社区教育中心没有挂牌。",
        "部分中心没有专职人员。",
    ]
    issue(ready, *PLACE, "反馈意见", DAY, NUMBER, WHO)
    raise_problem(ready, *PLACE, "B10-2", "有 37 个中心没有专职人员。", "虚构督导记录3号", DUE, WHO)
    with pytest.raises(RefusedRecordError, match="数 37 在记录中没有出处"):
        issue(ready, *PLACE, "反馈意见", DAY, NUMBER, WHO, reason="虚构：补一条")


def test_补记佐证之后换成段落_同一段不记两次(ready: Workspace) -> None:
    number = raise_problem(ready, *PLACE, "B5-5", "全区覆盖率为 86.5%。", "虚构督导记录3号", DUE, WHO).number
    key, text = passage(ready, "普惠性幼儿园覆盖率")
    name_evidence(ready, *PLACE, number, [key], WHO)
    with pytest.raises(RefusedRecordError, match="没有新的佐证段落"):
        name_evidence(ready, *PLACE, number, [key], WHO)
    with pytest.raises(RefusedRecordError, match="没有段落"):
        name_evidence(ready, *PLACE, number, ["0123456789abcdef-1-0-69"], WHO)
    record, paper = letter(ready)
    told = record.feedback
    (problem,) = told.problems_of(REGISTERED)
    assert [told.references[n - 1].quote for n in problem.evidence] == [text]
    assert sentences_of(district_faults(record, paper)) == []


def test_反馈意见里的问题登记时记下佐证_草稿变了旧句仍查得到(ready: Workspace) -> None:
    told = read_record(ready, *PLACE).feedback
    first = next(one for one in told.problems if one.kind == "未达标")
    kept = next(one for one in problems(ready, *PLACE) if one.text.endswith(first.sentence))
    quotes = [one["quote"] for act in kept.acts for one in act.content["cited"]]
    assert quotes == [told.references[number - 1].quote for number in first.evidence]
    assert told.problems_of(REGISTERED) == (), "草稿里有的一句不再另写"
    before = len(problems(ready, *PLACE))
    raise_problem(ready, *PLACE, "B10-2", "没有挂牌。", "虚构督导记录3号", DUE, WHO)
    raise_from_feedback(ready, *PLACE, "虚构反馈意见", DUE, WHO, kinds=("未达标", "口径冲突", REGISTERED))
    assert len(problems(ready, *PLACE)) == before + 1, "自己写的问题不因从反馈意见登记而登记两次"
