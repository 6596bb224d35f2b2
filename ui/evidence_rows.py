"""The evidence of one criterion's items, kept until the evidence changes."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from review.item_evidence import VERDICT_WORDS as VERDICT_WORDS
from review.item_evidence import ItemEvidence as ItemEvidence
from review.item_evidence import criterion_evidence
from review.rights import require
from review.workspace import Workspace
from ui.session import KEPT, evidence_version, workspace

VERDICT_COLOURS = {
    "supports": "green",
    "mixed": "orange",
    "contradicts": "red",
    "mentions": "gray",
    "out_of_period": "violet",
}
CRITERIA = 21


def rows_of(criterion_id: str, district: str, cycle: int) -> Mapping[str, ItemEvidence]:
    """The evidence of each item of the criterion."""
    require(workspace().actor, "read_evidence", district)  # what is kept was made for somebody else
    return _rows(criterion_id, district, cycle, evidence_version(district, cycle), workspace())


@st.cache_data(show_spinner="正在整理佐证材料……", max_entries=KEPT * CRITERIA)
def _rows(criterion_id: str, district: str, cycle: int, version: str, _workspace: Workspace) -> dict[str, ItemEvidence]:
    return criterion_evidence(_workspace, district, cycle, criterion_id)
