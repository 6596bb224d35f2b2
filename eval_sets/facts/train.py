"""Fits the weights by which `retrieval.likely_metrics` tells the metric of a number: `python -m eval_sets.facts.train [--dry-run]`.

Only the open sets are read. For each of them the table shows what weights fitted to the others find among the numbers that the rules left.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml

from eval_sets.facts.measure import HELD_OUT, SetLine, lines_of, set_names
from retrieval.fact_parts import ParsedSentence, Stated, parse
from retrieval.fact_sentences import facts_by_rule
from retrieval.likely_facts import LEAST, left_over, likely_facts
from retrieval.likely_metrics import SIGNALS, Floats, LikelyMetrics, Surroundings
from retrieval.mapping_fit import fit_none
from retrieval.metrics import Metrics, load_metrics
from retrieval.numbers import plain
from retrieval.sentences import is_row, split_sentences

TARGET = Path(__file__).parents[2] / "corpus" / "figures" / "likely.yaml"
_HEAD = "# 规则没有读出的数，按周围的词判断是哪个指标时各项依据的权重。由 `python -m eval_sets.facts.train` 写成，不要手改。\n"
_FIRMNESS = 1.0  # how firmly every weight is held to 0


@dataclass(frozen=True, slots=True)
class Examples:
    """Pairs of a number and a metric. signals : shape (n, len(SIGNALS)). right : shape (n,)."""

    signals: Floats
    right: Floats


def examples_of(name: str, metrics: Metrics, likely: LikelyMetrics) -> Examples:
    """Every pair of a set whose number states something, those that rules read included."""
    signals, right = [np.zeros((0, len(SIGNALS)))], [np.zeros(0)]
    for line, parsed, stated, near in _sentences(name, metrics):
        said = {(key[0], key[1]) for key, _ in line.stated}
        numbers = [*left_over(parsed, []), *(n for n in parsed.numbers if any(f.end == n.end for f in stated))]
        for number in dict.fromkeys(numbers):
            before = [n for n in parsed.numbers if n.end <= number.start]
            candidates, rows = likely.signals(number, before, Surroundings(parsed.text, near, parsed.context))
            signals.append(rows)
            right.append(
                np.array([(metric.id, plain(number.value)) in said for metric in candidates], dtype=np.float64)
            )
    return Examples(np.concatenate(signals), np.concatenate(right))


def fitted(examples: Iterable[Examples]) -> tuple[Floats, float]:
    """Weights and offset."""
    some = list(examples)
    signals = np.concatenate([one.signals for one in some])
    mean, spread = signals.mean(axis=0), signals.std(axis=0) + 1e-6
    right = np.concatenate([one.right for one in some]) > 0
    weights, offset = fit_none((signals - mean) / spread, right, np.zeros(len(SIGNALS)), 0.0, held=_FIRMNESS)
    return weights / spread, offset - float((weights * mean / spread).sum())


def found_and_right(name: str, metrics: Metrics, likely: LikelyMetrics, least: float) -> tuple[int, int]:
    """How many facts are added to those of the rules, and how many of these are right in value, metric, year and scope."""
    added = right = 0
    for line, parsed, stated, near in _sentences(name, metrics):
        keys = {key for key, _ in line.stated}
        for fact in likely_facts(parsed, stated, likely, near, least):
            added += 1
            right += (fact.metric.id, plain(fact.value), fact.year, fact.scope) in keys
    return added, right


def _sentences(name: str, metrics: Metrics) -> Iterator[tuple[SetLine, ParsedSentence, list[Stated], str]]:
    """Line, sentence of it, what rules read of that, and the sentence before."""
    for line in lines_of(name):
        if is_row(line.text):
            continue
        near = ""
        for start, end in split_sentences(line.text):
            text = line.text[start:end]
            mentions = metrics.mentions(text, line.title, near)
            parsed = parse(text, mentions, metrics, line.year, line.title, line.district)
            yield line, parsed, facts_by_rule(parsed, line.year), near
            near = text


def main() -> None:
    """Prints the table and writes the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dry-run", action="store_true", help="only the table")
    metrics = load_metrics()
    bare = LikelyMetrics(metrics.by_id.values(), np.zeros(len(SIGNALS)), 0.0)
    names = [name for name in set_names() if name not in HELD_OUT]
    examples = {name: examples_of(name, metrics, bare) for name in names}
    for name in names:
        weights = fitted(other for key, other in examples.items() if key != name)
        likely = LikelyMetrics(metrics.by_id.values(), *weights)
        counts = [found_and_right(name, metrics, likely, least) for least in (0.6, 0.7, LEAST, 0.85, 0.9, 0.95)]
        print(
            f"{name:16s} 对子 {len(examples[name].right):6d}  "
            + "  ".join(f"{right}/{added}" for added, right in counts)
        )
    if parser.parse_args().dry_run:
        return
    weights, offset = fitted(examples.values())
    data = {
        "weights": dict(zip(SIGNALS, (round(float(w), 4) for w in weights), strict=True)),
        "offset": round(offset, 4),
    }
    TARGET.write_text(_HEAD + yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8")


if __name__ == "__main__":
    main()
