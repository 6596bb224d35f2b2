"""The benches of reading: ratios, documents, the watch over memory; the long runs are the command's."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from review import bench_documents, bench_memory, bench_reading, bench_reference, bench_side
from review.bench_ocr import OcrBench, OcrSide
from review.bench_reading import Extraction, ReadingBench
from review.bench_side import SideResult
from review.errors import BenchToolError

needs_office = pytest.mark.skipif(shutil.which("soffice") is None, reason="没有 LibreOffice")


def _pair(ours: float, other: float, characters: int = 1000) -> tuple[SideResult, SideResult]:
    return SideResult(ours, ours, 4, characters), SideResult(other, other * 2, 4, 1000)


def test_提取的倍数按每页处理器时间() -> None:
    row = ReadingBench(Extraction(10, 0.125, 0.75, 90, 90), (_pair(1, 3),)).to_json()["extraction"]
    assert (row["ours_cpu_ms_per_page"], row["reference_cpu_ms_per_page"], row["ratio"]) == (12.5, 75, 6)
    assert row["goal_met"]
    assert not ReadingBench(Extraction(10, 0.125, 0.749, 90, 90), (_pair(1, 3),)).to_json()["extraction"]["goal_met"]


def test_从文件到索引按每秒字数比_各轮相加() -> None:
    measured = ReadingBench(Extraction(1, 1, 6, 1, 1), (_pair(1, 2), _pair(1, 4)))
    assert measured.ratio("wall_seconds") == pytest.approx(3)
    assert measured.ratio("cpu_seconds") == pytest.approx(6)
    assert measured.to_json()["end_to_end"]["goal_met"]


@pytest.mark.parametrize(("characters", "met"), [(971, True), (969, False), (1029, True), (1031, False)])
def test_索引字数相差过多就不算达到(characters: int, met: bool) -> None:
    measured = ReadingBench(Extraction(1, 1, 6, 1, 1), (_pair(1, 9, characters),))
    assert measured.to_json()["end_to_end"]["goal_met"] is met


def test_识别更快但错得更多不算达到() -> None:
    better = OcrBench(4, 2, OcrSide(10, 3, 1000), OcrSide(16, 3, 1000))
    worse = OcrBench(4, 2, OcrSide(10, 4, 1000), OcrSide(16, 3, 1000))
    assert (better.ratio, better.to_json()["ocr"]["goal_met"], worse.to_json()["ocr"]["goal_met"]) == (1.6, True, False)


def test_每页的文字都不同_约七百字() -> None:
    pages = ["".join(bench_documents.paragraphs(document, page)) for document in range(4) for page in range(25)]
    assert len(set(pages)) == len(pages)
    assert all(600 < len(text) < 1000 for text in pages)


@needs_office
def test_生成的PDF_文字与原文一致_两边提取的字数相同(tmp_path: Path) -> None:
    (file,) = bench_documents.write_pdfs(tmp_path, 1, 2, first=3)
    wanted = "".join("".join(bench_documents.paragraphs(3, page)) for page in range(2))
    found = "".join("".join(bench_reading._ours(file)).split())
    assert found == "".join(wanted.split())


def test_没有LibreOffice时说明办法(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BenchToolError, match=r"LibreOffice.*请安装"):
        bench_documents.write_pdfs(tmp_path, 1, 1)


def test_没有对照流程的程序包时说明办法() -> None:
    with pytest.raises(BenchToolError, match=r"no_such_package.*pip install"):
        bench_reference.check_packages(["json", "no_such_package"])
    bench_reference.check_packages(["json"])


@pytest.mark.skipif(sys.platform != "linux", reason="只有 Linux 提供各进程的内存数字")
def test_内存按所有子孙进程合计() -> None:
    holds = "import time; held = bytearray(60_000_000); time.sleep(30)"
    starts = f"import subprocess,sys; [subprocess.Popen([sys.executable, '-c', {holds!r}]) for _ in 'ab'][0].wait()"
    parent = subprocess.Popen([sys.executable, "-c", starts])
    watch = bench_memory.Watch(parent.pid)  # not of this process: earlier tests may have left reading processes waiting
    watch.start()
    below: list[int] = []
    try:
        deadline = time.monotonic() + 20
        while watch.together < 120e6 and time.monotonic() < deadline:
            time.sleep(0.1)
            below = bench_memory.descendants(parent.pid)
        assert parent.pid in bench_memory.descendants(os.getpid())
        assert len(below) == 2
    finally:
        for number in below:
            os.kill(number, 9)
        parent.kill()
        parent.wait()
        watch.stop()
    assert watch.together > 120e6 > watch.largest > 60e6


def test_已结束的进程不占内存() -> None:
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    assert bench_memory.resident_bytes(child.pid) == 0


def test_一边失败时不出数字(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(subprocess.CalledProcessError):
        bench_side.run_side("reference", tmp_path / "预热.pdf", [], tmp_path)
    assert "IndexError" in capfd.readouterr().err
