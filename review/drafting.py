"""Draft points: the figures and evidence of a district, handed to the rules. The rules decide; nothing here is final."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

from retrieval.cite import Citation
from retrieval.claims import is_claim
from retrieval.metrics import load_metrics
from review.acts import office_rules
from review.completeness import Completeness, completeness
from review.figures import Figure, figures
from review.rights import allowed
from review.workspace import Workspace
from scoring_rules.drafting import DraftResult, ItemInput, Observation, draft
from scoring_rules.findings import Finding
from scoring_rules.rounding import published

STATUS_WORDS = {
    "met": "达标", "partly_met": "部分达标", "not_met": "未达标", "no_evidence": "缺材料", "needs_reviewer": "待专家核定", "not_applicable": "不适用",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Draft:
    """Draft of a district: the rules' result and the citations its opaque keys stand for. figures : those of them that are figures."""

    district: str
    cycle: int
    result: DraftResult
    citations: Mapping[str, tuple[Citation, ...]]
    completeness: Completeness
    figures: Mapping[str, Figure]

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


@allowed("read_evidence")
def draft_district(
    workspace: Workspace, district: str, cycle: int, *, criteria: Collection[str] | None = None
) -> Draft:
    """Draft points of every item and criterion, with intervals where anything is open.

    criteria : only these are drafted, which is quicker; the points of the result are then theirs together. None = all.
    """
    found = figures(workspace, district, cycle)
    listed = completeness(
        workspace, district, cycle, conflicts=found.conflicts,
        items=None if criteria is None else [item.id for name in criteria for item in workspace.scheme.criterion(name).items],
    )  # fmt: skip
    conflicting = {conflict.metric for conflict in found.conflicts if conflict.blocks}
    metrics = load_metrics().by_id
    by_item: dict[str, list[Observation]] = defaultdict(list)
    for figure in found.facts:
        fact = figure.fact
        # What the district says of itself may contradict the evidence, but it decides nothing.
        # What was read from a scanned table may be misread; it decides nothing until a person has confirmed it.
        if is_claim(fact.file) or fact.needs_confirmation:
            continue
        by_item[metrics[fact.metric].item].append(
            Observation(fact.metric, fact.value, fact.unit, fact.year, fact.scope, figure.key, fact.approximate)
        )
    states = {entry.item: entry.state for entry in listed.items}
    # Of an item that is not drafted its figures are wanted, which the rules of others look at, too.
    inputs = {
        item.id: ItemInput(
            item_id=item.id,
            observations=tuple(by_item[item.id]),
            conflicting_metrics=frozenset(o.metric for o in by_item[item.id] if o.metric in conflicting),
            evidence_state=states.get(item.id, "missing"),
        )
        for item in workspace.scheme.items
    }
    citations = {figure.key: (figure.citation,) for figure in found.facts} | {
        entry.item: entry.evidence for entry in listed.items
    }
    rules = office_rules(workspace, cycle)
    today = datetime.now(UTC).date()
    result = draft(rules.scheme, inputs, data_year=cycle - 1, parameters=rules.parameters, as_of=today)
    if criteria is not None:
        result = _of_criteria(result, criteria)
    return Draft(district, cycle, result, citations, listed, {figure.key: figure for figure in found.facts})


def _of_criteria(result: DraftResult, criteria: Collection[str]) -> DraftResult:
    kept = tuple(one for one in result.criteria if one.id in criteria)
    low, high = (sum((one.points[end] for one in kept), Fraction(0)) for end in (0, 1))
    return DraftResult(kept, (low, high))
