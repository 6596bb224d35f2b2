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
from tests.faults import material
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
    assert caught.value.died, "没有说明原因就结束：值得再试"


@posix
def test_超过时间限额(sample_pdf: Path) -> None:
    list(read_isolated(sample_pdf, "a.pdf"))
    os.kill(_pid(), signal.SIGSTOP)
    start = time.monotonic()
    with pytest.raises(ReaderStoppedError, match=r"超过时间限额 0.3 秒"):
        list(read_isolated(sample_pdf, "a.pdf", limits=Limits(page_seconds=0.3)))
    assert time.monotonic() - start < 10
    assert isolate._idle == []


@posix
def test_停下时正在读的立即结束(sample_pdf: Path) -> None:
    list(read_isolated(sample_pdf, "a.pdf"))
    os.kill(_pid(), signal.SIGSTOP)
    threading.Timer(0.3, isolate.abort).start()
    start = time.monotonic()
    with pytest.raises(ReaderStoppedError):
        list(read_isolated(sample_pdf, "a.pdf"))
    assert time.monotonic() - start < 10
    assert isolate._idle == []


def test_不同限额的进程各用各的(sample_pdf: Path) -> None:
    list(read_isolated(sample_pdf, "a.pdf"))
    reader = _pid()
    other = Limits(memory_mb=1900, niceness=3)
    list(read_isolated(sample_pdf, "a.pdf", limits=other))
    assert len(isolate._idle) == 2
    if sys.platform != "win32":
        niceness = {worker.process.pid: os.getpriority(os.PRIO_PROCESS, worker.process.pid) for worker in isolate._idle}
        assert len(set(niceness.values())) == 2
    isolate.close(other)
    assert _pid() == reader


def test_扫描页由另一进程识别(tmp_path: Path) -> None:
    if not any(Path(font).exists() for font in material.FONTS):
        pytest.skip("没有中文字体，画不出扫描件")
    material.build(tmp_path / "材料", text_pages=1, scanned_pages=1)
    scan = tmp_path / "材料" / "90自评报告.pdf"
    *_, waiting = read_isolated(scan, "扫描.pdf")
    assert isinstance(waiting, ParsedPage)
    assert (waiting.state, waiting.source) == ("waiting", "page")
    page = isolate.recognise_isolated(scan, "扫描.pdf", "pdf", waiting.number, waiting.source)
    assert page.state == "ocr"
    assert "工作情况（第91号材料第1部分）" in page.text.replace("(", "（").replace(")", "）")
    assert all(0 < int(span.locator["confidence"]) <= 100 for span in page.spans)
    absent = isolate.recognise_isolated(scan, "扫描.pdf", "pdf", 99, "page")
    assert (absent.state, absent.text) == ("failed", "")
    assert "请" in absent.reason


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
