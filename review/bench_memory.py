"""Memory that taking in one very long PDF needs, from file to index, over all processes of the program."""

from __future__ import annotations

import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from review.bench_documents import write_pdfs
from review.bench_side import SideResult, run_side
from review.errors import BenchToolError

PAGES = 1000
GOAL_MEGABYTES = 1500
_INTERVAL = 0.1


@dataclass(frozen=True, slots=True)
class MemoryBench:
    """together_mb : highest sum over all processes at one moment (shared pages count in each); largest_mb : highest of one process."""

    pages: int
    together_mb: float
    largest_mb: float
    work: SideResult

    def to_json(self) -> dict[str, Any]:
        """The document of `bench --stage memory --json`."""
        return {
            "memory": {
                "pages": self.pages,
                "peak_megabytes": round(self.together_mb),
                "peak_megabytes_of_one_process": round(self.largest_mb),
                "passages": self.work.passages,
                "wall_seconds": round(self.work.wall_seconds, 1),
                "cpu_seconds": round(self.work.cpu_seconds, 1),
                "goal_megabytes": GOAL_MEGABYTES,
                "goal_met": self.together_mb < GOAL_MEGABYTES,
            }
        }


class Watch(threading.Thread):
    """Looks at the memory in use of the processes below `parent` ten times a second until `stop`. Linux only."""

    def __init__(self, parent: int) -> None:
        super().__init__(daemon=True)
        self.parent, self.together, self.largest = parent, 0, 0
        self._stopped = threading.Event()

    def run(self) -> None:
        while not self._stopped.wait(_INTERVAL):
            used = [resident_bytes(number) for number in descendants(self.parent)]
            self.together, self.largest = max(self.together, sum(used)), max(self.largest, max(used, default=0))

    def stop(self) -> None:
        """Ends the watch; `together` and `largest` are in bytes."""
        self._stopped.set()
        self.join()


def descendants(parent: int) -> list[int]:
    """Ids of the processes that `parent` and its children started and that still run."""
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            # The name stands in brackets and may hold spaces; the parent's id is the second field behind it.
            fields = (folder / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        children.setdefault(int(fields[1]), []).append(int(folder.name))
    found: list[int] = []
    queue = list(children.get(parent, ()))
    while queue:
        number = queue.pop()
        found.append(number)
        queue += children.get(number, ())
    return found


def resident_bytes(number: int) -> int:
    """Memory of a process in use; 0 when it has ended meanwhile."""
    try:
        words = (
            Path(f"/proc/{number}/status").read_text(encoding="utf-8", errors="replace").partition("VmRSS:")[2].split()
        )
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return int(words[0]) * 1024 if words else 0


def bench_memory(pages: int = PAGES, say: Callable[[str], object] = lambda line: None) -> MemoryBench:
    """Takes in a PDF of so many pages, made now. Raises BenchToolError where memory cannot be watched or LibreOffice is missing."""

    if sys.platform != "linux":
        raise BenchToolError("Linux", "本机系统不提供各进程的内存数字，请在 Linux 上运行")
    with tempfile.TemporaryDirectory(prefix="edureview-bench-") as scratch:
        say(f"生成 {pages} 页的 PDF……")
        files = write_pdfs(Path(scratch) / "文件", 1, pages)
        (warm_up,) = write_pdfs(Path(scratch) / "预热", 1, 1, first=900)
        say("导入并建立索引……")
        watch = Watch(os.getpid())
        watch.start()
        started = time.perf_counter()
        try:
            work = run_side("ours", warm_up, files, Path(scratch) / "数据")
        finally:
            watch.stop()
        say(f"完成，用时 {time.perf_counter() - started:.0f} 秒。")
    return MemoryBench(pages, watch.together / 1e6, watch.largest / 1e6, work)
