"""The evidence of one criterion's items as plain rows, kept until the evidence changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import get_args

import streamlit as st

from retrieval.cite import Citation
from review.acts import office_rules
from review.evidence import DocumentEvidence, DocumentVerdict, cite_passage, evidence_by_item
from review.objections import objections
from review.review_pass import STANDING_WORDS, review_district
from review.workspace import Workspace
from ui.session import KEPT, evidence_version, workspace

VERDICT_WORDS = {str(verdict): STANDING_WORDS[verdict] for verdict in get_args(DocumentVerdict)}
VERDICT_COLOURS = {
    "supports": "green",
    "mixed": "orange",
    "contradicts": "red",
    "mentions": "gray",
    "out_of_period": "violet",
}
CRITERIA = 21


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


def rows_of(criterion_id: str, district: str, cycle: int) -> Mapping[str, ItemEvidence]:
    """The evidence of each item of the criterion."""
    return _rows(criterion_id, district, cycle, evidence_version(district, cycle), workspace())


@st.cache_data(show_spinner="正在整理佐证材料……", max_entries=KEPT * CRITERIA)
def _rows(criterion_id: str, district: str, cycle: int, version: str, _workspace: Workspace) -> dict[str, ItemEvidence]:
    names = {code: kind.name for code, kind in _workspace.catalogue.types.items()}
    items = [item.id for item in _workspace.scheme.criterion(criterion_id).items]
    reviewed = {one.item: one for one in review_district(_workspace, district, cycle, items).items}
    rules = office_rules(_workspace, cycle)
    with _workspace.store.session() as session:
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
                tuple(row(found) for found in evidence.get(item, [])), reviewed[item].sentence, reviewed[item].counts
            )
            for item in items
        }
