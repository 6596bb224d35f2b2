"""Which expert reviews which criteria of a district: a recorded act of the office, binding once there is one.

While nobody was ever assigned in a district and year, any expert of the district may review it, as on a computer that one
person uses.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ingest.tables_people import PersonRow
from review.accounts import account_of, folded
from review.audit import write_act
from review.errors import RefusedRecordError, UnknownItemError
from review.kept_acts import add, newest, take_place
from review.rights import allowed
from review.signing import named_signer
from review.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Assignment:
    """What one expert reviews: criteria in the scheme's order, none = taken back. by, reason, at : the newest act on him."""

    expert: str
    criteria: tuple[str, ...]
    by: str
    reason: str
    at: str

    def to_json(self) -> dict[str, Any]:
        """One entry of `assign list --json`."""
        return {
            "expert": self.expert, "criteria": list(self.criteria), "by": self.by, "reason": self.reason, "at": self.at,
        }  # fmt: skip


@allowed("assign")
def assign(
    workspace: Workspace,
    district: str,
    cycle: int,
    expert: str,
    criteria: Sequence[str],
    by: str = "",
    *,
    reason: str = "",
) -> Assignment:
    """The expert reviews these criteria of the district from now on, instead of those before; none = he is taken off it.

    Raises UnknownItemError, and RefusedRecordError without a name, for somebody who cannot review the district, and for
    criteria taken away without a reason.
    """
    who, name = named_signer(workspace, by), folded(expert)
    if not name:
        raise RefusedRecordError("要写明指派哪一位专家")
    known = [criterion.id for criterion in workspace.scheme.criteria if not criterion.is_bonus]
    wanted = [one.strip().upper() for one in criteria]
    for one in wanted:
        if one not in known:
            raise UnknownItemError(one)
    chosen = tuple(one for one in known if one in wanted)

    def work(session: Session) -> Assignment:
        take_place(session, district, cycle, "专家指派")
        _refuse_other_people(session, district, name)
        before = newest(session, district, cycle, "assigned").get(name)
        had = () if before is None else tuple(before.content["criteria"])
        if chosen == had:
            raise RefusedRecordError(f"{name}负责的本来就是{'、'.join(had) or '（没有）'}，没有变化")
        if set(had) - set(chosen) and not reason.strip():
            raise RefusedRecordError(f"收回{name}负责的{'、'.join(one for one in had if one not in chosen)}要写明理由")
        kept = add(session, district, cycle, "assigned", name, {"criteria": list(chosen)}, who, reason)
        write_act(
            workspace, session, "assigned", district=district, cycle=cycle, subject=name,
            before=None if before is None else before.to_json(), after=kept.to_json(),
        )  # fmt: skip
        return Assignment(name, chosen, kept.by, kept.reason, kept.at)

    return workspace.write(work)


def _refuse_other_people(session: Session, district: str, name: str) -> None:
    """Where there are accounts, the expert has to have one, be an expert and work for the district."""
    rows = {row.name: row for row in session.scalars(select(PersonRow))}
    if not rows:
        return
    account = account_of(rows[name]) if name in rows else None
    if account is None or account.role != "expert" or account.state != "active" or district not in account.districts:
        raise RefusedRecordError(f"“{name}”没有负责{district}的专家账号，请先请管理员建立或调整账号")


@allowed("read_panels")
def assignments(workspace: Workspace, district: str, cycle: int) -> tuple[Assignment, ...]:
    """Who reviews what, by name; also those who were taken off. Empty while nobody was ever assigned."""
    with workspace.store.session() as session:
        kept = newest(session, district, cycle, "assigned")
    return tuple(
        Assignment(name, tuple(one.content["criteria"]), one.by, one.reason, one.at)
        for name, one in sorted(kept.items())
    )


@allowed("read_panels")
def own_criteria(workspace: Workspace, district: str, cycle: int) -> tuple[str, ...]:
    """The criteria the acting person reviews, in the scheme's order; all of them for who is bound to none."""
    listed = {one.expert: one.criteria for one in assignments(workspace, district, cycle)}
    if listed and workspace.actor.role == "expert":
        return listed.get(workspace.actor.name, ())
    return tuple(criterion.id for criterion in workspace.scheme.criteria if not criterion.is_bonus)


def refuse_unassigned(session: Session, district: str, cycle: int, criterion: str, expert: str) -> None:
    """Raises RefusedRecordError when experts are assigned in the district and year, and this one not to the criterion."""
    kept = newest(session, district, cycle, "assigned")
    if kept and (expert not in kept or criterion not in kept[expert].content["criteria"]):
        raise RefusedRecordError(f"{district} {cycle} 年度没有指派{expert}评审 {criterion}，请市教育督导办先指派")
