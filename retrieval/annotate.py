"""Proposes, for the passages of a document, which items they are evidence for, what they are for them, and which figures they state.

Everything written here is a proposal: what a person has confirmed or rejected is never touched. Once every passage of a document
was held against every item, an `Examination` says so, with what it was held against (`retrieval.examined`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from ingest.hidden import heading_without_orders, order_places, without_orders
from ingest.tables import Document, EvidenceLink, Examination, FactRow, Page, Passage
from retrieval.embedder import Vectors
from retrieval.examined import Nearest, fingerprint, looked_with
from retrieval.facts import Fact, extract_facts, shifted
from retrieval.itemmap import ItemMapper, ItemMapping
from retrieval.metrics import Metrics, load_metrics
from retrieval.numbers import plain
from retrieval.verdict_names import higher_is_bad, names_of_items
from retrieval.verdicts import SELF_POINTS, PassageReading
from scoring_rules.catalogue import load_catalogue

METHOD = "words+vectors"
METHOD_FACT = "fact"
METHOD_NAME = "name"

_MOST_LINKS = 3
# Confidence (softmax over 65 items) below which an item is not worth proposing, and from which it counts as more than a mention.
_LEAST = 0.05
_SUPPORTS = 0.2
_FIRST_SUPPORTS = 0.15
LEAST_SAID = 4  # letters and digits; fewer say nothing of any item
_READ_STATES = ("indexed", "partly")  # all its pages are final


class Annotator:
    """Writes proposed links and facts; call it as the `annotate` hook of `EvidenceIndex.index_pending`.

    Keeps in memory how far a document is: the examination of one that was interrupted begins anew.
    """

    def __init__(self, mapper: ItemMapper, metrics: Metrics | None = None) -> None:
        self._mapper = mapper
        self._metrics = metrics or load_metrics()
        self._names = names_of_items(mapper.scheme, load_catalogue())
        self._higher_is_bad = higher_is_bad(mapper.scheme)
        self._looked = looked_with(mapper.scheme.id, {"对应": mapper.version})
        self._begun: dict[int, Nearest] = {}

    def __call__(self, session: Session, passages: Sequence[Passage], vectors: Vectors) -> None:
        """Links and facts for `passages`; what was proposed for them before is replaced.

        vectors : of the passages, float32 array of shape (len(passages), dim).
        """
        if not passages:
            return
        mappings = self._annotate(session, passages, vectors)
        final = {
            id_: session.get_one(Document, id_).state in _READ_STATES
            for id_ in dict.fromkeys(passage.document_id for passage in passages)
        }
        for passage, mapping in zip(passages, mappings, strict=True):
            if final[passage.document_id]:  # else its passages may still be cut anew
                nearest = self._begun.setdefault(passage.document_id, Nearest())
                nearest.add(passage.id, passage.key, mapping.ranking)
        for document_id in final:
            if final[document_id]:
                self._close(session, document_id)

    def close_empty(self, session: Session, document_id: int) -> None:
        """Records the examination of a document that was read and has no passage."""
        self._begun.setdefault(document_id, Nearest())
        self._close(session, document_id)

    def _annotate(self, session: Session, passages: Sequence[Passage], vectors: Vectors) -> list[ItemMapping]:
        ids = [passage.id for passage in passages]
        session.execute(delete(EvidenceLink).where(EvidenceLink.passage_id.in_(ids), EvidenceLink.state == "proposed"))
        session.execute(delete(FactRow).where(FactRow.passage_id.in_(ids), FactRow.state == "proposed"))
        kept = select(EvidenceLink.passage_id, EvidenceLink.item).where(EvidenceLink.passage_id.in_(ids))
        settled_links = {(passage_id, item) for passage_id, item in session.execute(kept)}
        settled_facts = {
            (row.passage_id, row.metric, row.value, row.year, row.scope)
            for row in session.scalars(select(FactRow).where(FactRow.passage_id.in_(ids)))
        }
        documents = {id_: session.get_one(Document, id_) for id_ in {passage.document_id for passage in passages}}
        mappings = self._mappings(passages, documents, vectors)
        for passage, mapping in zip(passages, mappings, strict=True):
            document, page = documents[passage.document_id], session.get_one(Page, passage.page_id)
            facts = passage_facts(passage, page, document, self._metrics)
            for fact in facts:
                if (passage.id, fact.metric, plain(fact.value), fact.year, fact.scope) not in settled_facts:
                    session.add(_fact_row(passage, fact))
            for link in self._links(passage, page, document, mapping, facts):
                if (passage.id, link.item) not in settled_links:
                    session.add(link)
        session.flush()
        return mappings

    def _mappings(
        self, passages: Sequence[Passage], documents: Mapping[int, Document], vectors: Vectors
    ) -> list[ItemMapping]:
        """What each passage speaks of. Words that order the assessor about, in the text or the file's name, say nothing of it."""
        texts = [without_orders(passage.text) for passage in passages]
        named = {id_: heading_without_orders(document.file, hidden=True) for id_, document in documents.items()}
        headed = [heading_without_orders(passage.context) for passage in passages]
        contexts = [f"{named[passage.document_id]}\n{head}" for passage, head in zip(passages, headed, strict=True)]
        everything = len(self._mapper.scheme.items)
        mappings = self._mapper.map(texts, vectors, contexts, k=everything)
        for place, (passage, text) in enumerate(zip(passages, texts, strict=True)):
            if (text, headed[place]) != (passage.text, passage.context):  # its vector has the order among its words
                mappings[place] = self._mapper.map([text], None, [contexts[place]], k=everything)[0]
        return mappings

    def _links(
        self, passage: Passage, page: Page, document: Document, mapping: ItemMapping, facts: Sequence[Fact]
    ) -> list[EvidenceLink]:
        items = [self._metrics.by_id[fact.metric].item for fact in facts]
        said = without_orders(passage.text)
        if not facts and sum(character.isalnum() for character in said) < LEAST_SAID:
            return []  # nothing but orders, or a single 无 under a telling heading
        proposed = _proposed(mapping, items, self._mapper.named(said))
        reading = PassageReading(
            passage.text, data_year=document.cycle - 1, document_year=document.data_year, heading=passage.context,
            is_claim=bool(SELF_POINTS.search(passage.text) or SELF_POINTS.search(passage.context)),
            facts=facts, items_of_facts=items, names=self._names, offset=passage.start, higher_is_bad=self._higher_is_bad,
            headings=heading_places(page), breaks=group_starts(page, passage),
        )  # fmt: skip
        links, mapped = [], {} if mapping.none else dict(mapping.ranking)
        for rank, (item, confidence, method) in enumerate(proposed, start=1):
            is_strong = mapped.get(item, 0.0) >= (_FIRST_SUPPORTS if rank == 1 else _SUPPORTS)
            judged = reading.judge(item, is_strong=is_strong)
            links.append(
                EvidenceLink(
                    passage_id=passage.id, item=item, rank=rank, confidence=round(confidence, 4), verdict=judged.verdict,
                    state="proposed", method=method, reasons=[reason.stored() for reason in judged.reasons],
                )
            )  # fmt: skip
        return links

    def _close(self, session: Session, document_id: int) -> None:
        """Records the examination when the last passage of a document was looked at.

        What was seen stays in memory: the transaction may fail at its end and be tried again.
        """
        nearest = self._begun[document_id]
        ids = set(session.scalars(select(Passage.id).where(Passage.document_id == document_id)))
        if not ids <= nearest.seen:
            return
        session.execute(delete(Examination).where(Examination.document_id == document_id))
        session.add(
            Examination(
                document_id=document_id, fingerprint=fingerprint(self._looked), looked_with=dict(self._looked), passages=len(ids),
                nearest=nearest.stored(), examined_at=datetime.now(UTC).replace(tzinfo=None),
            )
        )  # fmt: skip
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
    # 无重大安全事故情况说明 is the name of a paper, not its statement; an order to the assessor states nothing either.
    orders = [(passage.start + start, passage.start + end) for start, end in order_places(passage.text, hidden=False)]
    return [fact for fact in placed if not any(start <= fact.start < end for start, end in (*headings, *orders))]


def heading_places(page: Page) -> list[tuple[int, int]]:
    """Where headings and titles stand on a page."""
    return [(start, end) for start, end, kind, _group, _locator in page.spans if kind == "heading"]


def group_starts(page: Page, passage: Passage) -> frozenset[int]:
    """Offsets in the passage's text where a paragraph, heading or row begins, as the reader saw them."""
    starts: dict[int, int] = {}
    for start, _end, _kind, group, _locator in page.spans:
        starts[group] = min(start, starts.get(group, start))
    return frozenset(start - passage.start for start in starts.values() if passage.start <= start < passage.end)


def _proposed(mapping: ItemMapping, fact_items: Sequence[str], named: Collection[str]) -> list[tuple[str, float, str]]:
    """(item, confidence, method) of the links worth making, best first."""
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
    return proposed[:_MOST_LINKS] + [entry for entry in proposed[_MOST_LINKS:] if entry[2] != METHOD]


def _fact_row(passage: Passage, fact: Fact) -> FactRow:
    return FactRow(
        passage_id=passage.id, metric=fact.metric, value=plain(fact.value), unit=fact.unit, year=fact.year, scope=fact.scope,
        start=fact.start, end=fact.end, state="proposed",
    )  # fmt: skip
