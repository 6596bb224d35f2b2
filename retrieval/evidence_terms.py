"""The terms of a question weighed by the evidence of the district and cycle it is asked of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.orm import Session

from ingest.tables import Document, Passage
from retrieval.metrics import Metrics
from retrieval.question import Question
from retrieval.question_terms import Terms, question_terms
from retrieval.searched import within
from scoring_rules.catalogue import Catalogue
from scoring_rules.scheme import Scheme

_AT_ONCE = 100  # words counted in one pass over the passages


def evidence_terms(
    session: Session, scheme: Scheme, catalogue: Catalogue, metrics: Metrics, question: Question, district: str | None, cycle: int | None
) -> Terms:  # fmt: skip
    """The terms of the question, each as rare as it is in the passages of this district and cycle (None = all)."""

    def counts(words: Sequence[str]) -> Mapping[str, int]:
        found: dict[str, int] = {}
        for at in range(0, len(words), _AT_ONCE):
            part = words[at : at + _AT_ONCE]
            columns = [func.count(case((_holds(word), 1))) for word in part]
            row = session.execute(_of_evidence(*columns, district=district, cycle=cycle)).one()
            found |= dict(zip(part, row, strict=True))
        return found

    total = session.execute(_of_evidence(func.count(Passage.id), district=district, cycle=cycle)).scalar_one()
    return question_terms(question, scheme, catalogue, metrics, counts, total)


def _of_evidence(*columns: Any, district: str | None, cycle: int | None) -> Select[Any]:
    return within(select(*columns).join(Document, Passage.document_id == Document.id), district, cycle)


def _holds(word: str) -> ColumnElement[bool]:
    return or_(Passage.text.contains(word, autoescape=True), Passage.context.contains(word, autoescape=True))
