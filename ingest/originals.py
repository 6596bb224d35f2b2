"""Keeps the bytes that were handed in, under their SHA-256: whole and on the disk, or not there at all."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import uuid
from pathlib import Path

from ingest.errors import MissingFileError
from ingest.faults import fault_of
from ingest.locks import FileLock
from ingest.store import Store

_INCOMING, _LOCK = "incoming-", ".lock"
_BLOCK = 1 << 20


def keep(store: Store, path: Path, label: str) -> tuple[str, int]:
    """Copies a file to the originals; returns its SHA-256 and its size in bytes.

    Raises MissingFileError when the file cannot be read, DiskFullError when there is no room for the copy.
    """
    digest, size = hashlib.sha256(), 0
    try:
        source = path.open("rb")
    except OSError as exc:
        raise MissingFileError(label, _why(exc)) from exc
    with source:
        scratch, lock = _begin(store)
        try:
            with open(scratch, "xb", opener=_private) as target:
                while block := _block(source.fileno(), label):
                    digest.update(block)
                    size += len(block)
                    target.write(block)
                target.flush()
                os.fsync(target.fileno())
            _move(scratch, store.original(digest.hexdigest()))
        except OSError as exc:
            raise fault_of(exc) or exc from exc
        finally:
            scratch.unlink(missing_ok=True)
            _end(scratch, lock)
    return digest.hexdigest(), size


def _begin(store: Store) -> tuple[Path, FileLock]:
    """Where a new copy is made, and its lock: held from before the copy is there until it has been moved.

    A file of its own, since Windows moves no file that is open. `sweep` removes the copies whose lock nobody holds.
    """
    while True:
        scratch = store.originals / f"{_INCOMING}{uuid.uuid4().hex}"
        lock = FileLock(_lock_file(scratch))
        try:
            if lock.acquire():
                return scratch, lock
        except OSError as exc:
            raise fault_of(exc) or exc from exc


def _private(path: str, flags: int) -> int:
    """Opens a new file that only its owner may read: what districts hand in is nobody else's business."""
    return os.open(path, flags, 0o600)


def _end(scratch: Path, lock: FileLock) -> None:
    """Gives the lock back and removes its file: while it is held, so that nobody else locks what is deleted then."""
    if os.name == "nt":  # where no file can be deleted that is open
        lock.release()
    with contextlib.suppress(PermissionError):  # `sweep` may have it open just now, and removes it itself
        _lock_file(scratch).unlink(missing_ok=True)
    lock.release()


def _lock_file(scratch: Path) -> Path:
    return scratch.with_name(scratch.name + _LOCK)


def _block(handle: int, label: str) -> bytes:
    try:
        return os.read(handle, _BLOCK)
    except OSError as exc:
        raise MissingFileError(label, _why(exc)) from exc


def _move(scratch: Path, kept: Path) -> None:
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        os.replace(scratch, kept)


def sweep(store: Store) -> int:
    """Removes copies that were broken off (the process was killed, the power failed); returns how many."""
    removed = 0
    for name in {path.name.removesuffix(_LOCK) for path in store.originals.glob(f"{_INCOMING}*")}:
        scratch = store.originals / name
        lock = FileLock(_lock_file(scratch))
        try:
            if lock.acquire():
                removed += scratch.exists()
                scratch.unlink(missing_ok=True)
                _end(scratch, lock)
        except OSError as exc:
            if exc.errno not in (errno.ENOENT, errno.EACCES):
                raise fault_of(exc) or exc from exc
    return removed


def _why(exc: OSError) -> str:
    if isinstance(exc, FileNotFoundError):
        return "文件不存在"
    if isinstance(exc, PermissionError):
        return "没有读取权限"
    return exc.strerror or type(exc).__name__
