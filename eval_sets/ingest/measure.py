"""Reads the corpus as the program does and compares with the truth: `python -m eval_sets.ingest.measure [--formats pdf docx]`.

`edureview eval ingest` tells the same as figures. Exit code 1 when a file misses its goal in expected.yaml.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import yaml

from eval_sets.ingest.build import Case, build
from eval_sets.ingest.scores import CellCount, count_cells, edits, in_order, reading_of
from eval_sets.ingest.truth import joined
from ingest.errors import IngestError
from ingest.folder import find_files
from ingest.ocr.recognise import recognise
from ingest.pages import ParsedPage
from ingest.readers.base import Properties
from ingest.worker import read

EXPECTED = Path(__file__).with_name("expected.yaml")
_told: list[str] = []
KINDS = {"digital": "有文字层", "clean": "清晰扫描", "noisy": "污损扫描"}


@dataclass(frozen=True, slots=True)
class Result:
    """One file. reason : why it could not be read, "" when it was. seconds : processor time of this process."""

    case: Case
    characters: int
    edits: int
    order: float
    cells: CellCount
    pages: int
    states: dict[str, int]
    seconds: float
    reason: str = ""

    @property
    def cer(self) -> float:
        """Character errors per character of the truth; 0 when the truth has no prose."""
        return self.edits / self.characters if self.characters else 0.0

    def misses(self, goals: dict[str, Fraction]) -> list[str]:
        """The goals that are not reached."""
        found = ["cer"] if self.edits > goals["cer"] * self.characters else []
        found += ["order"] if self.order < goals["order"] else []
        found += ["cells"] if self.cells.exact < goals["cells"] * self.cells.cells else []
        return found + (["refused"] if self.reason else [])

    def to_json(self) -> dict[str, Any]:
        """The row as JSON data."""
        return {
            "file": self.case.file, "kind": self.case.kind, "what": self.case.what, "characters": self.characters,
            "cer": round(self.cer, 5), "order": round(self.order, 4), "cells": self.cells.cells, "cells_placed": self.cells.placed,
            "cells_exact": self.cells.exact, "pages": self.pages, "states": self.states, "cpu_seconds": round(self.seconds, 2),
            "reason": self.reason,
        }  # fmt: skip


def read_file(path: Path) -> list[ParsedPage]:
    """Every page of a file, or of every file inside it, read and recognised. Raises IngestError."""
    pages: list[ParsedPage] = []
    with tempfile.TemporaryDirectory(prefix="edureview-measure-") as folder:
        for member, label in find_files([path], Path(folder)):
            kind = ""
            for item in read(member, label):
                if isinstance(item, Properties):
                    kind = item.kind
                    continue
                page = recognise(member, label, kind, item.number, item.source) if item.state == "waiting" else item
                pages.append(page)
    return pages


def measured(case: Case, folder: Path) -> Result:
    """The case read and compared."""
    began, reason = time.process_time(), ""
    try:
        pages = read_file(folder / case.file)
    except IngestError as exc:
        pages, reason = [], str(exc)
    except Exception as exc:  # noqa: BLE001 - a bug of a reader is this file's FAIL; the others are measured all the same
        pages, reason = [], f"{type(exc).__name__}: {exc}"
    seconds = time.process_time() - began
    prose, rows, states = "", [], Counter(page.state for page in pages)
    for document in _documents(pages):
        reading = reading_of(document)
        prose += reading.prose
        rows += reading.rows
    wanted = joined(case.texts)
    return Result(
        case, len(wanted), edits(wanted, prose), in_order(case.texts, prose), count_cells(case.tables, rows), len(pages),
        dict(states), seconds, reason,
    )  # fmt: skip


def _documents(pages: Sequence[ParsedPage]) -> Iterator[list[ParsedPage]]:
    """The pages cut into documents: page numbers begin again with every member of an archive."""
    held: list[ParsedPage] = []
    for page in pages:
        if held and page.number <= held[-1].number:
            yield held
            held = []
        held.append(page)
    if held:
        yield held


def measure() -> dict[str, float]:
    """By kind: character errors per character and share of exact table cells over all files, and how many files miss their goal."""
    goals = load_goals()
    _told.clear()
    with tempfile.TemporaryDirectory(prefix="edureview-corpus-") as scratch:
        results = [measured(case, Path(scratch)) for case in build(Path(scratch)).cases]
    _told.extend(table(results, goals))
    figures: dict[str, float] = {}
    for kind in KINDS:
        some = [result for result in results if result.case.kind == kind]
        characters, cells = sum(r.characters for r in some), sum(r.cells.cells for r in some)
        figures[f"{kind}.files"] = float(len(some))
        figures[f"{kind}.missed"] = float(sum(bool(result.misses(goals[kind])) for result in some))
        if characters:
            figures[f"{kind}.cer"] = sum(r.edits for r in some) / characters
        if cells:
            figures[f"{kind}.cells"] = sum(r.cells.exact for r in some) / cells
    return figures


def details() -> list[str]:
    """The table of the last `measure`."""
    return list(_told)


def load_goals(path: Path = EXPECTED) -> dict[str, dict[str, Fraction]]:
    """kind → goal → value."""
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {kind: {name: Fraction(value) for name, value in goals.items()} for kind, goals in raw["goals"].items()}


def table(results: Sequence[Result], goals: dict[str, dict[str, Fraction]]) -> Iterator[str]:
    """The results as a Markdown table, and one line for each kind over all its files."""
    yield "| 文件 | 种类 | 字符 | 字符错误率 | 次序 | 单元格 | 行列正确 | 逐字正确 | 页 | 处理器秒/页 | 结果 |"
    yield "|---|---|---|---|---|---|---|---|---|---|---|"
    for result in results:
        cells = result.cells
        verdict = "OK" if not (missed := result.misses(goals[result.case.kind])) else f"FAIL {'、'.join(missed)}"
        yield (
            f"| {result.case.file}（{result.case.what}） | {KINDS[result.case.kind]} | {result.characters} | {result.cer:.3%} | {result.order:.1%} | {cells.cells or '—'}"
            f" | {_share(cells.placed, cells.cells)} | {_share(cells.exact, cells.cells)} | {result.pages} | {result.seconds / max(result.pages, 1):.2f} | {verdict} |"
        )
    for kind, name in KINDS.items():
        some = [result for result in results if result.case.kind == kind]
        if some:
            cells = CellCount(*(sum(getattr(r.cells, part) for r in some) for part in ("cells", "placed", "exact")))
            characters, wrong = sum(r.characters for r in some), sum(r.edits for r in some)
            yield (
                f"| 合计 {len(some)} 个文件 | {name} | {characters} | {wrong / max(characters, 1):.3%} | | {cells.cells} | {_share(cells.placed, cells.cells)}"
                f" | {_share(cells.exact, cells.cells)} | {sum(r.pages for r in some)} | | |"
            )


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "—"


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m eval_sets.ingest.measure", description="读取测评：与已知原文逐字比较。"
    )
    parser.add_argument("--corpus", type=Path, help="文件放在哪里；已生成的不再生成（默认：临时目录）")
    parser.add_argument("--formats", nargs="*", default=(), metavar="后缀", help="只测这些后缀")
    parser.add_argument("--files", nargs="*", default=(), metavar="词", help="只测文件名含有这些词的文件")
    parser.add_argument("--kinds", nargs="*", default=(), choices=tuple(KINDS), help="只测这些种类")
    parser.add_argument("--json", action="store_true", help="输出 JSON")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="edureview-corpus-") as scratch:
        folder = options.corpus or Path(scratch)
        corpus = build(folder)
        for reason in corpus.left_out:
            print(f"没有生成 {reason}", file=sys.stderr)
        results = []
        for case in corpus.cases:
            if (options.formats and case.format not in options.formats) or (
                options.kinds and case.kind not in options.kinds
            ):
                continue
            if options.files and not any(word in case.file for word in options.files):
                continue
            results.append(measured(case, folder))
            print(f"{case.file}　{results[-1].cer:.3%}　{results[-1].reason}", file=sys.stderr, flush=True)
    goals = load_goals()
    if options.json:
        print(json.dumps([result.to_json() for result in results], ensure_ascii=False, indent=2))
    else:
        print("\n".join(table(results, goals)))
    return 1 if any(result.misses(goals[result.case.kind]) for result in results) else 0


if __name__ == "__main__":
    sys.exit(main())
