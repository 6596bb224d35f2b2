"""A copy of the demo record in which the year is open, twelve districts have cases, and a sample, points and problems are registered."""

from __future__ import annotations

import io
import json
import shutil
from pathlib import Path

import docx
import pytest
from sqlalchemy import select

from ingest.tables import Examination, Passage
from review.annex1 import record_finding
from review.bench_papers import made_up_case
from review.cases import record_case
from review.confirmations import confirm_fact
from review.cycles import demo_districts, enter_stage, open_year
from review.examination import current_fingerprint
from review.papers.kinds import KINDS, paper_of
from review.papers.record import DistrictRecord, read_record
from review.papers.year_record import YearRecord, read_year
from review.rectification import plan, raise_from_feedback, raise_problem
from review.reviewers import give_points
from review.sampling import draw_sample
from review.workspace import Settings, Workspace

DISTRICT, CYCLE = "云山区", 2019
DAY, NUMBER, WHO = "2019-06-10", "虚构教督〔2019〕1号", "虚构的科长"


@pytest.fixture(scope="module")
def workspace(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    home = tmp_path_factory.mktemp("papers-home")
    shutil.copytree(demo_home, home, dirs_exist_ok=True)
    opened = Workspace(Settings(home))
    open_year(opened, CYCLE, demo_districts(), "虚构的科长", until="2019-05-31")
    for number, district in enumerate(demo_districts()):
        if district.name != DISTRICT:
            for cycle in (CYCLE, CYCLE + 1):
                case = made_up_case(opened.scheme, district.name, cycle, number)
                record_case(opened, json.dumps(case, ensure_ascii=False), "虚构.yaml")
    draw_sample(opened, DISTRICT, CYCLE, 7)
    for expert, points in (("虚构甲", "39"), ("虚构乙", "38.5")):
        give_points(opened, DISTRICT, CYCLE, "B2", expert, points, "虚构的理由")
    record_finding(
        opened, DISTRICT, CYCLE, "2", "not_triggered", "虚构的科长", "2019-06-03", "虚构认定书", "虚构：查过"
    )
    raise_problem(
        opened, DISTRICT, CYCLE, "B10-2", "部分镇街社区教育中心没有挂牌。", "虚构反馈意见", "2019-10-31", "虚构的科长"
    )
    plan(opened, DISTRICT, CYCLE, 1, "逐个挂牌并配备人员", "虚构的股长", "2019-09-30", "虚构的文书")
    for stage in ("review", "field", "feedback"):
        enter_stage(opened, CYCLE, stage, "虚构的科长")
    raise_problem(
        opened, DISTRICT, CYCLE, "B17-1", "教师年均工资的口径没有统一。", "虚构反馈意见", "2019-11-30", "虚构的科长"
    )
    return opened


@pytest.fixture(scope="module")
def year_record(workspace: Workspace) -> YearRecord:
    return read_year(workspace, CYCLE)


@pytest.fixture(scope="module")
def record(year_record: YearRecord) -> DistrictRecord:
    return year_record.records[DISTRICT]


@pytest.fixture(scope="module")
def made(record: DistrictRecord) -> dict[str, bytes]:
    """Every paper of the district by id."""
    return {kind.id: paper_of(record, kind) for kind in KINDS}


# A record from which letters can be issued


@pytest.fixture(scope="session")
def ready_home(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A record in which the problems are registered and the figures of one achievement are confirmed."""
    home = tmp_path_factory.mktemp("issue-home")
    shutil.copytree(demo_home, home, dirs_exist_ok=True)
    workspace = Workspace(Settings(home))
    open_year(workspace, CYCLE, demo_districts(), WHO)
    examined(workspace)
    raise_from_feedback(workspace, DISTRICT, CYCLE, "虚构反馈意见", "2019-10-31", WHO, kinds=("未达标", "口径冲突"))
    record = read_record(workspace, DISTRICT, CYCLE)
    first = record.feedback.achievements[0]
    cited = [record.feedback.references[number - 1] for number in first.evidence]
    for figure in record.feedback.draft.figures.values():
        if figure.citation in cited:
            fact = figure.fact
            with workspace.store.session() as session:
                passage = session.get_one(Passage, fact.passage_id).key
            confirm_fact(
                workspace, DISTRICT, CYCLE, passage, fact.metric, str(fact.value), WHO, year=fact.year, scope=fact.scope
            )
    workspace.store.engine.dispose()
    return home


def examined(workspace: Workspace) -> None:
    """Marks every document as examined with the rules of today."""
    fingerprint = current_fingerprint(workspace)
    with workspace.store.session() as session:
        for row in session.scalars(select(Examination)):
            row.fingerprint = fingerprint


@pytest.fixture
def ready(ready_home: Path, tmp_path: Path) -> Workspace:
    shutil.copytree(ready_home, tmp_path, dirs_exist_ok=True)
    return Workspace(Settings(tmp_path))


def words(paper: bytes) -> str:
    opened = docx.Document(io.BytesIO(paper))
    cells = [cell.text for table in opened.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(p.text for p in opened.paragraphs), *cells])
