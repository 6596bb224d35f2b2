"""People at one record at the same time: half of them ask, a quarter upload, a quarter score, in several processes and threads.

    python -m tests.load.sessions --minutes 10 --users 20 [--database postgresql+psycopg://…]

Prints how long answers took, how much was written, every error, and whether all that was written is there; exit code 1 if not.
Without --database the record is SQLite in a data folder of its own. People pause between two acts (`PAUSES` in roles.py).
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import sys
import tempfile
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from review.audit_check import verify
from review.documents import list_documents
from review.intake import take_in
from review.reviewers import panels
from review.searching import search
from review.self_points import versions
from review.workspace import Settings, Workspace
from tests.load.roles import CYCLE, DISTRICTS, FIGURES, SHARED, STEP, Crew, Done, run

SAMPLE = 20  # uploaded files that are searched for at the end
DOCUMENTS = 12  # files of each district before anybody comes


@dataclass(frozen=True)
class Report:
    """What came of it. p50, p95, longest : seconds of an answer. lost : what was acknowledged and is not there, or there twice."""

    database: str
    users: int
    seconds: float
    answers: int
    p50: float
    p95: float
    longest: float
    uploads: int
    saves: int
    refused: int
    given: int
    errors: list[str]
    lost: list[str]

    def lines(self) -> list[str]:
        """For people to read."""
        return [
            f"{self.database}：{self.users} 人同时使用 {self.seconds:.0f} 秒",
            f"提问 {self.answers} 次，中位 {self.p50:.2f} 秒，p95 {self.p95:.2f} 秒，最长 {self.longest:.2f} 秒",
            f"上传 {self.uploads} 份；自评得分保存 {self.saves} 次，另有 {self.refused} 次被告知别人刚改过；专家打分 {self.given} 次",
            f"出错 {len(self.errors)} 次，丢失 {len(self.lost)} 处",
            *(f"出错 {count} 次：{told}" for told, count in Counter(self.errors).most_common(5)),
            *(f"丢失：{told}" for told in self.lost[:10]),
        ]


def crews_of(users: int) -> list[tuple[str, int]]:
    """(role, people) of each process: half ask, a quarter upload, a quarter score; who asks or uploads is in two processes."""
    quarter = max(users // 4, 1)
    asking = max(users - 2 * quarter, 1)
    split = [
        ("asking", asking - asking // 2),
        ("asking", asking // 2),
        ("uploading", quarter - quarter // 2),
        ("uploading", quarter // 2),
    ]
    return [(role, people) for role, people in (*split, ("scoring", quarter)) if people]


def load(seconds: float, users: int, folder: Path, database: str | None = None) -> Report:
    """Fills a record, lets everybody in for so many seconds, and looks at what is there afterwards."""
    settings = Settings(folder / "home", database)
    workspace = Workspace(settings)
    for district in DISTRICTS:
        take_in(workspace, [_material(folder, district)], district=district, cycle=CYCLE)
    sizes, meeting = crews_of(users), folder / "crews"
    meeting.mkdir()
    first = 0
    crews = []
    for role, people in sizes:
        crews.append(Crew(role, first, people, seconds, settings, meeting, len(sizes)))
        first += people
    # spawn: a process that was forked would share the connection and the locks of this one.
    with ProcessPoolExecutor(len(crews), mp_context=multiprocessing.get_context("spawn")) as pool:
        told = list(pool.map(run, crews))
    lost = missing(workspace, told)
    kind = workspace.store.engine.dialect.name
    workspace.store.engine.dispose()
    times = sorted(second for one in told for second in one.seconds)
    return Report(
        kind, users, seconds, len(times), _quantile(times, 0.5), _quantile(times, 0.95), _quantile(times, 1.0),
        sum(len(one.uploads) for one in told), sum(one.raised for one in told), sum(one.refused for one in told),
        sum(len(one.points) for one in told), [error for one in told for error in one.errors], lost,
    )  # fmt: skip


def missing(workspace: Workspace, told: list[Done]) -> list[str]:
    """What was acknowledged to somebody and is not in the record, or not exactly once, or not found; and faults of log and index."""
    lost = []
    raised = sum(one.raised for one in told)
    saved = versions(workspace, DISTRICTS[0], CYCLE)
    if [one.entries[SHARED].points for one in saved] != [STEP * number for number in range(1, raised + 1)]:
        last = saved[-1].entries[SHARED].points if saved else Fraction(0)
        lost.append(f"自评得分保存 {raised} 次，记录里 {len(saved)} 版，最后是 {last}")
    states = Counter((d.district, d.file, d.state) for d in list_documents(workspace))
    uploads = [upload for one in told for upload in one.uploads]
    lost += [f"《{file}》（{district}）" for district, file in uploads if states[district, file, "indexed"] != 1]
    there = [(district, file) for district, file in uploads if states[district, file, "indexed"] == 1]
    for district, file in there[:: max(len(there) // SAMPLE, 1)]:
        name = file.removeprefix("隐患台账").removesuffix(".txt")
        hits = search(workspace, f"隐患排查台账第{name}号", district=district, cycle=CYCLE, count=3, document=file)
        if not hits:
            lost.append(f"《{file}》（{district}）检索不到")
    given = {
        (district, panel.criterion, one.expert, str(one.points))
        for district in DISTRICTS
        for panel in panels(workspace, district, CYCLE)
        for one in panel.given
    }
    lost += [f"打分 {one}" for told_ in told for one in told_.points if one not in given]
    lost += list(verify(workspace).faults)
    lost += [f"索引与记录不一致：{difference}" for difference in workspace.index.check()]
    return lost


def _material(folder: Path, district: str) -> Path:
    target = folder / f"{district}材料"
    target.mkdir()
    for number in range(DOCUMENTS):
        text = f"{district}2018年教育工作材料之{number}\n\n2018年全区无重大校园安全事故，第{number}片区排查隐患{30 + number}处，整改{30 + number}处。\n"
        if number == 0:
            text += f"\n2018年，全区普惠性幼儿园覆盖率为{FIGURES[district]}，学前三年入园率为97.2%。\n"
        (target / f"材料{number}.txt").write_text(text, encoding="utf-8")
    return target


def _quantile(times: list[float], share: float) -> float:
    return times[min(int(len(times) * share), len(times) - 1)] if times else 0.0


def main(arguments: list[str] | None = None) -> int:
    """Exit code 1 when there was an error or something is lost."""
    parser = argparse.ArgumentParser(description="几个人同时提问、上传、打分，看有没有出错和丢失。")
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--users", type=int, default=20)
    parser.add_argument("--database", help="空的 PostgreSQL 数据库的地址；不写则用 SQLite。")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args(arguments)
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    with tempfile.TemporaryDirectory(prefix="edureview-load-") as folder:
        report = load(given.minutes * 60, given.users, Path(folder), given.database)
    print(json.dumps(vars(report), ensure_ascii=False, indent=2) if given.json else "\n".join(report.lines()))
    return 1 if report.errors or report.lost else 0


if __name__ == "__main__":
    sys.exit(main())
