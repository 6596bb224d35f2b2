"""Search: the right passages, the filters inside the query, and a citation with every hit."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from sqlalchemy import select

from ingest.store import Store
from ingest.tables import EvidenceLink, Passage
from retrieval.cite import verify
from retrieval.errors import ModelNameError
from retrieval.index import EvidenceIndex
from tests.retrieval.conftest import TokenEmbedder
from tests.retrieval.record import add_document


@pytest.fixture
def filled(index: EvidenceIndex, store: Store) -> EvidenceIndex:
    with store.session() as session:
        add_document(
            session,
            "普惠.txt",
            ["全区普惠性幼儿园覆盖率达到86.5%", "幼儿园教师持证上岗", "校车安全检查"],
            page_number=3,
        )
        add_document(session, "去年.txt", ["全区普惠性幼儿园覆盖率达到80.1%"], cycle=2018)
        add_document(session, "清河.txt", ["清河区普惠性幼儿园覆盖率达到91.7%"], district="清河区")
    index.index_pending()
    with store.session() as session:
        by_text = {p.text: p for p in session.scalars(select(Passage))}
        for text, item, rank, state in (
            ("全区普惠性幼儿园覆盖率达到86.5%", "B5-5", 1, "proposed"),
            ("全区普惠性幼儿园覆盖率达到86.5%", "B5-1", 2, "rejected"),
            ("全区普惠性幼儿园覆盖率达到86.5%", "B9", 3, "confirmed"),
            ("幼儿园教师持证上岗", "B5-5", 1, "rejected"),
            ("清河区普惠性幼儿园覆盖率达到91.7%", "B5-5", 1, "proposed"),
        ):
            by_text[text].links.append(
                EvidenceLink(item=item, rank=rank, confidence=1 / rank, verdict="supports", state=state, method="t")
            )
    return index


def _texts(hits: list[object]) -> list[str]:
    return [hit.text for hit in hits]  # type: ignore[attr-defined]


def test_命中带有出处(filled: EvidenceIndex) -> None:
    hit = filled.search("普惠性幼儿园覆盖率", district="云山区", cycle=2019)[0]
    assert (hit.rank, hit.text, hit.file, hit.page) == (1, "全区普惠性幼儿园覆盖率达到86.5%", "普惠.txt", 3)
    assert (hit.district, hit.cycle) == ("云山区", 2019)
    assert hit.citation.quote == hit.text
    assert hit.items == (("B5-5", 1.0), ("B9", pytest.approx(1 / 3)))
    assert 0 < hit.score <= 1
    assert hit.cosine is not None
    with filled.store.session() as session:
        assert verify(session, hit.citation)


def test_名次从一起且得分不增(filled: EvidenceIndex) -> None:
    hits = filled.search("普惠性幼儿园覆盖率")
    assert [hit.rank for hit in hits] == list(range(1, 6))
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)
    assert len(filled.search("普惠性幼儿园覆盖率", k=2)) == 2


@pytest.mark.parametrize("system", ["hybrid", "dense", "bm25"])
def test_只在所给区县与年度之内(filled: EvidenceIndex, system: str) -> None:
    for hit in filled.search("普惠性幼儿园覆盖率", district="清河区", system=system):  # type: ignore[arg-type]
        assert hit.district == "清河区"
    for hit in filled.search("普惠性幼儿园覆盖率", district="云山区", cycle=2018, system=system):  # type: ignore[arg-type]
        assert hit.cycle == 2018
    assert len(filled.search("普惠性幼儿园覆盖率", district="云山区", system=system)) >= 2  # type: ignore[arg-type]
    assert filled.search("普惠性幼儿园覆盖率", district="没有的区", system=system) == []  # type: ignore[arg-type]
    assert filled.search("普惠性幼儿园覆盖率", cycle=2021, system=system) == []  # type: ignore[arg-type]


@pytest.mark.parametrize("system", ["hybrid", "dense", "bm25"])
def test_按要点只给未被否定的关联(filled: EvidenceIndex, system: str) -> None:
    hits = filled.search("幼儿园", district="云山区", item="B5-5", system=system)  # type: ignore[arg-type]
    assert _texts(hits) == ["全区普惠性幼儿园覆盖率达到86.5%"]
    assert filled.search("幼儿园", district="云山区", item="B5-1", system=system) == []  # type: ignore[arg-type]
    assert len(filled.search("幼儿园", item="B5-5", system=system)) == 2  # type: ignore[arg-type]


def test_只用词时没有余弦也不载入模型(filled: EvidenceIndex, store: Store, home: Path) -> None:
    class Broken(TokenEmbedder):
        def warm_up(self) -> None:
            raise AssertionError("不应载入")

        def embed_query(self, text: str) -> list[float]:
            raise AssertionError("不应载入")

    hits = EvidenceIndex(store, home, Broken()).search("校车安全", system="bm25")
    assert _texts(hits) == ["校车安全检查"]
    assert hits[0].cosine is None


def test_没有共同的字时凭意思仍给出结果(filled: EvidenceIndex) -> None:
    hits = filled.search("zzz", district="云山区", cycle=2019)
    assert len(hits) == 3
    assert all(hit.cosine is not None for hit in hits)


@pytest.mark.parametrize(("text", "k"), [("", 10), (" \n", 10), ("幼儿园", 0)])
def test_空的问题没有结果(filled: EvidenceIndex, text: str, k: int) -> None:
    assert filled.search(text, k=k) == []


def test_没有材料时没有结果(index: EvidenceIndex) -> None:
    assert index.search("幼儿园") == []


def test_模型载入失败由检索抛出而不在别处打印(
    filled: EvidenceIndex, store: Store, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    warming: list[threading.Thread] = []

    class Failing(TokenEmbedder):
        def warm_up(self) -> None:
            warming.append(threading.current_thread())
            raise ModelNameError("x", "坏")

        def embed_query(self, text: str) -> list[float]:
            raise ModelNameError("x", "坏")

    unhandled: list[object] = []
    monkeypatch.setattr(threading, "excepthook", unhandled.append)
    with pytest.raises(ModelNameError):
        EvidenceIndex(store, home, Failing()).search("幼儿园")
    warming[0].join()
    assert warming[0] is not threading.current_thread()
    assert unhandled == []


def test_候选多于池时仍给足所要的条数(index: EvidenceIndex, store: Store) -> None:
    with store.session() as session:
        add_document(session, "多.txt", [f"幼儿园第{n}号材料甲乙丙丁{n}" for n in range(250)])
    index.index_pending()
    hits = index.search("幼儿园材料", k=200)
    assert len(hits) == 200
    assert len({hit.passage_id for hit in hits}) == 200


@pytest.fixture
def typed(index: EvidenceIndex, store: Store) -> EvidenceIndex:
    """Documents of other types and years in one district."""
    with store.session() as session:
        for file, type_code, year, texts in (
            ("一/统计表.xlsx", "T", 2018, ["普惠性幼儿园覆盖率86.5%", "专任教师1,204人", "生均公用经费8,000元"]),
            ("一/总结.docx", "R", 2018, ["普惠性幼儿园覆盖率达到新水平", "学前教育总结之二"]),
            ("二/总结.docx", "R", 2017, ["普惠性幼儿园覆盖率为80.1%", "生均公用经费18000元"]),
        ):
            document = add_document(session, file, texts)
            document.type_code, document.data_year = type_code, year
    index.index_pending()
    return index


@pytest.mark.parametrize("system", ["hybrid", "dense", "bm25"])
def test_按材料类型年份与文件过滤(typed: EvidenceIndex, system: str) -> None:
    def files(**filters: object) -> set[str]:
        return {hit.file for hit in typed.search("普惠性幼儿园覆盖率", district="云山区", system=system, **filters)}  # type: ignore[arg-type]

    assert files(type_code="R") == {"一/总结.docx", "二/总结.docx"}
    assert files(type_code="R", year=2017) == {"二/总结.docx"}
    assert files(year=2018) == {"一/统计表.xlsx", "一/总结.docx"}
    assert files(document="总结.docx") == {"一/总结.docx", "二/总结.docx"}
    assert files(document="一/总结.docx") == {"一/总结.docx"}
    sha = typed.search("普惠性幼儿园覆盖率", document="二/总结.docx")[0].citation.document
    assert files(document=sha[:8].upper()) == {"二/总结.docx"}
    assert files(document="结.docx") == files(type_code="M") == files(year=2019) == files(document=sha[:5]) == set()


def test_过滤后仍给足所要的条数而不漏(index: EvidenceIndex, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    from retrieval import candidates

    with store.session() as session:
        add_document(session, "多.txt", [f"幼儿园第{n}号材料甲乙丙丁{n}" for n in range(300)])
        few = add_document(session, "少.txt", [f"别的事项说明{n}" for n in range(40)])
        few.type_code = "N"
    index.index_pending()
    for exact in (1000, 5):  # every passage compared; and asked of the indexes with the filter
        monkeypatch.setattr(candidates, "EXACT", exact)
        hits = index.search("幼儿园材料", type_code="N", k=40)
        assert len(hits) == 40
        assert {hit.file for hit in hits} == {"少.txt"}


def test_文号数字与编号逐字相符的排在最前(typed: EvidenceIndex, store: Store) -> None:
    assert typed.search("生均公用经费8000元")[0].text == "生均公用经费8,000元"
    assert typed.search("生均公用经费18,000 元")[0].text == "生均公用经费18000元"
    assert typed.search("1204人")[0].text == "专任教师1,204人"
    assert typed.search("80.1%是哪一年的覆盖率")[0].text == "普惠性幼儿园覆盖率为80.1%"


def test_别的说法也能找到(index: EvidenceIndex, store: Store) -> None:
    with store.session() as session:
        add_document(session, "甲.txt", ["进城务工人员随迁子女就读情况", "幼儿园食堂检查", "校舍安全鉴定报告"])
    index.index_pending()
    hits = index.search("农民工子女", district="云山区")
    assert hits[0].text == "进城务工人员随迁子女就读情况"


def test_内容相同的合为一条并保留各处出处(index: EvidenceIndex, store: Store) -> None:
    text = "全区普惠性幼儿园覆盖率达到86.5%，比上年提高2.1个百分点"
    with store.session() as session:
        add_document(session, "自评.txt", [text, "校车安全"], title="自评报告")
        add_document(session, "总结.txt", [text], title="学前教育总结")
        add_document(session, "旧.txt", [text.replace("86.5", "85.6")])
    index.index_pending()
    apart, folded = index.search("普惠性幼儿园覆盖率"), index.search("普惠性幼儿园覆盖率", fold=True)
    assert len(apart) == 4
    assert all(hit.copies == () for hit in apart)
    assert len(folded) == 3
    both = next(hit for hit in folded if hit.text == text)
    assert {both.file, *(copy.file for copy in both.copies)} == {"自评.txt", "总结.txt"}
    assert all(copy.quote == text for copy in both.copies)
    assert [hit.rank for hit in folded] == [1, 2, 3]
    for system in ("dense", "bm25"):
        assert any(hit.copies for hit in index.search("普惠性幼儿园覆盖率", fold=True, system=system))  # type: ignore[arg-type]


def test_前后相邻的段落只取同一页的(filled: EvidenceIndex) -> None:
    hits = {hit.text: hit for hit in filled.search("幼儿园", district="云山区", cycle=2019, around=True)}
    middle = hits["幼儿园教师持证上岗"]
    assert (middle.before, middle.after) == ("全区普惠性幼儿园覆盖率达到86.5%", "校车安全检查")
    first = hits["全区普惠性幼儿园覆盖率达到86.5%"]
    assert (first.before, first.after) == ("", "幼儿园教师持证上岗")
    assert filled.search("幼儿园", district="云山区", cycle=2019)[0].after == ""


def test_要点原文找到关联于它的段落(index: EvidenceIndex, store: Store) -> None:
    from scoring_rules.scheme_loader import load_scheme

    item = next(item for item in load_scheme().items if item.id == "B9")
    with store.session() as session:
        add_document(
            session, "杂.txt", [item.text[:30], *(f"其他事项{n}" for n in range(5)), "送康复训练入户", "旧的建议"]
        )
    index.index_pending()
    with store.session() as session:
        by_text = {p.text: p for p in session.scalars(select(Passage))}
        for text, state, confidence in (("送康复训练入户", "confirmed", 0.2), ("旧的建议", "rejected", 0.9)):
            by_text[text].links.append(
                EvidenceLink(item="B9", rank=1, confidence=confidence, verdict="supports", state=state, method="t")
            )
    asked = item.text
    assert _texts(index.search(asked, k=2)) == ["送康复训练入户", item.text[:30]]
    # A question of a few words is not the item's wording: what was confirmed for the item does not push ahead.
    assert _texts(index.search("其他事项3", k=1)) == ["其他事项3"]
