"""The pass killed without warning at random moments, and called again: the same links and examinations as one nobody disturbed."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import select

from ingest.tables import Document, EvidenceLink, Examination, Passage
from retrieval.index import EvidenceIndex
from review.examination import examine, to_examine
from review.workspace import Settings, Workspace
from tests.retrieval.conftest import TokenEmbedder
from tests.retrieval.record import add_document

DISTRICT, CYCLE, FILES, PASSAGES = "云山区", 2019, 12, 70
ROOT = Path(__file__).resolve().parents[2]
KILLS = 4

# What a person's program does, with a model that needs no files; it says when a document is finished.
PROGRAM = """
import sys
from pathlib import Path
from tests.review.test_examination_killed import open_workspace
from review.examination import examine
print("begun", flush=True)
examine(open_workspace(Path(sys.argv[1])), "云山区", 2019, on_document=lambda done, documents: print(done, flush=True))
"""


def open_workspace(home: Path) -> Workspace:
    """The workspace of a data folder with a model that counts tokens."""
    opened = Workspace(Settings(home))
    opened.__dict__["index"] = EvidenceIndex(opened.store, home, TokenEmbedder())
    return opened


def fill(home: Path) -> Workspace:
    """Documents that are read and indexed, none of them examined."""
    workspace = open_workspace(home)
    with workspace.store.session() as session:
        for number in range(FILES):
            texts = [
                f"2018年第{n}次检查，责任督学挂牌督导{n + number}所，尚未覆盖{n}所。"
                if n % 3
                else f"2018年普惠率为{50 + number}.{n}%。"
                for n in range(PASSAGES)
            ]
            add_document(session, f"{number}.pdf", texts, title=f"材料{number}").data_year = 2018
    workspace.index.index_pending()
    return workspace


def left_behind(workspace: Workspace) -> list[tuple[object, ...]]:
    """All links and examinations without row numbers and times, in order."""
    with workspace.store.session() as session:
        files = {document.id: document.file for document in session.scalars(select(Document))}
        keys = {passage.id: passage.key for passage in session.scalars(select(Passage))}
        links = [
            ("link", keys[link.passage_id], link.item, link.rank, link.confidence, link.verdict, str(link.reasons))
            for link in session.scalars(select(EvidenceLink))
        ]
        examined = [
            ("examination", files[held.document_id], held.fingerprint, held.passages, str(held.nearest))
            for held in session.scalars(select(Examination))
        ]
    return sorted([*links, *examined], key=str)


@pytest.mark.skipif(sys.platform == "win32", reason="用信号杀进程，Windows 没有")
def test_随时被杀后再查_与从未中断的完全一致(tmp_path: Path) -> None:
    calm = fill(tmp_path / "安静")
    examine(calm, DISTRICT, CYCLE)
    disturbed = fill(tmp_path / "受扰")
    disturbed.store.engine.dispose()
    chance = random.Random(5)
    progress = [FILES]
    for _ in range(KILLS):
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(tmp_path / "受扰")], cwd=ROOT, stdout=subprocess.PIPE
        )
        assert process.stdout is not None
        for _line in range(1 + chance.randint(1, 2)):
            process.stdout.readline()
        time.sleep(chance.uniform(0.0, 0.15))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        progress.append(len(to_examine(disturbed, DISTRICT, CYCLE)))
    assert progress == sorted(progress, reverse=True), "查完的不再回到未查"
    assert 0 < progress[-1] < FILES, "杀在半路，而不是之前或之后"
    assert examine(disturbed, DISTRICT, CYCLE).documents == progress[-1]
    assert left_behind(disturbed) == left_behind(calm)
    assert to_examine(disturbed, DISTRICT, CYCLE) == []
