"""扫描表格里识别出来的数、置信度低的数，都要人确认了才算数；引文带着置信度。"""

from __future__ import annotations

import pytest
from sqlalchemy import select

from ingest.store import Store
from ingest.tables import FactRow, Page
from retrieval.annotate import Annotator
from retrieval.cite import cite
from retrieval.itemmap import ItemMapper
from retrieval.stored_facts import StoredFact, fact_citation, stored_facts
from review.places import place, recognition
from scoring_rules.catalogue import load_catalogue
from scoring_rules.scheme_loader import load_scheme
from tests.retrieval.conftest import TokenEmbedder
from tests.retrieval.record import add_document

TEXT = "全区幼儿园普惠率为86.5%，比上年提高3.1个百分点。"


def stored(
    store: Store, kind: str, confidence: int | None, *, page_state: str = "ocr", state: str = "proposed"
) -> StoredFact:
    """The one fact of a page whose only span is of this kind and confidence."""
    locator = {"page": 1} if confidence is None else {"page": 1, "confidence": confidence}
    with store.session() as session:
        document = add_document(session, "扫描.pdf", [TEXT], spans=[[0, len(TEXT), kind, 0, locator]])
        session.scalars(select(Page)).one().state = page_state
        embedder = TokenEmbedder()
        annotator = Annotator(ItemMapper(load_scheme(), load_catalogue(), embedder))
        annotator(session, document.passages, embedder.embed_passages([TEXT]))
        session.scalars(select(FactRow)).one().state = state
        session.flush()
        [fact] = stored_facts(session)
        assert fact_citation(session, fact).confidence == confidence
        return fact


@pytest.mark.parametrize(
    ("kind", "confidence", "wanted"),
    [
        ("cell", 99, True),
        ("paragraph", 84, True),
        ("paragraph", 85, False),
        ("cell", None, False),
        ("paragraph", None, False),
    ],
)
def test_识别来的表格和低置信度的数要人确认(store: Store, kind: str, confidence: int | None, wanted: bool) -> None:
    assert stored(store, kind, confidence).needs_confirmation is wanted


def test_人确认过的就算数(store: Store) -> None:
    fact = stored(store, "cell", 99, state="confirmed")
    assert (fact.state, fact.needs_confirmation) == ("confirmed", False)


def test_引文取最没把握的一行(store: Store) -> None:
    with store.session() as session:
        spans = [
            [0, 10, "paragraph", 0, {"page": 1, "confidence": 97}],
            [10, len(TEXT), "paragraph", 0, {"page": 1, "confidence": 76}],
        ]
        document = add_document(session, "扫描.pdf", [TEXT], spans=spans)
        both, first = cite(session, document.passages[0], 4, 20), cite(session, document.passages[0], 0, 9)
    assert (both.confidence, both.locator["confidence"]) == (76, 76)
    assert place(both) == "第1页（识别置信度 76%，请核对原件）"
    assert recognition(both) == "文字识别，置信度 76%，请核对原件"
    assert (place(first), recognition(first)) == ("第1页", "文字识别，置信度 97%")


def test_超出合理范围的数要人确认_确认后算数(store: Store) -> None:
    def of(value: str, state: str) -> StoredFact:
        with store.session() as session:
            row = session.scalars(select(FactRow)).one()
            row.value, row.state = value, state
            session.flush()
            [fact] = stored_facts(session)
            return fact

    assert stored(store, "paragraph", None).plausible
    slip = of("865", "proposed")
    assert (slip.plausible, slip.needs_confirmation) == (False, True)
    confirmed = of("865", "confirmed")
    assert (confirmed.plausible, confirmed.needs_confirmation) == (False, False)


def test_约只看数旁边的字(store: Store) -> None:
    assert not stored(store, "paragraph", None).approximate
