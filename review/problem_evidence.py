"""What a registered problem rests on: the passages the office names, or else the paper it was told in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ingest.tables import Document
from retrieval.cite import Citation, cite
from review.confirmation_writing import passage_of
from review.errors import RefusedRecordError
from review.rectification_state import Tracked

_FIELDS = ("document", "document_id", "file", "page", "start", "end", "quote")


def passages_named(session: Session, district: str, cycle: int, keys: Sequence[str]) -> list[Citation]:
    """The passages of these keys, whole. RefusedRecordError for one that is not stored of the district and cycle."""
    found = []
    for key in dict.fromkeys(key.strip() for key in keys if key.strip()):
        passage = passage_of(session, district, cycle, key)
        found.append(cite(session, passage, passage.start, passage.end))
    return found


def kept(citations: Iterable[Citation]) -> dict[str, Any]:
    """The content of an act of the kind "cites": the words as they stood when the problem was told."""
    return {
        "cited": [{**{name: getattr(one, name) for name in _FIELDS}, "locator": dict(one.locator)} for one in citations]
    }


def cited_by(problem: Tracked) -> list[Citation]:
    """The places the problem rests on, each once, in the order they were named; without boxes."""
    found: list[Citation] = []
    for act in problem.acts:
        for one in act.content["cited"] if act.kind == "cites" else ():
            values = {name: one[name] for name in _FIELDS}
            citation = Citation(district=problem.district, cycle=problem.cycle, locator=one["locator"], **values)
            if citation not in found:
                found.append(citation)
    return found


def registration(problem: Tracked) -> Citation:
    """The registration itself, as an evidence index names it; `document` is "": it stands in no stored file, `page` is its number."""
    place = {"path": f"市教育督导办登记的第 {problem.number} 号问题"}
    return Citation("", 0, problem.origin, problem.district, problem.cycle, problem.number, place, 0, 0, problem.text)


def stored_file(session: Session, district: str, cycle: int, name: str) -> dict[str, Any]:
    """A stored file of the year of the problem or of the next one, the newest of that name. RefusedRecordError without one."""
    query = select(Document).where(
        Document.district == district, Document.cycle.in_((cycle, cycle + 1)), Document.superseded_by.is_(None)
    )
    for one in session.scalars(query.order_by(Document.cycle.desc(), Document.id)):
        if name in (one.file, one.file.rsplit("/", 1)[-1]):
            return {"file": one.file, "sha256": one.sha256, "cycle": one.cycle}
    raise RefusedRecordError(f"{district} {cycle}、{cycle + 1} 年度的材料里没有“{name}”，请先导入")
