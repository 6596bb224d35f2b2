"""Every item against every document of a district: what supports it, contradicts it, only mentions it, or is of another year.

What a document says nothing of is told too, with the passage that comes nearest, so that "no evidence" never rests on a top-k.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from sqlalchemy import select
from sqlalchemy.orm import Session

from ingest.tables import Document, Examination, Page, Passage
from retrieval.cite import Citation, locate
from retrieval.verdicts import Reason, Verdict
from review.acts import office_rules
from review.coverage import Coverage, Examined, coverage_of, states_of
from review.evidence import DocumentEvidence, LinkedPassage, documents_of, evidence_by_item
from review.examination import current_fingerprint
from review.objections import objections
from review.rights import allowed
from review.workspace import Workspace

# What a document is for an item; nothing: examined, and no passage of it concerns the item.
Standing = Literal["supports", "mixed", "contradicts", "mentions", "out_of_period", "nothing", "waiting", "unreadable"]
STANDINGS: tuple[Standing, ...] = get_args(Standing)
STANDING_WORDS: dict[Standing, str] = {
    "supports": "支撑",
    "mixed": "有支撑也有相反",
    "contradicts": "相反",
    "mentions": "仅提及",
    "out_of_period": "年度不符",
    "nothing": "没有涉及",
    "waiting": "尚未查完",
    "unreadable": "不可读",
}


@dataclass(frozen=True, slots=True)
class ReviewedPassage:
    """A passage with its verdict for an item. passage : its key. state : proposed or confirmed. citation : without boxes."""

    passage: str
    verdict: str
    state: str
    confidence: float
    reasons: tuple[Reason, ...]
    citation: Citation

    def to_json(self) -> dict[str, Any]:
        """One entry of `passages` in `review --json`."""
        return {
            "passage": self.passage, "verdict": self.verdict, "state": self.state, "confidence": self.confidence,
            "reasons": [{"rule": reason.rule, "sentence": reason.sentence} for reason in self.reasons],
            "citation": self.citation.to_json(),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class ReviewedDocument:
    """One document for one item. nearest : (passage key, confidence) of the passage that comes closest, None when not examined."""

    file: str
    sha256: str
    standing: Standing
    passages: tuple[ReviewedPassage, ...]
    nearest: tuple[str, float] | None

    def to_json(self) -> dict[str, Any]:
        """One entry of `documents` in `review --json`."""
        found: dict[str, Any] = {
            "file": self.file, "document": self.sha256, "standing": self.standing,
            "passages": [passage.to_json() for passage in self.passages],
        }  # fmt: skip
        if self.nearest is not None and not self.passages:
            found["nearest"] = {"passage": self.nearest[0], "confidence": self.nearest[1]}
        return found


@dataclass(frozen=True, slots=True)
class ReviewedItem:
    """One item against all documents, those first that matter most."""

    item: str
    title: str
    documents: tuple[ReviewedDocument, ...]

    @property
    def counts(self) -> dict[Standing, int]:
        """Documents by standing; they add up to all documents."""
        counted = Counter(document.standing for document in self.documents)
        return {standing: counted[standing] for standing in STANDINGS}

    @property
    def passages(self) -> dict[str, int]:
        """Passages by verdict."""
        counted = Counter(passage.verdict for document in self.documents for passage in document.passages)
        return {verdict: counted[verdict] for verdict in get_args(Verdict)}

    @property
    def sentence(self) -> str:
        """How many documents were looked at for this item and what came of it."""
        counts = self.counts
        looked = len(self.documents) - counts["waiting"] - counts["unreadable"]
        told = [f"{len(self.documents)} 份材料已查 {looked} 份"]
        told += [f"{STANDING_WORDS[s]} {counts[s]} 份" for s in STANDINGS if counts[s]]
        return f"{told[0]}：{'，'.join(told[1:])}。" if len(told) > 1 else f"{told[0]}。"

    def to_json(self) -> dict[str, Any]:
        """One entry of `items` in `review --json`."""
        return {
            "item": self.item, "title": self.title, "sentence": self.sentence, "documents_by_standing": dict(self.counts),
            "passages_by_verdict": self.passages, "documents": [document.to_json() for document in self.documents],
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Review:
    """The pass as it stands. items : all 65, or those asked for."""

    district: str
    cycle: int
    coverage: Coverage
    items: tuple[ReviewedItem, ...]

    def to_json(self) -> dict[str, Any]:
        """The document of `review --json`."""
        return {
            "district": self.district,
            "cycle": self.cycle,
            "coverage": self.coverage.to_json(),
            "items": [item.to_json() for item in self.items],
        }


@allowed("read_evidence")
def review_district(workspace: Workspace, district: str, cycle: int, items: Collection[str] = ()) -> Review:
    """What the pass has found for the items (none named: all). Reads the record only; `review.examination` does the examining."""
    rules, fingerprint = office_rules(workspace, cycle), current_fingerprint(workspace)
    wanted = [item.id for item in workspace.scheme.items if not items or item.id in items]
    with workspace.store.session() as session:
        documents = documents_of(session, district, cycle)
        states = states_of(session, documents, fingerprint)
        evidence = evidence_by_item(session, district, cycle, objections(session, district, cycle, rules))
        nearest = _nearest(session, documents)
        reviewed = tuple(
            ReviewedItem(
                item,
                workspace.catalogue.expectations[item].title,
                _documents(item, documents, states, evidence, nearest),
            )
            for item in wanted
        )
        return Review(district, cycle, coverage_of(session, documents, fingerprint), reviewed)


def _nearest(session: Session, documents: Sequence[Document]) -> dict[int, Mapping[str, Sequence[Any]]]:
    """By document, for each item the key and the confidence of its nearest passage."""
    ids = {document.duplicate_of or document.id for document in documents}
    query = select(Examination.document_id, Examination.nearest).where(Examination.document_id.in_(ids))
    return {row.document_id: row.nearest for row in session.execute(query)}


def _documents(
    item: str,
    documents: Sequence[Document],
    states: Mapping[int, Examined],
    evidence: Mapping[str, Sequence[DocumentEvidence]],
    nearest: Mapping[int, Mapping[str, Sequence[Any]]],
) -> tuple[ReviewedDocument, ...]:
    """All documents for one item: those with passages in the order of the evidence, then the others by file."""
    linked = {found.document.id: found for found in evidence.get(item, ())}
    listed = [_with_passages(found) for found in evidence.get(item, ())]
    for document in documents:
        if document.id in linked:
            continue
        state = states[document.id]
        standing: Standing = state if state in ("waiting", "unreadable") else "nothing"
        closest = nearest.get(document.duplicate_of or document.id, {}).get(item)
        listed.append(
            ReviewedDocument(
                document.file, document.sha256, standing, (), None if closest is None else (closest[0], closest[1])
            )
        )
    return tuple(
        sorted(listed, key=lambda document: STANDINGS.index(document.standing) if not document.passages else -1)
    )


def _with_passages(found: DocumentEvidence) -> ReviewedDocument:
    passages = tuple(_passage(passage) for passage in found.passages)
    return ReviewedDocument(found.document.file, found.document.sha256, found.standing, passages, None)


def _passage(linked: LinkedPassage) -> ReviewedPassage:
    passage = linked.passage
    return ReviewedPassage(
        passage.key, linked.verdict, linked.state, linked.confidence, linked.reasons,
        _cited(linked.document, passage.page, passage),
    )  # fmt: skip


def _cited(document: Document, page: Page, passage: Passage) -> Citation:
    """The passage cited whole, without the boxes of its characters: there may be thousands of passages."""
    return Citation(
        document.sha256, document.id, document.file, document.district, document.cycle, page.number,
        locate(page, passage.start, passage.end), passage.start, passage.end, page.text[passage.start : passage.end],
    )  # fmt: skip
