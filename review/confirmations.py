"""A named person confirms or rejects a proposed link or figure: the state of the row changes, and a frozen log row says who.

Only confirmed links carry citations into a decision; a rejected figure takes no part in drafts and proposals.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from sqlalchemy import select
from sqlalchemy.orm import Session

from ingest.tables import Confirmation, FactRow
from retrieval.metrics import load_metrics
from review.confirmation_writing import STATES as STATES
from review.confirmation_writing import VERDICTS as VERDICTS
from review.confirmation_writing import (
    Confirmed,
    entry_of,
    log_confirmation,
    passage_of,
    refuse_not_assigned,
    signed,
    told,
    write_link,
)
from review.errors import RefusedRecordError
from review.rights import allowed, signer
from review.workspace import Workspace


@allowed("confirm")
def confirm_link(
    workspace: Workspace,
    district: str,
    cycle: int,
    passage: str,
    item: str,
    by: str,
    *,
    state: str = "confirmed",
    reason: str = "",
    verdict: str = "",
) -> Confirmed:
    """Confirms (rejects, takes back) that a passage is evidence for an item; a link nobody proposed is made when confirmed.

    passage : its key. verdict : what it is for the item, one of VERDICTS; "" = as proposed. Raises RefusedRecordError without a name, for a rejection without a reason, for a passage that is
    not stored; UnknownItemError for an item the scheme does not have.
    """
    name = workspace.check_item(item)
    who, why = signed(signer(workspace.actor, by), state, reason)
    if verdict and (verdict not in VERDICTS or state != "confirmed"):
        raise RefusedRecordError(f"判断只能是{'、'.join(VERDICTS.values())}，并且只在确认时写")

    def work(session: Session) -> Confirmed:
        return write_link(workspace, session, district, cycle, passage, name, who, why, state=state, verdict=verdict)

    return workspace.write(work)


@allowed("confirm")
def confirm_fact(
    workspace: Workspace,
    district: str,
    cycle: int,
    passage: str,
    metric: str,
    value: str,
    by: str,
    *,
    year: int | None = None,
    scope: str = "",
    state: str = "confirmed",
    reason: str = "",
) -> Confirmed:
    """Confirms (rejects, takes back) a figure read from a passage.

    value : as stated, decimal text. year, scope : needed only where the passage states the metric more than once.
    Raises RefusedRecordError when no figure, or more than one, is meant.
    """
    who, why = signed(signer(workspace.actor, by), state, reason)
    wanted = _number(value)

    def work(session: Session) -> Confirmed:
        rows = _rows(workspace, session, district, cycle, passage, metric, wanted, year, scope)
        first, before = rows[0], rows[0].state
        for row in rows:
            row.state = state
        return log_confirmation(
            workspace, session, district, cycle, "fact", passage, metric, told(first), before, state, who, why
        )

    return workspace.write(work)


@allowed("confirm")
def correct_fact(
    workspace: Workspace,
    district: str,
    cycle: int,
    passage: str,
    metric: str,
    value: str,
    by: str,
    *,
    corrected: str,
    reason: str,
    year: int | None = None,
    scope: str = "",
    corrected_year: int | None = None,
    corrected_scope: str = "",
) -> Confirmed:
    """Puts the right figure in the place of one that was misread: the old one stays, rejected; the new one is confirmed.

    corrected : decimal text; corrected_year, corrected_scope : None and "" = as they were. RefusedRecordError as for
    `confirm_fact`, and when nothing is changed.
    """
    who, why = signed(signer(workspace.actor, by), "rejected", reason)
    wanted, right = _number(value), _number(corrected)

    def work(session: Session) -> Confirmed:
        rows = _rows(workspace, session, district, cycle, passage, metric, wanted, year, scope)
        first, before = rows[0], rows[0].state
        new = FactRow(
            passage_id=first.passage_id, metric=metric, value=format(right, "f"), unit=first.unit,
            year=corrected_year or first.year, scope=corrected_scope.strip() or first.scope, start=first.start,
            end=first.end, state="confirmed",
        )  # fmt: skip
        if (right, new.year, new.scope) == (Decimal(first.value), first.year, first.scope):
            raise RefusedRecordError(f"{metric} 本来就是 {value}，没有更正")
        session.add(new)
        for row in rows:
            row.state = "rejected"
        old = told(first) | {"corrected_to": told(new)}
        log_confirmation(
            workspace, session, district, cycle, "fact", passage, metric, old, before, "rejected", who, why
        )
        detail = told(new) | {"corrected_from": told(first)}
        return log_confirmation(
            workspace, session, district, cycle, "fact", passage, metric, detail, "", "confirmed", who, why
        )

    return workspace.write(work)


def _number(text: str) -> Decimal:
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        raise RefusedRecordError(f"“{text}”不是数") from None
    if not value.is_finite():
        raise RefusedRecordError(f"“{text}”不是数")
    return value


def _rows(
    workspace: Workspace, session: Session, district: str, cycle: int, passage: str, metric: str, wanted: Decimal,
    year: int | None, scope: str,
) -> list[FactRow]:  # fmt: skip
    """The rows of the one figure that is meant. RefusedRecordError when there is none, or more than one."""
    found = passage_of(session, district, cycle, passage)
    of_metric = load_metrics().by_id.get(metric)
    if of_metric is not None:
        refuse_not_assigned(workspace, session, district, cycle, of_metric.item)
    rows = [
        row
        for row in session.scalars(
            select(FactRow).where(FactRow.passage_id == found.id, FactRow.metric == metric).order_by(FactRow.start)
        )
        if Decimal(row.value) == wanted and year in (None, row.year) and scope in ("", row.scope)
    ]
    if not rows:
        raise RefusedRecordError(
            f"段落 {passage} 没有读出 {metric} 为 {format(wanted, 'f')} 的数，可用 edureview facts --json 查看"
        )
    if len({(row.year, row.scope, row.unit) for row in rows}) > 1:
        told = "、".join(f"{row.year or '年度不明'} {row.scope}" for row in rows)
        raise RefusedRecordError(f"段落 {passage} 有几个这样的数（{told}），请写明年度和范围")
    return rows


@allowed("read_case")
def confirmations(workspace: Workspace, district: str, cycle: int) -> list[Confirmed]:
    """The log of the district and cycle, the oldest first."""
    query = (
        select(Confirmation)
        .where(Confirmation.district == district, Confirmation.cycle == cycle)
        .order_by(Confirmation.id)
    )
    with workspace.store.session() as session:
        return [entry_of(row) for row in session.scalars(query)]
