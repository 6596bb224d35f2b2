"""附件 1 of a district: what the figures propose for each condition, and what people have found, one condition at a time.

A proposal decides nothing. A finding is a row of the record that names who found it, when, and the paper it rests on; the
newest one of a condition counts, and a decision takes no other. Conditions without a calculator have findings only.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, get_args

from sqlalchemy import select
from sqlalchemy.orm import Session

from ingest.tables import Annex1Record, Document, Passage
from retrieval.claims import is_claim
from retrieval.metrics import load_metrics
from review.acts import office_rules, signed
from review.audit import write_act
from review.errors import RefusedRecordError
from review.figures import Figure, figures
from review.rights import allowed, signer
from review.workspace import Workspace
from scoring_rules.annex1_calculators import Proposal
from scoring_rules.annex1_proposals import proposals
from scoring_rules.case_data import Settled
from scoring_rules.ledger import canonical_json
from scoring_rules.observations import Observation
from scoring_rules.scheme import Condition

STATE_WORDS = {"triggered": "命中", "not_triggered": "没有", "unknown": "待核实"}


@dataclass(frozen=True, slots=True)
class Found:
    """A finding of the record on one condition. document_sha256 : "" when the paper is not among the stored files.

    citations : keys of the passages the proposal it looked at rests on.
    """

    number: int
    condition: str
    state: Settled
    by: str
    on: str
    document: str
    document_sha256: str
    reason: str
    citations: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """The finding as JSON data, as a decision carries it."""
        return {
            "number": self.number,
            "condition": self.condition,
            "state": self.state,
            "by": self.by,
            "on": self.on,
            "document": self.document,
            "document_sha256": self.document_sha256,
            "reason": self.reason,
            "citations": list(self.citations),
        }


@dataclass(frozen=True, slots=True)
class ConditionState:
    """One condition: its proposal (None where only people can find it), the figures it looked at, and what was found."""

    condition: Condition
    proposal: Proposal | None
    figures: Mapping[str, Figure]
    found: Found | None

    @property
    def state(self) -> Settled:
        """What counts: the finding; unknown without one, whatever the figures propose."""
        return "unknown" if self.found is None else self.found.state

    def to_json(self) -> dict[str, Any]:
        """One entry of `annex1 --json`."""
        proposal = None
        if self.proposal is not None:
            proposal = self.proposal.to_json()
            names = load_metrics().by_id
            for given in proposal["inputs"]:
                metric = names.get(given["metric"])
                given["name"] = given["metric"] if metric is None else metric.name
                given["citations"] = [self.figures[key].citation.to_json() for key in given["citations"]]
        return {
            "id": self.condition.id,
            "text": self.condition.text,
            "state": self.state,
            "proposal": proposal,
            "found": None if self.found is None else self.found.to_json(),
        }


@allowed("read_case")
def conditions(workspace: Workspace, district: str, cycle: int) -> tuple[ConditionState, ...]:
    """The conditions of the scheme in its order, with proposals from the figures of the evidence read so far."""
    rules = office_rules(workspace, cycle)
    read = figures(workspace, district, cycle)
    by_key = {figure.key: figure for figure in read.facts}
    observations = [
        Observation(
            f.fact.metric, f.fact.value, f.fact.unit, f.fact.year, f.fact.scope, f.key, f.fact.approximate, f.fact.file
        )
        for f in read.facts
        if not is_claim(f.fact.file) and not f.fact.needs_confirmation
    ]
    proposed = proposals(
        rules.scheme,
        observations,
        conflicting={conflict.metric for conflict in read.conflicts if conflict.blocks},
        data_year=cycle - 1,
        parameters=rules.parameters,
    )
    found = findings(workspace, district, cycle)
    return tuple(ConditionState(c, proposed.get(c.id), by_key, found.get(c.id)) for c in rules.scheme.conditions)


@allowed("read_case")
def findings(workspace: Workspace, district: str, cycle: int) -> dict[str, Found]:
    """The finding that counts by condition id: the newest one recorded."""
    query = (
        select(Annex1Record)
        .where(Annex1Record.district == district, Annex1Record.cycle == cycle)
        .order_by(Annex1Record.id)
    )
    with workspace.store.session() as session:
        return {row.condition: _found(row) for row in session.scalars(query)}


def _found(row: Annex1Record) -> Found:
    state: Settled = next(word for word in get_args(Settled) if word == row.state)
    return Found(
        row.id, row.condition, state, row.found_by, row.found_on, row.document, row.document_sha256, row.reason,
        tuple(row.citations),
    )  # fmt: skip


@allowed("find_annex1")
def record_finding(
    workspace: Workspace,
    district: str,
    cycle: int,
    condition: str,
    state: str,
    by: str,
    on: str,
    document: str,
    reason: str = "",
) -> Found:
    """Records what a person found on one condition: triggered, not_triggered, or unknown to take a finding back.

    The proposal that stood at that moment is kept with it. A finding against the proposal, or one taken back, has to say
    why. Raises RefusedRecordError for anything incomplete.
    """
    standing = {one.condition.id: one for one in conditions(workspace, district, cycle)}
    if condition not in standing:
        raise RefusedRecordError(f"附件 1 没有第“{condition}”条，只有 {'、'.join(standing)}")
    if state not in STATE_WORDS:
        raise RefusedRecordError(f"认定只能是 {'、'.join(STATE_WORDS)}，实际是“{state}”")
    who, day, paper = signed(signer(workspace.actor, by), on, document)
    one = standing[condition]
    against = one.proposal is not None and one.proposal.state not in ("unknown", state)
    if (against or state == "unknown") and not reason.strip():
        what = "与由数据算出的建议不同" if against else "撤回认定"
        raise RefusedRecordError(f"第 {condition} 条的认定{what}，要写明理由")
    used = () if one.proposal is None else tuple(key for given in one.proposal.inputs for key in given.citations)
    passages = [one.figures[key].fact.passage_id for key in dict.fromkeys(used)]
    columns: dict[str, Any] = {
        "district": district,
        "cycle": cycle,
        "condition": condition,
        "state": state,
        "found_by": who,
        "found_on": day.isoformat(),
        "document": paper,
        "document_sha256": _stored(workspace, district, cycle, paper),
        "reason": reason.strip(),
        "proposal": "" if one.proposal is None else canonical_json(one.proposal.to_json()).decode(),
        "citations": _keys(workspace, passages),
    }
    before = None if one.found is None else one.found.to_json()

    def work(session: Session) -> Found:
        row = Annex1Record(**columns, recorded_at=datetime.now(UTC))
        session.add(row)
        session.flush()
        found = _found(row)
        write_act(
            workspace, session, "annex1_found", district=district, cycle=cycle, subject=f"附件 1 第 {condition} 条",
            before=before, after=found.to_json(),
        )  # fmt: skip
        return found

    return workspace.write(work)


@allowed("read_case")
def proposal_of(workspace: Workspace, number: int) -> dict[str, Any] | None:
    """The proposal that stood when a finding was recorded; None where there was none."""
    with workspace.store.session() as session:
        row = session.get(Annex1Record, number)
        seen = row is not None and workspace.actor.sees(row.district)
        return json.loads(row.proposal) if row is not None and seen and row.proposal else None


def _keys(workspace: Workspace, passages: Sequence[int]) -> list[str]:
    """Their keys, each once, sorted."""
    with workspace.store.session() as session:
        return sorted(set(session.scalars(select(Passage.key).where(Passage.id.in_(passages)))))


def _stored(workspace: Workspace, district: str, cycle: int, name: str) -> str:
    """SHA-256 of the stored file of that name in the district and cycle; "" when it is a paper that is not stored."""
    query = select(Document.sha256).where(Document.district == district, Document.cycle == cycle, Document.file == name)
    query = query.where(Document.superseded_by.is_(None))
    with workspace.store.session() as session:
        return session.scalar(query.limit(1)) or ""
