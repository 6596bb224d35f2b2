"""Rows that the database itself keeps: the frozen tables of 0002, the log of 0006 and the acts of 0007 refuse UPDATE and DELETE, also for a bare connection."""

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
    "cycle_acts": "(cycle, kind, subject, district, value, by, reason, recorded_at) VALUES (2019, 'stage', 'self', '', '{}', '甲', '', '2019-01-01')",
    "self_sheets": "(district, cycle, version, entries, by, source, source_sha256, saved_at) VALUES ('虚构区', 2019, 1, '{}', '甲', '', '', '2019-01-01')",
    "submission_acts": "(district, cycle, number, kind, manifest, sha256, by, reason, recorded_at) VALUES ('虚构区', 2019, 1, 'submit', '{}', '', '甲', '', '2019-01-01')",
    "problems": "(district, cycle, number, item, text, origin, due_on, by, recorded_at) VALUES ('虚构区', 2019, 1, 'B5-5', '虚构', '虚构', '2019-12-01', '甲', '2019-01-01')",
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


@pytest.mark.parametrize(
    ("table", "old", "new"),
    [("self_sheets", "'{}', '甲'", "'{\"B1\": {}}', '甲'"), ("submission_acts", "'submit'", "'reopen'"), ("problems", "'B5-5'", "'B5-6'")],
)  # fmt: skip
def test_不能借唯一约束替换提交与自评(tmp_path: Path, table: str, old: str, new: str) -> None:
    open_store(tmp_path).engine.dispose()
    connection = sqlite3.connect(tmp_path / "edureview.sqlite3")
    connection.execute(f"INSERT INTO {table} {ROWS[table]}")
    before = connection.execute(f"SELECT * FROM {table}").fetchall()
    assert old in ROWS[table]
    with pytest.raises(sqlite3.IntegrityError, match=f"frozen row: {table}"):
        connection.execute(f"REPLACE INTO {table} " + ROWS[table].replace(old, new))
    assert connection.execute(f"SELECT * FROM {table}").fetchall() == before
    connection.close()


def test_整改办理记录不能更改也不能删除(tmp_path: Path) -> None:
    open_store(tmp_path).engine.dispose()
    connection = sqlite3.connect(tmp_path / "edureview.sqlite3")
    connection.execute(f"INSERT INTO problems {ROWS['problems']}")
    connection.execute(
        "INSERT INTO problem_acts (problem_id, number, kind, content, by, recorded_at) VALUES (1, 1, 'plan', '{}', '甲', '2019-01-01')"
    )
    for action in ("UPDATE problem_acts SET by = '乙'", "DELETE FROM problem_acts", "REPLACE INTO problem_acts SELECT * FROM problem_acts"):  # fmt: skip
        with pytest.raises(sqlite3.IntegrityError, match="frozen row: problem_acts"):
            connection.execute(action)
    assert connection.execute("SELECT by FROM problem_acts").fetchall() == [("甲",)]
    connection.close()
