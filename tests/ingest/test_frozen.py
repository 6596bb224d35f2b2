"""Rows that the database itself keeps: the frozen tables of 0002 and the log of 0006 refuse UPDATE and DELETE, also for a bare connection."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from ingest.store import open_store

ROWS = {
    "samples": "(district, cycle, seed, frame_sha256, document, drawn_at) VALUES ('虚构区', 2019, '1', '', '{}', '2019-01-01')",
    "expert_points": "(district, cycle, criterion, expert, points, reason, recorded_at) VALUES ('虚构区', 2019, 'B5', '甲', '1', '', '2019-01-01')",
    "arbitrations": "(district, cycle, criterion, arbiter, points, reason, recorded_at) VALUES ('虚构区', 2019, 'B5', '丙', '1', '', '2019-01-01')",
    "audit_log": "(number, place, at, person, role, session, act, district, cycle, subject, before, after, entry, chain) VALUES (1, 1, '2019-01-01', '甲', 'office', '', 'decide', '虚构区', 2019, '', '', '', '', '')",
    "decisions": "(district, cycle, grade, document, sha256, decided_by, decided_at) VALUES ('虚构区', 2019, '优秀', '{}', '', '', '2019-01-01')",
}


@pytest.mark.parametrize(
    "action", ["UPDATE {} SET cycle = 2020", "DELETE FROM {}", "REPLACE INTO {0} SELECT * FROM {0}"]
)
@pytest.mark.parametrize("table", sorted(ROWS))
def test_不能更改也不能删除(tmp_path: Path, table: str, action: str) -> None:
    open_store(tmp_path).engine.dispose()
    connection = sqlite3.connect(tmp_path / "edureview.sqlite3")
    connection.execute(f"INSERT INTO {table} {ROWS[table]}")
    with pytest.raises(sqlite3.IntegrityError, match=f"frozen row: {table}"):
        connection.execute(action.format(table))
    assert connection.execute(f"SELECT cycle FROM {table}").fetchall() == [(2019,)]
    connection.close()


def test_不能借唯一约束替换专家打分(tmp_path: Path) -> None:
    open_store(tmp_path).engine.dispose()
    connection = sqlite3.connect(tmp_path / "edureview.sqlite3")
    connection.execute(f"INSERT INTO expert_points {ROWS['expert_points']}")
    with pytest.raises(sqlite3.IntegrityError, match="frozen row: expert_points"):
        connection.execute("REPLACE INTO expert_points " + ROWS["expert_points"].replace("'1', ''", "'9', ''"))
    assert connection.execute("SELECT points FROM expert_points").fetchall() == [("1",)]
    connection.close()
