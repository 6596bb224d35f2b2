"""附件 1：由登记的数提出建议，由人逐条认定；认定带着依据、当时的建议和出处，只增不改。"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from ingest.tables import Document, FactRow, Page, Passage
from review.acts import confirm_parameter
from review.annex1 import conditions, findings, proposal_of, record_finding
from review.cli import main
from review.decisions import decide_district
from review.errors import RefusedRecordError
from review.workspace import Workspace
from tests.review.conftest import CYCLE, DISTRICT

SIGNED = ("虚构的科长", "2019-05-06", "虚构认定书〔2019〕1号")


def state_figures(workspace: Workspace, *stated: tuple[str, str, str, int, str], district: str = DISTRICT) -> None:
    """A document that states figures: (metric, value, unit, year, scope), one passage each."""
    words = [f"{year}年{scope}{metric}为{value}{unit}。" for metric, value, unit, year, scope in stated]
    body = "".join(words)
    now = datetime.now(UTC)
    with workspace.store.session() as session:
        document = Document(
            district=district, cycle=CYCLE, file="虚构决算.xlsx", sha256="ab" * 32, size=1, kind="xlsx", state="indexed",
            facts={}, findings=[], ingested_at=now, indexed_at=now,
        )  # fmt: skip
        page = Page(number=1, label="第1页", state="text", text=body, spans=[], findings=[])
        document.pages.append(page)
        session.add(document)
        session.flush()
        start = 0
        for number, (sentence, (metric, value, unit, year, scope)) in enumerate(zip(words, stated, strict=True)):
            end = start + len(sentence)
            passage = Passage(
                key=f"abababababababab-1-{number}", document_id=document.id, page_id=page.id, start=start, end=end,
                text=sentence, context="",
            )  # fmt: skip
            passage.facts.append(
                FactRow(metric=metric, value=value, unit=unit, year=year, scope=scope, start=start, end=end)
            )
            session.add(passage)
            start = end


SPENT = [
    ("education_expenditure", "9000000", "元", 2018, "全区"),
    ("education_expenditure", "10000000", "元", 2017, "全区"),
    ("pupils_total", "9", "人", 2018, "全区"),
    ("pupils_total", "10", "人", 2017, "全区"),
]


def of(workspace: Workspace, condition: str):  # type: ignore[no-untyped-def]
    return next(one for one in conditions(workspace, DISTRICT, CYCLE) if one.condition.id == condition)


def test_建议有公式_数和出处_但不算认定(workspace: Workspace) -> None:
    state_figures(workspace, *SPENT)
    one = of(workspace, "1")
    assert (one.proposal.state, one.state, one.found) == ("triggered", "unknown", None)
    printed = one.to_json()["proposal"]
    assert "Y−1 年" in printed["formula"]
    values = {(given["metric"], given["year"]): given["values"] for given in printed["inputs"]}
    assert values[("education_expenditure", 2018)] == ["9000000"]
    assert values[("pupils_total", 2017)] == ["10"]
    spent = next(g for g in printed["inputs"] if (g["metric"], g["year"]) == ("education_expenditure", 2018))
    assert [citation["quote"] for citation in spent["citations"]] == ["2018年全区education_expenditure为9000000元。"]
    assert [one.proposal is None for one in conditions(workspace, DISTRICT, CYCLE)] == [
        False, False, True, False, False, True,
    ]  # fmt: skip


def test_界线确认前后(workspace: Workspace) -> None:
    state_figures(
        workspace,
        ("variation_coefficient", "0.66", "", 2018, "小学"),
        ("variation_coefficient", "0.4", "", 2018, "初中"),
    )
    assert (of(workspace, "2").proposal.state, of(workspace, "2").proposal.unconfirmed) == ("triggered", True)
    limits = [given for given in of(workspace, "2").to_json()["proposal"]["inputs"] if given["scope"] == "界线"]
    assert [given["values"] for given in limits] == [["0.65"], ["0.55"]]
    for name, value in (("variation_primary_max", "0.65"), ("variation_junior_max", "0.55")):
        confirm_parameter(workspace, name, value, "虚构的主任", "2019-05-06", "虚构〔2019〕3号")
    assert not of(workspace, "2").proposal.unconfirmed


def test_认定带着当时的建议与出处(workspace: Workspace) -> None:
    state_figures(workspace, *SPENT)
    found = record_finding(workspace, DISTRICT, CYCLE, "1", "triggered", "虚构的科长", "2019-05-06", "虚构决算.xlsx")
    assert found.document_sha256 == "ab" * 32
    assert found.citations == tuple(f"abababababababab-1-{n}" for n in range(4))
    kept = proposal_of(workspace, found.number)
    assert kept is not None
    assert kept["proposed"] == "triggered"
    assert of(workspace, "1").state == "triggered"
    assert findings(workspace, DISTRICT, CYCLE) == {"1": found}
    assert findings(workspace, "另一区", CYCLE) == {}


def test_与建议不同或撤回要写理由(workspace: Workspace) -> None:
    state_figures(workspace, *SPENT)
    with pytest.raises(RefusedRecordError, match="与由数据算出的建议不同，要写明理由"):
        record_finding(workspace, DISTRICT, CYCLE, "1", "not_triggered", *SIGNED)
    record_finding(workspace, DISTRICT, CYCLE, "1", "not_triggered", *SIGNED, "虚构：口径调整")
    with pytest.raises(RefusedRecordError, match="撤回认定，要写明理由"):
        record_finding(workspace, DISTRICT, CYCLE, "3", "unknown", *SIGNED)
    record_finding(workspace, DISTRICT, CYCLE, "3", "triggered", *SIGNED)
    record_finding(workspace, DISTRICT, CYCLE, "3", "unknown", *SIGNED, "虚构：须再查")
    assert of(workspace, "3").state == "unknown"
    assert (findings(workspace, DISTRICT, CYCLE)["3"].document_sha256, len(of(workspace, "3").found.citations)) == (
        "",
        0,
    )


@pytest.mark.parametrize(
    ("condition", "state", "signed", "words"),
    [
        ("9", "triggered", SIGNED, "没有第“9”条"),
        ("3", "maybe", SIGNED, "认定只能是"),
        ("3", "triggered", ("", *SIGNED[1:]), "是谁作出的"),
        ("3", "triggered", (*SIGNED[:2], " "), "依据哪份文件"),
        ("3", "triggered", (SIGNED[0], "昨天", SIGNED[2]), "写成“2019-03-04”"),
    ],
)
def test_不完整的认定不登记(
    workspace: Workspace, condition: str, state: str, signed: tuple[str, str, str], words: str
) -> None:
    with pytest.raises(RefusedRecordError, match=words):
        record_finding(workspace, DISTRICT, CYCLE, condition, state, *signed)
    assert findings(workspace, DISTRICT, CYCLE) == {}


def test_数据库拒绝改动认定(workspace: Workspace) -> None:
    record_finding(workspace, DISTRICT, CYCLE, "3", "triggered", *SIGNED)
    for statement in ("UPDATE annex1_records SET state = 'not_triggered'", "DELETE FROM annex1_records"):
        with pytest.raises(DBAPIError, match="frozen row: annex1_records"), workspace.store.session() as session:
            session.execute(text(statement))


def test_认定的出处写进决定(workspace: Workspace, recorded: Callable[..., None]) -> None:
    state_figures(workspace, *SPENT)
    record_finding(workspace, DISTRICT, CYCLE, "1", "triggered", *SIGNED)
    for condition in "23456":
        record_finding(workspace, DISTRICT, CYCLE, condition, "not_triggered", *SIGNED)
    recorded(annex1=dict.fromkeys("123456", "unknown"))
    document = decide_district(workspace, DISTRICT, CYCLE).document
    keys = [f"abababababababab-1-{n}" for n in range(4)]
    assert document["citations"]["附件1"] == keys
    step = next(step for step in document["result"]["ledger"] if step["rule"] == "annex1")
    assert step["citations"] == keys
    assert document["result"]["grade"] == "良好"


def test_命令行(workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    state_figures(workspace, *SPENT)
    assert main(["annex1"]) == 2
    assert "缺少 --district" in capsys.readouterr().err
    assert main(["annex1", "--district", DISTRICT, "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert [one["proposal"] and one["proposal"]["proposed"] for one in shown["conditions"]] == [
        "triggered", "unknown", None, "unknown", "unknown", None,
    ]  # fmt: skip
    arguments = ["--condition", "1", "--by", "虚构的科长", "--on", "2019-05-06", "--document", "虚构决算.xlsx"]
    assert main(["annex1", "confirm", "--district", DISTRICT, *arguments, "--state", "triggered"]) == 0
    assert "第 1 条命中（虚构的科长，虚构决算.xlsx）" in capsys.readouterr().out
    assert main(["annex1", "--district", DISTRICT]) == 0
    printed = capsys.readouterr().out
    assert "认定：命中（虚构的科长，2019-05-06，虚构决算.xlsx）" in printed
    assert "2018 年全区" in printed
    assert "没有找到" in printed
    assert main(["annex1", "confirm", "--district", DISTRICT, *arguments, "--state", "not_triggered"]) == 1
    assert "没有登记" in capsys.readouterr().err
