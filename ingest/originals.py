"""Keeps the bytes that were handed in, under their SHA-256: whole and on the disk, or not there at all."""

from __future__ import annotations

import errno
import hashlib
import os
import tempfile
from pathlib import Path

from ingest.errors import MissingFileError
from ingest.faults import fault_of
from ingest.locks import FileLock
from ingest.store import Store

_INCOMING = "incoming-"
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
        handle, name = tempfile.mkstemp(dir=store.originals, prefix=_INCOMING)
        scratch = Path(name)
        # Held while the copy is being made: `sweep` removes the copies that nobody holds any more.
        lock = FileLock(scratch)
        lock.acquire()
        try:
            with os.fdopen(handle, "wb") as target:
                while block := _block(source.fileno(), label):
                    digest.update(block)
                    size += len(block)
                    target.write(block)
                target.flush()
                os.fsync(target.fileno())
            lock.release()  # Windows moves no file that is open
            _move(scratch, store.original(digest.hexdigest()))
        except OSError as exc:
            raise fault_of(exc) or exc from exc
        finally:
            lock.release()
            scratch.unlink(missing_ok=True)
    return digest.hexdigest(), size


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
    for scratch in store.originals.glob(f"{_INCOMING}*"):
        lock = FileLock(scratch)
        try:
            if lock.acquire():
                lock.release()
                scratch.unlink(missing_ok=True)
                removed += 1
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
