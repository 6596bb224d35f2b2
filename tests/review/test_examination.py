"""逐项逐份检查：每份材料对每个要点都查到，只查没查过的，被杀后接着查，人定过的不动。"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from ingest.tables import Document, EvidenceLink, Examination, FactRow, Passage
from retrieval import annotate as annotating
from retrieval import examined
from retrieval.annotate import Annotator
from retrieval.index import EvidenceIndex
from review.completeness import completeness
from review.errors import BusyError
from review.examination import current_fingerprint, examine, mapper_of, to_examine
from review.jobs import alone
from review.workspace import Settings, Workspace
from tests.retrieval.conftest import TokenEmbedder
from tests.retrieval.record import add_document

DISTRICT, CYCLE = "云山区", 2019
REPORT = ["2018年全区普惠性幼儿园覆盖率86.5%。", "责任督学挂牌督导尚未覆盖全部幼儿园。"]


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """An empty data folder with a model that counts tokens."""
    opened = Workspace(Settings(tmp_path / "home"))
    opened.__dict__["index"] = EvidenceIndex(opened.store, tmp_path / "home", TokenEmbedder())
    yield opened
    opened.store.engine.dispose()


def add(workspace: Workspace, file: str, paragraphs: list[str], *, year: int | None = 2018, read: bool = True) -> int:
    """A document that is read and indexed as an import does it; read=False: indexed, but not examined."""
    with workspace.store.session() as session:
        document = add_document(session, file, paragraphs, title=file.removesuffix(".pdf"))
        document.data_year = year
        document_id = document.id
    workspace.index.index_pending(annotate=Annotator(mapper_of(workspace)) if read else None)
    return document_id


def links(session: Session) -> list[tuple[str, str, str]]:
    query = select(Passage.key, EvidenceLink.item, EvidenceLink.verdict).join(EvidenceLink.passage)
    return sorted((key, item, verdict) for key, item, verdict in session.execute(query))


def test_导入时就查完_并记下用什么查的(workspace: Workspace) -> None:
    document_id = add(workspace, "总结.pdf", REPORT)
    with workspace.store.session() as session:
        held = session.get_one(Examination, document_id)
        assert held.passages == 2
        assert held.fingerprint == current_fingerprint(workspace)
        assert {"方案", "对应", "判断用词", "规则"} <= held.looked_with.keys()
        assert len(held.nearest) == 65, "每个要点都有最接近的段落，哪怕没有建立对应"
        keys = set(session.scalars(select(Passage.key)))
        assert {key for key, _ in held.nearest.values()} <= keys
    assert to_examine(workspace, DISTRICT, CYCLE) == []
    assert examine(workspace, DISTRICT, CYCLE).documents == 0


def test_只查没有查过的(workspace: Workspace) -> None:
    add(workspace, "总结.pdf", REPORT)
    new = add(workspace, "台账.pdf", ["小区配套园移交台账，2018年移交6所。"], read=False)
    told: list[tuple[int, int]] = []
    assert to_examine(workspace, DISTRICT, CYCLE) == [new]
    run = examine(workspace, DISTRICT, CYCLE, on_document=lambda done, documents: told.append((done, documents)))
    assert (run.documents, run.passages) == (1, 1)
    assert told == [(1, 1)]
    assert run.documents_per_second > 0
    assert examine(workspace, DISTRICT, CYCLE).documents == 0


def test_没有段落的材料也算查完(workspace: Workspace) -> None:
    empty = add(workspace, "空.pdf", [])
    examine(workspace, DISTRICT, CYCLE)
    with workspace.store.session() as session:
        assert session.get_one(Examination, empty).passages == 0


def test_规则或词表变了_全部重查_结果与从头导入相同(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    add(workspace, "总结.pdf", REPORT)
    with workspace.store.session() as session:
        before = links(session)
        for link in session.scalars(select(EvidenceLink)):
            link.verdict, link.reasons = "mentions", []
    monkeypatch.setattr(examined, "RULES", "另一版")
    assert completeness(workspace, DISTRICT, CYCLE).coverage.outdated == ("总结.pdf",)
    assert examine(workspace, DISTRICT, CYCLE).documents == 1
    with workspace.store.session() as session:
        assert links(session) == before
    assert completeness(workspace, DISTRICT, CYCLE).coverage.is_complete


def test_对应的方法不变就不重做_换了数据夹就另做(workspace: Workspace, tmp_path: Path) -> None:
    assert mapper_of(workspace) is mapper_of(workspace)
    other = Workspace(Settings(tmp_path / "另一个"))
    other.__dict__["index"] = EvidenceIndex(other.store, tmp_path / "另一个", TokenEmbedder())
    assert mapper_of(other) is not mapper_of(workspace)
    other.store.engine.dispose()


def test_人定过的重查也不动(workspace: Workspace) -> None:
    add(workspace, "总结.pdf", REPORT)
    with workspace.store.session() as session:
        link = session.scalars(select(EvidenceLink).where(EvidenceLink.item == "B5-5", EvidenceLink.rank == 1)).first()
        fact = session.scalars(select(FactRow)).first()
        assert link is not None
        assert fact is not None
        link.state, link.verdict, fact.state = "confirmed", "mentions", "rejected"
        confirmed, rejected = link.id, fact.id
    examine(workspace, DISTRICT, CYCLE, again=True)
    with workspace.store.session() as session:
        assert session.get_one(EvidenceLink, confirmed).verdict == "mentions"
        assert session.get_one(FactRow, rejected).state == "rejected"


class _KilledError(BaseException):
    """What a kill looks like from inside: nothing catches it."""


def test_查到一半被打断_再来接着查_不丢不重(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    paragraphs = [f"2018年第{n}次督导检查，责任督学挂牌督导{n}所。" for n in range(150)]
    one = add(workspace, "一.pdf", REPORT, read=False)
    long = add(workspace, "二.pdf", paragraphs, read=False)
    calls = 0
    judge = Annotator._annotate

    def killed(self: Annotator, *given: object) -> object:
        nonlocal calls
        calls += 1
        if calls == 3:
            raise _KilledError
        return judge(self, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(Annotator, "_annotate", killed)
    with pytest.raises(_KilledError):
        examine(workspace, DISTRICT, CYCLE)
    assert to_examine(workspace, DISTRICT, CYCLE) == [long], "查完的那份不再查，查到一半的不算查完"
    monkeypatch.setattr(Annotator, "_annotate", judge)
    assert examine(workspace, DISTRICT, CYCLE).passages == 150
    with workspace.store.session() as session:
        after = links(session)
        assert len(after) == len({(key, item) for key, item, _ in after})
        assert {held.document_id for held in session.scalars(select(Examination))} == {one, long}
    examine(workspace, DISTRICT, CYCLE, again=True)
    with workspace.store.session() as session:
        assert links(session) == after


def test_写入失败后重试_同样记为查完(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    document_id = add(workspace, "总结.pdf", REPORT, read=False)
    annotator = Annotator(mapper_of(workspace))
    with workspace.store.session() as session:
        passages = list(session.scalars(select(Passage).order_by(Passage.id)))
    vectors = TokenEmbedder().embed_passages([passage.text for passage in passages])

    def attempt(parts: list[Passage], rows: slice, *, fail: bool) -> None:
        with workspace.store.session() as session:
            annotator(session, [session.get_one(Passage, passage.id) for passage in parts], vectors[rows])
            if fail:
                session.rollback()

    attempt(passages[:1], slice(0, 1), fail=False)
    attempt(passages[1:], slice(1, 2), fail=True)
    attempt(passages[1:], slice(1, 2), fail=False)
    with workspace.store.session() as session:
        assert session.get_one(Examination, document_id).passages == 2


def test_还在读的材料不算查完(workspace: Workspace) -> None:
    with workspace.store.session() as session:
        document = add_document(session, "长.pdf", REPORT, state="reading")
        annotator = Annotator(mapper_of(workspace))
        annotator(session, document.passages, TokenEmbedder().embed_passages(REPORT))
        assert session.get(Examination, document.id) is None
        assert links(session), "已读的部分先可查到"


def test_向量丢了也能查(workspace: Workspace) -> None:
    add(workspace, "总结.pdf", REPORT)
    with workspace.store.session() as session:
        before = links(session)
    for partition in workspace.index.vectors.partitions():
        workspace.index.vectors.drop(partition)
    assert examine(workspace, DISTRICT, CYCLE, again=True).documents == 1
    with workspace.store.session() as session:
        assert links(session) == before


def test_别的程序正在导入时不抢(workspace: Workspace) -> None:
    add(workspace, "总结.pdf", REPORT, read=False)
    with alone(workspace), pytest.raises(BusyError):
        examine(workspace, DISTRICT, CYCLE)
    assert examine(workspace, DISTRICT, CYCLE).documents == 1
    with alone(workspace):
        assert examine(workspace, DISTRICT, CYCLE).documents == 0, "没有要查的就不用等"


def test_别的区县不受影响(workspace: Workspace) -> None:
    add(workspace, "总结.pdf", REPORT, read=False)
    assert examine(workspace, "河东区", CYCLE).documents == 0
    assert len(to_examine(workspace, DISTRICT, CYCLE)) == 1


def test_材料行删除时记录随之删除(workspace: Workspace) -> None:
    document_id = add(workspace, "总结.pdf", REPORT)
    with workspace.store.session() as session:
        session.delete(session.get_one(Document, document_id))
    with workspace.store.session() as session:
        assert session.get(Examination, document_id) is None


def test_对应的个数有上限_数据和名称的不占(workspace: Workspace) -> None:
    add(workspace, "总结.pdf", ["2018年普惠率86.5%，入园率97.2%，责任督学挂牌督导全覆盖，一校一章程核准率100%。"])
    with workspace.store.session() as session:
        methods = [link.method for link in session.scalars(select(EvidenceLink))]
    assert methods.count(annotating.METHOD) <= 3
