"""One side of a comparison in a process of its own: `python -m review.bench_side SIDE HOME [MODEL]`, files on standard input.

The first file only warms up: it goes all the way before the clock starts, so that every library is imported, every model loaded and
every store open on both sides. What was measured is the last line, one JSON object.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

DISTRICT, WARM_UP, CYCLE = "测速区", "预热区", 2019


@dataclass(frozen=True, slots=True)
class SideResult:
    """wall_seconds : of the work alone. cpu_seconds : of it, with all processes that took part. characters : indexed, without white space."""

    wall_seconds: float
    cpu_seconds: float
    passages: int
    characters: int

    @property
    def rate(self) -> float:
        """Characters indexed per second of the wall clock."""
        return self.characters / self.wall_seconds


def run_side(side: str, warm_up: Path, files: Sequence[Path], home: Path, model: Path | None = None) -> SideResult:
    """The files taken in by "ours" or by "reference", in a fresh process. Raises subprocess.CalledProcessError.

    warm_up : a small file that is none of `files`.
    """
    command = [
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "review.bench_side",
        side,
        str(home),
        *([str(model)] if model else []),
    ]
    root = str(Path(__file__).parents[1])
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH", "")]))}
    done = subprocess.run(
        command,
        input="\n".join(map(str, [warm_up, *files])),
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=environment,
    )
    if done.returncode != 0:
        sys.stderr.write(done.stderr[-4000:])
        done.check_returncode()
    return SideResult(**json.loads(done.stdout.splitlines()[-1]))


Side = tuple[Callable[[Sequence[Path]], None], Callable[[], list[str]]]


def _ours(home: Path, warm_up: Path) -> Side:
    from sqlalchemy import select

    from ingest import isolate
    from ingest.tables import Document, Passage
    from review.intake import take_in
    from review.workspace import Settings, Workspace

    workspace = Workspace(Settings(home))
    take_in(workspace, [warm_up], district=WARM_UP, cycle=CYCLE)

    def work(paths: Sequence[Path]) -> None:
        take_in(workspace, paths, district=DISTRICT, cycle=CYCLE)

    def indexed() -> list[str]:
        isolate.close()  # a process counts towards its parent's time only when it has ended
        query = select(Passage.text).join(Passage.document).where(Document.district == DISTRICT)
        with workspace.store.session() as session:
            return list(session.scalars(query))

    return work, indexed


def _reference(home: Path, warm_up: Path, model: Path) -> Side:
    from review.bench_reference import Reference

    reference = Reference(model, home)
    reference.take_in([warm_up])
    chunks: list[str] = []
    return lambda paths: chunks.extend(reference.take_in(paths)), lambda: chunks


def cpu_seconds() -> float:
    """Processor time of this process and of those it started that have ended."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def main() -> None:
    """Prepares, works, counts."""
    side, home = sys.argv[1], Path(sys.argv[2])
    warm_up, *paths = [Path(line) for line in sys.stdin.read().splitlines() if line]
    work, indexed = _ours(home, warm_up) if side == "ours" else _reference(home, warm_up, Path(sys.argv[3]))
    cpu, start = cpu_seconds(), time.perf_counter()
    work(paths)
    wall = time.perf_counter() - start
    texts = indexed()
    cpu = cpu_seconds() - cpu
    characters = sum(len("".join(text.split())) for text in texts)
    print(json.dumps(asdict(SideResult(wall, cpu, len(texts), characters))))


if __name__ == "__main__":
    main()
