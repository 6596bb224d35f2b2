"""Several programs at one PostgreSQL record: nothing is lost, nothing is done twice. Runs where TEST_POSTGRES_URL names an empty database."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from review import submission
from review.completeness import Completeness
from review.coverage import Coverage
from review.cycles import District, open_year, year
from review.errors import NotReadyError, RefusedRecordError, SubmittedError
from review.rectification import plan, problems, raise_problem
from review.self_points import Entry, save_points, sheet
from review.submission import submission_acts, submit
from review.workspace import Settings, Workspace
from tests.review.submissions import CYCLE, DISTRICT, WHO, full_marks, put_document

URL = os.environ.get("TEST_POSTGRES_URL", "")
pytestmark = pytest.mark.skipif(not URL, reason="没有 TEST_POSTGRES_URL")


@pytest.fixture
def open_(tmp_path: Path) -> Iterator[Callable[[], Workspace]]:
    """Opens the record anew each time, as another program would: with a queue of writers of its own."""
    opened: list[Workspace] = []

    def another() -> Workspace:
        opened.append(Workspace(Settings(tmp_path, URL)))
        return opened[-1]

    yield another
    with opened[0].store.engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    for one in opened:
        one.store.engine.dispose()


def _at_once(*calls: Callable[[], object]) -> list[str]:
    told: list[str] = []

    def work(call: Callable[[], object]) -> None:
        try:
            call()
            told.append("ok")
        except (RefusedRecordError, SubmittedError, NotReadyError) as exc:
            told.append(type(exc).__name__)

    threads = [threading.Thread(target=work, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(told)


def test_二十人同时保存自评_一项不丢_存下的不能改(open_: Callable[[], Workspace]) -> None:
    criteria = [c.id for c in open_().scheme.criteria if not c.is_bonus]
    assert open_().store

    def save(criterion: str) -> Callable[[], object]:
        return lambda: save_points(open_(), DISTRICT, CYCLE, {criterion: Entry(Fraction(1))}, base=0, by=criterion)

    assert _at_once(*map(save, criteria)) == ["ok"] * 20
    now = sheet(open_(), DISTRICT, CYCLE)
    assert (now.version, len(now.entries)) == (20, 20)
    for statement in ("UPDATE self_sheets SET version = 99", "DELETE FROM self_sheets", "TRUNCATE self_sheets"):
        with open_().store.engine.connect() as connection, pytest.raises(DBAPIError, match="frozen row: self_sheets"):
            connection.execute(text(statement))


def test_三人同时提交_只成一次(open_: Callable[[], Workspace], monkeypatch: pytest.MonkeyPatch) -> None:
    # The completeness list rests on the index, which wants SQLite; what is tested here is the lock.
    monkeypatch.setattr(
        submission, "completeness", lambda _w, d, c: Completeness(d, c, Coverage(1, 1, (), 1), (), (), ())
    )
    put_document(open_(), "总结.txt")
    full_marks(open_())
    told = _at_once(*[lambda: submit(open_(), DISTRICT, CYCLE, WHO)] * 3)
    assert told.count("ok") == 1
    assert [act["kind"] for act in submission_acts(open_(), DISTRICT, CYCLE)] == ["submit"]


def test_年度只开设一次_同一问题只办理一次(open_: Callable[[], Workspace]) -> None:
    assert open_().store
    assert _at_once(*[lambda: open_year(open_(), 2020, [District(DISTRICT)], WHO)] * 4).count("ok") == 1
    assert len(year(open_(), 2020).acts) == 2
    _at_once(*[lambda: raise_problem(open_(), DISTRICT, 2020, "B5-5", "虚构", "虚构", "2020-12-31", WHO)] * 4)
    assert len(problems(open_(), DISTRICT, 2020)) == 1
    told = _at_once(*[lambda: plan(open_(), DISTRICT, 2020, 1, "虚构", "虚构", "2020-12-01", WHO, seen=0)] * 4)
    assert told.count("ok") == 1
    assert len(problems(open_(), DISTRICT, 2020)[0].acts) == 1
