"""What an expert looks at for one criterion: per item the proposed and confirmed passages and the figures, to be judged one by one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from ingest.tables import Confirmation, Document, EvidenceLink, Passage
from retrieval.cite import Citation, cite
from retrieval.metrics import load_metrics
from review.acts import office_rules
from review.evidence import evidence_by_item
from review.figures import Figure, read_figures
from review.objections import objections
from review.rights import allowed
from review.workspace import Workspace

_ORDER = {"confirmed": 0, "proposed": 1, "rejected": 2}


@dataclass(frozen=True, slots=True)
class JudgedPassage:
    """A passage for an item. passage : its key. verdict : what it is for the item, reasons : why, in Chinese.

    state : proposed / confirmed / rejected, by whom ("" while proposed).
    """

    passage: str
    text: str
    verdict: str
    state: str
    reasons: tuple[str, ...]
    citation: Citation
    by: str


@dataclass(frozen=True, slots=True)
class JudgedFigure:
    """A figure of an item and the key of the passage that states it."""

    figure: Figure
    passage: str


@dataclass(frozen=True, slots=True)
class ItemSheet:
    """One item: passages (confirmed, then proposed, best first, then rejected) and figures."""

    item: str
    passages: tuple[JudgedPassage, ...]
    figures: tuple[JudgedFigure, ...]


@allowed("read_evidence")
def item_sheets(workspace: Workspace, district: str, cycle: int, criterion: str) -> Mapping[str, ItemSheet]:
    """The items of the criterion in the scheme's order."""
    items = [item.id for item in workspace.scheme.criterion(criterion).items]
    rules, metrics = office_rules(workspace, cycle), load_metrics().by_id
    with workspace.store.session() as session:
        who = _confirmed_by(session, district, cycle)
        passages: dict[str, list[JudgedPassage]] = {item: [] for item in items}
        against = objections(session, district, cycle, rules)
        found = evidence_by_item(session, district, cycle, against)
        for item in items:
            for document in found.get(item, []):
                if document.document.superseded_by is not None:
                    continue
                passages[item] += [
                    JudgedPassage(
                        one.passage.key, one.passage.text, one.verdict, one.state,
                        tuple(reason.sentence for reason in one.reasons),
                        cite(session, one.passage, one.passage.start, one.passage.end),
                        who.get((one.passage.key, item), "") if one.state == "confirmed" else "",
                    )
                    for one in document.passages
                ]  # fmt: skip
        for link in _rejected(session, district, cycle, items):
            passage = link.passage
            passages[link.item].append(
                JudgedPassage(
                    passage.key, passage.text, link.verdict, "rejected", (),
                    cite(session, passage, passage.start, passage.end), who.get((passage.key, link.item), ""),
                )
            )  # fmt: skip
        figures: dict[str, list[JudgedFigure]] = {item: [] for item in items}
        for figure in read_figures(session, district, cycle):
            item = metrics[figure.fact.metric].item
            if item in figures:
                key = session.get_one(Passage, figure.fact.passage_id).key
                figures[item].append(JudgedFigure(figure, key))
    return {
        item: ItemSheet(
            item, tuple(sorted(passages[item], key=lambda one: _ORDER.get(one.state, 1))), tuple(figures[item])
        )
        for item in items
    }


def _rejected(session: Session, district: str, cycle: int, items: list[str]) -> list[EvidenceLink]:
    query = (
        select(EvidenceLink)
        .join(EvidenceLink.passage)
        .join(Passage.document)
        .where(Document.district == district, Document.cycle == cycle, Document.superseded_by.is_(None))
        .where(EvidenceLink.item.in_(items), EvidenceLink.state == "rejected")
        .order_by(EvidenceLink.id)
    )
    return list(session.scalars(query))


def _confirmed_by(session: Session, district: str, cycle: int) -> dict[tuple[str, str], str]:
    """(passage, item) → who confirmed or rejected it last."""
    query = select(Confirmation).where(
        Confirmation.district == district, Confirmation.cycle == cycle, Confirmation.kind == "link"
    )
    return {(row.passage, row.subject): row.by for row in session.scalars(query.order_by(Confirmation.id))}
