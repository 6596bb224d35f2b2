"""确认与否定：改变状态，留下谁、为什么；确认的段落写进认定决定，否定的数不再参与。"""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from ingest.tables import EvidenceLink, FactRow, Passage
from review.annex1 import conditions
from review.cli import main
from review.confirmations import confirm_fact, confirm_link, confirmations, correct_fact
from review.decisions import decide_district
from review.errors import RefusedRecordError, UnknownItemError
from review.figures import figures
from review.workspace import Workspace
from tests.review.conftest import CYCLE, DISTRICT
from tests.review.test_annex1 import SPENT, state_figures

KEY = "abababababababab-1-0"


@pytest.fixture
def stored(workspace: Workspace) -> Workspace:
    state_figures(workspace, *SPENT)
    with workspace.store.session() as session:
        passage = session.scalar(select(Passage).where(Passage.key == KEY))
        assert passage is not None
        session.add(
            EvidenceLink(passage_id=passage.id, item="B13-1", rank=1, confidence=0.9, verdict="supports", method="test")
        )
    return workspace


def states(workspace: Workspace) -> dict[str, str]:
    with workspace.store.session() as session:
        return {link.item: link.state for link in session.scalars(select(EvidenceLink))}


def cited(workspace: Workspace) -> dict[str, list[str]]:
    """The citations of a decision, those of 附件 1 left out."""
    citations = decide_district(workspace, DISTRICT, CYCLE).document["citations"]
    return {key: keys for key, keys in citations.items() if key != "附件1"}


def test_确认的段落写进认定决定(stored: Workspace, recorded: Callable[..., None]) -> None:
    recorded()
    assert cited(stored) == {}
    confirm_link(stored, DISTRICT, CYCLE, KEY, "b13-1", "虚构的专家")
    confirm_link(stored, DISTRICT, CYCLE, KEY, "B1-1", "虚构的专家")
    assert states(stored) == {"B13-1": "confirmed", "B1-1": "confirmed"}
    assert cited(stored) == {"B1": [KEY], "B13": [KEY]}
    document = decide_district(stored, DISTRICT, CYCLE).document
    sample = next(step for step in document["result"]["ledger"] if step["rule"] == "sample")
    assert KEY in sample["citations"]
    confirm_link(stored, DISTRICT, CYCLE, KEY, "B1-1", "虚构的专家", state="rejected", reason="虚构：不相关")
    assert cited(stored) == {"B13": [KEY]}
    log = [(entry.subject, entry.state, entry.by, entry.reason) for entry in confirmations(stored, DISTRICT, CYCLE)]
    assert log == [
        ("B13-1", "confirmed", "虚构的专家", ""),
        ("B1-1", "confirmed", "虚构的专家", ""),
        ("B1-1", "rejected", "虚构的专家", "虚构：不相关"),
    ]
    assert confirmations(stored, "另一区", CYCLE) == []


def test_否定的数不再参与_确认的留下(stored: Workspace) -> None:
    confirm_fact(
        stored,
        DISTRICT,
        CYCLE,
        KEY,
        "education_expenditure",
        "9000000.0",
        "虚构的专家",
        state="rejected",
        reason="抄错",
    )
    assert conditions(stored, DISTRICT, CYCLE)[0].proposal.state == "unknown"  # type: ignore[union-attr]
    confirm_fact(stored, DISTRICT, CYCLE, KEY, "education_expenditure", "9000000", "虚构的专家")
    assert conditions(stored, DISTRICT, CYCLE)[0].proposal.state == "triggered"  # type: ignore[union-attr]
    entry = confirmations(stored, DISTRICT, CYCLE)[-1]
    assert entry.detail == {"value": "9000000", "unit": "元", "year": 2018, "scope": "全区"}
    assert (entry.kind, entry.subject, entry.passage) == ("fact", "education_expenditure", KEY)


def test_同一段有几个数要写明(stored: Workspace) -> None:
    with stored.store.session() as session:
        fact = session.scalar(
            select(FactRow).where(FactRow.metric == "education_expenditure", FactRow.value == "9000000")
        )
        assert fact is not None
        session.add(
            FactRow(
                passage_id=fact.passage_id, metric=fact.metric, value="9000000", unit="元", year=2016, scope="全区",
                start=fact.start, end=fact.end,
            )
        )  # fmt: skip
    with pytest.raises(RefusedRecordError, match="有几个这样的数"):
        confirm_fact(stored, DISTRICT, CYCLE, KEY, "education_expenditure", "9000000", "甲")
    confirm_fact(stored, DISTRICT, CYCLE, KEY, "education_expenditure", "9000000", "甲", year=2016)
    with stored.store.session() as session:
        found = session.execute(select(FactRow.year, FactRow.state).where(FactRow.value == "9000000")).all()
    assert sorted(tuple(row) for row in found) == [(2016, "confirmed"), (2018, "proposed")]


def test_不成立的确认不登记(stored: Workspace) -> None:
    def link(key: str = KEY, item: str = "B13-1", by: str = "甲", district: str = DISTRICT, **more: str) -> None:
        confirm_link(stored, district, CYCLE, key, item, by, **more)

    with pytest.raises(RefusedRecordError, match="是谁"):
        link(by=" ")
    with pytest.raises(RefusedRecordError, match="写明理由"):
        link(state="rejected")
    with pytest.raises(RefusedRecordError, match="没有段落"):
        link(district="另一区")
    with pytest.raises(RefusedRecordError, match="2020 年度的材料里没有段落"):
        confirm_link(stored, DISTRICT, 2020, KEY, "B13-1", "甲")
    with pytest.raises(RefusedRecordError, match="没有建议的对应关系"):
        link(item="B1-1", state="rejected", reason="不是")
    with pytest.raises(RefusedRecordError, match="状态只能是"):
        link(state="maybe")
    with pytest.raises(UnknownItemError):
        link(item="B99-1")
    with pytest.raises(RefusedRecordError, match="没有读出"):
        confirm_fact(stored, DISTRICT, CYCLE, KEY, "education_expenditure", "901", "甲")
    with pytest.raises(RefusedRecordError, match="不是数"):
        confirm_fact(stored, DISTRICT, CYCLE, KEY, "education_expenditure", "九百", "甲")
    assert confirmations(stored, DISTRICT, CYCLE) == []
    assert states(stored) == {"B13-1": "proposed"}


def test_数据库拒绝改动记录(stored: Workspace) -> None:
    confirm_link(stored, DISTRICT, CYCLE, KEY, "B13-1", "甲")
    for statement in ("UPDATE confirmations SET by = '乙'", "DELETE FROM confirmations"):
        with pytest.raises(DBAPIError, match="frozen row: confirmations"), stored.store.session() as session:
            session.execute(text(statement))


def test_命令行(stored: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    of = ["--district", DISTRICT, "--passage", KEY, "--by", "虚构的专家"]
    assert main(["confirm", "link", *of, "--item", "B13-1"]) == 0
    assert "已确认" in capsys.readouterr().out
    figure = ["--metric", "education_expenditure", "--value", "9000000"]
    assert main(["confirm", "fact", *of, *figure, "--state", "rejected"]) == 1
    assert "写明理由" in capsys.readouterr().err
    assert main(["confirm", "fact", *of, *figure, "--state", "rejected", "--reason", "抄错"]) == 0
    assert "已否定" in capsys.readouterr().out
    assert main(["confirm", "list", "--district", DISTRICT, "--json"]) == 0
    assert [entry["state"] for entry in json.loads(capsys.readouterr().out)] == ["confirmed", "rejected"]
    assert main(["confirm", "list", "--district", DISTRICT]) == 0
    assert "抄错" in capsys.readouterr().out


def test_确认时写明判断_原来的判断留在记录里(stored: Workspace) -> None:
    confirm_link(stored, DISTRICT, CYCLE, KEY, "B13-1", "虚构的专家", verdict="out_of_period")
    confirm_link(stored, DISTRICT, CYCLE, KEY, "B5-5", "虚构的专家", verdict="contradicts")
    with stored.store.session() as session:
        verdicts = {link.item: (link.verdict, link.state) for link in session.scalars(select(EvidenceLink))}
    assert verdicts == {"B13-1": ("out_of_period", "confirmed"), "B5-5": ("contradicts", "confirmed")}
    first, second = confirmations(stored, DISTRICT, CYCLE)
    assert first.detail == {"verdict": "out_of_period", "verdict_before": "supports"}
    assert second.detail["verdict"] == "contradicts"
    for words in ({"verdict": "也许"}, {"verdict": "mentions", "state": "rejected", "reason": "虚构"}):
        with pytest.raises(RefusedRecordError, match="判断只能是"):
            confirm_link(stored, DISTRICT, CYCLE, KEY, "B13-1", "虚构的专家", **words)


def test_更正读错的数_原值保留_重读也不回来(stored: Workspace) -> None:
    with stored.store.session() as session:
        row = session.scalars(select(FactRow).order_by(FactRow.id)).first()
        assert row is not None
        key, metric, value, year = row.passage.key, row.metric, row.value, row.year
        where = (row.start, row.end)
    right = str(int(float(value)) + 7)
    with pytest.raises(RefusedRecordError, match="要写明理由"):
        correct_fact(stored, DISTRICT, CYCLE, key, metric, value, "虚构的专家", corrected=right, reason=" ", year=year)
    with pytest.raises(RefusedRecordError, match="没有更正"):
        correct_fact(
            stored, DISTRICT, CYCLE, key, metric, value, "虚构的专家", corrected=value, reason="看过", year=year
        )
    with pytest.raises(RefusedRecordError, match="不是数"):
        correct_fact(
            stored, DISTRICT, CYCLE, key, metric, value, "虚构的专家", corrected="NaN", reason="看过", year=year
        )
    correct_fact(
        stored, DISTRICT, CYCLE, key, metric, value, "虚构的专家", corrected=right, reason="原件为此", year=year
    )
    with stored.store.session() as session:
        rows = session.scalars(select(FactRow).where(FactRow.metric == metric, FactRow.year == year)).all()
        assert {(row.value, row.state, (row.start, row.end)) for row in rows if row.passage.key == key} == {
            (value, "rejected", where), (right, "confirmed", where),
        }  # fmt: skip
    assert right in {str(f.fact.value) for f in figures(stored, DISTRICT, CYCLE).facts if f.fact.metric == metric}
    old, new = confirmations(stored, DISTRICT, CYCLE)
    assert (old.state, old.detail["value"], old.detail["corrected_to"]["value"]) == ("rejected", value, right)
    assert (new.state, new.detail["value"], new.detail["corrected_from"]["value"]) == ("confirmed", right, value)
