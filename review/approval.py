"""市政府审定 (scheme 三（六）): the last recorded step, on one decision; only then may that decision be made public."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ingest.tables import DecisionRow
from review.acts import signed
from review.audit import write_act
from review.cycle_state import year_of
from review.decisions import StoredDecision, replay, stored_decisions
from review.errors import NotPublishableError, RefusedRecordError
from review.kept_acts import Kept, add, newest, take_place
from review.rights import allowed, own_district
from review.signing import named_signer
from review.workspace import Workspace
from scoring_rules.case import load_case
from scoring_rules.ledger import canonical_json
from scoring_rules.parameters import Parameter
from scoring_rules.plain_data import from_data
from scoring_rules.ranking import RankRow, rank
from scoring_rules.scheme import Scheme
from scoring_rules.score_result import ScoreResult
from scoring_rules.scoring import score_case

DRAFT, APPROVED = "拟定", "市政府审定"


@dataclass(frozen=True, slots=True)
class Approval:
    """市政府审定 of a decision. on : ISO day; document : the paper; by : who recorded it."""

    decision: int
    sha256: str
    on: str
    document: str
    by: str
    at: str

    def to_json(self) -> dict[str, Any]:
        """The approval as JSON data."""
        return {
            "decision": self.decision, "sha256": self.sha256, "on": self.on, "document": self.document, "by": self.by,
            "at": self.at,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class DecidedYear:
    """scores : by district, the sheet of its newest decision. approvals : by district, of those that are approved."""

    scores: Mapping[str, ScoreResult]
    approvals: Mapping[str, Approval]


@dataclass(frozen=True, slots=True)
class Ranked:
    """The ranking of a year. approvals : by district, those whose decision the city government has approved."""

    cycle: int
    rows: tuple[RankRow, ...]
    approvals: Mapping[str, Approval]

    def word(self, district: str) -> str:
        """拟定 or 市政府审定."""
        return APPROVED if district in self.approvals else DRAFT

    def to_json(self) -> dict[str, Any]:
        """The document of `ranking --json`."""
        return {
            "cycle": self.cycle,
            "rows": [
                {
                    **row.to_json(), "state": self.word(row.district),
                    "approval": self.approvals[row.district].to_json() if row.district in self.approvals else None,
                }
                for row in self.rows
            ],
        }  # fmt: skip


@allowed("approve")
def approve(
    workspace: Workspace, district: str, cycle: int, on: str, document: str, by: str = "", *, decision: int | None = None
) -> Approval:  # fmt: skip
    """Records that the city government has approved the district's newest decision. on : ISO day; document : of the government.

    decision : its number as it was put before the government; another one that is newer is not approved unseen.
    RefusedRecordError without a decision, for one nobody has signed or that does not replay, and twice.
    """
    name, day, paper = signed(named_signer(workspace, by), on, document)
    held = next(iter(stored_decisions(workspace, district, cycle)), None)
    if held is None:
        raise RefusedRecordError(f"{district} {cycle} 年度还没有认定决定，不能审定")
    if decision is not None and decision != held.number:
        raise RefusedRecordError(f"{district}最新的是决定 {held.number}，不是决定 {decision}，请核对报审的是哪一份")
    if not held.document["signature"]["by"]:
        raise RefusedRecordError(f"决定 {held.number} 还是拟定稿，没有人签认，请先用 edureview decide --by 签认")
    if failure := next((one.failure for one in replay(workspace, [held.sha256]) if one.failure), ""):
        raise RefusedRecordError(f"决定 {held.number} 复算不一致（{failure}），不能审定")
    subject = str(held.number)

    def work(session: Session) -> Approval:
        take_place(session, district, cycle, "审定")
        if _newest_number(session, district, cycle) != held.number:
            raise RefusedRecordError(f"{district}刚刚有了更新的决定，请重新核对")
        before = newest(session, district, cycle, "approval").get(subject)
        if before is not None and before.content["approved"]:
            raise RefusedRecordError(f"决定 {held.number} 已经审定（{before.content['document']}）")
        content = {"approved": True, "sha256": held.sha256, "on": day.isoformat(), "document": paper}
        kept = add(session, district, cycle, "approval", subject, content, name)
        write_act(
            workspace, session, "approved", district=district, cycle=cycle, subject=f"决定 {subject}",
            before=None if before is None else before.to_json(), after=kept.to_json(),
        )  # fmt: skip
        return _approval(kept)

    return workspace.write(work)


@allowed("approve")
def take_back_approval(workspace: Workspace, district: str, cycle: int, reason: str, by: str = "") -> None:
    """Records that the approval of the newest decision was entered by mistake. RefusedRecordError without one or a reason."""
    who = named_signer(workspace, by)
    if not reason.strip():
        raise RefusedRecordError("撤回审定要写明理由")

    def work(session: Session) -> None:
        take_place(session, district, cycle, "审定")
        before = _of_newest(session, district, cycle)
        if before is None:
            raise RefusedRecordError(f"{district} {cycle} 年度最新的决定没有审定，没有可以撤回的")
        content = {**before.content, "approved": False}
        kept = add(session, district, cycle, "approval", before.subject, content, who, reason)
        write_act(
            workspace, session, "approval_taken_back", district=district, cycle=cycle, subject=f"决定 {before.subject}",
            before=before.to_json(), after=kept.to_json(),
        )  # fmt: skip

    workspace.write(work)


@allowed("read_decisions")
def approval(workspace: Workspace, district: str, cycle: int) -> Approval | None:
    """The approval of the district's newest decision; None while it is 拟定."""
    with workspace.store.session() as session:
        kept = _of_newest(session, district, cycle)
    return None if kept is None else _approval(kept)


@allowed("read_decisions")
def publishable(workspace: Workspace, district: str, cycle: int) -> StoredDecision:
    """The decision that may be made public. NotPublishableError while the newest one is not approved."""
    held = next(iter(stored_decisions(workspace, district, cycle)), None)
    if held is None or approval(workspace, district, cycle) is None:
        raise NotPublishableError(cycle, [district])
    return held


@allowed("read_decisions", filters=True)
def ranking(workspace: Workspace, cycle: int, *, published: bool = False) -> Ranked:
    """The ranking of the districts by their newest decisions, each as it was decided.

    published : as it may be made public; NotPublishableError with every district of the year without an approved decision.
    """
    decided = decided_year(workspace, cycle)
    with workspace.store.session() as session:
        listed = [one.name for one in year_of(session, cycle).districts]
    names = dict.fromkeys([*listed, *decided.scores])
    if published and (lacking := [name for name in names if name not in decided.approvals]):
        raise NotPublishableError(cycle, lacking)
    if published and not decided.scores:
        raise NotPublishableError(cycle, [])
    return Ranked(cycle, tuple(rank(list(decided.scores.values()))), decided.approvals)


@allowed("read_decisions", filters=True)
def decided_year(workspace: Workspace, cycle: int) -> DecidedYear:
    """The newest decision of every district that has one, and which of them the city government has approved."""
    own_district(workspace, None)
    newest_of: dict[str, StoredDecision] = {}
    for held in stored_decisions(workspace, None, cycle):
        newest_of.setdefault(held.document["district"], held)
    with workspace.store.session() as session:
        found = {name: _of_newest(session, name, cycle) for name in newest_of}
    approvals = {name: _approval(kept) for name, kept in found.items() if kept is not None}
    return DecidedYear({name: _result(held) for name, held in newest_of.items()}, approvals)


def not_approved(session: Session, cycle: int, districts: Iterable[str]) -> list[str]:
    """Which of the districts have no decision, or a newest one the city government has not approved."""
    return [name for name in districts if _of_newest(session, name, cycle) is None]


def _result(held: StoredDecision) -> ScoreResult:
    """The score sheet, computed again from what the decision holds."""
    document = held.document
    scheme = from_data(Scheme, document["scheme"]["content"])
    parameters = {name: from_data(Parameter, value) for name, value in document["parameters"]["values"].items()}
    text = canonical_json(document["case"]).decode()
    case = load_case(text, f"决定 {held.number}", scheme=scheme, parameters=parameters)
    return score_case(scheme, case, parameters, document["citations"])


def _newest_number(session: Session, district: str, cycle: int) -> int | None:
    query = select(DecisionRow.id).where(DecisionRow.district == district, DecisionRow.cycle == cycle)
    return session.scalar(query.order_by(DecisionRow.id.desc()).limit(1))


def _of_newest(session: Session, district: str, cycle: int) -> Kept | None:
    """The approval that stands on the newest decision."""
    number = _newest_number(session, district, cycle)
    kept = newest(session, district, cycle, "approval").get(str(number))
    return kept if kept is not None and kept.content["approved"] else None


def _approval(kept: Kept) -> Approval:
    content = kept.content
    return Approval(int(kept.subject), content["sha256"], content["on"], content["document"], kept.by, kept.at)
