"""What a language model proposes: links, figures and ratings of items. They wait here, apart from all that counts, for a person.

No draft, list, answer, sample, ledger or letter reads them. A person who confirms a link or a figure writes it into the record
under his own name; a rating he agrees to stays a remark beside the points that he gives himself.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, cast, get_args

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from ingest.tables import Document, EvidenceLink, FactRow, Passage
from ingest.tables_proposals import ProposalRow
from retrieval.cite import Citation, cite
from retrieval.metrics import load_metrics
from review.confirmation_writing import VERDICTS
from review.rights import allowed
from review.workspace import Workspace

Kind = Literal["link", "fact", "rating"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
KIND_WORDS: Final[Mapping[str, str]] = {"link": "佐证", "fact": "数据", "rating": "要点评定"}
STATE_WORDS: Final[Mapping[str, str]] = {
    "proposed": "待人确认",
    "confirmed": "已由人确认",
    "rejected": "已由人否定，撤回",
}
# What a model may say of an item. That there is no evidence, or that the item does not apply, rests on no words to quote.
RATINGS: Final[Mapping[str, str]] = {"met": "做到", "partly_met": "部分做到", "not_met": "没有做到"}
METHOD: Final = "model"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposal of a language model.

    content : link {"passage", "verdict"}; fact {"passage", "metric", "value", "unit", "year", "scope"}; rating {"rating"}.
    quotes : the words it rests on, as stored. gone : some of them no longer stand in the record; it cannot be confirmed.
    settled : a person has confirmed or rejected the same link or figure without it. state : proposed / confirmed / rejected.
    """

    number: int
    kind: Kind
    item: str
    content: Mapping[str, Any]
    quotes: tuple[Citation, ...]
    gone: bool
    settled: bool
    model: str
    state: str
    asked_by: str
    asked_at: str
    settled_by: str
    reason: str

    @property
    def is_open(self) -> bool:
        """Whether a person can still confirm it."""
        return self.state == "proposed" and not self.gone and not self.settled

    @property
    def sentence(self) -> str:
        """What is proposed, for people; never without saying whose it is."""
        if self.kind == "link":
            return f"语言模型建议：这段对 {self.item} 是“{VERDICTS[self.content['verdict']]}”"
        if self.kind == "rating":
            return f"语言模型建议：{self.item} {RATINGS[self.content['rating']]}（不是得分，也不参与计算）"
        metric = load_metrics().by_id.get(self.content["metric"])
        name = self.content["metric"] if metric is None else metric.name
        year = f"{self.content['year']} 年" if self.content["year"] else "年度不明"
        return f"语言模型建议：{name} {self.content['value']}{self.content['unit']}（{year}，{self.content['scope']}）"

    def to_json(self) -> dict[str, Any]:
        """One entry of `propose list --json`."""
        return {
            "number": self.number, "kind": self.kind, "item": self.item, "content": dict(self.content), "method": METHOD, "model": self.model,
            "state": self.state, "open": self.is_open, "gone": self.gone, "settled": self.settled, "sentence": self.sentence, "asked_by": self.asked_by,
            "asked_at": self.asked_at, "settled_by": self.settled_by, "reason": self.reason, "citations": [one.to_json() for one in self.quotes],
        }  # fmt: skip


@allowed("confirm")
def proposals(
    workspace: Workspace, district: str, cycle: int, *, item: str | None = None, every: bool = False
) -> list[Proposal]:
    """The proposals that wait for a person, oldest first. every : those that were confirmed, rejected or lost their words, too.

    Raises UnknownItemError.
    """
    name = None if item is None else workspace.check_item(item)
    query = select(ProposalRow).where(ProposalRow.district == district, ProposalRow.cycle == cycle)
    if name is not None:
        query = query.where(ProposalRow.item == name)
    with workspace.store.session() as session:
        found = [read(session, row) for row in session.scalars(query.order_by(ProposalRow.id))]
    return [one for one in found if every or one.is_open]


def read(session: Session, row: ProposalRow) -> Proposal:
    """The row with its words looked up in what is stored now."""
    content, places = json.loads(row.content), json.loads(row.quotes)
    cited = [_cited(session, row, place) for place in places]
    return Proposal(
        row.id, cast(Kind, row.kind), row.item, content, tuple(one for one in cited if one is not None), None in cited, _settled(session, row, content),
        row.model, row.state, row.asked_by, row.asked_at.isoformat(), row.settled_by, row.reason,
    )  # fmt: skip


def _cited(session: Session, row: ProposalRow, place: tuple[str, int, int, str]) -> Citation | None:
    """The citation of a quote; None when the passage is no more, counts no more, or reads otherwise."""
    key, start, end, quote = place
    passage = in_force(session, row.district, row.cycle, key)
    if passage is None or passage.page.text[start:end] != quote:
        return None
    return cite(session, passage, start, end)


def in_force(session: Session, district: str, cycle: int, key: str) -> Passage | None:
    """The passage of that key in a document of the district and cycle that counts."""
    return session.scalar(
        select(Passage)
        .join(Passage.document)
        .where(Document.district == district, Document.cycle == cycle, Document.superseded_by.is_(None))
        .where(Passage.key == key)
        .order_by(Passage.id)
        .limit(1)
    )


def _settled(session: Session, row: ProposalRow, content: Mapping[str, Any]) -> bool:
    if row.kind == "rating" or row.state != "proposed":
        return False
    passage = in_force(session, row.district, row.cycle, content["passage"])
    if passage is None:
        return False
    if row.kind == "link":
        return person_said(session, passage, row.item)
    return any(one.state in ("confirmed", "rejected") for one in session.scalars(same_figure(passage, content)))


def person_said(session: Session, passage: Passage, item: str) -> bool:
    """Whether a person has confirmed or rejected the passage for the item."""
    link = select(EvidenceLink.state).where(EvidenceLink.passage_id == passage.id, EvidenceLink.item == item)
    return session.scalar(link) in ("confirmed", "rejected")


def same_figure(passage: Passage, content: Mapping[str, Any]) -> Select[FactRow]:
    """The figures the program has read in the passage that say what `content` of a proposed one does."""
    return select(FactRow).where(
        FactRow.passage_id == passage.id, FactRow.metric == content["metric"], FactRow.value == content["value"],
        FactRow.year == content["year"], FactRow.scope == content["scope"],
    )  # fmt: skip
