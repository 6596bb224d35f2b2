"""What is looked at closely: enough of everything, all of a narrow filter, and nothing the record does not hold."""

from __future__ import annotations

import numpy as np
import pytest
from sqlalchemy import select

from ingest.store import Store
from ingest.tables import EvidenceLink, Passage
from retrieval import lexical
from retrieval.candidates import Candidates, gather
from retrieval.collections import Partition
from retrieval.filters import Filters
from retrieval.index import EvidenceIndex
from retrieval.neighbours import neighbours
from retrieval.official_query import OfficialQuery
from retrieval.search_text import search_text
from retrieval.synonyms import synonyms_of
from tests.retrieval.record import add_document

CLOUD = Partition("云山区", 2019)
NONE = synonyms_of([])


@pytest.fixture
def filled(index: EvidenceIndex, store: Store) -> EvidenceIndex:
    with store.session() as session:
        add_document(session, "多.txt", [f"幼儿园材料甲乙丙丁{n}" for n in range(60)])
        few = add_document(session, "少.txt", ["标准为8,000元", *(f"别的事项说明{n}" for n in range(20))])
        few.type_code = "N"
    index.index_pending()
    return index


def found(
    index: EvidenceIndex, text: str, *, pool: int, filters: Filters | None = None, items: tuple[str, ...] = ()
) -> Candidates:  # fmt: skip
    question = np.asarray(index.embedder.embed_query(text), dtype=np.float32)
    asked = search_text(text, NONE)
    with index.store.session() as session:
        return gather(
            session,
            index.vectors,
            [CLOUD],
            filters or Filters(),
            asked,
            lambda: question,
            OfficialQuery(items, 1.0),
            pool,
        )


def test_窄的过滤之内每段都看(filled: EvidenceIndex) -> None:
    got = found(filled, "幼儿园材料", pool=3, filters=Filters(type_code="N"))
    assert len(got.texts) == 21
    assert got.texts.keys() == got.cosines.keys()
    assert len(found(filled, "幼儿园材料", pool=3).texts) <= 6


def test_须逐字相符的总在其中(filled: EvidenceIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    # As if the words of the question had brought others only.
    monkeypatch.setattr(lexical, "telling", lambda frequency: ["材料"])
    got = found(filled, "幼儿园材料甲乙丙丁，8000元", pool=2)
    assert "标准为8,000元" in got.texts.values()


def test_否定的关联不算数_确认的最可靠(filled: EvidenceIndex) -> None:
    with filled.store.session() as session:
        some = list(session.scalars(select(Passage).where(Passage.text.like("别的事项%")).order_by(Passage.id)))[:3]
        for passage, state in zip(some, ("proposed", "rejected", "confirmed"), strict=True):
            passage.links.append(
                EvidenceLink(item="B9", rank=1, confidence=0.5, verdict="supports", state=state, method="t")
            )
        ids = [passage.id for passage in some]
    for pool in (2, 100):  # not brought by its link; and brought by its words, without a share
        assert found(filled, "幼儿园材料", pool=pool, items=("B9",)).shares == {ids[0]: 0.5, ids[2]: 1.0}
    assert ids[1] not in found(filled, "幼儿园材料", pool=2, items=("B9",)).texts


def test_词元的篇数按全部段落计(filled: EvidenceIndex) -> None:
    got = found(filled, "幼儿园材料", pool=2)
    assert got.total == 81
    assert got.frequency["幼儿"] == 60


def test_相邻段落不跨页(filled: EvidenceIndex, store: Store) -> None:
    with store.session() as session:
        first, second = (add_document(session, f"{n}页.txt", [f"{n}甲", f"{n}乙"]) for n in (1, 2))
        ids = [passage.id for document in (first, second) for passage in document.passages]
        assert neighbours(session, ids) == {
            ids[0]: ("", "1乙"), ids[1]: ("1甲", ""), ids[2]: ("", "2乙"), ids[3]: ("2甲", ""),
        }  # fmt: skip
