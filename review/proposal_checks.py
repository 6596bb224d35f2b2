"""Whether what a language model offers may be kept as a proposal: its key was given, its words stand there, its figure is in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from ingest.tables import EvidenceLink, FactRow, Passage
from retrieval.cite import Citation
from retrieval.fact_parts import fits
from retrieval.numbers import Number, find_numbers, find_years, plain
from retrieval.scopes import WHOLE_DISTRICT
from retrieval.tokens import normalise
from review.confirmation_writing import VERDICTS
from review.model_material import cite_piece
from review.model_reply import cited_of, clean
from review.proposal_material import Task
from review.proposals import RATINGS, Kind, same_figure
from review.sentence_check import LEAST_QUOTE

MOST_QUOTES: Final = 4
_SCOPE: Final = 60  # characters


@dataclass(frozen=True, slots=True)
class Offer:
    """What may be kept. content : as review.proposals.Proposal. quotes : (passage key, start, end, quote), as stored."""

    kind: Kind
    content: dict[str, Any]
    quotes: tuple[tuple[str, int, int, str], ...]


def checked(session: Session, task: Task, data: dict[str, Any]) -> Offer | str:
    """The offer of one object of the reply, or in Chinese why it is not kept. Whatever else the object holds is not looked at."""
    quotes = _quotes(session, task, data)
    if isinstance(quotes, str):
        return quotes
    if task.kind == "rating":
        return _rating(data, quotes)
    if len(quotes) != 1:
        return "一条建议要引一处原文"
    passage = session.scalar(select(Passage).where(Passage.id == quotes[0][1].id))
    assert passage is not None  # it has just been cited
    return (_link if task.kind == "link" else _fact)(session, task, data, passage, quotes[0][0])


def _quotes(session: Session, task: Task, data: dict[str, Any]) -> list[tuple[Citation, Passage]] | str:
    """Every quote the object names, found in the passage it names; why not, when one is not."""
    by_key = {piece.key: piece for piece in task.pieces}
    found: list[tuple[Citation, Passage]] = []
    for key, quote in cited_of(data)[:MOST_QUOTES]:
        piece = by_key.get(key)
        if piece is None:
            return "引用的段落不在所给的材料里"
        place = piece.find(quote) if len(normalise(quote)) >= LEAST_QUOTE else None
        cited = cite_piece(session, piece, *place) if place is not None else None
        passage = session.get(Passage, piece.passage)
        if not isinstance(cited, Citation) or passage is None:
            return "所引的原文不在那一段里"
        if cited not in [one for one, _ in found]:
            found.append((cited, passage))
    return found or "没有写明出处"


def _kept(cited: Citation, passage: Passage) -> tuple[str, int, int, str]:
    return passage.key, cited.start, cited.end, cited.quote


def _rating(data: dict[str, Any], quotes: list[tuple[Citation, Passage]]) -> Offer | str:
    rating = data.get("rating")
    if not isinstance(rating, str) or rating not in RATINGS:
        return "评定不是规定的几种"
    return Offer("rating", {"rating": rating}, tuple(_kept(*one) for one in quotes))


def _link(session: Session, task: Task, data: dict[str, Any], passage: Passage, cited: Citation) -> Offer | str:
    verdict = data.get("verdict")
    if not isinstance(verdict, str) or verdict not in VERDICTS:
        return "判断不是规定的几种"
    item = task.item.id
    link = session.scalar(select(EvidenceLink).where(EvidenceLink.passage_id == passage.id, EvidenceLink.item == item))
    if link is not None and (link.state in ("confirmed", "rejected") or link.verdict == verdict):
        return "已有同样的对应，或已由人判断过"
    return Offer("link", {"passage": passage.key, "verdict": verdict}, (_kept(cited, passage),))


def _fact(session: Session, task: Task, data: dict[str, Any], passage: Passage, cited: Citation) -> Offer | str:
    named = data.get("metric")
    metric = task.metrics.get(named) if isinstance(named, str) else None
    if metric is None:
        return "指标不是所给的"
    given = find_numbers(str(data.get("value", ""))[:_SCOPE])
    stated = [n for n in find_numbers(cited.quote) if fits(n, metric) and n.bound == ""]
    number = next((n for n in stated if any(_same(n, one) for one in given)), None)
    if len(given) != 1 or number is None:
        return "数不在所引的原文里，或单位不对"
    if not metric.low <= number.value <= metric.high:
        return "数超出这个指标可能的范围"
    year = _year(data.get("year"), cited.quote, passage, task)
    if year is None:
        return "年份在原文里没有依据"
    scope = clean(str(data.get("scope") or WHOLE_DISTRICT))
    if len(scope) > _SCOPE or (scope != WHOLE_DISTRICT and normalise(scope) not in normalise(passage.text)):
        return "范围在原文里没有依据"
    content = {
        "passage": passage.key, "metric": metric.id, "value": plain(number.value), "unit": metric.unit, "year": year, "scope": scope,
    }  # fmt: skip
    first, last = cited.start + number.start, cited.start + number.end
    for row in session.scalars(select(FactRow).where(FactRow.passage_id == passage.id)):
        if row.metric != metric.id and row.start <= first and row.end >= last:
            return "这个数已读作另一项指标"
    if session.scalar(same_figure(passage, content)) is not None:
        return "这个数已经读出"
    return Offer("fact", content, (_kept(cited, passage),))


def _same(stated: Number, given: Number) -> bool:
    return stated.value == given.value and given.unit in (stated.unit, "")


def _year(given: object, quote: str, passage: Passage, task: Task) -> int | None:
    """The year of the figure where the words bear it out: one the quote names, else one of the passage or the document's own."""
    try:
        wanted = int(str(given)[:4])
    except ValueError:
        return None
    inside = {one.year for one in find_years(quote)}
    around = {one.year for one in find_years(f"{passage.text}\n{passage.context}")} | {passage.document.data_year}
    return wanted if wanted in (inside or around) else None
