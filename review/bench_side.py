"""One side of a comparison in a process of its own: `python -m review.bench_side SIDE HOME [MODEL]`, files on standard input.

Everything is imported and every model loaded before the clock starts; what was measured is the last line, one JSON object.
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

DISTRICT, CYCLE = "测速区", 2019


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


def run_side(side: str, files: Sequence[Path], home: Path, model: Path | None = None) -> SideResult:
    """The files taken in by "ours" or by "reference", in a fresh process on an empty store. Raises subprocess.CalledProcessError."""
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
        command, input="\n".join(map(str, files)), capture_output=True, text=True, encoding="utf-8", env=environment
    )
    if done.returncode != 0:
        sys.stderr.write(done.stderr[-4000:])
        done.check_returncode()
    return SideResult(**json.loads(done.stdout.splitlines()[-1]))


def _ours(home: Path) -> tuple[Callable[[Sequence[Path]], None], Callable[[], list[str]]]:
    from sqlalchemy import select

    from ingest import isolate
    from ingest.tables import Passage
    from retrieval.itemmap import ItemMapper
    from review.intake import take_in
    from review.workspace import Settings, Workspace

    workspace = Workspace(Settings(home))
    # The items' vectors are made once per data folder, like the model once per machine.
    ItemMapper(workspace.scheme, workspace.catalogue, workspace.index.embedder, cache=workspace.cache).map(["预热"])

    def work(paths: Sequence[Path]) -> None:
        take_in(workspace, paths, district=DISTRICT, cycle=CYCLE)

    def indexed() -> list[str]:
        isolate.close()  # a process counts towards its parent's time only when it has ended
        with workspace.store.session() as session:
            return list(session.scalars(select(Passage.text)))

    return work, indexed


def _reference(home: Path, model: Path) -> tuple[Callable[[Sequence[Path]], None], Callable[[], list[str]]]:
    from review.bench_reference import Reference

    reference = Reference(model, home)
    chunks: list[str] = []
    return lambda paths: chunks.extend(reference.take_in(paths)), lambda: chunks


def cpu_seconds() -> float:
    """Processor time of this process and of those it started that have ended."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def main() -> None:
    """Prepares, works, counts."""
    side, home = sys.argv[1], Path(sys.argv[2])
    paths = [Path(line) for line in sys.stdin.read().splitlines() if line]
    work, indexed = _ours(home) if side == "ours" else _reference(home, Path(sys.argv[3]))
    cpu, start = cpu_seconds(), time.perf_counter()
    work(paths)
    wall = time.perf_counter() - start
    texts = indexed()
    cpu = cpu_seconds() - cpu
    characters = sum(len("".join(text.split())) for text in texts)
    print(json.dumps(asdict(SideResult(wall, cpu, len(texts), characters))))


if __name__ == "__main__":
    main()
