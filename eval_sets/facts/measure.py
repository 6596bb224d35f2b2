"""Reads the sentences and rows of a set and compares with what is stated: `python -m eval_sets.facts.measure [--lines]`.

`--lines` lists what is wrong, line by line, of the open sets only: the lines of held_out.yaml and held_out_2.yaml are never shown, so that nobody
improves the reader on them.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from retrieval.facts import extract_facts
from retrieval.metrics import Metrics, load_metrics
from retrieval.numbers import plain

FOLDER = Path(__file__).parent
_DISTRICT = re.compile(r"^(?:关于)?([\u4e00-\u9fff]{2}[区县市])")
HELD_OUT = ("held_out", "held_out_2")

Key = tuple[str, str, int | None, str]


@dataclass(frozen=True, slots=True)
class LineResult:
    """One line. expected, read : metric, value, year and scope of each fact, with how often; about : those with 约."""

    title: str
    text: str
    expected: Counter[Key]
    read: Counter[Key]
    expected_about: frozenset[Key]
    read_about: frozenset[Key]

    @property
    def right(self) -> int:
        """How many facts are read right in all four parts."""
        return (self.expected & self.read).total()


@dataclass(frozen=True, slots=True)
class SetResult:
    """A set's counts. about_right : of the facts read right, those whose 约 is read right as well."""

    name: str
    lines: tuple[LineResult, ...]

    @property
    def expected(self) -> int:
        """How many facts the lines state."""
        return sum(line.expected.total() for line in self.lines)

    @property
    def read(self) -> int:
        """How many facts were read."""
        return sum(line.read.total() for line in self.lines)

    @property
    def right(self) -> int:
        """How many facts were read right."""
        return sum(line.right for line in self.lines)

    @property
    def about_wrong(self) -> int:
        """Facts read right whose 约 is missed or invented."""
        return sum(
            len((line.expected.keys() & line.read.keys()) & (line.expected_about ^ line.read_about))
            for line in self.lines
        )

    @property
    def precision(self) -> float:
        """Read right / read; 0 when nothing was read."""
        return self.right / self.read if self.read else 0.0

    @property
    def recall(self) -> float:
        """Read right / stated; 0 when nothing is stated."""
        return self.right / self.expected if self.expected else 0.0


def measure_set(name: str, metrics: Metrics | None = None) -> SetResult:
    """The result on `eval_sets/facts/<name>.yaml`."""
    metrics = metrics or load_metrics()
    return SetResult(name, tuple(_result(line, metrics) for line in lines_of(name)))


@dataclass(frozen=True, slots=True)
class SetLine:
    """A line of a set. year, title : of its document. stated : what it states, with whether 约 is said of it."""

    title: str
    year: int | None
    district: str
    text: str
    stated: tuple[tuple[Key, bool], ...]


def lines_of(name: str) -> Iterator[SetLine]:
    """The lines of `eval_sets/facts/<name>.yaml`; the district of a document is the one its title names, else the one most titles name."""
    documents = yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))["documents"]
    named = [match[1] for document in documents if (match := _DISTRICT.match(document["title"]))]
    usual = Counter(named).most_common(1)[0][0]
    for document in documents:
        match = _DISTRICT.match(document["title"])
        district = match[1] if match else usual
        for line in document["lines"]:
            stated = tuple(map(_stated, line["facts"]))
            yield SetLine(document["title"], document["year"], district, line["text"], stated)


def _result(line: SetLine, metrics: Metrics) -> LineResult:
    found = extract_facts(line.text, metrics, default_year=line.year, context=line.title, district=line.district)
    # A value outside the metric's range is shown as a slip, not as a fact.
    read = [((f.metric, plain(f.value), f.year, f.scope), f.approximate) for f in found if f.plausible]
    return LineResult(
        line.title,
        line.text,
        Counter(key for key, _ in line.stated),
        Counter(key for key, _ in read),
        frozenset(key for key, about in line.stated if about),
        frozenset(key for key, about in read if about),
    )


def _stated(words: str) -> tuple[Key, bool]:
    """A fact as the set writes it: `指标 数值 年份 口径 [约]`; 年份 `-` when none is stated."""
    metric, value, year, scope, *more = words.split()
    value = value.rstrip("0").rstrip(".") if "." in value else value
    return (metric, value, None if year == "-" else int(year), scope), more == ["约"]


def set_names() -> list[str]:
    """The sets of this folder, by name."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml") if path.stem != "expected")


def measure() -> dict[str, float]:
    """Precision, recall and n of every set."""
    figures: dict[str, float] = {}
    metrics = load_metrics()
    for name in set_names():
        result = measure_set(name, metrics)
        figures |= {
            f"{name}.precision": result.precision,
            f"{name}.recall": result.recall,
            f"{name}.n": float(result.expected),
        }
    return figures


def details() -> list[str]:
    """What is wrong in the open sets, line by line."""
    metrics = load_metrics()
    return [
        f"{name}｜{line.title}｜{line.text}｜漏 {sorted((line.expected - line.read), key=str)} 错 {sorted((line.read - line.expected), key=str)}"
        for name in set_names()
        if name not in HELD_OUT
        for line in measure_set(name, metrics).lines
        if line.expected != line.read
    ]


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", action="store_true", help="list what is wrong in the open sets")
    options = parser.parse_args()
    for name in set_names():
        result = measure_set(name)
        print(
            f"{name:12s} lines {len(result.lines):4d}  stated {result.expected:4d}  read {result.read:4d}  right {result.right:4d}  "
            f"precision {result.precision:.3f}  recall {result.recall:.3f}  约 wrong {result.about_wrong}"
        )
    if options.lines:
        print("\n".join(details()))


if __name__ == "__main__":
    main()
