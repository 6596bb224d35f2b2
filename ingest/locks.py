"""A lock on a file that the system itself takes back when its holder ends, however it ends."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path


class FileLock:
    """Held by at most one holder at a time, over all processes of this machine; a second lock object of the same process counts too.

    No clock and no heartbeat: a process that was killed holds nothing, one that is merely slow still does.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle: int | None = None

    @property
    def held(self) -> bool:
        """Whether this object holds the lock."""
        return self._handle is not None

    def acquire(self) -> bool:
        """Takes the lock if it is free; whether it is held now. Never waits. Raises OSError when the file cannot be made."""
        if self._handle is not None:
            return True
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock(handle)
        except OSError:
            os.close(handle)
            return False
        if not self._is_there(handle):  # deleted between opening and locking: the next holder would lock another file
            os.close(handle)
            return False
        self._handle = handle
        return True

    def _is_there(self, handle: int) -> bool:
        try:
            return os.path.samestat(os.fstat(handle), os.stat(self._path))
        except FileNotFoundError:
            return False

    def release(self) -> None:
        """Gives the lock back. The file stays: deleting it would let two holders lock two files of the same name."""
        if self._handle is not None:
            with contextlib.suppress(OSError):
                os.close(self._handle)
            self._handle = None


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(handle: int) -> None:
        # flock, not lockf: POSIX locks belong to the process, so two threads of one process would both get it.
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
