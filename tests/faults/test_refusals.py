"""What the machine refuses: a disk without room, a database another program holds. Nothing is lost, and the same command goes on."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from review.intake import take_in
from review.workspace import Settings, Workspace
from tests.faults.kills import ROOT
from tests.faults.material import FONTS, build
from tests.faults.snapshot import Snapshot, differences, snapshot

pytestmark = [
    pytest.mark.model,
    pytest.mark.skipif(not any(Path(font).exists() for font in FONTS), reason="没有中文字体，画不出扫描件"),
]
TEXT_PAGES = 12
TIME_LIMIT_S = 240


@pytest.fixture(scope="module")
def material(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("faults") / "材料"
    build(folder, text_pages=TEXT_PAGES, scanned_pages=0, seed=7)
    return folder


@pytest.fixture(scope="module")
def expected(material: Path) -> Snapshot:
    """What an undisturbed import of the material leaves."""
    workspace = Workspace(Settings(material.parent / "安静"))
    take_in(workspace, [material], district="演示区", cycle=2019)
    workspace.store.engine.dispose()
    return snapshot(material.parent / "安静")


def _start(home: Path, material: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "review.cli", "ingest", str(material), "--district", "演示区", "--cycle", "2019"]
    return subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, "EDUREVIEW_HOME": str(home)}, text=True, encoding="utf-8",
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def _run(home: Path, material: Path) -> tuple[int, str]:
    process = _start(home, material)
    _, told = process.communicate(timeout=TIME_LIMIT_S)
    return process.returncode, told


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 64 MB of its own."""
    folder = tmp_path / "小盘"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(folder)]
    if sys.platform != "linux" or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("没有权限挂载一个小的文件系统")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.mark.parametrize("room_kb", [40, 900])
def test_磁盘满了说明怎么办_腾出空间后接着做完(
    small_disk: Path, material: Path, expected: Snapshot, room_kb: int
) -> None:
    filler = small_disk / "占位"
    free = os.statvfs(small_disk)
    filler.write_bytes(b"\0" * (free.f_bavail * free.f_frsize - room_kb * 1024))
    home = small_disk / "home"
    code, told = _run(home, material)
    assert code == 1
    assert "已满" in told
    assert "请腾出空间" in told
    assert "Traceback" not in told
    filler.unlink()
    code, told = _run(home, material)
    assert (code, "Traceback" in told) == (3, False), told
    assert differences(expected, snapshot(home)) == []


def test_数据库被别的程序占用时等它放开再接着做(tmp_path: Path, material: Path, expected: Snapshot) -> None:
    home = tmp_path / "home"
    workspace = Workspace(Settings(home))
    assert workspace.store
    workspace.store.engine.dispose()
    process = _start(home, material)
    other = sqlite3.connect(home / "edureview.sqlite3", isolation_level=None, timeout=60)
    # Taken again and again while it is at work, longer each time than one statement waits; a quick machine needs fewer times.
    held = 0
    while held < 3:
        time.sleep(0.8)
        other.execute("BEGIN EXCLUSIVE")
        before = _rows(home)
        time.sleep(4)
        assert _rows(home) == before
        if process.poll() is not None:
            break  # it had written its last row before
        held += 1
        other.execute("ROLLBACK")
    other.close()
    assert held >= 1
    _, told = process.communicate(timeout=TIME_LIMIT_S)
    assert (process.returncode, "Traceback" in told) == (3, False), told
    assert differences(expected, snapshot(home)) == []


def _rows(home: Path) -> tuple[int, ...]:
    with sqlite3.connect(f"file:{home / 'edureview.sqlite3'}?mode=ro", uri=True) as record:
        return tuple(
            record.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("documents", "pages", "passages")
        )


def test_两个程序同时导入同一文件夹只做一遍(tmp_path: Path, material: Path, expected: Snapshot) -> None:
    home = tmp_path / "home"
    both = [_start(home, material) for _ in range(2)]
    told = [process.communicate(timeout=TIME_LIMIT_S)[1] for process in both]
    assert [process.returncode for process in both] == [3, 3], told
    assert differences(expected, snapshot(home)) == []
