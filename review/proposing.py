"""Has the office's language model propose links, figures and ratings for named items; what stands the checks waits for a person."""

from __future__ import annotations

import hashlib
import secrets
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from ingest.tables_proposals import ProposalRow
from review.audit import write_act
from review.composition import TRIES, Writes
from review.confirmation_writing import refuse_not_assigned
from review.drafting import draft_district
from review.errors import ModelError, RefusedRecordError
from review.model_forms import offers_form
from review.model_prompts import load_prompt
from review.model_reply import ReplyReader
from review.proposal_checks import Offer, checked
from review.proposal_material import Task, task_of
from review.proposals import KIND_WORDS, KINDS, METHOD, Kind, Proposal, read
from review.rights import allowed
from review.turns import take_turn
from review.workspace import Workspace
from scoring_rules.ledger import canonical_json
from scoring_rules.scheme import Item

MOST_OFFERS: Final = 6  # of one question; a model that gives more is not read further
FAILURES: Final = 2  # questions in a row that came to nothing, after which the model is left alone
_OPEN_TO_REVIEW: Final = "needs_reviewer"  # only there has a rating any meaning: elsewhere the rules decide


@dataclass(frozen=True, slots=True)
class ProposalRun:
    """What a run came to. made : the new proposals. refused : how many offers were not kept, by reason. skipped : what was not
    asked, failed : what the model did not answer; sentences."""

    made: tuple[Proposal, ...]
    asked: int
    refused: Mapping[str, int]
    skipped: tuple[str, ...]
    failed: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """As `propose run --json` prints it."""
        return {
            "made": [one.to_json() for one in self.made], "asked": self.asked, "refused": dict(self.refused),
            "skipped": list(self.skipped), "failed": list(self.failed),
        }  # fmt: skip


@allowed("confirm")
def propose(
    workspace: Workspace,
    district: str,
    cycle: int,
    model: Writes,
    *,
    items: Sequence[str],
    kinds: Sequence[Kind] = KINDS,
    on_question: Callable[[str], object] = lambda sentence: None,
) -> ProposalRun:
    """Asks the model once for each item and kind; keeps what stands the checks, as proposed.

    Raises UnknownItemError, UnknownDistrictError; RefusedRecordError without an item, for items of somebody else.
    """
    district, cycle = workspace.locate(district, cycle)
    names = list(dict.fromkeys(workspace.check_item(item) for item in items))
    if not names:
        raise RefusedRecordError("请语言模型提建议要写明评价要点")
    with workspace.store.session() as session:
        for name in names:
            refuse_not_assigned(workspace, session, district, cycle, name)
    by_id = {item.id: item for item in workspace.scheme.items}
    open_items = _open_to_review(workspace, district, cycle) if "rating" in kinds else frozenset()
    made: list[Proposal] = []
    refused, skipped, failed, asked, in_a_row = Counter[str](), list[str](), list[str](), 0, 0
    for name, kind in ((name, kind) for name in names for kind in kinds):
        what = f"{name} {KIND_WORDS[kind]}"
        task = _task(workspace, district, cycle, by_id[name], kind, open_items)
        if isinstance(task, str):
            skipped.append(f"{what}：{task}")
            continue
        on_question(what)
        asked += 1
        try:
            offers, why = _ask(workspace, model, task)
        except ModelError as exc:
            failed.append(f"{what}：{exc.reason}")
            in_a_row += 1
            if not exc.retryable or in_a_row == FAILURES:
                failed.append("语言模型不能用，其余没有再问")
                break
            continue
        in_a_row = 0
        refused += why
        made += _keep(workspace, district, cycle, name, kind, model.name, offers, why)
    return ProposalRun(tuple(made), asked, refused, tuple(skipped), tuple(failed))


def _open_to_review(workspace: Workspace, district: str, cycle: int) -> frozenset[str]:
    criteria = draft_district(workspace, district, cycle).result.criteria
    return frozenset(one.item_id for entry in criteria for one in entry.items if one.status == _OPEN_TO_REVIEW)


def _task(
    workspace: Workspace, district: str, cycle: int, item: Item, kind: Kind, open_items: frozenset[str]
) -> Task | str:  # fmt: skip
    """The question; in Chinese why there is none."""
    with workspace.store.session() as session:
        if kind == "rating":
            if item.id not in open_items:
                return "由规则判断，或没有材料，不问"
            if _rated(session, district, cycle, item.id):
                return "已有待人确认的建议"
        task = task_of(workspace, session, district, cycle, item, kind)
    if kind == "fact" and not task.metrics:
        return "没有规定要读的数"
    return task if task.pieces else "没有要看的段落"


def _rated(session: Session, district: str, cycle: int, item: str) -> bool:
    wanted = select(ProposalRow.id).where(
        ProposalRow.district == district, ProposalRow.cycle == cycle, ProposalRow.item == item, ProposalRow.kind == "rating",
        ProposalRow.state == "proposed",
    )  # fmt: skip
    return session.scalar(wanted.limit(1)) is not None


def _ask(workspace: Workspace, model: Writes, task: Task) -> tuple[list[Offer], Counter[str]]:
    """The offers that stand the checks, and why others do not. Raises ModelError after the last try."""
    deadline = time.monotonic() + model.seconds
    for attempt in range(TRIES):
        try:
            return _attempt(workspace, model, task, again=attempt > 0, deadline=deadline)
        except ModelError as exc:
            if not exc.retryable or attempt + 1 == TRIES or time.monotonic() > deadline:
                raise
    raise AssertionError("unreachable")


def _attempt(
    workspace: Workspace, model: Writes, task: Task, *, again: bool, deadline: float
) -> tuple[list[Offer], Counter[str]]:
    prompt, reader = load_prompt(f"propose_{task.kind}"), ReplyReader()
    message = task.message(prompt, f"=== 材料 {secrets.token_hex(8)} ===")
    wanted = {"rating"} if task.kind == "rating" else {"key", "cite"}
    offers: list[Offer] = []
    why = Counter[str]()
    told = f"{message}\n{prompt.again}" if again else message
    form = None if again else offers_form(task.kind, [piece.key for piece in task.pieces], list(task.metrics))
    stream = model.stream(prompt.system, told, deadline - time.monotonic(), form)
    try:
        for piece in stream:
            if time.monotonic() > deadline:
                raise ModelError("总时间已到", retryable=False)
            for data in reader.objects(piece):
                if not wanted & data.keys():
                    continue  # a wrapper, a place inside a rating, or something of its own
                with workspace.store.session() as session:
                    found = checked(session, task, data)
                if isinstance(found, str):
                    why[found] += 1
                elif found not in offers:
                    offers.append(found)
                most = 1 if task.kind == "rating" else MOST_OFFERS
                if len(offers) == most or sum(why.values()) > 4 * MOST_OFFERS:
                    return offers, why
    finally:
        close = getattr(stream, "close", None)
        if close is not None:
            close()
    if not offers and not why and not reader.none:
        raise ModelError("回答不是规定的格式", retryable=True)
    return offers, why


def _keep(
    workspace: Workspace, district: str, cycle: int, item: str, kind: Kind, model: str, offers: Sequence[Offer], why: Counter[str]
) -> list[Proposal]:  # fmt: skip
    """Writes the offers as proposed, each once for ever: what was rejected does not come back."""

    def work(session: Session) -> list[Proposal]:
        take_turn(session, district, cycle)
        rows = []
        for offer in offers:
            mark = _mark(item, offer)
            known = select(ProposalRow.id).where(
                ProposalRow.district == district, ProposalRow.cycle == cycle, ProposalRow.mark == mark
            )
            if session.scalar(known) is None:
                rows.append(_row(workspace, district, cycle, item, model, offer, mark))
                session.add(rows[-1])
                session.flush()
        write_act(
            workspace, session, "proposed", district=district, cycle=cycle, subject=f"{item} {KIND_WORDS[kind]}",
            after={"model": model, "proposals": [row.id for row in rows], "refused": dict(why)},
        )  # fmt: skip
        return [read(session, row) for row in rows]

    return workspace.write(work)


def _row(
    workspace: Workspace, district: str, cycle: int, item: str, model: str, offer: Offer, mark: str
) -> ProposalRow:
    return ProposalRow(
        district=district, cycle=cycle, kind=offer.kind, item=item, content=canonical_json(offer.content).decode(),
        quotes=canonical_json([list(one) for one in offer.quotes]).decode(), mark=mark, method=METHOD, model=model[:120],
        state="proposed", asked_by=workspace.actor.name, asked_at=datetime.now(UTC).replace(tzinfo=None), settled_by="", reason="",
    )  # fmt: skip


def _mark(item: str, offer: Offer) -> str:
    """Of what is proposed; for a rating with the passages it rests on, for the rest without the choice of words."""
    passages = sorted({key for key, *_ in offer.quotes})
    return hashlib.sha256(canonical_json([offer.kind, item, offer.content, passages])).hexdigest()
