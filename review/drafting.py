"""Draft points: the figures and evidence of a district, handed to the rules. The rules decide; nothing here is final."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from retrieval.cite import Citation
from retrieval.conflicts import find_conflicts
from scoring_rules.drafting import DraftResult, ItemInput, Observation, draft
from scoring_rules.findings import Finding
from sqlalchemy.orm import Session

from retrieval.metrics import load_metrics
from review.completeness import Completeness, ItemCompleteness, completeness
from review.figures import read_figures
from review.workspace import Workspace
from scoring_rules.parameters import load_parameters
from scoring_rules.rounding import published

# Citations shown for an item whose finding rests on no figure: the best evidence, for the expert to open.
CITED_WITHOUT_FIGURE = 3
STATUS_WORDS = {
    "met": "达标", "partly_met": "部分达标", "not_met": "未达标", "no_evidence": "缺材料", "needs_reviewer": "待专家核定", "not_applicable": "不适用",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Draft:
    """Draft of a district: the rules' result and the citations its opaque keys stand for."""

    district: str
    cycle: int
    result: DraftResult
    citations: Mapping[str, tuple[Citation, ...]]
    completeness: Completeness

    def cited(self, finding: Finding) -> tuple[Citation, ...]:
        """The citations of a finding, those of its figures first."""
        found: list[Citation] = []
        for key in (*finding.citations, finding.item_id):
            found += [citation for citation in self.citations.get(key, ()) if citation not in found]
        return tuple(found)

    def to_json(self) -> dict[str, Any]:
        """The document of `draft --json`."""
        return {
            "district": self.district,
            "cycle": self.cycle,
            "criteria": [
                {
                    "id": criterion.id,
                    "points": [text_of(criterion.points[0]), text_of(criterion.points[1])],
                    "items": [
                        {
                            "item": finding.item_id,
                            "status": finding.status,
                            "points": [text_of(finding.points[0]), text_of(finding.points[1])],
                            "rule": finding.rule,
                            "basis": finding.basis,
                            "reasons": list(finding.reasons),
                            "citations": [citation.to_json() for citation in self.cited(finding)],
                        }
                        for finding in criterion.items
                    ],
                }
                for criterion in self.result.criteria
            ],
        }


def text_of(points: Fraction) -> str:
    """Points as text with two decimals, rounded half up for display only."""
    return published(points)


def draft_district(workspace: Workspace, district: str, cycle: int) -> Draft:
    """Draft points of every item and criterion, with intervals where anything is open."""
    listed = completeness(workspace, district, cycle)
    with workspace.store.session() as session:
        observations, citations = _observations(session, district, cycle)
        conflicting = {conflict.metric for conflict in find_conflicts(session, district, cycle)}
    by_item: dict[str, list[Observation]] = defaultdict(list)
    metrics = load_metrics().by_id
    for observation in observations:
        by_item[metrics[observation.metric].item].append(observation)
    inputs = {
        entry.item: ItemInput(
            item_id=entry.item,
            observations=tuple(by_item[entry.item]),
            conflicting_metrics=frozenset(o.metric for o in by_item[entry.item] if o.metric in conflicting),
            evidence_state=entry.state,
        )
        for entry in listed.items
    }
    for entry in listed.items:
        citations[entry.item] = _best(entry)
    result = draft(workspace.scheme, inputs, data_year=cycle - 1, parameters=load_parameters())
    return Draft(district, cycle, result, citations, listed)


def _best(entry: ItemCompleteness) -> tuple[Citation, ...]:
    unique: list[Citation] = []
    for expected in entry.expected:
        unique += [citation for citation in expected.citations if citation not in unique]
    return tuple(unique[:CITED_WITHOUT_FIGURE])


def _observations(
    session: Session, district: str, cycle: int
) -> tuple[Sequence[Observation], dict[str, tuple[Citation, ...]]]:
    """The figures of the whole district, each under an opaque key that leads back to its citation."""
    observations, citations = [], {}
    for figure in read_figures(session, district, cycle):
        key = f"fact-{figure.id}"
        observations.append(
            Observation(figure.metric, Decimal(figure.value), figure.unit, figure.year, figure.scope, key)
        )
        citations[key] = (figure.citation,)
    return observations, citations
