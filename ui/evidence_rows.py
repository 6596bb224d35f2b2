"""The evidence of one criterion's items as plain rows, kept until the evidence changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from retrieval.cite import Citation
from review.evidence import DocumentEvidence, evidence_by_item
from review.workspace import Workspace
from ui.session import KEPT, evidence_version, workspace

VERDICT_WORDS = {"supports": "支撑", "contradicts": "相反", "mentions": "仅提及", "out_of_period": "年度不符"}
VERDICT_COLOURS = {"supports": "green", "contradicts": "red", "mentions": "gray", "out_of_period": "violet"}
CRITERIA = 21


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """One document as evidence for one item. types : names. bears : False when it only mentions the item."""

    file: str
    types: tuple[str, ...]
    year: int | None
    verdict: str
    bears: bool
    passages: int
    citation: Citation


def rows_of(criterion_id: str, district: str, cycle: int) -> Mapping[str, tuple[EvidenceRow, ...]]:
    """For each item of the criterion, its documents: those that bear before those that only mention."""
    return _rows(criterion_id, district, cycle, evidence_version(district, cycle), workspace())


@st.cache_data(show_spinner="正在整理佐证材料……", max_entries=KEPT * CRITERIA)
def _rows(
    criterion_id: str, district: str, cycle: int, version: str, _workspace: Workspace
) -> dict[str, tuple[EvidenceRow, ...]]:
    names = {code: kind.name for code, kind in _workspace.catalogue.types.items()}
    items = [item.id for item in _workspace.scheme.criterion(criterion_id).items]
    with _workspace.store.session() as session:
        evidence = evidence_by_item(session, district, cycle)

        def row(found: DocumentEvidence) -> EvidenceRow:
            document, best = found.document, found.passages[0]
            types = tuple(names.get(code, code) for code in found.types)
            return EvidenceRow(
                document.file,
                types,
                document.data_year,
                best.verdict,
                found.bears,
                len(found.passages),
                found.citation(session),
            )

        return {item: tuple(row(found) for found in evidence.get(item, [])) for item in items}
