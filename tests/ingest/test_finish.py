"""Cutting early and again at the end: what did not change keeps its rows, what people said stays, the end is always the same."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from ingest.finish import publish, settle, settle_failed, state_of
from ingest.page_rows import fill
from ingest.pages import ParsedPage, Span
from ingest.queue import INDEX, RECOGNISE, enqueue
from ingest.store import Store
from ingest.tables import Document, EvidenceLink, FactRow, Job, Page, Passage

TITLE = "云山区2018年学前教育工作总结"


def _page(number: int, *lines: str, state: str = "text") -> ParsedPage:
    spans, at = [], 0
    for group, line in enumerate(lines):
        spans.append(Span(at, at + len(line), "paragraph", group, {"page": number}))
        at += len(line) + 1
    source = "page" if state in ("ocr", "waiting") else ""
    return ParsedPage(number, f"第{number}页", state, "\n".join(lines), spans=tuple(spans), source=source)  # type: ignore[arg-type]


BODY = "全区普惠性幼儿园覆盖率达到86.5%，比上年提高三个百分点，公办园在园幼儿占比达到五成以上。" * 3
LATER = "全区教师全员培训率达到百分之百，人均一百二十学时，骨干教师交流轮岗比例达到百分之二十。" * 3
FIRST = _page(1, TITLE, "本总结由区教育局编写，供督导评估使用，材料内容均经核实。" * 4, state="ocr")


class Forgotten:
    """Stands for the index: remembers what it is asked to forget."""

    def __init__(self) -> None:
        self.keys: list[str] = []

    def __call__(self, session: Session, passages: Sequence[Passage]) -> list[str]:
        self.keys += [passage.key for passage in passages]
        return [f"v:{passage.key}" for passage in passages]


@pytest.fixture
def queued(store: Store, tmp_path: Path) -> Store:
    (tmp_path / "甲.pdf").write_bytes(b"%PDF")
    enqueue(store, tmp_path / "甲.pdf", district="云山区", cycle=2019, label="甲.pdf")
    enqueue(store, tmp_path / "甲.pdf", district="云山区", cycle=2019, label="乙.pdf")
    with store.session() as session:
        session.get_one(Job, 1).stage = RECOGNISE
    _store(store, _page(1, "", state="waiting"), _page(2, BODY), _page(3, LATER))
    return store


def _store(store: Store, *pages: ParsedPage) -> None:
    with store.session() as session:
        for page in pages:
            row = session.scalars(select(Page).where(Page.number == page.number)).first()
            session.add(fill(row or Page(document_id=1, number=page.number), page))


def _passages(store: Store) -> list[tuple[int, str, str, bool]]:
    with store.session() as session:
        query = select(Passage).order_by(Passage.page_id, Passage.start)
        return [(one.id, one.text, one.context, one.indexed) for one in session.scalars(query)]


def _mark_indexed(store: Store) -> None:
    with store.session() as session:
        for passage in session.scalars(select(Passage)):
            passage.indexed = True


def test_先公布的段落到收尾时未变的保留原行(queued: Store) -> None:
    forgotten = Forgotten()
    publish(queued, 1, forget=forgotten)
    early = _passages(queued)
    assert {text for _, text, _, _ in early} == {BODY, LATER}
    with queued.session() as session:
        assert (session.get_one(Document, 1).state, session.get_one(Job, 1).published) == ("reading", 2)
    _mark_indexed(queued)
    _store(queued, FIRST)
    settle(queued, 1, forget=forgotten)
    # The title is known only now: same rows, other words to be found with.
    final = _passages(queued)
    assert [row[0] for row in final if row[1] in (BODY, LATER)] == [row[0] for row in early]
    assert all(TITLE in context for _, _, context, _ in final)
    assert not any(indexed for _, _, _, indexed in final)
    with queued.session() as session:
        job = session.get_one(Job, 1)
        assert (job.stage, sorted(job.orphans)) == (INDEX, sorted(f"v:{key}" for key in forgotten.keys))
        assert len(forgotten.keys) == 2


def test_什么都没变时什么也不动(queued: Store) -> None:
    forgotten = Forgotten()
    _store(queued, FIRST)
    publish(queued, 1, forget=forgotten)
    _mark_indexed(queued)
    before = _passages(queued)
    settle(queued, 1, forget=forgotten)
    assert _passages(queued) == before
    assert forgotten.keys == []


def test_先公布后收尾与只收尾一次相同(queued: Store, tmp_path: Path) -> None:
    publish(queued, 1, forget=Forgotten())
    _store(queued, FIRST)
    settle(queued, 1, forget=Forgotten())
    twice = [row[1:3] for row in _passages(queued)]
    with queued.session() as session:
        for passage in session.scalars(select(Passage)):
            session.delete(passage)
    settle(queued, 1, forget=Forgotten())
    assert [row[1:3] for row in _passages(queued)] == twice


def test_换了边界的段落交出人的意见并忘掉自己(queued: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(queued, 1, forget=Forgotten())
    with queued.session() as session:
        old = session.scalars(select(Passage).where(Passage.text == BODY)).one()
        place = BODY.index("86.5")
        for item, state in (("B5-5", "confirmed"), ("B1-1", "proposed")):
            session.add(EvidenceLink(passage_id=old.id, item=item, rank=1, confidence=0.9, verdict="supports", state=state, method="t"))  # fmt: skip
        for state in ("rejected", "proposed"):
            session.add(FactRow(passage_id=old.id, metric="m", value="86.5", unit="%", scope="", start=place, end=place + 4, state=state))  # fmt: skip
        key = old.key
    _store(queued, _page(2, "新的第一句，说明统计口径与时间范围。" * 5, BODY))
    with queued.session() as session:  # the page itself changed, so the same words stand elsewhere
        shift = len("新的第一句，说明统计口径与时间范围。" * 5) + 1
        for fact in session.scalars(select(FactRow)):
            fact.start, fact.end = fact.start + shift, fact.end + shift
    forgotten = Forgotten()
    settle(queued, 1, forget=forgotten)
    assert key in forgotten.keys
    with queued.session() as session:
        [link] = session.scalars(select(EvidenceLink)).all()
        assert (link.item, link.state) == ("B5-5", "confirmed")
        assert link.passage.page.number == 2
        [fact] = session.scalars(select(FactRow)).all()
        assert fact.state == "rejected"
        assert "86.5" in fact.passage.text


def test_收尾后副本与原件状态相同(queued: Store) -> None:
    _store(queued, FIRST)
    settle(queued, 1, forget=Forgotten())
    with queued.session() as session:
        first, copy = session.get_one(Document, 1), session.get_one(Document, 2)
        assert (
            (copy.state, copy.title, copy.data_year)
            == (first.state, first.title, first.data_year)
            == ("indexed", TITLE, 2018)
        )
        assert "内容完全相同" in copy.reason


def test_整理出错的文件有原因且留下各页(queued: Store) -> None:
    settle_failed(queued, 1, "整理时程序出错，请反馈。")
    with queued.session() as session:
        documents = [session.get_one(Document, id_) for id_ in (1, 2)]
        assert [document.state for document in documents] == ["failed", "failed"]
        assert documents[0].reason == "整理时程序出错，请反馈。"
        assert session.get_one(Job, 1).stage == INDEX
        assert len(documents[0].pages) == 3


OK, BAD = ParsedPage(1, "第1页", "text", "字"), ParsedPage(2, "第2页", "failed", "", "第2页坏了，请重扫。")


@pytest.mark.parametrize(
    ("refusal", "defects", "pages", "state", "words"),
    [
        ("", (), [OK], "indexed", ""),
        ("", ("有缺陷。",), [OK], "indexed", "有缺陷。"),
        ("", (), [OK, BAD], "partly", "第2页坏了，请重扫。"),
        ("", (), [BAD], "failed", "第2页坏了，请重扫。"),
        ("", (), [BAD, BAD], "failed", "共 2 页，全部没有读到文字。第2页坏了"),
        ("读不了，请重传。", (), [], "failed", "读不了，请重传。"),
        ("中断了，请重传。", (), [OK], "partly", "中断了，请重传。"),
        ("", (), [], "failed", "没有任何文字"),
        ("", (), [ParsedPage(1, "", "empty", "", "空白页")], "failed", "没有任何文字"),
        ("", ("一。", "二。", "三。", "四。", "五。"), [OK], "indexed", "一。二。三。四。另有 1 条说明，见各页。"),
    ],
)
def test_文件的状态与原因(
    refusal: str, defects: tuple[str, ...], pages: list[ParsedPage], state: str, words: str
) -> None:
    found = state_of("甲.pdf", refusal, defects, pages)
    assert found[0] == state
    assert words in found[1]
    assert bool(words) == bool(found[1])
