"""Acts of the review kept as frozen rows: added one behind the other, the newest of a subject counts, none is ever changed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from ingest.tables_review import ReviewAct
from review.cycle_state import year_of
from review.errors import RefusedRecordError
from review.turns import take_turn
from scoring_rules.ledger import canonical_json

Kind = Literal["assigned", "result", "bonus", "approval", "wording", "issued"]


@dataclass(frozen=True, slots=True)
class Kept:
    """A row. number : within its subject. content : JSON data."""

    subject: str
    number: int
    content: Mapping[str, Any]
    by: str
    reason: str
    at: str

    def to_json(self) -> dict[str, Any]:
        """The act as JSON data."""
        return {"subject": self.subject, "number": self.number, **self.content, **self._signed()}

    def _signed(self) -> dict[str, str]:
        return {"by": self.by, "reason": self.reason, "at": self.at}


def newest(session: Session, district: str, cycle: int, kind: Kind) -> dict[str, Kept]:
    """The act that counts by subject, in the order the subjects were first named."""
    return {kept.subject: kept for kept in history(session, district, cycle, kind)}


def history(session: Session, district: str, cycle: int, kind: Kind) -> list[Kept]:
    """Every act of the kind, the oldest first."""
    query = select(ReviewAct).where(
        ReviewAct.district == district, ReviewAct.cycle == cycle, ReviewAct.kind == kind
    )  # fmt: skip
    return [_kept(row) for row in session.scalars(query.order_by(ReviewAct.id))]


def take_place(session: Session, district: str, cycle: int, what: str) -> None:
    """The caller's turn with the district. RefusedRecordError when the year is out, or the district is not of it.

    what : what somebody wants to record, in Chinese.
    """
    take_turn(session, district, cycle)
    found = year_of(session, cycle)
    if not found.has(district):
        raise RefusedRecordError(f"{cycle} 年度的区县名单里没有“{district}”，{what}没有写入")
    if found.is_closed:
        raise RefusedRecordError(f"{cycle} 年度评价报告已经发布，{what}不能再改")


def add(
    session: Session, district: str, cycle: int, kind: Kind, subject: str, content: Mapping[str, Any], by: str, reason: str = ""
) -> Kept:  # fmt: skip
    """Adds an act behind the newest one of its subject. The caller has had its turn (`take_place`)."""
    before = newest(session, district, cycle, kind).get(subject)
    row = ReviewAct(
        district=district, cycle=cycle, kind=kind, subject=subject, number=1 if before is None else before.number + 1,
        content=canonical_json(dict(content)).decode(), by=by, reason=reason.strip(),
        recorded_at=datetime.now(UTC).replace(tzinfo=None),
    )  # fmt: skip
    session.add(row)
    session.flush()
    return _kept(row)


def _kept(row: ReviewAct) -> Kept:
    return Kept(row.subject, row.number, json.loads(row.content), row.by, row.reason, row.recorded_at.isoformat())
