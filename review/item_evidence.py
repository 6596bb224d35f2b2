"""The documents that speak on the items of a criterion, each with what it is for the item, why, and the passage that decides it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import get_args

from retrieval.cite import Citation
from review.acts import office_rules
from review.evidence import DocumentEvidence, DocumentVerdict, cite_passage, evidence_by_item
from review.objections import objections
from review.review_pass import STANDING_WORDS, review_district
from review.rights import allowed
from review.workspace import Workspace

VERDICT_WORDS = {str(verdict): STANDING_WORDS[verdict] for verdict in get_args(DocumentVerdict)}


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """One document as evidence for one item, at the passage that decides what it is for it. types : names. reason : why."""

    file: str
    types: tuple[str, ...]
    year: int | None
    verdict: str
    reason: str
    passages: int
    citation: Citation


@dataclass(frozen=True, slots=True)
class ItemEvidence:
    """The documents of one item: those that bear before those that only mention. coverage : how many were examined, and with what outcome."""

    rows: tuple[EvidenceRow, ...]
    coverage: str
    counts: Mapping[str, int]

    @property
    def heading(self) -> str:
        """Documents by what they are for the item: 支撑 4 份，相反 1 份."""
        told = [
            f"{word} {self.counts[standing]} 份" for standing, word in VERDICT_WORDS.items() if self.counts[standing]
        ]
        return "，".join(told) or "0 份"


@allowed("read_evidence")
def criterion_evidence(workspace: Workspace, district: str, cycle: int, criterion: str) -> dict[str, ItemEvidence]:
    """The evidence of each item of the criterion, by item."""
    names = {code: kind.name for code, kind in workspace.catalogue.types.items()}
    items = [item.id for item in workspace.scheme.criterion(criterion).items]
    reviewed = {one.item: one for one in review_district(workspace, district, cycle, items).items}
    rules = office_rules(workspace, cycle)
    with workspace.store.session() as session:
        evidence = evidence_by_item(session, district, cycle, objections(session, district, cycle, rules))

        def row(found: DocumentEvidence) -> EvidenceRow:
            document, deciding = found.document, found.deciding
            types = tuple(names.get(code, code) for code in found.types)
            return EvidenceRow(
                document.file,
                types,
                document.data_year,
                found.standing,
                deciding.reasons[0].sentence if deciding.reasons else "",
                len(found.passages),
                cite_passage(session, deciding),
            )

        return {
            item: ItemEvidence(
                tuple(row(found) for found in evidence.get(item, [])),
                reviewed[item].sentence,
                {str(standing): number for standing, number in reviewed[item].counts.items()},
            )
            for item in items
        }
