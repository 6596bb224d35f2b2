"""别的材料和方案的界线对一段文字的反对：真矛盾、低于界线；不存入数据库，读的时候现算。"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from ingest.tables import EvidenceLink, FactRow, Page
from retrieval.annotate import Annotator
from retrieval.index import EvidenceIndex
from review.acts import office_rules
from review.coverage import Coverage
from review.evidence import evidence_by_item
from review.examination import mapper_of
from review.objections import CONTRADICTING, Objections, objections
from review.review_pass import ReviewedDocument, review_district
from review.workspace import Settings, Workspace
from tests.retrieval.conftest import TokenEmbedder
from tests.retrieval.record import add_document

DISTRICT, CYCLE = "云山区", 2019


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    opened = Workspace(Settings(tmp_path / "home"))
    opened.__dict__["index"] = EvidenceIndex(opened.store, tmp_path / "home", TokenEmbedder())
    yield opened
    opened.store.engine.dispose()


def add(workspace: Workspace, file: str, *paragraphs: str, year: int | None = 2018, district: str = DISTRICT) -> None:
    with workspace.store.session() as session:
        document = add_document(session, file, paragraphs, title=file.removesuffix(".pdf"), district=district)
        document.data_year = year
    workspace.index.index_pending(annotate=Annotator(mapper_of(workspace)))


def found(workspace: Workspace) -> Objections:
    rules = office_rules(workspace, CYCLE)
    with workspace.store.session() as session:
        return objections(session, DISTRICT, CYCLE, rules)


def sentences(workspace: Workspace, item: str) -> list[str]:
    return [reason.sentence for (_, owner), reasons in found(workspace).items() if owner == item for reason in reasons]


def documents(workspace: Workspace, item: str) -> dict[str, ReviewedDocument]:
    (reviewed,) = review_district(workspace, DISTRICT, CYCLE, [item]).items
    return {document.file: document for document in reviewed.documents}


def test_两份材料的数真矛盾_两边都标相反_各说对方的数(workspace: Workspace) -> None:
    add(workspace, "报告.pdf", "2018年全区普惠率为86.5%。")
    add(workspace, "台账.pdf", "2018年全区普惠率为83.1%。")
    told = sentences(workspace, "B5-5")
    assert len(told) == 2
    assert any("86.5%，《台账.pdf》为 83.1%" in sentence for sentence in told)
    assert any("83.1%，《报告.pdf》为 86.5%" in sentence for sentence in told)
    for document in documents(workspace, "B5-5").values():
        assert document.standing == "contradicts"
        assert document.passages[0].reasons[0].rule == "conflict"


def test_后来的材料也会使早先的材料相反_否定一个数又恢复(workspace: Workspace) -> None:
    add(workspace, "报告.pdf", "2018年全区普惠率为86.5%。")
    assert documents(workspace, "B5-5")["报告.pdf"].standing == "supports"
    add(workspace, "台账.pdf", "2018年全区普惠率为83.1%。")
    assert documents(workspace, "B5-5")["报告.pdf"].standing == "contradicts"
    with workspace.store.session() as session:
        row = session.scalars(select(FactRow).where(FactRow.value == "83.1")).one()
        row.state = "rejected"
    assert documents(workspace, "B5-5")["报告.pdf"].standing == "supports"


@pytest.mark.parametrize("other", ["2017年全区普惠率为83.1%。", "2018年全区普惠率为86.5%。"])
def test_别的年度或同一个数不是矛盾(workspace: Workspace, other: str) -> None:
    add(workspace, "报告.pdf", "2018年全区普惠率为86.5%。")
    add(workspace, "台账.pdf", other)
    assert sentences(workspace, "B5-5") == []


def test_别的区县的数不参与(workspace: Workspace) -> None:
    add(workspace, "报告.pdf", "2018年全区普惠率为86.5%。")
    add(workspace, "别处.pdf", "2018年全区普惠率为83.1%。", district="河东区")
    assert sentences(workspace, "B5-5") == []


def test_低于方案的界线就是相反_理由说明界线(workspace: Workspace) -> None:
    add(workspace, "报告.pdf", "2018年全区普惠率为79.9%。")
    (told,) = sentences(workspace, "B5-5")
    assert "79.9" in told
    assert "80" in told
    document = documents(workspace, "B5-5")["报告.pdf"]
    assert document.standing == "contradicts"
    assert [reason.rule for reason in document.passages[0].reasons] == ["below_limit", "fact"]


@pytest.mark.parametrize("text", ["2018年全区普惠率为80%。", "2017年全区普惠率为79.9%。", "到2020年普惠率达到79%。"])
def test_恰好达到_往年的_目标_都不是相反(workspace: Workspace, text: str) -> None:
    add(workspace, "报告.pdf", text)
    assert sentences(workspace, "B5-5") == []


def test_比例与组成部分对不上_只提示_不算相反(workspace: Workspace) -> None:
    text = "2018年全区在园幼儿18600人，公办园在园8742人，普惠性民办园在园7347人，普惠率为91.5%。"
    add(workspace, "报告.pdf", text)
    (told,) = [reason for reasons in found(workspace).values() for reason in reasons if reason.rule == "parts"]
    assert "91.5%" in told.sentence
    assert "8742人" in told.sentence
    assert text[told.start : told.end] == "普惠率为91.5%"
    assert documents(workspace, "B5-5")["报告.pdf"].standing == "supports"


def test_自评材料的数不作判定_也不算支撑(workspace: Workspace) -> None:
    add(workspace, "区自评报告.pdf", "2018年全区普惠率为79.9%。")
    assert sentences(workspace, "B5-5") == []
    document = documents(workspace, "B5-5")["区自评报告.pdf"]
    assert document.standing == "mentions"
    assert document.passages[0].reasons[0].rule == "claim"


def test_文字识别的数只提示_不算相反(workspace: Workspace) -> None:
    add(workspace, "报告.pdf", "2018年全区普惠率为86.5%。")
    add(workspace, "扫描.pdf", "2018年全区普惠率为83.1%。")
    with workspace.store.session() as session:
        page = session.scalars(select(Page).order_by(Page.id.desc())).first()
        assert page is not None
        page.state = "ocr"
        page.spans = [[0, len(page.text), "paragraph", 0, {"page": 1, "confidence": 60}]]
    rules = {reason.rule for reasons in found(workspace).values() for reason in reasons}
    assert rules == {"conflict_unconfirmed"}
    assert rules.isdisjoint(CONTRADICTING)
    assert documents(workspace, "B5-5")["报告.pdf"].standing == "supports"


def test_同一份材料有支撑也有相反(workspace: Workspace) -> None:
    add(workspace, "报告.pdf", "2018年全区普惠率为86.5%。", "普惠性幼儿园学位仍有缺口，普惠率尚未均衡。")
    document = documents(workspace, "B5-5")["报告.pdf"]
    assert document.standing == "mixed"
    assert {passage.verdict for passage in document.passages} == {"supports", "contradicts"}


def test_人确认过的判断不被改写_但反对的理由照样列出(workspace: Workspace) -> None:
    add(workspace, "报告.pdf", "2018年全区普惠率为79.9%。")
    with workspace.store.session() as session:
        link = session.scalars(select(EvidenceLink).where(EvidenceLink.item == "B5-5")).one()
        link.state = "confirmed"
    (passage,) = documents(workspace, "B5-5")["报告.pdf"].passages
    assert (passage.verdict, passage.state) == ("supports", "confirmed")
    assert "below_limit" in [reason.rule for reason in passage.reasons]


def test_不问反对时只看段落自己(workspace: Workspace) -> None:
    add(workspace, "报告.pdf", "2018年全区普惠率为79.9%。")
    with workspace.store.session() as session:
        (evidence,) = evidence_by_item(session, DISTRICT, CYCLE)["B5-5"]
        assert evidence.passages[0].verdict == evidence.passages[0].stated == "supports"


def test_每个要点的份数加起来就是全部材料(workspace: Workspace) -> None:
    add(workspace, "报告.pdf", "2018年全区普惠率为86.5%。")
    add(workspace, "往年.pdf", "2017年全区普惠率为81%。", year=2017)
    add(workspace, "通知.pdf", "力争2020年普惠率达到90%以上。")
    add(workspace, "气象.pdf", "台风登陆沿海，气象台发布暴雨预警。")
    with workspace.store.session() as session:
        add_document(session, "坏.pdf", [], state="failed").reason = "《坏.pdf》不能打开，请重新提供。"
        add_document(session, "新.pdf", ["2018年普惠率为88%。"])
    whole = review_district(workspace, DISTRICT, CYCLE)
    assert len(whole.items) == 65
    assert all(sum(item.counts.values()) == 6 for item in whole.items)
    counts = next(item for item in whole.items if item.item == "B5-5").counts
    assert {standing: number for standing, number in counts.items() if number} == {
        "supports": 1, "mentions": 1, "out_of_period": 1, "nothing": 1, "waiting": 1, "unreadable": 1,
    }  # fmt: skip
    sentence = next(item for item in whole.items if item.item == "B5-5").sentence
    assert sentence.startswith("6 份材料已查 4 份：支撑 1 份，")
    assert (
        whole.coverage.sentence
        == "6 份材料已查 4 份，1 份不能读取或没有读全，1 份尚未查完。请运行 edureview review 查完。"
    )
    nothing = documents(workspace, "B5-5")["气象.pdf"]
    assert nothing.standing == "nothing"
    assert nothing.nearest is not None, "没有涉及的材料也写出最接近的段落"


@pytest.mark.parametrize(
    ("coverage", "sentence"),
    [
        (Coverage(3, 3, (), 3), "3 份材料已查 3 份，全部可读。"),
        (Coverage(3, 2, (("坏.pdf", "打不开"),), 2), "3 份材料已查 2 份，1 份不能读取或没有读全。"),
        (Coverage(3, 3, (), 1, ("旧.pdf", "旧2.pdf")), "3 份材料已查 1 份，2 份是按以前的规则查的。请运行 edureview review 查完。"),
    ],
)  # fmt: skip
def test_覆盖说明(coverage: Coverage, sentence: str) -> None:
    assert coverage.sentence == sentence
    assert coverage.to_json()["sentence"] == sentence
