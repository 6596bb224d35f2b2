"""Random damage to valid files of every kind, read in the real reading process: `python -m tests.ingest.fuzz --minutes 30`.

Every case must end as pages, as a refusal with a Chinese reason, or as a reading process stopped within its limits. What
must never happen: an error that reaches the caller, a page that contradicts itself, a reading that outlasts its limit.
Each case follows from the seed and its number alone: `--seed S --only N` runs one again.
"""

from __future__ import annotations

import argparse
import collections
import io
import json
import random
import re
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from ingest import isolate
from ingest.errors import IngestError, ReaderStoppedError, UnreadableFileError
from ingest.isolate import Limits, read_isolated, unpack_isolated
from ingest.pages import ParsedPage
from ingest.readers.base import Properties
from tests.ingest.seeds import seeds

LIMITS = Limits(memory_mb=2048, page_seconds=20.0, file_seconds=40.0)
SLACK = 15.0  # seconds beyond the limit that starting and ending a process may take on a busy machine
_RARE = {".doc": 0.03}  # LibreOffice needs seconds for each
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_MAX_BYTES = 3_000_000


def flip(content: bytes, dice: random.Random) -> bytes:
    """Some bytes changed to anything."""
    changed = bytearray(content)
    for _ in range(dice.choice((1, 1, 3, 10, 100))):
        changed[dice.randrange(len(changed))] = dice.randrange(256)
    return bytes(changed)


def cut(content: bytes, dice: random.Random) -> bytes:
    """The end is missing, or a piece in the middle."""
    start = dice.randrange(len(content))
    end = len(content) if dice.random() < 0.4 else min(len(content), start + dice.choice((1, 16, 512, 8192)))
    return content[:start] + content[end:]


def repeat(content: bytes, dice: random.Random) -> bytes:
    """A piece stands there many times."""
    start = dice.randrange(len(content))
    piece = content[start : start + dice.choice((1, 8, 64, 1024))]
    times = min(dice.choice((2, 50, 5000)), _MAX_BYTES // max(len(piece), 1))
    return content[:start] + piece * times + content[start:]


def swap(content: bytes, dice: random.Random) -> bytes:
    """Two pieces have changed places."""
    one, other = sorted(dice.randrange(len(content)) for _ in range(2))
    size = max(1, min(dice.choice((4, 64, 1024)), other - one))
    first, second = content[one : one + size], content[other : other + size]
    return content[:one] + second + content[one + size : other] + first + content[other + size :]


def figures(content: bytes, dice: random.Random) -> bytes:
    """Numbers written as digits have become others: sizes, counts, offsets, references."""
    places = list(re.finditer(rb"\d+", content))
    if not places:
        return flip(content, dice)
    for place in sorted(dice.sample(places, min(len(places), dice.choice((1, 3, 20)))), key=lambda p: -p.start()):
        number = dice.choice((b"0", b"-1", b"1", b"2147483647", b"99999999999", b"65536", b"1e309", b"00"))
        content = content[: place.start()] + number + content[place.end() :]
    return content


def words(content: bytes, dice: random.Random) -> bytes:
    """A word of the format stands where another stood: tags within tags, objects of another kind."""
    places = list(re.finditer(rb"[A-Za-z][\w:]{2,}", content))
    if len(places) < 2:
        return flip(content, dice)
    for _ in range(dice.choice((1, 2, 8))):
        one, other = dice.choice(places), dice.choice(places)
        content = content[: one.start()] + content[other.start() : other.end()] + content[one.end() :]
        places = [place for place in places if place.end() <= len(content)]
        if not places:
            break
    return content


def noise(content: bytes, dice: random.Random) -> bytes:
    """Random bytes after the first ones, by which the format is known."""
    head = dice.choice((4, 16, 512))
    return content[:head] + dice.randbytes(min(len(content), 20_000))


DAMAGES: tuple[Callable[[bytes, random.Random], bytes], ...] = (flip, cut, repeat, swap, figures, words, noise)


def damaged(content: bytes, dice: random.Random) -> bytes:
    """One to three damages; to a package mostly inside its parts, where the check sums would otherwise end the reading early."""
    if content.startswith(b"PK\x03\x04") and dice.random() < 0.8:
        return _inside(content, dice)
    for _ in range(dice.choice((1, 1, 2, 3))):
        content = dice.choice(DAMAGES)(content, dice)[:_MAX_BYTES] or b"\0"
    return content


def _inside(content: bytes, dice: random.Random) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy:
        names = source.namelist()
        hit = set(dice.sample(names, min(len(names), dice.choice((1, 1, 2, 5)))))
        for name in names:
            part = source.read(name)
            if name in hit and part:
                if dice.random() < 0.1:
                    continue  # the part is missing
                for _ in range(dice.choice((1, 1, 2))):
                    part = dice.choice(DAMAGES)(part, dice)[:_MAX_BYTES] or b"\0"
            copy.writestr(name, part)
    return target.getvalue()


@dataclass(slots=True)
class Tally:
    """What came of the cases. faults : (case, file, what was wrong), must stay empty."""

    cases: int = 0
    by_kind: collections.Counter[str] = field(default_factory=collections.Counter)
    outcomes: collections.Counter[str] = field(default_factory=collections.Counter)
    parser_errors: dict[str, tuple[int, str]] = field(default_factory=dict)
    slowest: tuple[float, int, str] = (0.0, -1, "")
    faults: list[tuple[int, str, str]] = field(default_factory=list)

    def as_json(self) -> dict[str, object]:
        """Plain data."""
        return {
            "cases": self.cases,
            "by_kind": dict(sorted(self.by_kind.items())),
            "outcomes": dict(self.outcomes.most_common()),
            "first_case_of_each_parser_error": self.parser_errors,
            "slowest": self.slowest,
            "faults": self.faults,
        }


def run_case(
    number: int, seed: int, originals: dict[str, bytes], folder: Path, tally: Tally, limits: Limits = LIMITS
) -> None:
    """Damages one file and reads it."""
    dice = random.Random(f"{seed}:{number}")
    name = dice.choice(sorted(originals))
    while dice.random() >= _RARE.get(Path(name).suffix, 1.0):
        name = dice.choice(sorted(originals))
    content = damaged(originals[name], dice)
    path = folder / f"case{Path(name).suffix}"
    path.write_bytes(content)
    started = time.monotonic()
    outcome, fault = _read(path, name, folder, limits)
    seconds = time.monotonic() - started
    tally.cases += 1
    tally.by_kind[Path(name).suffix] += 1
    tally.outcomes[outcome] += 1
    if outcome.startswith("stopped"):
        tally.parser_errors.setdefault(outcome, (number, name))
    tally.slowest = max(tally.slowest, (round(seconds, 1), number, name))
    if seconds > limits.file_seconds + SLACK:
        fault = fault or f"took {seconds:.0f} s"
    if fault:
        tally.faults.append((number, name, fault))


def _read(path: Path, name: str, folder: Path, limits: Limits) -> tuple[str, str]:
    """What came of it in a word, and what was wrong with that ("" when nothing)."""
    try:
        members = [path]
        if path.suffix in (".zip", ".eml"):
            into = Path(tempfile.mkdtemp(dir=folder))
            members = [member for member, _ in unpack_isolated(path, name, into, limits=limits)] or [path]
            strayed = [
                member for member in members if member != path and not member.resolve().is_relative_to(into.resolve())
            ]
            if strayed:
                return "unpacked", f"a member outside its folder: {strayed[0]}"
        return _read_members(members, name, limits)
    except UnreadableFileError as exc:
        return "refused", _not_for_people(str(exc))
    except ReaderStoppedError as exc:
        return f"stopped: {exc.why}", _not_for_people(str(exc))
    except IngestError as exc:
        return f"other: {type(exc).__name__}", _not_for_people(str(exc))
    except Exception as exc:  # noqa: BLE001 - the very thing this program looks for; it is reported with its case
        return "error", f"{type(exc).__name__}: {exc}"


def _read_members(members: list[Path], name: str, limits: Limits) -> tuple[str, str]:
    """Reads the file, or what an archive holds; a member that is refused does not keep the others from being read."""
    outcome, told = "read", None
    for member in members[:20]:
        try:
            fault = _contradiction(list(read_isolated(member, name, limits=limits)))
        except IngestError as exc:
            told = told or exc
        else:
            if fault:
                return outcome, fault
    if told is not None:
        raise told
    return outcome, ""


def _not_for_people(sentence: str) -> str:
    return "" if _CHINESE.search(sentence) and "请" in sentence and "/tmp" not in sentence else f"sentence: {sentence}"


def _contradiction(items: list[Properties | ParsedPage]) -> str:
    """What is wrong with what was read."""
    if not items or not isinstance(items[0], Properties):
        return "no properties first"
    pages = [item for item in items[1:] if isinstance(item, ParsedPage)]
    numbers = [page.number for page in pages]
    if numbers != sorted(set(numbers)):
        return f"pages in the order {numbers[:20]}"
    for page in pages:
        if page.char_boxes is not None and len(page.char_boxes) != len(page.text):
            return f"page {page.number}: boxes and characters differ"
        if page.state in ("failed", "empty") and not _CHINESE.search(page.reason):
            return f"page {page.number}: {page.state} without a reason"
        if any(not 0 <= span.start <= span.end <= len(page.text) for span in page.spans):
            return f"page {page.number}: a span outside the text"
        try:
            page.text.encode("utf-8")
        except UnicodeEncodeError:
            return f"page {page.number}: text that cannot be stored"
        if "\0" in page.text:
            return f"page {page.number}: a zero character"
    return ""


def main(arguments: list[str] | None = None) -> int:
    """Runs for the time given; prints what came of it; 1 when something must not have happened."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--seed", type=int, default=20190101)
    parser.add_argument("--only", type=int, help="run this one case and keep its file")
    parser.add_argument("--kinds", default="", help="suffixes to keep, such as pdf,docx")
    options = parser.parse_args(arguments)
    tally = Tally()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        originals = seeds(folder)
        if options.kinds:
            kept = {f".{kind}" for kind in options.kinds.split(",")}
            originals = {name: content for name, content in originals.items() if Path(name).suffix in kept}
        if options.only is not None:
            keep = Path(tempfile.mkdtemp(prefix="fuzz-case-"))
            run_case(options.only, options.seed, originals, keep, tally)
            print(keep, file=sys.stderr)
        else:
            end = time.monotonic() + options.minutes * 60
            number = 0
            while time.monotonic() < end:
                run_case(number, options.seed, originals, folder, tally)
                number += 1
                if number % 200 == 0:
                    print(tally.cases, dict(tally.outcomes), len(tally.faults), file=sys.stderr, flush=True)
        isolate.close()
    print(json.dumps(tally.as_json(), ensure_ascii=False, indent=1))
    return 1 if tally.faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
