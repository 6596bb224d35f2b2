"""The reading process: pages come as they are read; what goes wrong in it stays in it."""

from __future__ import annotations

import ctypes
import os
import random
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import docx
import pytest

from ingest import isolate
from ingest.errors import ReaderStoppedError, UnreadableFileError
from ingest.isolate import Limits, read_isolated
from ingest.pages import ParsedPage
from ingest.readers import pdf
from ingest.readers.base import Properties
from tests.ingest import bad_pdfs

posix = pytest.mark.skipif(sys.platform == "win32", reason="用信号停住进程，Windows 没有")


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    isolate.close()
    yield
    isolate.close()


def _pid() -> int:
    [worker] = isolate._idle
    return worker.process.pid


def test_与直接读取相同(sample_pdf: Path) -> None:
    direct = list(pdf.read(sample_pdf, "a.pdf"))
    assert list(read_isolated(sample_pdf, "a.pdf")) == direct
    for one, other in zip(read_isolated(sample_pdf, "a.pdf"), direct, strict=True):
        if isinstance(one, ParsedPage) and isinstance(other, ParsedPage):
            assert one.char_boxes is not None
            assert other.char_boxes is not None
            assert one.char_boxes.tobytes() == other.char_boxes.tobytes()


def test_下一个文件用同一个进程(sample_pdf: Path) -> None:
    list(read_isolated(sample_pdf, "a.pdf"))
    first = _pid()
    list(read_isolated(sample_pdf, "a.pdf"))
    assert _pid() == first


def test_拒绝读取的原因原样带回且进程可再用(sample_pdf: Path, tmp_path: Path) -> None:
    locked = bad_pdfs.encrypted(sample_pdf, tmp_path / "a.pdf")
    with pytest.raises(UnreadableFileError, match="已加密"):
        list(read_isolated(locked, "甲.pdf"))
    assert _pid() > 0


def test_读到一半停下不留进程(sample_pdf: Path) -> None:
    reading = read_isolated(sample_pdf, "a.pdf")
    assert isinstance(next(reading), Properties)
    reading.close()  # type: ignore[attr-defined]
    assert isolate._idle == []


@posix
def test_进程被杀说明读到哪一页(sample_pdf: Path) -> None:
    list(read_isolated(sample_pdf, "a.pdf"))
    os.kill(_pid(), signal.SIGSTOP)  # it cannot answer; then it dies
    threading.Timer(0.3, os.kill, (_pid(), signal.SIGKILL)).start()
    with pytest.raises(ReaderStoppedError, match=r"《甲.pdf》读到第 0 页后中断.*意外退出") as caught:
        list(read_isolated(sample_pdf, "甲.pdf"))
    assert caught.value.pages_read == 0


@posix
def test_超过时间限额(sample_pdf: Path) -> None:
    list(read_isolated(sample_pdf, "a.pdf"))
    os.kill(_pid(), signal.SIGSTOP)
    start = time.monotonic()
    with pytest.raises(ReaderStoppedError, match=r"超过时间限额 0.3 秒"):
        list(read_isolated(sample_pdf, "a.pdf", limits=Limits(page_seconds=0.3)))
    assert time.monotonic() - start < 10
    assert isolate._idle == []


def test_超过内存限额只结束这个文件(sample_pdf: Path, tmp_path: Path) -> None:
    document = docx.Document()
    words = random.Random(1)
    for _ in range(20):
        document.add_paragraph("".join(chr(words.randint(0x4E00, 0x9FFF)) for _ in range(100_000)))
    document.save(str(tmp_path / "大.docx"))
    with pytest.raises(ReaderStoppedError, match=r"内存|意外退出"):
        list(read_isolated(tmp_path / "大.docx", "大.docx", limits=Limits(memory_mb=140)))
    assert len(list(read_isolated(sample_pdf, "a.pdf"))) == 4


def test_读取进程看不到本程序的设置(sample_pdf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDUREVIEW_LLM_API_KEY", "secret")
    list(read_isolated(sample_pdf, "a.pdf"))
    environment = Path(f"/proc/{_pid()}/environ")
    if not environment.exists():
        pytest.skip("此系统没有 /proc，无法查看另一进程的环境变量")
    assert b"EDUREVIEW" not in environment.read_bytes()


def test_主进程结束后读取进程也结束(sample_pdf: Path) -> None:
    list(read_isolated(sample_pdf, "a.pdf"))
    [worker] = isolate._idle
    assert worker.process.stdin is not None
    worker.process.stdin.close()  # what the end of this process would do
    assert worker.process.wait(10) == 0


def test_正在使用的内存可以测量() -> None:
    from ingest.worker import used_bytes

    before = used_bytes()
    block = ctypes.create_string_buffer(64 * 1024 * 1024)
    ctypes.memset(block, 1, len(block))
    assert used_bytes() >= before
    assert 1024 * 1024 < used_bytes() < 1 << 40
