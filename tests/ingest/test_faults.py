"""What the machine refuses is told from mistakes of the program, through what caused it."""

from __future__ import annotations

import errno

from ingest.errors import DiskFullError
from ingest.faults import fault_of


def test_从起因里看出磁盘已满() -> None:
    error = ValueError("索引写不进去")
    error.__cause__ = RuntimeError("向量库")
    error.__cause__.__cause__ = OSError(errno.ENOSPC, "No space left on device")
    assert isinstance(fault_of(error), DiskFullError)


def test_起因绕成一圈_也会看完() -> None:
    first, second = ValueError("甲"), ValueError("乙")
    first.__cause__, second.__cause__ = second, first
    assert fault_of(first) is None
