"""Reads each document set, looks for contradictions and compares: `python -m eval_sets.conflicts.measure [--sets]`."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from retrieval.conflicts import find_conflicts, find_differences
from retrieval.facts import Fact, extract_facts
from retrieval.metrics import Metrics, load_metrics

SETS = Path(__file__).with_name("sets.yaml")
_ALARMS = ("true_conflict", "parts")

Key = tuple[str, int, str]


@dataclass(frozen=True, slots=True)
class SetResult:
    """One set: the contradictions it holds and those reported, and the differences that are to be explained and those that are."""

    name: str
    expected: frozenset[Key]
    found: frozenset[Key]
    to_explain: frozenset[tuple[str, str]]
    explained: frozenset[tuple[str, str]]


def measure_sets() -> list[SetResult]:
    """The result on every set."""
    metrics = load_metrics()
    data = yaml.safe_load(SETS.read_text(encoding="utf-8"))
    return [_result(entry, metrics) for entry in data["sets"]]


def _result(entry: dict[str, Any], metrics: Metrics) -> SetResult:
    documents: dict[int, str] = {}
    facts: list[Fact] = []
    for document in entry["documents"]:
        for line in document["lines"]:
            for fact in extract_facts(
                line, metrics, default_year=document["year"], context=document["title"], district=entry["district"]
            ):
                documents[id(fact)] = document["title"]
                facts.append(fact)

    def source(fact: Fact) -> str:
        return documents[id(fact)]

    conflicts = find_conflicts(facts, metrics, source)
    other = find_differences(facts, metrics, source)
    return SetResult(
        entry["id"],
        frozenset((c["metric"], c["year"], c["class"]) for c in entry["conflicts"]),
        frozenset((c.metric, c.year, c.kind) for c in conflicts if c.kind in _ALARMS),
        frozenset((e["metric"], e["class"]) for e in entry.get("explained", [])),
        frozenset((c.metric, c.kind) for c in (*conflicts, *other) if c.kind not in _ALARMS),
    )


def measure() -> dict[str, float]:
    """Recall of the contradictions, false alarms per district, share of the explained differences with the right class."""
    results = measure_sets()
    expected = sum(len(result.expected) for result in results)
    explain = sum(len(result.to_explain) for result in results)
    return {
        "recall": sum(len(r.expected & r.found) for r in results) / expected,
        "false_alarms": sum(len(r.found - r.expected) for r in results) / len(results),
        "explained": sum(len(r.to_explain & r.explained) for r in results) / explain,
        "n_conflicts": float(expected),
        "n_explained": float(explain),
        "n_sets": float(len(results)),
    }


def details() -> list[str]:
    """One line for each set where something is missed or wrong."""
    return [
        f"{r.name}：漏 {sorted(r.expected - r.found)} 误报 {sorted(r.found - r.expected)} 未归类 {sorted(r.to_explain - r.explained)}"
        for r in measure_sets()
        if r.expected != r.found or r.to_explain - r.explained
    ]


def main() -> None:
    """Prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sets", action="store_true", help="list the sets with something missed or wrong")
    for name, value in measure().items():
        print(f"{name:14s} {value:.3f}")
    if parser.parse_args().sets:
        print("\n".join(details()))


if __name__ == "__main__":
    main()
