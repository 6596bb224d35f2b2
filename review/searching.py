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
    type_code: str | None = None,
    year: int | None = None,
    document: str | None = None,
    count: int = 10,
    around: bool = False,
) -> list[Mapping[str, Any]]:
    """The best passages, best first: rank, score, passage, text, items, citation, file, copies, before, after.

    Near copies are one passage, with a citation of each in copies. type_code, year, document : as in retrieval.filters.Filters.
    around : with the passages before and after it on its page, else both are "".
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
        type_code=type_code.strip().upper() if type_code else None,
        year=year,
        document=document,
        k=count,
        fold=True,
        around=around,
    )
    return [document.metadata | {"text": document.page_content} for document in retriever.invoke(query)]
