"""Full-text search inside the SQL record, PostgreSQL: tsvector over our own tokens, one table per district and cycle.

The tokens are written as they are, so no dictionary and no text search configuration of the server has a say. PostgreSQL's own ranking
knows nothing of how rare a word is; BM25 is computed from the positions that each tsvector keeps, to the same figures as FTS5 has.
"""

from __future__ import annotations

import hashlib
import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Final

from sqlalchemy import text as sql
from sqlalchemy.orm import Session

from retrieval.collections import TABLE_PREFIX, Partition
from retrieval.tokens import tokens

K1: Final = 1.2
B: Final = 0.75
LEAST_WEIGHT: Final = 1e-6  # of a token that more than half of the passages have, as in FTS5
# Limits of a tsvector: bytes of a lexeme, positions of one lexeme, highest position.
_LONGEST, _MOST_POSITIONS, _LAST_POSITION = 2046, 255, 16_383


def _exists(session: Session, table: str) -> bool:
    return session.execute(sql("SELECT to_regclass(:table)"), {"table": table}).scalar() is not None


def create(session: Session, partition: Partition) -> None:
    """Creates the table of a partition unless it is there."""
    table = partition.table
    if _exists(session, table):
        return
    # IF NOT EXISTS alone does not keep two transactions from creating it at once.
    session.execute(sql("SELECT pg_advisory_xact_lock(hashtext(:table))"), {"table": table})
    session.execute(
        sql(
            f"CREATE TABLE IF NOT EXISTS {table} "
            "(id bigint, length integer NOT NULL, terms tsvector NOT NULL, PRIMARY KEY (id) INCLUDE (length))"
        )
    )
    session.execute(sql(f"CREATE INDEX IF NOT EXISTS {table}_terms ON {table} USING gin (terms)"))


def add(session: Session, partition: Partition, rows: Iterable[tuple[int, str]]) -> None:
    """Adds (passage id, text) rows; the caller makes sure that none of the ids is in the table."""
    create(session, partition)
    values = []
    for id_, text in rows:
        found = tokens(text)
        values.append({"id": id_, "length": len(found), "terms": _vector(found)})
    if values:
        session.execute(
            sql(f"INSERT INTO {partition.table} (id, length, terms) VALUES (:id, :length, CAST(:terms AS tsvector))"),
            values,
        )


def remove(session: Session, partition: Partition, rows: Iterable[tuple[int, str]]) -> None:
    """Removes rows; what their text was does not matter here."""
    ids = [id_ for id_, _ in rows]
    if ids and _exists(session, partition.table):
        session.execute(sql(f"DELETE FROM {partition.table} WHERE id = ANY(:ids)"), {"ids": ids})


def stored(session: Session, partition: Partition) -> set[int]:
    """The passage ids in the table of a partition."""
    if not _exists(session, partition.table):
        return set()
    return set(session.execute(sql(f"SELECT id FROM {partition.table}")).scalars())


def holds_any(session: Session, partition: Partition, ids: Sequence[int]) -> bool:
    """Whether one of the passages is in the table of a partition."""
    if not ids or not _exists(session, partition.table):
        return False
    statement = sql(f"SELECT 1 FROM {partition.table} WHERE id = ANY(:ids) LIMIT 1")
    return session.execute(statement, {"ids": list(ids)}).first() is not None


def drop(session: Session, partition: Partition) -> None:
    """Forgets a partition. The empty table stays: dropping it would wait for everyone who is just searching it."""
    if _exists(session, partition.table):
        session.execute(sql(f"DELETE FROM {partition.table}"))


def drop_all(session: Session) -> None:
    """Forgets every partition, also of districts that are no longer in the record."""
    named = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() AND starts_with(tablename, :prefix)"
    for name in session.execute(sql(named), {"prefix": TABLE_PREFIX}).scalars().all():
        session.execute(sql(f'DROP TABLE "{name}"'))


def matching(
    session: Session, partition: Partition, terms: Sequence[str], *, limit: int, among: Collection[int] | None = None
) -> dict[int, float]:
    """Passage ids that have one of the tokens, with their BM25 score for these tokens; the best `limit` of them."""
    if not terms or (among is not None and not among):
        return {}
    counts, total = frequencies(session, partition, dict.fromkeys(terms))
    asked = {_lexeme(term): _weight(count, total) for term, count in counts.items() if count}
    if not asked:
        return {}
    table = partition.table
    parameters: dict[str, object] = {
        "terms": list(asked), "weights": list(asked.values()), "limit": limit,
        "match": " | ".join(_quoted(lexeme) for lexeme in asked),
    }  # fmt: skip
    only = ""
    if among is not None:
        only, parameters["among"] = "AND row.id = ANY(:among)", sorted(among)
    statement = f"""
        SELECT row.id, sum(asked.weight * found.times * {K1 + 1} / (found.times + {K1} * ({1 - B} + {B} * row.length / mean.length)))
        FROM {table} AS row
        CROSS JOIN (SELECT CAST(avg(length) AS double precision) AS length FROM {table}) AS mean
        CROSS JOIN LATERAL (SELECT lexeme, cardinality(positions) AS times FROM unnest(row.terms)) AS found
        JOIN unnest(CAST(:terms AS text[]), CAST(:weights AS double precision[])) AS asked(term, weight) ON asked.term = found.lexeme
        WHERE row.terms @@ CAST(:match AS tsquery) {only}
        GROUP BY row.id ORDER BY 2 DESC, row.id LIMIT :limit
    """
    return {int(id_): float(score) for id_, score in session.execute(sql(statement), parameters)}


def frequencies(session: Session, partition: Partition, terms: Iterable[str]) -> tuple[dict[str, int], int]:
    """In how many passages each token stands, and how many passages there are."""
    if not _exists(session, partition.table):
        return {}, 0
    wanted = list(terms)
    total = session.execute(sql(f"SELECT count(*) FROM {partition.table}")).scalar() or 0
    counted = f"""
        SELECT asked.number, (SELECT count(*) FROM {partition.table} AS row WHERE row.terms @@ CAST(asked.query AS tsquery))
        FROM unnest(CAST(:queries AS text[])) WITH ORDINALITY AS asked(query, number)
    """
    queries = [_quoted(_lexeme(term)) for term in wanted]
    known = {int(number): int(count) for number, count in session.execute(sql(counted), {"queries": queries})}
    return {term: known.get(number, 0) for number, term in enumerate(wanted, 1)}, int(total)


def _weight(count: int, total: int) -> float:
    """How much a token tells that `count` of `total` passages have."""
    weight = math.log((total - count + 0.5) / (count + 0.5))
    return weight if weight > 0 else LEAST_WEIGHT


def _lexeme(token: str) -> str:
    """The token as it stands in a tsvector: one that is too long (a line of base64) by its hash."""
    data = token.encode()
    return token if len(data) <= _LONGEST else hashlib.sha256(data).hexdigest()


def _quoted(lexeme: str) -> str:
    """The lexeme in the syntax of tsvector and tsquery, whatever characters it has."""
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"


def _vector(found: Sequence[str]) -> str:
    """The text form of a tsvector of these tokens with their positions."""
    places: dict[str, list[int]] = defaultdict(list)
    for position, token in enumerate(found, 1):
        places[_lexeme(token)].append(min(position, _LAST_POSITION))
    return " ".join(
        f"{_quoted(lexeme)}:{','.join(map(str, positions[:_MOST_POSITIONS]))}" for lexeme, positions in places.items()
    )
