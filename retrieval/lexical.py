"""Full-text search inside the SQL record, over our own tokens: what SQLite and PostgreSQL share, and which of the two is asked.

Both give the same passages the same BM25 score (k1 = 1.2, b = 0.75) for the same tokens; a test compares them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Protocol

from sqlalchemy.orm import Session

from retrieval import lexical_postgres, lexical_sqlite
from retrieval.collections import Partition
from retrieval.errors import DatabaseKindError
from retrieval.tokens import tokens

MOST_TERMS = 200  # of a question; a pasted page would otherwise be a query of a thousand terms
MOST_POSTINGS = 12_000
LEAST_TERMS = 4


class FullText(Protocol):
    """What a database has to offer; the functions of this module say what each does."""

    def add(self, session: Session, partition: Partition, rows: Iterable[tuple[int, str]]) -> None: ...
    def remove(self, session: Session, partition: Partition, rows: Iterable[tuple[int, str]]) -> None: ...
    def stored(self, session: Session, partition: Partition) -> set[int]: ...
    def holds_any(self, session: Session, partition: Partition, ids: Sequence[int]) -> bool: ...
    def drop(self, session: Session, partition: Partition) -> None: ...
    def drop_all(self, session: Session) -> None: ...
    def matching(
        self,
        session: Session,
        partition: Partition,
        terms: Sequence[str],
        *,
        limit: int,
        among: Collection[int] | None = None,
    ) -> dict[int, float]: ...
    def frequencies(
        self, session: Session, partition: Partition, terms: Iterable[str]
    ) -> tuple[dict[str, int], int]: ...


_KINDS: Mapping[str, FullText] = {"sqlite": lexical_sqlite, "postgresql": lexical_postgres}


def full_text(dialect: str) -> FullText:
    """The full text of a kind of database, by SQLAlchemy's name of it. Raises DatabaseKindError where there is none."""
    if dialect not in _KINDS:
        raise DatabaseKindError(dialect)
    return _KINDS[dialect]


def _of(session: Session) -> FullText:
    return full_text(session.get_bind().dialect.name)


def add(session: Session, partition: Partition, rows: Iterable[tuple[int, str]]) -> None:
    """Adds (passage id, text) rows; the caller makes sure that none of the ids is there."""
    _of(session).add(session, partition, rows)


def remove(session: Session, partition: Partition, rows: Iterable[tuple[int, str]]) -> None:
    """Removes rows; each text must be the one the row was added with."""
    _of(session).remove(session, partition, rows)


def stored(session: Session, partition: Partition) -> set[int]:
    """The passage ids of a partition."""
    return _of(session).stored(session, partition)


def holds_any(session: Session, partition: Partition, ids: Sequence[int]) -> bool:
    """Whether one of the passages is in a partition."""
    return _of(session).holds_any(session, partition, ids)


def drop(session: Session, partition: Partition) -> None:
    """Forgets a partition."""
    _of(session).drop(session, partition)


def drop_all(session: Session) -> None:
    """Forgets every partition, also of districts that are no longer in the record."""
    _of(session).drop_all(session)


def search(
    session: Session, partition: Partition, text: str, *, limit: int = 100, among: Collection[int] | None = None
) -> dict[int, float]:
    """Passage ids that share a token with the text, with their BM25 score (higher fits better); the best `limit` of them.

    among : only these passages; None = all.
    """
    return matching(session, partition, list(dict.fromkeys(tokens(text)))[:MOST_TERMS], limit=limit, among=among)


def matching(
    session: Session, partition: Partition, terms: Sequence[str], *, limit: int, among: Collection[int] | None = None
) -> dict[int, float]:
    """Passage ids that have one of the tokens, with their BM25 score for these tokens; the best `limit` of them."""
    return _of(session).matching(session, partition, terms, limit=limit, among=among)


def frequencies(session: Session, partition: Partition, terms: Iterable[str]) -> tuple[dict[str, int], int]:
    """In how many passages each token stands, and how many passages there are."""
    return _of(session).frequencies(session, partition, terms)


def telling(frequency: Mapping[str, int], most: int = MOST_POSTINGS) -> list[str]:
    """The rarest tokens, as many as stand in `most` passages together, at least LEAST_TERMS; tokens that stand nowhere left out.

    What every passage says (学校, 工作) ranks none above another, but costs most of the time in a large district.
    """
    chosen: list[str] = []
    spent = 0
    for term, passages in sorted(frequency.items(), key=lambda pair: (pair[1], pair[0])):
        spent += passages
        if passages and (len(chosen) < LEAST_TERMS or spent <= most):
            chosen.append(term)
    return chosen
