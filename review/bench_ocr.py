"""Text recognition of scanned pages, side by side with the plain loop: one RapidOCR engine with its defaults, page after page."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ingest import isolate
from review.bench_documents import SCAN_DPI, paragraphs, write_pdfs, write_scans
from review.bench_reference import check_packages

PAGES = 8
GOAL = 1.6
# Beside what else runs, the recognising processes stand back; here they run as the loop does, or the comparison would be unfair.
LIMITS = replace(isolate.RECOGNITION_LIMITS, niceness=0)


@dataclass(frozen=True, slots=True)
class OcrSide:
    """seconds : wall clock. edits : character errors over `characters` of the truth, white space left aside."""

    seconds: float
    edits: int
    characters: int

    @property
    def cer(self) -> float:
        """Character error rate."""
        return self.edits / self.characters

    def __add__(self, other: OcrSide) -> OcrSide:
        return OcrSide(self.seconds + other.seconds, self.edits + other.edits, self.characters + other.characters)


@dataclass(frozen=True, slots=True)
class OcrBench:
    """Both sides over the same pages."""

    pages: int
    processes: int
    ours: OcrSide
    loop: OcrSide

    @property
    def ratio(self) -> float:
        """How many times faster ours is."""
        return self.loop.seconds / self.ours.seconds

    def to_json(self) -> dict[str, Any]:
        """The document of `bench --stage ocr --json`."""
        return {
            "ocr": {
                "pages": self.pages,
                "processes": self.processes,
                "ours_seconds_per_page": round(self.ours.seconds / self.pages, 2),
                "loop_seconds_per_page": round(self.loop.seconds / self.pages, 2),
                "ours_cer": round(self.ours.cer, 5),
                "loop_cer": round(self.loop.cer, 5),
                "ratio": round(self.ratio, 2),
                "goal": GOAL,
                "goal_met": self.ratio >= GOAL and self.ours.cer <= self.loop.cer,
            }
        }


def bench_ocr(pages: int = PAGES, say: Callable[[str], object] = lambda line: None) -> OcrBench:
    """Measures on scans made now; both sides take turns over the pages. Raises BenchToolError."""
    check_packages(["rapidfuzz"])
    processes = os.cpu_count() or 1
    with tempfile.TemporaryDirectory(prefix="edureview-bench-") as scratch:
        say(f"生成 {pages} 页扫描件（{SCAN_DPI} dpi）……")
        (source,) = write_pdfs(Path(scratch), 1, pages)
        scan = write_scans(source, Path(scratch) / "扫描.pdf")
        truth = ["".join("".join(paragraphs(0, page)).split()) for page in range(pages)]
        plain = _loop_engine()
        say("预热……")
        _recognise(scan, [0] * processes, processes)
        plain(scan, [0])
        numbers = list(range(pages))
        sides = {"ours": OcrSide(0.0, 0, 0), "loop": OcrSide(0.0, 0, 0)}
        halves = [numbers[: pages // 2], numbers[pages // 2 :]]
        for number, half in enumerate(half for half in halves if half):
            for side in ("ours", "loop") if number == 0 else ("loop", "ours"):
                say(f"识别第 {half[0] + 1}—{half[-1] + 1} 页：{'本程序' if side == 'ours' else '逐页循环'}……")
                start = time.perf_counter()
                texts = _recognise(scan, half, processes) if side == "ours" else plain(scan, half)
                seconds = time.perf_counter() - start
                sides[side] += _compared(seconds, [truth[page] for page in half], texts)
        isolate.close()
    return OcrBench(pages, processes, sides["ours"], sides["loop"])


def _recognise(scan: Path, numbers: Iterable[int], processes: int) -> list[str]:
    def one(number: int) -> str:
        return isolate.recognise_isolated(scan, scan.name, "pdf", number + 1, "page", limits=LIMITS).text

    with ThreadPoolExecutor(processes) as pool:
        return list(pool.map(one, numbers))


def _loop_engine() -> Callable[[Path, Sequence[int]], list[str]]:
    """The plain loop, its engine loaded."""
    import pypdfium2
    from rapidocr import RapidOCR

    engine = RapidOCR(params={"Global.log_level": "error"})

    def loop(scan: Path, numbers: Sequence[int]) -> list[str]:
        texts = []
        document = pypdfium2.PdfDocument(scan)
        try:
            for number in numbers:
                image = document[number].render(scale=SCAN_DPI / 72).to_numpy()
                result: Any = engine(image)
                texts.append("".join(result.txts or ()))
        finally:
            document.close()
        return texts

    return loop


def _compared(seconds: float, truth: Sequence[str], texts: Sequence[str]) -> OcrSide:
    from rapidfuzz.distance import Levenshtein

    wrong = sum(Levenshtein.distance(a, "".join(b.split())) for a, b in zip(truth, texts, strict=True))
    return OcrSide(seconds, wrong, sum(map(len, truth)))
