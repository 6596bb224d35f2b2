"""Full-text search inside the SQL record, SQLite: FTS5 over our own tokens, one table per district and cycle.

The tables hold no text (content=''), only which passage has which token where: the text is in `passages`. Contentless tables forget a
row only when told its tokens again, so a row is removed with the text it was added with, or the whole table is dropped. detail=none would
be a third of the size, but a contentless table without positions has no BM25: SQLite then ranks every row 0.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import CursorResult
from sqlalchemy import text as sql
from sqlalchemy.orm import Session

from retrieval.collections import TABLE_PREFIX, Partition
from retrieval.tokens import tokens


def _exists(session: Session, table: str) -> bool:
    return _run(session, "SELECT 1 FROM sqlite_master WHERE name = ?", table).first() is not None


def _run(session: Session, statement: str, *parameters: object) -> CursorResult[*tuple[Any, ...]]:
    """Runs what every search runs, straight: to compile it again would cost more than to run it."""
    return session.connection().exec_driver_sql(statement, parameters)


def create(session: Session, partition: Partition) -> None:
    """Creates the table of a partition unless it is there."""
    # `ascii` takes every character beyond ASCII as part of a token, whatever Unicode version SQLite was built with.
    session.execute(
        sql(
            f"CREATE VIRTUAL TABLE IF NOT EXISTS {partition.table} "
            "USING fts5(tokens, content='', tokenize=\"ascii tokenchars '.%-[]_'''\")"
        )
    )


def add(session: Session, partition: Partition, rows: Iterable[tuple[int, str]]) -> None:
    """Adds (passage id, text) rows; the caller makes sure that none of the ids is in the table."""
    create(session, partition)
    values = [{"id": id_, "tokens": " ".join(tokens(text))} for id_, text in rows]
    if values:
        session.execute(sql(f"INSERT INTO {partition.table}(rowid, tokens) VALUES (:id, :tokens)"), values)


def remove(session: Session, partition: Partition, rows: Iterable[tuple[int, str]]) -> None:
    """Removes rows; each text must be the one the row was added with."""
    present = stored(session, partition)
    values = [{"id": id_, "tokens": " ".join(tokens(text))} for id_, text in rows if id_ in present]
    if values:
        table = partition.table
        session.execute(sql(f"INSERT INTO {table}({table}, rowid, tokens) VALUES ('delete', :id, :tokens)"), values)


def stored(session: Session, partition: Partition) -> set[int]:
    """The passage ids in the table of a partition."""
    if not _exists(session, partition.table):
        return set()
    return set(session.execute(sql(f"SELECT id FROM {partition.table}_docsize")).scalars())


def holds_any(session: Session, partition: Partition, ids: Sequence[int]) -> bool:
    """Whether one of the passages is in the table of a partition."""
    if not ids or not _exists(session, partition.table):
        return False
    # Asked as one range: a document's passages are numbered in a row.
    between = sql(f"SELECT id FROM {partition.table}_docsize WHERE id BETWEEN :low AND :high")
    return not set(ids).isdisjoint(session.execute(between, {"low": min(ids), "high": max(ids)}).scalars())


def drop(session: Session, partition: Partition) -> None:
    """Forgets a partition."""
    session.execute(sql(f"DROP TABLE IF EXISTS {partition.table}"))


def drop_all(session: Session) -> None:
    """Forgets every partition, also of districts that are no longer in the record."""
    tables = session.execute(
        sql("SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE 'CREATE VIRTUAL TABLE%' AND substr(name, 1, :n) = :prefix"),
        {"n": len(TABLE_PREFIX), "prefix": TABLE_PREFIX},
    )  # fmt: skip
    for name in tables.scalars().all():
        session.execute(sql(f'DROP TABLE "{name}"'))


def matching(
    session: Session, partition: Partition, terms: Sequence[str], *, limit: int, among: Collection[int] | None = None
) -> dict[int, float]:
    """Passage ids that have one of the tokens, with their BM25 score for these tokens; the best `limit` of them."""
    if not terms or (among is not None and not among) or not _exists(session, partition.table):
        return {}
    # Tokens hold no quotation mark, so quoting keeps every other character from being read as query syntax.
    only, parameters = "", [" OR ".join(f'"{term}"' for term in terms)]
    if among is not None:
        # The plus keeps SQLite from looking the rows up one by one in the index: a thousand of them took half a second.
        only = "AND +rowid IN (SELECT value FROM json_each(?))"
        parameters.append(json.dumps(sorted(among)))
    statement = f"SELECT rowid, -rank AS score FROM {partition.table} WHERE {partition.table} MATCH ? {only} ORDER BY rank, rowid LIMIT ?"
    return {int(id_): float(score) for id_, score in _run(session, statement, *parameters, limit)}


def frequencies(session: Session, partition: Partition, terms: Iterable[str]) -> tuple[dict[str, int], int]:
    """In how many passages each token stands, and how many passages there are."""
    if not _exists(session, partition.table):
        return {}, 0
    vocabulary = f"words_of_{partition.table}"
    # Lives in this connection only, and only reads the table: it shows it as it is at each question.
    _run(session, f"CREATE VIRTUAL TABLE IF NOT EXISTS temp.{vocabulary} USING fts5vocab(main, {partition.table}, row)")
    wanted = list(terms)
    # CROSS JOIN keeps the order: each term is looked up, instead of the whole vocabulary being read.
    having = f"SELECT v.term, v.doc FROM json_each(?) AS t CROSS JOIN temp.{vocabulary} AS v WHERE v.term = t.value"
    known = {term: int(count) for term, count in _run(session, having, json.dumps(wanted))}
    found = {term: known.get(term, 0) for term in wanted}
    total = _run(session, f"SELECT count(*) FROM {partition.table}_docsize").scalar() or 0
    return found, total
