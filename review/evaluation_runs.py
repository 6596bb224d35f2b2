"""Runs of systems against relevance judgements: nDCG@10, recall@5, recall@10 and MRR@10, topic by topic, by ir-measures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from retrieval.errors import CollectionFormatError
from review.errors import BenchToolError
from review.significance import Difference, compare, holm

Run = Mapping[str, Mapping[str, float]]
"""Topic → text → score; higher is better, comparable within one topic."""
Qrels = Mapping[str, Mapping[str, int]]
"""Topic → text → grade; 0 is not relevant, and so is what is not there."""

MEASURES = {"ndcg10": "nDCG@10", "recall5": "R@5", "recall10": "R@10", "mrr10": "RR@10"}
OURS = "edureview"


@dataclass(frozen=True, slots=True)
class Measured:
    """One system. topics : measure → topic → value; every topic with something relevant is there."""

    system: str
    topics: Mapping[str, Mapping[str, float]]

    def mean(self, measure: str) -> float:
        """Over all topics."""
        values = self.topics[measure].values()
        return sum(values) / len(values)


def answerable(qrels: Qrels) -> dict[str, dict[str, int]]:
    """The topics for which something is relevant; the others have no recall and are left to the no-answer figures."""
    return {topic: dict(grades) for topic, grades in qrels.items() if any(grade > 0 for grade in grades.values())}


def measure_run(system: str, run: Run, qrels: Qrels) -> Measured:
    """The four measures of every answerable topic. A topic without results has 0; ties go to the smaller text id.

    Raises BenchToolError when ir-measures is not installed.
    """
    try:
        import ir_measures
    except ImportError as exc:
        raise BenchToolError("ir-measures", "请运行 pip install 'edureview[bench]'") from exc
    judged = answerable(qrels)
    # Places instead of scores: the library underneath breaks ties by the larger id.
    placed = {
        topic: {text: float(-place) for place, text in enumerate(_ranked(run.get(topic, {})))} for topic in judged
    }
    asked = {name: ir_measures.parse_measure(text) for name, text in MEASURES.items()}
    values = {name: dict.fromkeys(judged, 0.0) for name in MEASURES}
    names = {measure: name for name, measure in asked.items()}
    filled = {topic: texts for topic, texts in placed.items() if texts}
    if filled:
        for result in ir_measures.iter_calc(list(asked.values()), judged, filled):
            values[names[result.measure]][result.query_id] = float(result.value)
    return Measured(system, values)


def _ranked(scores: Mapping[str, float]) -> list[str]:
    return [text for text, _ in sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))]


@dataclass(frozen=True, slots=True)
class Table:
    """Systems on the same topics. against : other system → measure → difference of ours to it, with p adjusted over the systems."""

    n: int
    texts: int
    systems: tuple[Measured, ...]
    against: Mapping[str, Mapping[str, tuple[Difference, float]]]
    notes: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As the command line prints it."""
        return {
            "n": self.n, "texts": self.texts, "notes": list(self.notes),
            "systems": [
                {"system": one.system} | {name: round(one.mean(name), 4) for name in MEASURES}
                | {"against": {
                    name: {"difference": round(found.mean, 4), "low": round(found.low, 4), "high": round(found.high, 4), "p": round(found.p, 5),
                           "p_holm": round(adjusted, 5), "better": found.better, "worse": found.worse}
                    for name, (found, adjusted) in self.against.get(one.system, {}).items()}}
                for one in self.systems
            ],
        }  # fmt: skip

    def lines(self) -> list[str]:
        """The table for people: a row a system, then ours against each of the others."""
        wide = max(len(one.system) for one in self.systems) + 2
        shown = [
            f"{self.n} 题，{self.texts} 段",
            "系统".ljust(wide) + "  ".join(text.rjust(8) for text in MEASURES.values()),
        ]
        for one in self.systems:
            shown.append(one.system.ljust(wide) + "  ".join(f"{one.mean(name):8.4f}" for name in MEASURES))
        for system, found in self.against.items():
            parts = [
                f"{MEASURES[name]} {one.mean:+.4f} [{one.low:+.4f}, {one.high:+.4f}] p={adjusted:.4g}（胜 {one.better} 负 {one.worse}）"
                for name, (one, adjusted) in found.items()
            ]
            shown.append(f"{OURS} 对 {system}：" + "；".join(parts[i] for i in (0, 2)))
        return [*shown, *self.notes]

    def figures(self) -> dict[str, float]:
        """The means and p-values as plain figures: `ndcg10`, `bm25_jieba.ndcg10`, `bm25_jieba.ndcg10.p` …"""
        figures = {"n": float(self.n), "texts": float(self.texts)}
        for one in self.systems:
            prefix = "" if one.system == OURS else f"{one.system}."
            figures |= {f"{prefix}{name}": one.mean(name) for name in MEASURES}
        for system, found in self.against.items():
            for name in ("ndcg10", "recall10"):
                figures[f"{system}.{name}.p"] = found[name][1]
                figures[f"{system}.{name}.ahead"] = found[name][0].mean
        return figures


def table_of(runs: Mapping[str, Run], qrels: Qrels, texts: int, notes: Sequence[str] = ()) -> Table:
    """All systems measured, and ours compared with every other; p adjusted by Holm over the systems, measure by measure.

    Raises ValueError when no topic has anything relevant.
    """
    measured = [measure_run(name, run, qrels) for name, run in runs.items()]
    ours = next((one for one in measured if one.system == OURS), None)
    others = [one for one in measured if one.system != OURS]
    topics = list(answerable(qrels))
    if not topics:
        raise ValueError("no topic has a relevant text")
    against: dict[str, dict[str, tuple[Difference, float]]] = {}
    if ours is not None:
        for name in MEASURES:
            own = [ours.topics[name][topic] for topic in topics]
            found = [compare(own, [one.topics[name][topic] for topic in topics]) for one in others]
            for one, difference, adjusted in zip(others, found, holm([d.p for d in found]), strict=True):
                against.setdefault(one.system, {})[name] = (difference, adjusted)
    return Table(len(topics), texts, tuple(measured), against, tuple(notes))


def read_qrels(path: Path) -> dict[str, dict[str, int]]:
    """The four columns topic, 0, text, grade of a TREC qrels file. Raises CollectionFormatError naming the first bad line."""
    qrels: dict[str, dict[str, int]] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), 1):
        if not line.strip():
            continue
        columns = line.split()
        try:
            topic, _, text, grade = columns
            qrels.setdefault(topic, {})[text] = int(grade)
        except ValueError as exc:
            raise CollectionFormatError(path.name, number, "应为四列：题目 0 段落 等级") from exc
    if not qrels:
        raise CollectionFormatError(path.name, 1, "没有一条判断")
    return qrels
