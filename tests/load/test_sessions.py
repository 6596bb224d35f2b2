"""Twenty people for twenty seconds, on both databases; the ten minutes are run by hand (tests/load/sessions.py)."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest

from review.people import Person
from review.self_points import Entry, save_points
from review.workspace import Settings, Workspace
from tests.load.roles import CYCLE, DISTRICTS, SHARED, STEP, Done
from tests.load.sessions import crews_of, load, missing
from tests.postgres import fresh_database, needs_slow_postgres


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=needs_slow_postgres)])
def database(request: pytest.FixtureRequest) -> Iterator[str | None]:
    """No address for SQLite, an empty database else."""
    if request.param == "sqlite":
        yield None
        return
    with fresh_database() as url:
        yield url


def test_二十人同时用二十秒_不出错不丢失(database: str | None, tmp_path: Path) -> None:
    report = load(20, 20, tmp_path, database)
    assert report.errors == []
    assert report.lost == []
    assert min(report.answers, report.uploads, report.saves, report.given) > 0, report.lines()


def test_一半提问_四分之一上传_四分之一打分() -> None:
    assert crews_of(20) == [("asking", 5), ("asking", 5), ("uploading", 3), ("uploading", 2), ("scoring", 5)]
    assert crews_of(3) == [("asking", 1), ("uploading", 1), ("scoring", 1)]


def test_少了一次写入会被发现(tmp_path: Path) -> None:
    workspace = Workspace(Settings(tmp_path))
    office = workspace.acting_as(Person("虚构督导员", "office"))
    save_points(office, DISTRICTS[0], CYCLE, {SHARED: Entry(STEP, "")}, base=0)
    assert missing(workspace, [Done(raised=1)]) == []
    assert "自评得分保存 2 次" in missing(workspace, [Done(raised=2)])[0]
    lost = missing(
        workspace, [Done(raised=1, uploads=[(DISTRICTS[0], "没有.txt")], points=[(DISTRICTS[0], "B1", "甲", "1")])]
    )
    assert [one[:2] for one in lost] == ["《没", "打分"]
    assert Fraction(1, 100) == STEP
