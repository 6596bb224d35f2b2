"""Search of the evidence as a person may do it: the district is in the query, so that nothing else is ever ranked or counted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from review.rights import allowed, own_district
from review.workspace import Workspace


@allowed("read_evidence", filters=True)
def search(
    workspace: Workspace,
    query: str,
    *,
    district: str | None = None,
    cycle: int | None = None,
    item: str | None = None,
    count: int = 10,
) -> list[Mapping[str, Any]]:
    """The best passages, best first: rank, score, passage, text, items, citation, file.

    district : None = every district, for a person who sees all of them; his own for one who has exactly one. Raises
    UnknownDistrictError, NoDistrictChosenError, UnknownItemError.
    """
    from retrieval.retriever import EvidenceRetriever

    district = own_district(workspace, district)
    if district is not None:
        district, cycle = workspace.locate(district, cycle)
    retriever = EvidenceRetriever(
        index=workspace.index,
        district=district,
        cycle=cycle,
        item=workspace.check_item(item) if item else None,
        k=count,
    )
    return [document.metadata | {"text": document.page_content} for document in retriever.invoke(query)]
