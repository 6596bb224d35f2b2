"""What a language model is shown when it is asked for proposals: one item and passages that may have to do with it, under opaque keys."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from ingest.hidden import order_places
from ingest.tables import Document, EvidenceLink, Passage
from ingest.tables_proposals import ProposalRow
from retrieval.cite import cite
from retrieval.claims import is_claim
from retrieval.metrics import Metric, load_metrics
from retrieval.numbers import find_numbers
from review.evidence import BEARING
from review.model_material import MOST_CHARACTERS, MOST_PASSAGES, Piece, material_lines, new_key
from review.model_prompts import Prompt
from review.proposals import Kind, in_force, person_said
from review.searching import search
from review.workspace import Workspace
from scoring_rules.scheme import Item

SEARCHED: Final = 24  # passages looked at for one item, of which at most MOST_PASSAGES are shown
_QUERY: Final = 200  # characters of the official words that go into the search


@dataclass(frozen=True, slots=True)
class Task:
    """One question to the model. pieces : the passages. metrics : of the item, by the key the model knows them by."""

    kind: Kind
    item: Item
    title: str
    data_year: int
    pieces: tuple[Piece, ...]
    metrics: Mapping[str, Metric]

    def message(self, prompt: Prompt, fence: str) -> str:
        """The user's message: the item and the metrics are ours, the material is data inside the fence."""
        told = {"item": self.item.id, "title": self.title, "text": self.item.text, "data_year": self.data_year}
        return prompt.fill(
            item=json.dumps(told, ensure_ascii=False),
            metrics="\n".join(
                json.dumps({"metric": key, "name": metric.name, "unit": metric.unit}, ensure_ascii=False)
                for key, metric in self.metrics.items()
            ),
            fence=fence,
            material=material_lines(self.pieces),
        )


def task_of(workspace: Workspace, session: Session, district: str, cycle: int, item: Item, kind: Kind) -> Task:
    """The question of this kind about the item; without pieces when there is nothing to ask about.

    Left out : what the district says of itself, what a person has judged, what was proposed before.
    """
    title = workspace.catalogue.expectations[item.id].title
    metrics = [one for one in load_metrics().by_id.values() if one.item == item.id] if kind == "fact" else []
    passages: Iterable[Passage] = ()
    if kind == "rating":
        passages = _linked(session, district, cycle, item.id)
    elif kind == "link":
        before = _proposed(session, district, cycle, item.id)
        passages = [
            one
            for one in _searched(workspace, session, district, cycle, item, title)
            if one.key not in before and not person_said(session, one, item.id)
        ]
    elif metrics:
        linked = _linked(session, district, cycle, item.id)
        found = {one.id: one for one in (*linked, *_searched(workspace, session, district, cycle, item, title))}
        passages = [one for one in found.values() if find_numbers(one.text)]
    shown = [one for one in passages if not is_claim(one.document.file)][:MOST_PASSAGES]
    pieces = tuple(_piece(session, one) for one in shown)
    return Task(kind, item, title, cycle - 1, pieces, {f"M{n}": one for n, one in enumerate(metrics, 1)})


def _piece(session: Session, passage: Passage) -> Piece:
    text = passage.text[:MOST_CHARACTERS]
    source = cite(session, passage, passage.start, passage.end)
    return Piece(new_key(), text, source, passage.start, passage.id, tuple(order_places(text, hidden=False)))


def _linked(session: Session, district: str, cycle: int, item: str) -> list[Passage]:
    """Passages that are evidence for the item, those a person confirmed first, then the surest."""
    query = (
        select(EvidenceLink)
        .join(EvidenceLink.passage)
        .join(Passage.document)
        .where(Document.district == district, Document.cycle == cycle, Document.superseded_by.is_(None))
        .where(EvidenceLink.item == item, EvidenceLink.state != "rejected", EvidenceLink.verdict.in_(BEARING))
        .order_by(EvidenceLink.state != "confirmed", EvidenceLink.confidence.desc(), EvidenceLink.id)
        .limit(SEARCHED)
    )
    return [link.passage for link in session.scalars(query)]


def _searched(
    workspace: Workspace, session: Session, district: str, cycle: int, item: Item, title: str
) -> list[Passage]:
    query = f"{title} {item.text[:_QUERY]}"
    found = search(workspace, query, district=district, cycle=cycle, count=SEARCHED)
    passages = (in_force(session, district, cycle, str(one["passage"])) for one in found)
    return [one for one in passages if one is not None]


def _proposed(session: Session, district: str, cycle: int, item: str) -> set[str]:
    """Keys of the passages a model has proposed for the item, whatever became of it."""
    query = select(ProposalRow.content).where(
        ProposalRow.district == district, ProposalRow.cycle == cycle, ProposalRow.item == item, ProposalRow.kind == "link"
    )  # fmt: skip
    return {json.loads(content)["passage"] for content in session.scalars(query)}
