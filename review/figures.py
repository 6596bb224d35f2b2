"""The figures read from a district's evidence, each with its citation, and where they contradict each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from ingest.tables import Document, FactRow, Passage
from retrieval.cite import Citation
from retrieval.conflicts import Conflict, ConflictClass, find_conflicts, find_differences
from retrieval.metrics import load_metrics
from retrieval.numbers import plain
from retrieval.scopes import GROUPS, WHOLE_DISTRICT
from retrieval.stored_facts import StoredFact, fact_citation, stored_facts
from review.rights import allowed
from review.workspace import Workspace

# Differences that are none are told with this many values; the rest stand in the list of figures.
MOST_TOLD = 5


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
            "scope": fact.scope, "state": fact.state, "plausible": fact.plausible, "citation": self.citation.to_json(),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Figures that differ, and how: kind and computed as retrieval.conflicts has them."""

    metric: str
    name: str
    item: str
    year: int
    kind: ConflictClass
    figures: tuple[Figure, ...]
    computed: Decimal | None = None

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The words of each figure."""
        return tuple(figure.citation for figure in self.figures)

    @property
    def only_unconfirmed(self) -> bool:
        """Whether the figures agree once those are left out that text recognition may have misread."""
        return len({figure.fact.value for figure in self.figures if not figure.fact.needs_confirmation}) < 2

    @property
    def blocks(self) -> bool:
        """Whether no rule may use the metric until a person has settled it: what a school or town says of itself blocks nothing."""
        scope = self.figures[0].fact.scope
        wide = scope == WHOLE_DISTRICT or scope in GROUPS
        return wide and self.kind != "revised" and not self.only_unconfirmed

    @property
    def sentence(self) -> str:
        """What differs from what, for people: each value with the files that state it."""
        own = [figure for figure in self.figures if figure.fact.metric == self.metric]
        scope = self.figures[0].fact.scope
        place = "" if scope == WHOLE_DISTRICT or self.kind == "other_scope" else scope
        told = "，".join(f"{files}为 {value}" for value, files in _by_value(own).items())
        if self.kind == "parts":
            parts = "，".join(
                f"{figure.name} {figure.fact.shown}" for figure in self.figures if figure.fact.metric != self.metric
            )
            return (
                f"{self.year} 年{place}{self.name}与它的组成部分对不上：{told}，按{parts}算出 {self._computed_shown}。"
            )
        if self.kind == "revised":
            return f"{self.year} 年{place}{self.name}有更正：{told}，请以更正后的为准并核对原件。"
        if self.kind in ("other_year", "other_scope"):
            by_year = self.kind == "other_year"
            said = list(dict.fromkeys(_briefly(figure.fact, by_year=by_year) for figure in own))
            rest = f"等 {len(said)} 个" if len(said) > MOST_TOLD else ""
            what = "年份" if by_year else f"{self.year} 年范围"
            return f"{self.name}：{'、'.join(said[:MOST_TOLD])}{rest}；{what}不同，不算矛盾。"
        return f"{self.year} 年{place}{self.name}前后不一：{told}。"

    @property
    def _computed_shown(self) -> str:
        unit = next(figure.fact.unit for figure in self.figures if figure.fact.metric == self.metric)
        return "" if self.computed is None else f"{plain(self.computed.quantize(Decimal('0.01')))}{unit}"

    def to_json(self) -> dict[str, Any]:
        """One entry of `conflicts` in `facts --json`."""
        return {
            "metric": self.metric, "name": self.name, "item": self.item, "year": self.year, "class": self.kind,
            "computed": None if self.computed is None else plain(self.computed.quantize(Decimal("0.01"))), "sentence": self.sentence, "facts": [figure.to_json() for figure in self.figures],
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figures:
    """All figures of a district and cycle, by metric and year, their contradictions, and the differences that are none."""

    facts: tuple[Figure, ...]
    conflicts: tuple[Contradiction, ...]
    differences: tuple[Contradiction, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The document of `facts --json`."""
        return {
            "facts": [figure.to_json() for figure in self.facts],
            "conflicts": [conflict.to_json() for conflict in self.conflicts],
            "differences": [difference.to_json() for difference in self.differences],
        }


@allowed("read_evidence")
def figures(workspace: Workspace, district: str, cycle: int) -> Figures:
    """Everything read, and every contradiction found."""
    with workspace.store.session() as session:
        facts = read_figures(session, district, cycle)
    return Figures(tuple(facts), tuple(contradictions(facts)), tuple(differences(facts)))


def read_figures(session: Session, district: str, cycle: int) -> list[Figure]:
    """The figures that no person has rejected, by metric and year, in the order of the documents."""
    metrics = load_metrics().by_id
    # Read at once and held: the session forgets what nobody holds, and would ask for each page again with every figure of it.
    held = session.execute(
        select(Passage)
        .join(Document, Document.id == Passage.document_id)
        .where(Document.district == district, Document.cycle == cycle)
        .where(Passage.id.in_(select(FactRow.passage_id)))
        .options(selectinload(Passage.page), selectinload(Passage.document))
    ).all()
    found = [
        Figure(fact, metrics[fact.metric].name, fact_citation(session, fact))
        for fact in stored_facts(session, district=district, cycle=cycle)
        if fact.metric in metrics
    ]
    del held
    return sorted(found, key=lambda figure: (figure.fact.metric, figure.fact.year or 0))


def contradictions(found: Sequence[Figure]) -> list[Contradiction]:
    """Where the figures contradict each other: true conflicts, ratios their parts do not give, figures corrected later."""
    return _told(found, find_conflicts([figure.fact for figure in found], load_metrics(), _file))


def differences(found: Sequence[Figure]) -> list[Contradiction]:
    """Where the figures differ because they speak of another year or another scope."""
    return _told(found, find_differences([figure.fact for figure in found], load_metrics(), _file))


def _file(fact: StoredFact) -> str:
    return fact.file


def _told(found: Sequence[Figure], conflicts: Iterable[Conflict[StoredFact]]) -> list[Contradiction]:
    metrics = load_metrics()
    by_fact = {figure.fact.row_id: figure for figure in found}
    return [
        Contradiction(
            conflict.metric, metrics.by_id[conflict.metric].name, metrics.by_id[conflict.metric].item, conflict.year, conflict.kind,
            tuple(by_fact[fact.row_id] for fact in conflict.facts), conflict.computed,
        )
        for conflict in conflicts
    ]  # fmt: skip


def _briefly(fact: StoredFact, *, by_year: bool) -> str:
    return f"{fact.year} 年 {fact.shown}" if by_year else f"{fact.scope} {fact.shown}"


def _by_value(found: Sequence[Figure]) -> dict[str, str]:
    """Each value with the files that state it, as people write them."""
    said: dict[str, list[str]] = {}
    for figure in found:
        files = said.setdefault(figure.fact.shown, [])
        if figure.citation.file not in files:
            files.append(figure.citation.file)
    return {value: "".join(f"《{file}》" for file in files) for value, files in said.items()}
