"""The index: complete, repeatable, interruptible, and in agreement with the record."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import create_mock_engine, select
from sqlalchemy.orm import Session, sessionmaker

from ingest.store import Store
from ingest.tables import Document, EvidenceLink, Passage
from retrieval import index as index_module
from retrieval import lexical
from retrieval.collections import Partition
from retrieval.errors import DatabaseKindError, IndexModelMismatchError
from retrieval.index import EvidenceIndex
from retrieval.vectors import vector_id
from tests.retrieval.conftest import TokenEmbedder
from tests.retrieval.record import add_document

CLOUD, RIVER = Partition("云山区", 2019), Partition("清河区", 2019)
PUHUI = ["全区普惠性幼儿园覆盖率达到86.5%", "入园率97.2%", "教师持证上岗"]
BUS = ["校车安全检查台账", "校车照管员培训"]


@pytest.fixture
def two(store: Store) -> Store:
    """Two documents of 云山区 and one of 清河区, read and not indexed."""
    with store.session() as session:
        add_document(session, "普惠.txt", PUHUI, title="学前教育总结")
        add_document(session, "校车.txt", BUS)
        add_document(session, "清河.txt", ["清河区幼儿园"], district="清河区")
    return store


def _stored(index: EvidenceIndex, store: Store, partition: Partition) -> tuple[set[int], set[str]]:
    with store.session() as session:
        return lexical.stored(session, partition), index.vectors.stored(partition)


def _passages(store: Store, partition: Partition) -> dict[int, str]:
    with store.session() as session:
        query = (
            select(Passage)
            .join(Document)
            .where(Document.district == partition.district, Document.cycle == partition.cycle)
        )
        return {p.id: vector_id(p.id, p.key) for p in session.scalars(query)}


def test_每段都进入全文与向量(index: EvidenceIndex, two: Store) -> None:
    told: list[int] = []
    assert index.index_pending(told.append) == 6
    assert told[-1] == 6
    assert told == sorted(told)
    for partition in (CLOUD, RIVER):
        expected = _passages(two, partition)
        assert _stored(index, two, partition) == (set(expected), set(expected.values()))
    with two.session() as session:
        assert all(session.scalars(select(Document.indexed_at)))
    assert index.check() == []


def test_标题与章节一同嵌入并可检索(index: EvidenceIndex, two: Store, embedder: TokenEmbedder) -> None:
    index.index_pending()
    assert "学前教育总结\n入园率97.2%" in embedder.seen
    assert "校车安全检查台账" in embedder.seen
    with two.session() as session:
        assert len(lexical.search(session, CLOUD, "学前教育总结")) == 3


def test_第二次没有可做的(index: EvidenceIndex, two: Store, embedder: TokenEmbedder) -> None:
    index.index_pending()
    seen = len(embedder.seen)
    assert index.index_pending() == 0
    assert len(embedder.seen) == seen == 6


def test_正在读取的文件不编入_不能读取的算作已处理(index: EvidenceIndex, store: Store) -> None:
    with store.session() as session:
        add_document(session, "在读.txt", ["还没有读完"], state="reading")
        add_document(session, "坏.pdf", [], state="failed")
    assert index.index_pending() == 0
    with store.session() as session:
        states = {d.file: d.indexed_at is not None for d in session.scalars(select(Document))}
    assert states == {"在读.txt": False, "坏.pdf": True}


def test_标注在同一事务里得到段落与向量(index: EvidenceIndex, two: Store, embedder: TokenEmbedder) -> None:
    got: list[tuple[list[str], np.ndarray]] = []

    def annotate(session: Session, passages: Sequence[Passage], vectors: np.ndarray) -> None:
        got.append(([p.text for p in passages], vectors))
        for passage in passages:
            passage.links.append(EvidenceLink(item="B5-5", rank=1, confidence=0.5, verdict="mentions", method="t"))

    index.index_pending(annotate=annotate)
    assert [texts for texts, _ in got] == [PUHUI, BUS, ["清河区幼儿园"]]
    expected = embedder.embed_passages([f"学前教育总结\n{text}" for text in PUHUI])
    assert np.allclose(got[0][1], expected, atol=1e-6)
    with two.session() as session:
        assert len(session.scalars(select(EvidenceLink)).all()) == 6


def test_标注失败时该文件整个留待下次(index: EvidenceIndex, two: Store) -> None:
    class StopError(Exception):
        pass

    def annotate(session: Session, passages: Sequence[Passage], vectors: np.ndarray) -> None:
        if passages[0].text == BUS[0]:
            session.add(
                EvidenceLink(
                    passage_id=passages[0].id, item="B5-5", rank=1, confidence=0.5, verdict="mentions", method="t"
                )
            )
            session.flush()
            raise StopError

    with pytest.raises(StopError):
        index.index_pending(annotate=annotate)
    with two.session() as session:
        done = {d.file: d.indexed_at is not None for d in session.scalars(select(Document))}
        assert session.scalars(select(EvidenceLink)).all() == []
        assert lexical.search(session, CLOUD, "校车") == {}
    assert done == {"普惠.txt": True, "校车.txt": False, "清河.txt": False}
    assert index.check() == [], "等待编入的文件不是差异"
    assert index.index_pending() == 3
    assert index.check() == []


def test_中断后接着做且不重复嵌入(
    index: EvidenceIndex, store: Store, embedder: TokenEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_module, "EMBED_AT_ONCE", 2)
    with store.session() as session:
        add_document(session, "长.txt", [f"第{n}段幼儿园" for n in range(7)])

    class StopError(Exception):
        pass

    def stop(count: int) -> None:
        if count >= 4:
            raise StopError

    with pytest.raises(StopError):
        index.index_pending(stop)
    assert len(embedder.seen) == 4
    assert index.index_pending() == 7
    assert len(embedder.seen) == len(set(embedder.seen)) == 7
    assert index.check() == []


def test_核对出缺少与多余并修复(index: EvidenceIndex, two: Store, embedder: TokenEmbedder) -> None:
    index.index_pending()
    expected = _passages(two, CLOUD)
    ids = sorted(expected)
    with two.session() as session:
        lexical.remove(session, CLOUD, [(ids[1], f"学前教育总结\n{PUHUI[1]}")])
        lexical.add(session, CLOUD, [(900, "多余")])
    index.vectors.delete(CLOUD, {expected[ids[2]]})
    index.vectors.upsert(CLOUD, ["901:gone"], embedder.embed_passages(["多余"]))
    index.vectors.upsert(Partition("撤销区", 2018), ["5:x"], embedder.embed_passages(["多余"]))
    cloud, gone = sorted(index.check(), key=lambda d: d.partition, reverse=False)
    if cloud.partition != CLOUD:
        cloud, gone = gone, cloud
    assert (cloud.missing_text, cloud.extra_text) == ({ids[1]}, {900})
    assert (cloud.missing_vectors, cloud.extra_vectors) == ({ids[2]}, {"901:gone"})
    assert gone.extra_vectors == {"5:x"}
    assert index.repair() == 5
    assert index.check() == []
    assert _stored(index, two, CLOUD) == (set(expected), set(expected.values()))
    assert index.search("入园率97.2%", district="云山区", k=1)[0].text == "入园率97.2%"
    assert index.repair() == 0


def test_只缺全文时补上所缺(index: EvidenceIndex, two: Store) -> None:
    index.index_pending()
    last = max(_passages(two, CLOUD))
    with two.session() as session:
        lexical.remove(session, CLOUD, [(last, BUS[1])])
    assert index.repair() == 1
    with two.session() as session:
        assert list(lexical.search(session, CLOUD, "照管员")) == [last]


def test_重建之后由待处理重新编入(index: EvidenceIndex, two: Store, home: Path) -> None:
    index.index_pending()
    other = EvidenceIndex(two, home, TokenEmbedder("another"))
    with pytest.raises(IndexModelMismatchError):
        other.search("幼儿园")
    with pytest.raises(IndexModelMismatchError):
        other.check()
    other.rebuild()
    assert other.vectors.partitions() == []
    assert other.search("幼儿园") == []
    assert other.index_pending() == 6
    assert other.check() == []
    assert other.search("幼儿园")


def test_删除文件前移出索引_编号再用也不相混(index: EvidenceIndex, two: Store) -> None:
    index.index_pending()
    with two.session() as session:
        document = session.scalars(select(Document).where(Document.file == "清河.txt")).one()
    index.remove_document(document.id)
    with two.session() as session:
        session.delete(session.get_one(Document, document.id))
    assert index.search("清河区幼儿园", district="清河区") == []
    assert index.check() == []


def test_未经移出就删除时旧文字不再被找到(index: EvidenceIndex, two: Store) -> None:
    index.index_pending()
    with two.session() as session:
        gone = session.scalars(select(Document).where(Document.file == "校车.txt")).one()
        session.delete(session.scalars(select(Document).where(Document.file == "清河.txt")).one())
        session.delete(gone)
    with two.session() as session:
        new = add_document(session, "新.txt", ["体质健康测试", "合格率"])
        assert {p.id for p in new.passages} & {4, 5}, "SQLite 应当再用这些编号"
    assert index.search("校车安全检查", district="云山区", k=20, system="bm25") == []
    index.index_pending()
    assert "体质健康测试" in index.search("体质健康测试", district="云山区", k=1)[0].text
    assert index.search("校车安全检查", district="云山区", k=20, system="bm25") == []
    index.repair()
    assert index.check() == []


def test_不支持的数据库说明怎么办(home: Path) -> None:
    engine = create_mock_engine("mssql+pymssql://", executor=lambda statement: None)
    with pytest.raises(DatabaseKindError, match=r"mssql.*请"):
        EvidenceIndex(Store(engine, home, sessionmaker()), home, TokenEmbedder())  # type: ignore[arg-type]
