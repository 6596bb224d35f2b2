"""How long the papers of twelve districts and the annual report take, from the record to the Word files.

The district of the demo is read and indexed; its rows are copied for eleven more, so that every district has the same 58
documents. Copying is not measured, reading the record and writing the papers is.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import inspect as columns_of
from sqlalchemy import select
from sqlalchemy.orm import Session

from ingest.tables import Document, EvidenceLink, Examination, FactRow, Page, Passage
from review.cases import record_case
from review.cycles import demo_districts, open_year
from review.papers.annual import annual_values
from review.papers.kinds import KINDS, paper_of
from review.papers.render import render
from review.papers.year_record import read_year
from review.workspace import Settings, Workspace
from scoring_rules.scheme import Scheme

GOAL_SECONDS = 20.0
DISTRICT, CYCLE = "云山区", 2019


@dataclass(frozen=True, slots=True)
class PapersMeasured:
    """Seconds on the clock and of this process's processor time. papers : Word files written, the report included."""

    districts: int
    papers: int
    read_seconds: float
    write_seconds: float
    report_seconds: float
    cpu_seconds: float

    @property
    def seconds(self) -> float:
        """All together."""
        return self.read_seconds + self.write_seconds + self.report_seconds

    def to_json(self) -> dict[str, Any]:
        """The object `papers` of `bench --json`."""
        row = {
            "districts": self.districts, "papers": self.papers, "read_seconds": round(self.read_seconds, 2),
            "write_seconds": round(self.write_seconds, 2), "report_seconds": round(self.report_seconds, 2),
            "seconds": round(self.seconds, 2), "cpu_seconds": round(self.cpu_seconds, 2), "goal_seconds": GOAL_SECONDS,
            "goal_met": self.seconds < GOAL_SECONDS,
        }  # fmt: skip
        return {"papers": row}


def made_up_case(scheme: Scheme, district: str, cycle: int, number: int) -> dict[str, Any]:
    """A case file of a made-up district, the same one every time."""
    scored = [criterion for criterion in scheme.criteria if not criterion.is_bonus]
    own = {
        c.id: str(int(c.points) - (number * (n + 2) + n + cycle) % (int(c.points) // 4 + 1))
        for n, c in enumerate(scored)
    }
    sampled = [c.id for n, c in enumerate(scored) if n % 4 == number % 4]
    return {
        "scheme": scheme.id, "cycle": cycle, "district": district, "self": own,
        "verified": {name: str(max(int(own[name]) - number % 3, 0)) for name in sampled},
        "bonus": {"claimed": "10", "awarded": str(number % 15)},
        "annex1": {c.id: "triggered" if (c.id, number) == ("3", 5) else "not_triggered" for c in scheme.conditions},
        "rectification": {"due": 6, "unrectified": number % 3},
    }  # fmt: skip


def bench_papers(say: Callable[[str], object] = lambda line: None) -> PapersMeasured:
    """Measures in a data folder of its own, which is removed afterwards."""
    from review.demo import load_demo

    home = Path(tempfile.mkdtemp(prefix="edureview-papers-"))
    try:
        workspace = Workspace(Settings(home))
        say("导入演示区县……")
        load_demo(workspace, lambda line: None)
        return _measure(workspace, say)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _measure(workspace: Workspace, say: Callable[[str], object] = lambda line: None) -> PapersMeasured:
    """Copies the demo district for eleven more in this workspace and measures."""
    names = [one.name for one in demo_districts()]
    say("复制为十二个区县……")
    open_year(workspace, CYCLE, demo_districts(), "虚构的科长")
    for number, name in enumerate(names):
        if name != DISTRICT:
            workspace.store.write(partial(_copy, district=name))
            case = made_up_case(workspace.scheme, name, CYCLE, number)
            record_case(workspace, json.dumps(case, ensure_ascii=False), "虚构.yaml")
    say("计时……")
    cpu, start = time.process_time(), time.perf_counter()
    told = read_year(workspace, CYCLE)
    read = time.perf_counter()
    written = [len(paper_of(told.records[name], kind)) for name in names for kind in KINDS]
    papers = time.perf_counter()
    written.append(len(render("annual", annual_values(told))))
    end = time.perf_counter()
    return PapersMeasured(
        len(names), len(written), read - start, papers - read, end - papers, time.process_time() - cpu
    )


def _copy(session: Session, district: str) -> None:
    """Every row of the demo district's documents once more, for another district."""
    documents: dict[int, int] = {}
    pages: dict[int, int] = {}
    passages: dict[int, int] = {}
    rows = session.scalars(select(Document).where(Document.district == DISTRICT, Document.cycle == CYCLE)).all()
    for row in rows:
        copy = _row(row, district=district, duplicate_of=None)
        session.add(copy)
        session.flush()
        documents[row.id] = copy.id
    own = tuple(documents)
    copied_tables: tuple[tuple[Any, str, dict[int, int]], ...] = (
        (Page, "document_id", pages),
        (Passage, "document_id", passages),
    )
    for table, owner, keep in copied_tables:
        for found in session.scalars(select(table).where(table.document_id.in_(own))).all():
            changes: dict[str, Any] = {owner: documents[found.document_id]}
            if isinstance(found, Passage):
                changes["page_id"] = pages[found.page_id]
            copied = _row(found, **changes)
            session.add(copied)
            session.flush()
            keep[found.id] = copied.id
    kinds: tuple[Any, ...] = (EvidenceLink, FactRow)
    for kind in kinds:
        for linked in session.scalars(select(kind).where(kind.passage_id.in_(tuple(passages)))).all():
            session.add(_row(linked, passage_id=passages[linked.passage_id]))
    for examined in session.scalars(select(Examination).where(Examination.document_id.in_(own))).all():
        session.add(_row(examined, keys=True, document_id=documents[examined.document_id]))


def _row(row: Any, *, keys: bool = False, **changes: Any) -> Any:
    """A new row with the same columns but for the key (keys : it is among the changes) and the changes."""
    mapper = columns_of(type(row))
    values = {a.key: getattr(row, a.key) for a in mapper.column_attrs if keys or not a.columns[0].primary_key}
    return type(row)(**{**values, **changes})
