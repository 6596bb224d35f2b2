"""Taking in documents with a text layer, side by side with the reference pipeline: text extraction alone, and from file to index."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest.readers import pdf
from review.bench_documents import write_pdfs
from review.bench_reference import build_reference_model, check_packages, load_text
from review.bench_side import SideResult, run_side

DOCUMENTS, PAGES, ROUNDS = 6, 20, 3
GOAL_EXTRACTION, GOAL_END_TO_END = 6.0, 3.0
# At this difference in indexed characters the two sides no longer do the same work.
MOST_UNLIKE = 0.03


@dataclass(frozen=True, slots=True)
class Extraction:
    """Processor seconds and characters (without white space) of both sides over `pages` pages. Ours includes a box for every character."""

    pages: int
    ours_seconds: float
    reference_seconds: float
    ours_characters: int
    reference_characters: int

    @property
    def ratio(self) -> float:
        """How many times faster ours is, per page."""
        return self.reference_seconds / self.ours_seconds


@dataclass(frozen=True, slots=True)
class ReadingBench:
    """pairs : (ours, reference) of each round, on the same documents."""

    extraction: Extraction
    pairs: tuple[tuple[SideResult, SideResult], ...]

    def _total(self, side: int, what: str) -> float:
        return float(sum(getattr(pair[side], what) for pair in self.pairs))

    @property
    def unlike(self) -> float:
        """By how much the numbers of indexed characters differ, as a share of the reference's."""
        return abs(self._total(0, "characters") / self._total(1, "characters") - 1)

    def ratio(self, what: str) -> float:
        """Ours against the reference in characters indexed per second of "wall_seconds" or "cpu_seconds"."""
        ours = self._total(0, "characters") / self._total(0, what)
        return ours / (self._total(1, "characters") / self._total(1, what))

    def to_json(self) -> dict[str, Any]:
        """The document of `bench --stage reading --json`."""
        extraction, wall = self.extraction, self.ratio("wall_seconds")
        return {
            "extraction": {
                "pages": extraction.pages,
                "ours_cpu_ms_per_page": round(extraction.ours_seconds / extraction.pages * 1000, 2),
                "reference_cpu_ms_per_page": round(extraction.reference_seconds / extraction.pages * 1000, 2),
                "ours_characters": extraction.ours_characters,
                "reference_characters": extraction.reference_characters,
                "ratio": round(extraction.ratio, 2),
                "goal": GOAL_EXTRACTION,
                "goal_met": extraction.ratio >= GOAL_EXTRACTION,
            },
            "end_to_end": {
                "rounds": [{"ours": _row(ours), "reference": _row(other)} for ours, other in self.pairs],
                "ratio_wall": round(wall, 2),
                "ratio_cpu": round(self.ratio("cpu_seconds"), 2),
                "characters_differ_by": round(self.unlike, 4),
                "goal": GOAL_END_TO_END,
                "goal_met": wall >= GOAL_END_TO_END and self.unlike <= MOST_UNLIKE,
            },
        }


def _row(side: SideResult) -> dict[str, Any]:
    return {
        "wall_seconds": round(side.wall_seconds, 2),
        "cpu_seconds": round(side.cpu_seconds, 2),
        "passages": side.passages,
        "characters": side.characters,
        "characters_per_second": round(side.rate),
    }


def bench_reading(
    documents: int = DOCUMENTS,
    pages: int = PAGES,
    rounds: int = ROUNDS,
    say: Callable[[str], object] = lambda line: None,
) -> ReadingBench:
    """Measures both stages on documents made now. Raises BenchToolError, WeightsError."""
    check_packages()
    model = build_reference_model(say=say)
    with tempfile.TemporaryDirectory(prefix="edureview-bench-") as scratch:
        say(f"生成 {documents} 份各 {pages} 页的 PDF……")
        files = write_pdfs(Path(scratch) / "文件", documents, pages)
        (warm_up,) = write_pdfs(Path(scratch) / "预热", 1, 1, first=900)
        say("比较文本提取……")
        extraction = compare_extraction(files, rounds)
        pairs = []
        for number in range(rounds):
            some = files[number::rounds]
            say(f"比较从文件到索引，第 {number + 1} 轮，共 {rounds} 轮……")
            found: dict[str, SideResult] = {}
            # Each side goes first in turn, so that what else the machine does falls on both.
            for side in ("ours", "reference") if number % 2 == 0 else ("reference", "ours"):
                found[side] = run_side(
                    side, warm_up, some, Path(scratch) / f"{side}{number}", model if side == "reference" else None
                )
            pairs.append((found["ours"], found["reference"]))
    return ReadingBench(extraction, tuple(pairs))


def compare_extraction(files: Sequence[Path], rounds: int) -> Extraction:
    """Every file read by both sides in turn, `rounds` times; the first file once before, untimed."""
    _ours(files[0])
    load_text(files[0])
    seconds, characters, pages = [0.0, 0.0], [0, 0], 0
    for _ in range(rounds):
        for file in files:
            start = time.process_time()
            ours = _ours(file)
            middle = time.process_time()
            other = load_text(file)
            seconds[0] += middle - start
            seconds[1] += time.process_time() - middle
            pages += len(other)
            characters[0] += sum(len("".join(text.split())) for text in ours)
            characters[1] += sum(len("".join(page.page_content.split())) for page in other)
    return Extraction(pages, seconds[0], seconds[1], characters[0], characters[1])


def _ours(file: Path) -> list[str]:
    return [item.text for item in pdf.read(file, file.name) if hasattr(item, "text")]
