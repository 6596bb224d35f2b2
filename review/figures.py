"""The figures read from a district's evidence, each with its citation, and where they contradict each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from retrieval.cite import Citation
from retrieval.conflicts import find_conflicts
from retrieval.metrics import load_metrics
from retrieval.stored_facts import StoredFact, fact_citation, stored_facts
from review.rights import allowed
from review.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Figure:
    """A proposed or confirmed fact under its metric's name, with the words that state it."""

    fact: StoredFact
    name: str
    citation: Citation

    @property
    def key(self) -> str:
        """The opaque key the rules know it by."""
        return f"fact-{self.fact.row_id}"

    def to_json(self) -> dict[str, Any]:
        """One entry of `facts --json`."""
        fact = self.fact
        return {
            "metric": fact.metric, "name": self.name, "value": format(fact.value, "f"), "unit": fact.unit, "year": fact.year,
            "scope": fact.scope, "state": fact.state, "citation": self.citation.to_json(),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Figures of one metric and year that cannot all be true. kind : as retrieval.conflicts names it."""

    metric: str
    name: str
    item: str
    year: int
    kind: str
    figures: tuple[Figure, ...]

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The words of each figure."""
        return tuple(figure.citation for figure in self.figures)

    @property
    def only_unconfirmed(self) -> bool:
        """Whether the figures agree once those are left out that text recognition may have misread."""
        return len({figure.fact.value for figure in self.figures if not figure.fact.needs_confirmation}) < 2

    @property
    def sentence(self) -> str:
        """What contradicts what, for people: each value with the files that state it."""
        said: dict[str, list[str]] = {}
        for figure in self.figures:
            files = said.setdefault(figure.fact.shown, [])
            if figure.citation.file not in files:
                files.append(figure.citation.file)
        parts = "，".join(f"{''.join(f'《{file}》' for file in files)}为 {value}" for value, files in said.items())
        return f"{self.year} 年{self.name}前后不一：{parts}。"

    def to_json(self) -> dict[str, Any]:
        """One entry of `conflicts` in `facts --json`."""
        return {
            "metric": self.metric, "name": self.name, "item": self.item, "year": self.year, "class": self.kind,
            "sentence": self.sentence, "facts": [figure.to_json() for figure in self.figures],
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figures:
    """All figures of a district and cycle, by metric and year, and their contradictions."""

    facts: tuple[Figure, ...]
    conflicts: tuple[Contradiction, ...]

    def to_json(self) -> dict[str, Any]:
        """The document of `facts --json`."""
        return {
            "facts": [figure.to_json() for figure in self.facts],
            "conflicts": [conflict.to_json() for conflict in self.conflicts],
        }


@allowed("read_evidence")
def figures(workspace: Workspace, district: str, cycle: int) -> Figures:
    """Everything read, and every contradiction found."""
    with workspace.store.session() as session:
        facts = read_figures(session, district, cycle)
    return Figures(tuple(facts), tuple(contradictions(facts)))


def read_figures(session: Session, district: str, cycle: int) -> list[Figure]:
    """The figures that no person has rejected, by metric and year, in the order of the documents."""
    metrics = load_metrics().by_id
    found = [
        Figure(fact, metrics[fact.metric].name, fact_citation(session, fact))
        for fact in stored_facts(session, district=district, cycle=cycle)
        if fact.metric in metrics
    ]
    return sorted(found, key=lambda figure: (figure.fact.metric, figure.fact.year or 0))


def contradictions(found: Sequence[Figure]) -> list[Contradiction]:
    """Where the figures contradict each other."""
    metrics = load_metrics()
    by_fact = {figure.fact.row_id: figure for figure in found}
    return [
        Contradiction(
            conflict.metric, metrics.by_id[conflict.metric].name, metrics.by_id[conflict.metric].item, conflict.year, conflict.kind,
            tuple(by_fact[fact.row_id] for fact in conflict.facts),
        )
        for conflict in find_conflicts([figure.fact for figure in found], metrics)
    ]  # fmt: skip
