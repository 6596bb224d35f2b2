"""Builds every hostile file, reads it in the real reading process, and compares: `python -m eval_sets.hostile.run [NAME...]`."""

from __future__ import annotations

import argparse
import re
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from eval_sets.hostile.build import CASES, build, expected
from ingest import isolate
from ingest.errors import ReaderStoppedError, UnreadableFileError
from ingest.isolate import Limits, read_isolated, unpack_isolated
from ingest.pages import Finding, ParsedPage

LIMITS = Limits(memory_mb=2048, page_seconds=100.0, file_seconds=150.0)
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


@dataclass(slots=True)
class Result:
    """outcome : read, refused or stopped. words : text and reasons of all pages, or the sentence. seconds : wall time."""

    outcome: str = "read"
    words: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    pages: int = 0
    members: list[Path] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    seconds: float = 0.0


def read_case(path: Path, into: Path) -> Result:
    """What the reading process makes of a file. into : an empty folder for what an archive unpacks."""
    result = Result()
    started = time.monotonic()
    sources = [path]
    try:
        if path.suffix in (".zip", ".eml"):
            unpacked = unpack_isolated(path, path.name, into, limits=LIMITS)
            result.members = [member for member, _ in unpacked]
            result.labels = [label for _, label in unpacked]
            # An archive itself comes last, to tell what of it was not unpacked; a mail has words of its own.
            is_mail = path.suffix == ".eml"
            sources = [member for member in result.members if member != path or is_mail] or [path]
        for source in sources:
            for item in read_isolated(source, path.name, limits=LIMITS):
                result.findings.extend(item.findings)
                if isinstance(item, ParsedPage):
                    result.pages += 1
                    result.words.extend((item.text, item.reason))
    except UnreadableFileError as exc:
        result.outcome, result.words = "refused", [str(exc)]
    except ReaderStoppedError as exc:
        result.outcome = "stopped"
        result.words.append(str(exc))
    result.seconds = time.monotonic() - started
    return result


def faults(result: Result, wanted: dict[str, Any]) -> list[str]:
    """What is not as expected, [] when all is."""
    words = "\n".join(result.words)
    told = [finding.kind for finding in result.findings]
    found = []
    if result.outcome != wanted["outcome"]:
        found.append(f"{result.outcome} instead of {wanted['outcome']}: {words[:200]}")
    if wanted.get("says", "") not in words:
        found.append(f"does not say {wanted['says']}: {words[:200]}")
    if missing := [kind for kind in wanted.get("findings", ()) if kind not in told]:
        found.append(f"no finding {missing}, only {told}")
    if result.pages < wanted.get("pages", 0):
        found.append(f"{result.pages} pages")
    if result.seconds > wanted["seconds"]:
        found.append(f"{result.seconds:.0f} s, limit {wanted['seconds']}")
    if result.outcome != "read" and not (_CHINESE.search(words) and "请" in words):
        found.append(f"a reason that nobody can act on: {words[:200]}")
    return found


def run_all(names: Iterable[str], tell: Callable[[str], object]) -> int:
    """How many of the files do not end as expected; a line for each is told."""
    wanted = expected()
    bad = 0
    with tempfile.TemporaryDirectory() as scratch:
        for number, name in enumerate(names):
            path = build(Path(scratch) / "files", [name])[name]
            into = Path(scratch) / f"unpacked-{number}"
            into.mkdir()
            result = read_case(path, into)
            wrong = faults(result, wanted[name])
            bad += bool(wrong)
            size = path.stat().st_size // 1024
            tell(
                f"{'FAIL' if wrong else 'OK':4} {name} {size} KB {result.outcome} {result.pages} 页 {result.seconds:.1f} s {'; '.join(wrong)}"
            )
            path.unlink()
    isolate.close()
    return bad


def main() -> int:
    """Prints a line for each file; 1 when one is not as expected."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", default=list(CASES))
    names = parser.parse_args().names
    bad = run_all(names, partial(print, flush=True))
    print(f"{len(names)} 例，{bad} 例与预期不符")
    return 1 if bad else 0


if __name__ == "__main__":
    raise SystemExit(main())
