"""Every paper of the demo district and the annual report, opened as Word files: form, completeness, evidence, every number."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import docx
import jinja2
import pytest
from docx.oxml.ns import qn
from openpyxl import load_workbook

from review.approval import Approval
from review.feedback import PROBLEM_KINDS, Problem
from review.official_document import BODY_FONT, LEVEL_ONE_FONT, LEVEL_TWO_FONT, TITLE_FONT
from review.papers.annual import annual_values
from review.papers.kinds import KINDS, kind_of, paper_of
from review.papers.letter import letter_values
from review.papers.make_templates import TEMPLATES
from review.papers.record import DistrictRecord
from review.papers.render import render, template_bytes
from review.papers.spreadsheets import ranking_xlsx
from review.papers.trace import places
from review.papers.year_record import YearRecord

IDS = [kind.id for kind in KINDS]


def everything(paper: bytes) -> str:
    return "\n".join(place.text for place in places(paper))


def fonts(paper: bytes) -> set[str]:
    body = docx.Document(io.BytesIO(paper)).element.body
    return {str(found.get(qn("w:eastAsia"))) for found in body.iter(qn("w:rFonts"))}


@pytest.mark.parametrize("name", IDS)
def test_标题与字体合乎公文格式(name: str, made: dict[str, bytes]) -> None:
    assert TITLE_FONT in fonts(made[name])
    assert {BODY_FONT, LEVEL_ONE_FONT} <= fonts(made[name])
    section = docx.Document(io.BytesIO(made[name])).sections[0]
    assert (round(section.top_margin.mm), round(section.left_margin.mm), round(section.right_margin.mm)) == (37, 28, 26)
    assert "PAGE" in section.footer._element.xml


def test_层次标题依次编号(made: dict[str, bytes]) -> None:
    paragraphs = [p.text for p in docx.Document(io.BytesIO(made["feedback"])).paragraphs]
    assert [p[:2] for p in paragraphs if re.match("[一二三四五]、", p)] == ["一、", "二、", "三、", "四、"]
    assert LEVEL_TWO_FONT in fonts(made["feedback"])
    assert any(p.startswith("（一）") for p in paragraphs)


@pytest.mark.parametrize(
    ("name", "drawn"), [("feedback", True), ("basis", True), ("rectification", True), ("expert_sheet", False)]
)
def test_拟定稿有水印_工作用表没有(name: str, drawn: bool, made: dict[str, bytes]) -> None:
    section = docx.Document(io.BytesIO(made[name])).sections[0]
    for header in (section.header, section.even_page_header):
        assert ('string="拟定稿"' in header._element.xml) is drawn
        assert "{%" not in header._element.xml


@pytest.mark.parametrize("name", ["feedback", "basis", "expert_sheet"])
def test_二十个二级指标都在(name: str, made: dict[str, bytes], record: DistrictRecord) -> None:
    cells = [row.cells[0].text for table in docx.Document(io.BytesIO(made[name])).tables for row in table.rows]
    assert {c.id for c in record.feedback.scheme.criteria} <= set(cells)


def test_完整性清单有全部评价要点(made: dict[str, bytes], record: DistrictRecord) -> None:
    cells = {
        row.cells[0].text for table in docx.Document(io.BytesIO(made["completeness"])).tables for row in table.rows
    }
    assert {item.id for item in record.feedback.scheme.items} <= cells


def test_得分表各行加起来等于台账的总分(record: DistrictRecord) -> None:
    assert record.score is not None
    rows = letter_values(record, with_charts=False)["points_rows"]
    assert rows[-1]["final"] == record.score.to_json()["total_points"]
    assert sum(Fraction(row["final"]) for row in rows[:-1]) == record.score.total_points


def test_未经确认的句子注明待确认_只写确认的就一句不留(record: DistrictRecord) -> None:
    whole, confirmed = (
        letter_values(record, with_charts=False),
        letter_values(record, confirmed_only=True, with_charts=False),
    )
    registered = [problem.text for problem in record.problems]
    assert len(registered) == 2
    assert all(
        ("（待确认）" in row["sentence"]) is (row["sentence"] not in registered) for row in whole["problem_rows"]
    )
    assert ([row["sentence"] for row in confirmed["problem_rows"]], confirmed["achievements"]) == (registered, [])
    count = len(record.feedback.problems) - len(registered) + len(record.feedback.achievements)
    assert f"另有 {count} 条" in confirmed["work"][-1]


def test_整改台账是登记的问题与措施(made: dict[str, bytes]) -> None:
    text = everything(made["rectification"])
    for words in (
        "部分镇街社区教育中心没有挂牌",
        "逐个挂牌并配备人员",
        "虚构的股长",
        "2019年9月30日",
        "整改中",
        "未报措施",
    ):
        assert words in text


def test_抽样表写明种子和抽中的指标(made: dict[str, bytes], record: DistrictRecord) -> None:
    text = everything(made["field_sample"])
    assert record.sample is not None
    assert "随机种子 7" in text
    assert record.sample["frame_sha256"] in text
    for stratum in record.sample["criteria"]:
        assert all(name in text for name in stratum["drawn"])


def test_排名表与分项表(year_record: YearRecord) -> None:
    values = annual_values(year_record)
    assert [row["district"] for row in values["ranking"]] == [row.district for row in year_record.ranking]
    assert len(values["ranking"]) == 12
    for row, indicators in zip(values["ranking"], values["indicator_rows"], strict=True):
        score = year_record.scores[row["district"]].to_json()
        assert (row["total"], row["base"], row["grade"]) == (
            score["total_points"],
            score["base_points"],
            score["grade"],
        )
        assert sum(Fraction(indicators[f"A{n}"]) for n in range(1, 6)) == Fraction(indicators["sum"])
    assert any("命中附件 1" in line for line in values["downgrades"])


def test_只列等级的报告没有得分(year_record: YearRecord) -> None:
    text = everything(render("annual", annual_values(year_record, grades_only=True)))
    totals = [str(score.to_json()["total_points"]) for score in year_record.scores.values()]
    assert not [total for total in totals if total in text]
    assert "附表1　各区县评价等级" in text


def test_每个区县的认定都经市政府审定之后_年度报告不再是拟定稿(year_record: YearRecord) -> None:
    assert year_record.approval is None
    assert annual_values(year_record)["is_draft"]
    given = {
        name: Approval(1, "0" * 64, "2019-11-06", "虚构政发〔2019〕1号", "虚构", "") for name in year_record.districts
    }
    approved = replace(year_record, approvals=given)
    assert approved.approval == ("2019-11-06", "虚构政发〔2019〕1号")
    assert not annual_values(approved)["is_draft"]
    given.pop(year_record.districts[0])
    assert annual_values(replace(year_record, approvals=given))["is_draft"]


def test_排名表存为Excel_数是数(year_record: YearRecord) -> None:
    book = load_workbook(io.BytesIO(ranking_xlsx(year_record)))
    assert book.sheetnames == ["排名", "分项", "二级指标"]
    for sheet in book:
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref == sheet.dimensions
    first = book["排名"][2]
    best = year_record.ranking[0]
    assert (first[1].value, first[8].value) == (best.district, float(best.total_points or 0))
    assert all(isinstance(cell.value, (int, float)) for cell in book["二级指标"][3][1:])


# Odd cases


def odd(record: DistrictRecord, **changes: Any) -> DistrictRecord:
    return replace(record, feedback=replace(record.feedback, **changes))


def nothing(record: DistrictRecord) -> DistrictRecord:
    empty = replace(
        record,
        case=None,
        sample=None,
        replacements=(),
        panels=(),
        found={},
        decision=None,
        problems=(),
        confirmed=frozenset(),
    )
    return odd(empty, score=None, achievements=(), problems=(), references=())


def three_hundred(record: DistrictRecord) -> DistrictRecord:
    items = [item.id for item in record.feedback.scheme.items]
    problems = tuple(
        Problem(
            items[n % len(items)],
            PROBLEM_KINDS[n % 3],
            f"虚构问题“{n}”<甲 & 乙>。",
            "请整改。",
            (1,) if n % 3 < 2 else (),
        )
        for n in range(300)
    )
    return replace(odd(record, problems=problems), problems=())


def long_name(record: DistrictRecord) -> DistrictRecord:
    name = "虚构" * 29 + "区县"
    return odd(replace(record, district=name), district=name)


@pytest.mark.parametrize("change", [nothing, three_hundred, long_name])
@pytest.mark.parametrize("name", IDS)
def test_少见情形不出空条目_不出None_不留标记(name: str, change: Any, record: DistrictRecord) -> None:
    changed = change(record)
    paper = paper_of(changed, kind_of(name))
    text = everything(paper)
    assert not re.search(r"None|\{\{|\{%|nan", text)
    assert "：。" not in text
    assert not re.search(r"^(?:\d+\. |（[一二三四五六七八九十]+）)$", text, re.MULTILINE)
    if change is three_hundred and name == "feedback":
        (rows,) = [t for t in docx.Document(io.BytesIO(paper)).tables if t.rows[0].cells[3].text == "问题"]
        assert len(rows.rows) == 301
        assert "<甲 & 乙>" in rows.rows[300].cells[3].text


def test_没有一个区县的年度报告(year_record: YearRecord) -> None:
    empty = replace(year_record, records={}, scores={}, before={})
    text = everything(render("annual", annual_values(empty)))
    assert "None" not in text
    assert "尚未录入案卷、没有得分的区县" in text


# Templates


@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_模板是脚本写出来的那份(name: str) -> None:
    kept, made_now = (
        docx.Document(io.BytesIO(data)).element.body.xml
        for data in (template_bytes(name), TEMPLATES[name]().to_bytes())
    )
    assert kept == made_now


def test_模板里有不认识的占位就拒绝(record: DistrictRecord) -> None:
    paper = docx.Document(io.BytesIO(template_bytes("feedback")))
    paper.add_paragraph("{{ 没有这一项 }}")
    buffer = io.BytesIO()
    paper.save(buffer)
    with pytest.raises(jinja2.UndefinedError):
        paper_of(record, kind_of("feedback"), template=buffer.getvalue())


def test_区县写进去的模板语法只是文字(record: DistrictRecord) -> None:
    told = Problem("B1-1", "未达标", "{{ title }}{% for x in y %}", "请整改。", (1,))
    assert "{{ title }}{% for x in y %}" in everything(paper_of(odd(record, problems=(told,)), kind_of("feedback")))


def test_文书种类写错了会说有哪些() -> None:
    with pytest.raises(Exception, match="只有反馈意见、整改通知"):
        kind_of("虚构文书")


def test_模板文件都在() -> None:
    folder = Path(__file__).parents[3] / "corpus" / "templates"
    assert {path.stem for path in folder.glob("*.docx")} == set(TEMPLATES)
