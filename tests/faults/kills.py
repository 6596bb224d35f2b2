"""Kills an import at random moments, starts it again, and compares what it leaves with an import nobody disturbed.

`python -m tests.faults.kills --kills 50 --text-pages 190 --scanned-pages 8 --seed 1`: the whole program, with the real readers,
text recognition and model. A kill takes the whole program with all its processes, the program alone, or one reading or
recognising process, by chance. Prints a line a kill; exit code 1 when anything is missing, twice, or different.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.material import build
from tests.faults.snapshot import differences, snapshot

ROOT = Path(__file__).resolve().parents[2]
_LONGEST_SECONDS = 60.0
WHOLE, MAIN, CHILD = "整个程序", "主进程", "读取或识别进程"


@dataclass(slots=True)
class Report:
    """kills : (what was killed, in which phase). rounds : imports that were disturbed and came to their end."""

    pages: int
    undisturbed_seconds: float
    kills: list[tuple[str, str]] = field(default_factory=list)
    rounds: int = 0
    faults: list[str] = field(default_factory=list)


def run(
    folder: Path, *, text_pages: int, scanned_pages: int, kills: int, seed: int, say: Callable[[str], object] = print
) -> Report:
    """Builds the material, imports it once in peace, then again and again under fire until `kills` are reached."""
    chance = random.Random(seed)
    material = folder / "材料"
    pages = build(material, text_pages=text_pages, scanned_pages=scanned_pages, seed=seed)
    began = time.monotonic()
    _finish(_start(folder / "安静", material))
    report = Report(pages, time.monotonic() - began)
    expected = snapshot(folder / "安静")
    say(f"{pages} 页，不受干扰用 {report.undisturbed_seconds:.0f} 秒，{len(expected['passages'])} 段")
    while len(report.kills) < kills:
        home = folder / f"受扰{report.rounds}"
        _one_round(home, material, kills, chance, report, say)
        report.rounds += 1
        found = differences(expected, snapshot(home))
        report.faults += [f"第 {report.rounds} 轮 {line}" for line in found]
        say(f"第 {report.rounds} 轮完成：{'与不受干扰的完全一致' if not found else f'{len(found)} 处不同'}")
    return report


def _one_round(
    home: Path, material: Path, kills: int, chance: random.Random, report: Report, say: Callable[[str], object]
) -> None:
    """One import from nothing to its end, killed on the way as long as kills are left."""
    process = _start(home, material)
    while len(report.kills) < kills:
        if _ended(process, home, chance):
            break  # it came to its end before it was hit
        hit = _kill(process, chance.choice((WHOLE, WHOLE, MAIN, CHILD)), chance)
        if hit is None:
            continue
        report.kills.append((hit, _phase(home)))
        say(f"  {len(report.kills)}/{kills} 杀{hit}：{report.kills[-1][1]}")
        if hit != CHILD:
            process.wait()
            process = _start(home, material)
    _finish(process)


def _ended(process: subprocess.Popen[bytes], home: Path, chance: random.Random) -> bool:
    """Lets a random time pass; whether the import came to its end in it.

    One time in three it is any moment, also while libraries are loading; else one soon after something was stored, so that the kills
    spread over the whole import however slow the machine is.
    """
    deadline = time.monotonic() + _LONGEST_SECONDS
    if chance.random() < 2 / 3:
        before = _phase(home)
        while _phase(home) == before and time.monotonic() < deadline:
            if process.poll() is not None:
                return True
            time.sleep(0.05)
        delay = chance.uniform(0.0, 2.0)
    else:
        delay = chance.uniform(0.0, 10.0)
    try:
        process.wait(delay)
    except subprocess.TimeoutExpired:
        return False
    return True


def _start(home: Path, material: Path) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "EDUREVIEW_HOME": str(home)}
    command = [sys.executable, "-m", "review.cli", "ingest", str(material), "--district", "演示区", "--cycle", "2019"]
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True
    )


def _finish(process: subprocess.Popen[bytes]) -> None:
    """Waits for the end. 3: the broken file was refused, as it must be."""
    told, _ = process.communicate()
    if process.returncode != 3:
        raise SystemExit(f"导入没有正常结束（退出码 {process.returncode}）：{told.decode('utf-8', 'replace')}")


def _kill(process: subprocess.Popen[bytes], target: str, chance: random.Random) -> str | None:
    """Kills without warning; what was hit, None when there was nothing of the kind."""
    children = _children(process.pid)
    if target == CHILD:
        if not children:
            return None
        os.kill(chance.choice(children), signal.SIGKILL)
    else:
        os.kill(process.pid, signal.SIGKILL)
        if target == WHOLE:
            for child in children:
                _kill_quietly(child)
    return target


def _kill_quietly(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return  # it ended with its parent


def _children(pid: int) -> list[int]:
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False)
    return [int(word) for word in found.stdout.split()]


def _phase(home: Path) -> str:
    """What the record says at this moment, in words."""
    try:
        with sqlite3.connect(f"file:{home / 'edureview.sqlite3'}?mode=ro", uri=True, timeout=5) as record:
            stages = dict(record.execute("SELECT stage, count(*) FROM jobs GROUP BY stage").fetchall())
            pages, waiting = record.execute(
                "SELECT count(*), coalesce(sum(state = 'waiting'), 0) FROM pages"
            ).fetchone()
            passages, indexed = record.execute("SELECT count(*), coalesce(sum(indexed), 0) FROM passages").fetchone()
    except sqlite3.Error:
        return "数据库尚未建立"
    return f"{pages} 页（{waiting} 页等待识别），{indexed}/{passages} 段已索引，待办 {stages}"


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--text-pages", type=int, default=190)
    parser.add_argument("--scanned-pages", type=int, default=8)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="edureview-faults-") as folder:
        report = run(
            Path(folder), text_pages=chosen.text_pages, scanned_pages=chosen.scanned_pages, kills=chosen.kills, seed=chosen.seed,
            say=lambda line: print(line, flush=True),
        )  # fmt: skip
    for line in report.faults[:50]:
        print(line[:400])
    print(f"{report.pages} 页，{len(report.kills)} 次 kill -9，{report.rounds} 轮，{len(report.faults)} 处不同")
    return 1 if report.faults else 0


if __name__ == "__main__":
    sys.exit(main())
