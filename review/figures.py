"""The figures read from a district's evidence, each with its citation, and where they contradict each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from retrieval.cite import Citation, cite
from retrieval.conflicts import Conflict, find_conflicts
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from ingest.tables import Document, FactRow, Passage
from retrieval.metrics import load_metrics
from review.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Figure:
    """A proposed or confirmed fact. value : exact decimal as text."""

    id: int
    metric: str
    name: str
    value: str
    unit: str
    year: int | None
    scope: str
    state: str
    citation: Citation


@dataclass(frozen=True, slots=True)
class Figures:
    """All figures of a district and cycle, by metric and year, and their conflicts."""

    facts: tuple[Figure, ...]
    conflicts: tuple[Conflict, ...]

    def to_json(self) -> dict[str, Any]:
        """The document of `facts --json`."""
        return {
            "facts": [
                {
                    "metric": f.metric,
                    "name": f.name,
                    "value": f.value,
                    "unit": f.unit,
                    "year": f.year,
                    "scope": f.scope,
                    "state": f.state,
                    "citation": f.citation.to_json(),
                }
                for f in self.facts
            ],
            "conflicts": [conflict.to_json() for conflict in self.conflicts],
        }


def figures(workspace: Workspace, district: str, cycle: int) -> Figures:
    """Everything read, and every contradiction found."""
    with workspace.store.session() as session:
        return Figures(tuple(read_figures(session, district, cycle)), tuple(find_conflicts(session, district, cycle)))


def read_figures(session: Session, district: str, cycle: int) -> Sequence[Figure]:
    """The figures that no person has rejected, by metric, year and place."""
    metrics = load_metrics().by_id
    query = (
        select(FactRow)
        .join(FactRow.passage)
        .join(Passage.document)
        .where(Document.district == district, Document.cycle == cycle, FactRow.state != "rejected")
        .options(joinedload(FactRow.passage).joinedload(Passage.document))
        .order_by(FactRow.metric, FactRow.year, FactRow.id)
    )
    return [
        Figure(
            f.id,
            f.metric,
            metrics[f.metric].name,
            f.value,
            f.unit,
            f.year,
            f.scope,
            f.state,
            cite(session, f.passage, f.start, f.end),
        )
        for f in session.scalars(query)
    ]
