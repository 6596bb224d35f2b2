"""Originals are whole or not there; what a killed copy left is swept up, what another process is copying is not."""

from __future__ import annotations

import errno
import hashlib
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ingest import originals
from ingest.errors import DiskFullError, MissingFileError
from ingest.locks import FileLock
from ingest.originals import keep, sweep
from ingest.store import Store


def _left(store: Store) -> list[str]:
    return [path.name for path in store.originals.glob("incoming-*")]


def test_按指纹保存且不留草稿(store: Store, tmp_path: Path) -> None:
    (tmp_path / "甲.bin").write_bytes(b"x" * 3_000_000)
    digest = hashlib.sha256(b"x" * 3_000_000).hexdigest()
    assert keep(store, tmp_path / "甲.bin", "甲.bin") == (digest, 3_000_000)
    assert keep(store, tmp_path / "甲.bin", "甲.bin") == (digest, 3_000_000)
    assert store.original(digest).stat().st_size == 3_000_000
    assert _left(store) == []


def test_空文件与不存在的文件(store: Store, tmp_path: Path) -> None:
    (tmp_path / "空").write_bytes(b"")
    assert keep(store, tmp_path / "空", "空") == (hashlib.sha256().hexdigest(), 0)
    with pytest.raises(MissingFileError, match="文件不存在"):
        keep(store, tmp_path / "无", "无")
    with pytest.raises(MissingFileError):
        keep(store, tmp_path, "文件夹")
    assert _left(store) == []


def test_磁盘满时说明怎么办且不留半份(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(scratch: Path, kept: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    (tmp_path / "甲").write_bytes(b"abc")
    monkeypatch.setattr(originals, "_move", full)
    with pytest.raises(DiskFullError, match=r"已满.*请腾出空间"):
        keep(store, tmp_path / "甲", "甲")
    assert not [path for path in store.originals.rglob("*") if path.is_file()]


def test_清扫被打断的副本而不碰正在写的(store: Store) -> None:
    broken, busy = store.originals / "incoming-broken", store.originals / "incoming-busy"
    for path in (broken, busy):
        path.write_bytes(b"half")
    lock = FileLock(store.originals / "incoming-busy.lock")
    assert lock.acquire()
    assert sweep(store) == 1
    assert sorted(_left(store)) == ["incoming-busy", "incoming-busy.lock"]
    lock.release()
    assert sweep(store) == 1
    assert _left(store) == []


def test_搬到位之前的清扫不碰它(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "甲").write_bytes(b"abc")
    move, swept = originals._move, []

    def interrupted(scratch: Path, kept: Path) -> None:
        swept.append(sweep(store))
        move(scratch, kept)

    monkeypatch.setattr(originals, "_move", interrupted)
    digest, _ = keep(store, tmp_path / "甲", "甲")
    assert swept == [0]
    assert store.original(digest).read_bytes() == b"abc"
    assert _left(store) == []


def test_一边不停清扫一边保存_份份完整(store: Store, tmp_path: Path) -> None:
    paths = [tmp_path / str(number) for number in range(150)]
    for path in paths:
        path.write_bytes(path.name.encode() * 1000)
    stop = threading.Event()

    def clean() -> None:
        while not stop.is_set():
            sweep(store)

    cleaners = [threading.Thread(target=clean) for _ in range(2)]
    for cleaner in cleaners:
        cleaner.start()
    try:
        with ThreadPoolExecutor(4) as pool:
            kept = list(pool.map(lambda path: keep(store, path, path.name)[0], paths))
    finally:
        stop.set()
        for cleaner in cleaners:
            cleaner.join()
    assert [store.original(digest).read_bytes() for digest in kept] == [path.read_bytes() for path in paths]
    sweep(store)
    assert _left(store) == []
