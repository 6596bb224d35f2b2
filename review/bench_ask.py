"""What a question costs: the first one of a process, later ones, and the first words of a model that writes 20 tokens a second."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from sqlalchemy import insert, select

from ingest.tables import Document, EvidenceLink, Passage
from retrieval.embedder import Vectors, load_embedder
from review.bench_passages import CYCLE, DISTRICTS, by_district, questions, wordings
from review.bench_query import MadeRecord
from review.stand_in_model import Request, StandIn, Step, at_pace, line
from review.workspace import Settings, Workspace

PASSAGES: Final = 36_000  # twelve districts of 3,000
COLD_RUNS: Final = 3
TOKENS_PER_SECOND: Final = 20.0
GOAL_COLD: Final = 3_000.0
GOAL_WARM_P95: Final = 300.0
GOAL_FIRST_WORDS: Final = 1_000.0
_EVIDENCE: Final = 30
# The other kinds of questions, as people ask them.
OTHER_KINDS: Final = (
    "B5包括哪些评价要点？", "什么情况会降低一个等级？", "优秀要多少分？", "B14-1是什么要求？", "学前教育普惠率达到多少？", "大班额比例是多少？",
    "B14还缺什么材料？", "B5还缺什么材料？", "为什么B5只有这些分？", "离优秀还差多少？", "附件1有没有触发？", "上年问题整改了吗？", "什么时候截止提交？", "哪些材料支撑B2-2？",
    "全区地铁运营里程是多少公里？",
)  # fmt: skip
_AT_ONCE: Final = 256
_LINKS_OF_PASSAGE: Final = 2
Say = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Asked:
    """Milliseconds. cold : from the start of the command to its answer, each run. warm : (question, time, processor's time) of
    later questions, each new; what other programs do meanwhile lengthens the first, not the second. again : of the same, once more.

    first_words : from the question to the first words of the model on the screen. whole : to its last, checked sentence.
    """

    passages: int
    cold: tuple[float, ...]
    warm: tuple[tuple[str, float, float], ...]
    again: tuple[tuple[str, float, float], ...]
    first_words: tuple[float, ...]
    whole: tuple[float, ...]

    def to_json(self) -> dict[str, Any]:
        """The document of `bench --stage ask --json`."""
        times = [spent for _, spent, _ in self.warm]
        p50, p95 = np.percentile(times, [50, 95])
        cold, words = float(np.median(self.cold)), float(np.percentile(self.first_words, 95))
        slowest = sorted(self.warm, key=lambda row: -row[2])[:3]
        worked = float(np.percentile([cpu for _, _, cpu in self.warm], 95))
        repeated = float(np.percentile([spent for _, spent, _ in self.again], 95))
        return {
            "ask": {
                "passages": self.passages, "districts": len(DISTRICTS), "questions": len(times),
                "cold_milliseconds": round(cold), "goal_cold_milliseconds": GOAL_COLD, "goal_cold_met": cold < GOAL_COLD,
                "warm_p50_milliseconds": round(float(p50), 1), "warm_p95_milliseconds": round(float(p95), 1),
                "warm_p95_cpu_milliseconds": round(worked, 1), "goal_warm_p95_milliseconds": GOAL_WARM_P95, "goal_warm_p95_met": bool(p95 < GOAL_WARM_P95),
                "again_p95_milliseconds": round(repeated, 1),
                "slowest": [[question, round(spent, 1), round(cpu, 1)] for question, spent, cpu in slowest],
                "tokens_per_second": TOKENS_PER_SECOND, "first_words_p95_milliseconds": round(words), "whole_answer_milliseconds": round(float(np.median(self.whole))),
                "goal_first_words_milliseconds": GOAL_FIRST_WORDS, "goal_first_words_met": words < GOAL_FIRST_WORDS,
            }
        }  # fmt: skip


def bench_ask(passages: int = PASSAGES, *, distinct: int = 520, say: Say = lambda line: None) -> Asked:
    """Builds a record of twelve made-up districts and asks about one of them. distinct : how many wordings it is made of."""
    with tempfile.TemporaryDirectory(prefix="edureview-bench-ask-") as scratch:
        home = Path(scratch) / "home"
        district = build_record(home, passages, distinct, say)
        say("冷启动：每次一个新的进程……")
        cold = tuple(_cold(home, district) for _ in range(COLD_RUNS))
        say("热：一个进程里接着问……")
        done = _fresh(
            ["-m", "review.bench_ask_side", str(home), district], json.dumps(list(asked()), ensure_ascii=False)
        )
        warm = json.loads(done.splitlines()[-1])
        say(f"语言模型每秒 {TOKENS_PER_SECOND:g} 个词元……")
        with StandIn(slow_model) as server:
            settings = json.dumps([server.settings.base_url, server.settings.model])
            done = _fresh(["-m", "review.bench_ask_side", str(home), district, settings], json.dumps(questions(8)))
        streamed = json.loads(done.splitlines()[-1])
    return Asked(
        passages, cold, _rows(warm["warm"]), _rows(warm["again"]), tuple(streamed["first_words"]), tuple(streamed["whole"]),
    )  # fmt: skip


def _rows(listed: Sequence[Sequence[Any]]) -> tuple[tuple[str, float, float], ...]:
    return tuple((str(question), float(spent), float(cpu)) for question, spent, cpu in listed)


def asked() -> Sequence[str]:
    """The questions of the warm run: of evidence, and of every other kind."""
    return (*questions(_EVIDENCE), *OTHER_KINDS)


def slow_model(request: Request) -> Sequence[Step] | Any:
    """Repeats the first words of the first passages, at the pace of a small model on a processor."""
    told = "".join(line(text[:40].split("。")[0] + "。", (key, text[:40].split("。")[0])) for key, text in list(request.material.items())[:2])  # fmt: skip
    return at_pace(told, TOKENS_PER_SECOND)


def build_record(home: Path, passages: int, distinct: int, say: Say) -> str:
    """The data folder with `passages` in twelve districts; returns the one that is asked about.

    Its passages are annotated as when they are taken in; those of the others are given links without being read.
    """
    from retrieval.annotate import Annotator
    from retrieval.itemmap import ItemMapper

    say(f"生成 {passages} 段虚构材料，分在 {len(DISTRICTS)} 个区县……")
    embedder = load_embedder()
    record, asked_about = MadeRecord(home, embedder.name), DISTRICTS[len(DISTRICTS) // 2]
    vectors: Vectors = np.zeros((0, 0), dtype=np.float32)
    for district, texts, near in by_district(wordings(embedder, distinct), passages):
        record.add(district, texts, near)
        if district == asked_about:
            vectors = near
    record.close()
    say(f"对应和读数：{asked_about} {len(vectors)} 段……")
    workspace = Workspace(Settings(home))
    annotate = Annotator(ItemMapper(workspace.scheme, workspace.catalogue, embedder, cache=workspace.cache))
    with workspace.store.session() as session:
        query = select(Passage).join(Passage.document).where(Document.district == asked_about).order_by(Passage.id)
        rows = list(session.scalars(query))
        for at in range(0, len(rows), _AT_ONCE):
            annotate(session, rows[at : at + _AT_ONCE], vectors[at : at + _AT_ONCE])
    workspace.index.settle(asked_about, CYCLE)
    _link_others(workspace, asked_about)
    workspace.store.engine.dispose()
    return asked_about


def _link_others(workspace: Workspace, but: str) -> None:
    dice, items = random.Random(7), [item.id for item in workspace.scheme.items]
    with workspace.store.session() as session:
        others = session.scalars(select(Passage.id).join(Passage.document).where(Document.district != but)).all()
    rows = [
        {"passage_id": passage, "item": item, "rank": rank, "confidence": 0.3, "verdict": "mentions", "state": "proposed", "method": "words+vectors", "reasons": []}
        for passage in others
        for rank, item in enumerate(dice.sample(items, _LINKS_OF_PASSAGE), 1)
    ]  # fmt: skip
    for at in range(0, len(rows), 5_000):
        with workspace.store.session() as session:
            session.execute(insert(EvidenceLink), rows[at : at + 5_000])


def _cold(home: Path, district: str) -> float:
    """Milliseconds of the command from nothing."""
    question = questions(1)[0]
    begun = time.perf_counter()
    _fresh(
        ["-m", "review.cli", "ask", question, "--district", district, "--cycle", str(CYCLE), "--json", "--no-model"],
        "",
        home,
    )
    return (time.perf_counter() - begun) * 1000


def _fresh(arguments: Sequence[str], given: str, home: Path | None = None) -> str:
    """What a fresh process printed. Raises subprocess.CalledProcessError."""
    root = str(Path(__file__).parents[1])
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH", "")]))}
    if home is not None:
        environment["EDUREVIEW_HOME"] = str(home)
    done = subprocess.run(
        [sys.executable, "-W", "ignore", *arguments], input=given, capture_output=True, text=True, encoding="utf-8", env=environment
    )  # fmt: skip
    if done.returncode != 0:
        sys.stderr.write(done.stderr[-4000:])
        done.check_returncode()
    return done.stdout
