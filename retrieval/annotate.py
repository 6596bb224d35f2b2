"""Proposes, for the passages of a document, which items they are evidence for and which figures they state.

Everything written here is a proposal: what a person has confirmed or rejected is never touched.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from ingest.tables import Document, EvidenceLink, FactRow, Page, Passage
from retrieval.embedder import Vectors
from retrieval.facts import Fact, extract_facts, shifted
from retrieval.itemmap import ItemMapper, ItemMapping
from retrieval.metrics import Metrics, load_metrics
from retrieval.numbers import plain

METHOD = "words+vectors"
METHOD_FACT = "fact"
METHOD_NAME = "name"

_MOST_LINKS = 3
# Confidence (softmax over 65 items) below which an item is not worth proposing, and from which it counts as supporting.
_LEAST = 0.05
_SUPPORTS = 0.2
_FIRST_SUPPORTS = 0.15
_SELF_POINTS = re.compile(r"自评得分|自评分")


class Annotator:
    """Writes proposed links and facts; call it as the `annotate` hook of `EvidenceIndex.index_pending`."""

    def __init__(self, mapper: ItemMapper, metrics: Metrics | None = None) -> None:
        self._mapper = mapper
        self._metrics = metrics or load_metrics()

    def __call__(self, session: Session, passages: Sequence[Passage], vectors: Vectors) -> None:
        """Links and facts for `passages`; what was proposed for them before is replaced.

        vectors : of the passages, float32 array of shape (len(passages), dim).
        """
        annotate(session, passages, vectors, mapper=self._mapper, metrics=self._metrics)


def annotate(
    session: Session, passages: Sequence[Passage], vectors: Vectors, *, mapper: ItemMapper, metrics: Metrics
) -> None:
    """Writes EvidenceLink and FactRow rows for `passages`; running it again changes nothing.

    A link's verdict is out_of_period when the document speaks of another year than the cycle's data year (evaluation year − 1).
    """
    if not passages:
        return
    ids = [passage.id for passage in passages]
    session.execute(delete(EvidenceLink).where(EvidenceLink.passage_id.in_(ids), EvidenceLink.state == "proposed"))
    session.execute(delete(FactRow).where(FactRow.passage_id.in_(ids), FactRow.state == "proposed"))
    kept = select(EvidenceLink.passage_id, EvidenceLink.item).where(EvidenceLink.passage_id.in_(ids))
    settled_links = {(passage_id, item) for passage_id, item in session.execute(kept)}
    settled_facts = {
        (row.passage_id, row.metric, row.value, row.year, row.scope)
        for row in session.scalars(select(FactRow).where(FactRow.passage_id.in_(ids)))
    }
    contexts = [f"{session.get_one(Document, passage.document_id).file}\n{passage.context}" for passage in passages]
    mappings = mapper.map([passage.text for passage in passages], vectors, contexts)
    for passage, mapping in zip(passages, mappings, strict=True):
        document = session.get_one(Document, passage.document_id)
        facts = passage_facts(passage, session.get_one(Page, passage.page_id), document, metrics)
        for fact in facts:
            if (passage.id, fact.metric, plain(fact.value), fact.year, fact.scope) not in settled_facts:
                session.add(_fact_row(passage, fact))
        fact_items = [metrics.by_id[fact.metric].item for fact in facts]
        for link in _links(passage, mapping, fact_items, mapper.named(passage.text), document):
            if (passage.id, link.item) not in settled_links:
                session.add(link)
    session.flush()


def passage_facts(passage: Passage, page: Page, document: Document, metrics: Metrics) -> list[Fact]:
    """The facts stated in a passage; `start` and `end` in the page's text."""
    breaks = group_starts(page, passage)
    found = extract_facts(
        passage.text,
        metrics,
        default_year=document.data_year,
        context=passage.context,
        district=document.district,
        breaks=breaks,
    )
    headings = heading_places(page)
    placed = (shifted(fact, passage.start) for fact in found)
    # 无重大安全事故情况说明 is the name of a paper, not its statement.
    return [fact for fact in placed if not any(start <= fact.start < end for start, end in headings)]


def heading_places(page: Page) -> list[tuple[int, int]]:
    """Where headings and titles stand on a page."""
    return [(start, end) for start, end, kind, _group, _locator in page.spans if kind == "heading"]


def group_starts(page: Page, passage: Passage) -> frozenset[int]:
    """Offsets in the passage's text where a paragraph, heading or row begins, as the reader saw them."""
    starts: dict[int, int] = {}
    for start, _end, _kind, group, _locator in page.spans:
        starts[group] = min(start, starts.get(group, start))
    return frozenset(start - passage.start for start in starts.values() if passage.start <= start < passage.end)


def _links(
    passage: Passage, mapping: ItemMapping, fact_items: list[str], named: Collection[str], document: Document
) -> list[EvidenceLink]:
    proposed: list[tuple[str, float, str]] = []
    if not mapping.none:
        proposed = [(item, confidence, METHOD) for item, confidence in mapping.ranking if confidence >= _LEAST]
    confidences = dict(mapping.ranking)
    for item in dict.fromkeys(fact_items):
        # A figure of an item's metric is evidence for it, whatever the rest of the passage speaks of.
        proposed = [entry for entry in proposed if entry[0] != item]
        proposed.append((item, max(confidences.get(item, 0.0), _SUPPORTS), METHOD_FACT))
    # A bare name (区政府教育督导室 as the signature) is worth seeing, but is only a mention.
    met = {item for item, _, _ in proposed}
    proposed += [(item, max(confidences.get(item, 0.0), _LEAST), METHOD_NAME) for item in named if item not in met]
    proposed.sort(key=lambda entry: -entry[1])
    kept = proposed[:_MOST_LINKS] + [entry for entry in proposed[_MOST_LINKS:] if entry[2] != METHOD]
    # The district's own points are a claim about an item, not evidence for it.
    claim = bool(_SELF_POINTS.search(passage.text) or _SELF_POINTS.search(passage.context))
    links = []
    for rank, (item, confidence, method) in enumerate(kept, start=1):
        supports = confidence >= (_FIRST_SUPPORTS if rank == 1 else _SUPPORTS) and not claim
        links.append(
            EvidenceLink(
                passage_id=passage.id, item=item, rank=rank, confidence=round(confidence, 4), verdict=_verdict(supports, document),
                state="proposed", method=method,
            )
        )  # fmt: skip
    return links


def _verdict(supports: bool, document: Document) -> str:
    if not supports:
        return "mentions"
    outside = document.data_year is not None and document.data_year != document.cycle - 1
    return "out_of_period" if outside else "supports"


def _fact_row(passage: Passage, fact: Fact) -> FactRow:
    return FactRow(
        passage_id=passage.id, metric=fact.metric, value=plain(fact.value), unit=fact.unit, year=fact.year, scope=fact.scope,
        start=fact.start, end=fact.end, state="proposed",
    )  # fmt: skip
