"""A panic of a native library is a damaged file, not the end of the reading process."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.errors import DamagedFileError
from ingest.readers.native import no_panic
from ingest.readers.xls_values import read_values


class PanicException(BaseException):
    """Stands for the one of pyo3, which has no constructor."""


def test_本机代码的恐慌变成普通错误() -> None:
    with pytest.raises(ValueError, match="out of range"), no_panic():
        raise PanicException("index out of range")


@pytest.mark.parametrize("other", [KeyboardInterrupt, SystemExit, KeyError])
def test_其他异常原样放过(other: type[BaseException]) -> None:
    with pytest.raises(other), no_panic():
        raise other


def test_残缺的旧工作簿不会弄倒读取(tmp_path: Path) -> None:
    """A directory whose last entry is cut off: calamine 0.37 indexes beyond it."""
    head = bytearray(512)
    head[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    head[24:34] = b"\x3e\0\x03\0\xfe\xff\x09\0\x06\0"
    head[44:48] = (1).to_bytes(4, "little")
    head[48:52] = (1).to_bytes(4, "little")
    head[56:60] = (4096).to_bytes(4, "little")
    head[60:64] = head[68:72] = b"\xfe\xff\xff\xff"
    head[76:80] = (0).to_bytes(4, "little")
    head[80:] = b"\xff" * (512 - 80)
    table = b"\xfd\xff\xff\xff\xfe\xff\xff\xff" + b"\xff" * 504
    path = tmp_path / "a.xls"
    path.write_bytes(bytes(head) + table + bytes(96))
    with pytest.raises(DamagedFileError, match="请重新导出"):
        list(read_values(path, "a.xls", 1, kind="xls", defect=""))
