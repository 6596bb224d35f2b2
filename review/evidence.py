"""The evidence of one district, item by item: every passage's links, grouped by document. The exhaustive view, never a top-k."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session, defer, selectinload

from ingest.tables import Document, EvidenceLink, Page, Passage
from retrieval.cite import Citation, cite
from retrieval.claims import is_claim
from retrieval.verdicts import CLAIM, Reason, Verdict
from review.objections import CONTRADICTING, Objections

# A verdict that makes a passage evidence; a mere mention is shown to the expert but fills no gap.
BEARING = frozenset({"supports", "contradicts", "out_of_period"})
# A document is for an item what the first of these is that any of its passages is; what contradicts must not go unseen.
_FIRST: tuple[Verdict, ...] = ("contradicts", "supports", "out_of_period", "mentions")
# mixed: some of its passages support the item, others contradict it.
DocumentVerdict = Literal["supports", "mixed", "contradicts", "mentions", "out_of_period"]


@dataclass(frozen=True, slots=True)
class LinkedPassage:
    """A passage linked to an item. confidence is for ranking only.

    verdict : what it is for the item, all told. stated : what it would be taken by itself. reasons : why, the deciding one first;
    their places count in the page's text.
    """

    passage: Passage
    document: Document
    item: str
    rank: int
    confidence: float
    verdict: str
    state: str
    stated: str
    reasons: tuple[Reason, ...] = ()

    @property
    def bears(self) -> bool:
        """Whether the passage counts as evidence for the item: a person confirmed it, or it is proposed as more than a mention."""
        return self.state == "confirmed" or self.verdict in BEARING


@dataclass(frozen=True, slots=True)
class DocumentEvidence:
    """The passages of one document that are linked to one item, best first."""

    document: Document
    passages: tuple[LinkedPassage, ...]

    @property
    def types(self) -> tuple[str, ...]:
        """Evidence types the document can serve as, the surest first."""
        listed = [
            found["code"] if isinstance(found, dict) else str(found) for found in self.document.facts.get("types", [])
        ]
        first = [self.document.type_code] if self.document.type_code else []
        return tuple(dict.fromkeys(first + listed))

    @property
    def is_claim(self) -> bool:
        """Whether the document is the district's own assessment."""
        return is_claim(self.document.file)

    @property
    def bears(self) -> bool:
        """Whether any passage counts as evidence."""
        return not self.is_claim and any(p.bears for p in self.passages)

    @property
    def in_period(self) -> bool:
        """Whether any passage that counts is of the data year (or of no recognisable year)."""
        return any(p.bears and p.verdict != "out_of_period" for p in self.passages)

    @property
    def standing(self) -> DocumentVerdict:
        """What the document is for the item, all its passages together."""
        verdicts = {passage.verdict for passage in self.passages}
        if {"supports", "contradicts"} <= verdicts:
            return "mixed"
        return next(verdict for verdict in _FIRST if verdict in verdicts)

    @property
    def deciding(self) -> LinkedPassage:
        """The best of the passages that make the document what it is for the item; of a mixed one, what contradicts."""
        wanted = "contradicts" if self.standing == "mixed" else self.standing
        return next(passage for passage in self.passages if passage.verdict == wanted)

    def citation(self, session: Session) -> Citation:
        """The best passage, cited whole."""
        return cite_passage(session, self.passages[0])


def cite_passage(session: Session, linked: LinkedPassage) -> Citation:
    """A linked passage, cited whole."""
    return cite(session, linked.passage, linked.passage.start, linked.passage.end)


def documents_of(session: Session, district: str, cycle: int) -> Sequence[Document]:
    """All documents of the district and cycle that count (of several versions the one in force), by file name."""
    query = (
        select(Document)
        .where(Document.district == district, Document.cycle == cycle, Document.superseded_by.is_(None))
        .order_by(Document.file, Document.id)
    )
    return session.scalars(query).all()


def evidence_by_item(
    session: Session, district: str, cycle: int, against: Objections | None = None, items: Collection[str] | None = None
) -> Mapping[str, list[DocumentEvidence]]:
    """For each item, the documents with linked passages: those that bear before those that mention, then by confidence.

    against : what other documents and limits say against single passages (`review.objections`); None: not asked. items : only
    these; None = all.
    """
    wanted = [Document.district == district, Document.cycle == cycle, EvidenceLink.state != "rejected"]
    if items is not None:
        wanted.append(EvidenceLink.item.in_(items))
    # Columns, and each passage, document and page once: as objects, joined, most of the time went into building them.
    links = select(
        EvidenceLink.passage_id, EvidenceLink.item, EvidenceLink.rank, EvidenceLink.confidence, EvidenceLink.verdict,
        EvidenceLink.state, EvidenceLink.reasons,
    ).join(EvidenceLink.passage).join(Passage.document).where(*wanted).order_by(EvidenceLink.id)  # fmt: skip
    linked = select(EvidenceLink.passage_id).join(EvidenceLink.passage).join(Passage.document).where(*wanted)
    passages = select(Passage).where(Passage.id.in_(linked))
    passages = passages.options(
        selectinload(Passage.document), selectinload(Passage.page).options(defer(Page.char_boxes))
    )
    by_id = {passage.id: passage for passage in session.scalars(passages)}
    grouped: dict[str, dict[int, list[LinkedPassage]]] = defaultdict(lambda: defaultdict(list))
    for id_, item, rank, confidence, stated, state, reasons in session.execute(links):
        passage = by_id[id_]
        document = passage.document
        verdict, told = _all_told(stated, state, reasons, document, (against or {}).get((id_, item), ()))
        grouped[item][document.id].append(
            LinkedPassage(passage, document, item, rank, confidence, verdict, state, stated, told)
        )
    return {item: _ordered(documents.values()) for item, documents in grouped.items()}


def _all_told(
    verdict: str, state: str, stated: Sequence[Sequence[Any]], document: Document, against: Sequence[Reason]
) -> tuple[str, tuple[Reason, ...]]:
    """The verdict of a link with its reasons: what the passage says, then what is to be said against it.

    A person's decision stands whatever is to be said against it; a figure of another year cannot contradict this one.
    """
    own = tuple(Reason(*reason) for reason in stated)
    if state == "confirmed" or verdict == "out_of_period":
        return verdict, (*own, *against)
    if any(reason.rule in CONTRADICTING for reason in against):
        return "contradicts", (*against, *own)
    if is_claim(document.file) and verdict != "contradicts":
        return "mentions", (CLAIM, *own, *against)
    return verdict, (*own, *against)


def _ordered(groups: Iterable[list[LinkedPassage]]) -> list[DocumentEvidence]:
    evidence = [
        DocumentEvidence(
            passages[0].document, tuple(sorted(passages, key=lambda p: (not p.bears, -p.confidence, p.passage.id)))
        )
        for passages in groups
    ]
    return sorted(evidence, key=lambda e: (not e.bears, not e.in_period, -e.passages[0].confidence, e.document.file))
