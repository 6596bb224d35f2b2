"""The lock: one holder over threads and processes, free again when the holder is killed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from ingest.locks import FileLock

ROOT = Path(__file__).parents[2]
HOLD = "import sys, time; from pathlib import Path; from ingest.locks import FileLock; lock = FileLock(Path(sys.argv[1])); print(lock.acquire(), flush=True); time.sleep(60)"


def test_同一进程里也只有一个持有者(tmp_path: Path) -> None:
    one, other = FileLock(tmp_path / "锁"), FileLock(tmp_path / "锁")
    assert one.acquire()
    assert one.acquire(), "已经持有的再要一次不算失败"
    assert not other.acquire()
    assert (one.held, other.held) == (True, False)
    one.release()
    assert other.acquire()
    other.release()
    one.release()


def test_持有的进程被杀后锁就空出来(tmp_path: Path) -> None:
    holder = subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path / "锁")], cwd=ROOT, stdout=subprocess.PIPE)
    assert holder.stdout is not None
    assert holder.stdout.readline().strip() == b"True"
    lock = FileLock(tmp_path / "锁")
    assert not lock.acquire()
    holder.kill()
    holder.wait()
    holder.stdout.close()
    assert lock.acquire()
    lock.release()


def test_持有者启动的子进程不会替它占着锁(tmp_path: Path) -> None:
    lock = FileLock(tmp_path / "锁")
    assert lock.acquire()
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(30)"])
    try:
        lock.release()
        other = FileLock(tmp_path / "锁")
        assert other.acquire()
        other.release()
    finally:
        child.kill()
        child.wait()
