"""Everything a file of labelled passages can tell: item text → passages in all systems, and passage → criterion in all systems."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from retrieval.embedder import Embedder
from retrieval.itemmap import ItemMapper
from review.evaluation_mapping import (
    LabelledPassage,
    hits_of,
    item_topics,
    mapping_figures,
    mapping_lines,
    read_labelled,
)
from review.evaluation_runs import OURS, Table, answerable, table_of
from review.evaluation_systems import SYSTEMS, all_runs
from scoring_rules.catalogue import Catalogue
from scoring_rules.scheme import Scheme


@dataclass(frozen=True, slots=True)
class Labelled:
    """search : item and criterion texts as questions. mapping : figures of our mapping. systems : passage → items in every system."""

    passages: Sequence[LabelledPassage]
    search: Table
    mapping: Mapping[str, float]
    systems: Mapping[str, Mapping[str, Sequence[str]]]

    def to_json(self) -> dict[str, Any]:
        """As the command line prints it."""
        rates = {
            system: {name: round(sum(hits) / len(hits), 4) for name, hits in hits_of(self.passages, rankings).items() if hits}
            for system, rankings in self.systems.items()
        }  # fmt: skip
        mapping = {name: round(value, 4) for name, value in self.mapping.items()}
        return {"search": self.search.to_json(), "mapping": mapping, "mapping_systems": rates}

    def lines(self) -> list[str]:
        """For people."""
        figures = [f"{name} {value:.4f}" for name, value in self.mapping.items()]
        return [
            "要点与指标原文 → 段落：", *self.search.lines(), "", *mapping_lines(self.passages, self.systems, OURS), "",
            "本程序的对应：" + "，".join(figures),
        ]  # fmt: skip


def measure_labelled(
    path: Path, scheme: Scheme, catalogue: Catalogue, embedder: Embedder, *, systems: Sequence[str] = SYSTEMS,
    say: Callable[[str], object] = lambda line: None,
) -> Labelled:  # fmt: skip
    """All figures of a file of labelled passages (see evaluation_mapping). Raises CollectionFormatError."""
    passages = read_labelled(path)
    texts = {passage.id: passage.text for passage in passages}
    topics, qrels = item_topics(scheme, passages)
    asked = {topic: topics[topic] for topic in answerable(qrels)}
    say(f"要点与指标原文 → 段落：{len(asked)} 题")
    runs, notes = all_runs(texts, asked, embedder, systems=systems, say=say)
    search = table_of(runs, {topic: qrels[topic] for topic in asked}, len(texts), notes)
    say(f"段落 → 指标：{len(passages)} 段")
    others = [system for system in systems if system != OURS]
    items = {item.id: f"{scheme.criterion(item.criterion_id).name}。{item.text}" for item in scheme.items}
    found, _ = all_runs(items, texts, embedder, systems=others, say=say)
    rankings: dict[str, Mapping[str, Sequence[str]]] = {
        system: {passage: ranked(scores) for passage, scores in run.items()} for system, run in found.items()
    }
    mapped = ItemMapper(scheme, catalogue, embedder).map(list(texts.values()), k=len(items))
    rankings[OURS] = {
        passage.id: [item for item, _ in result.ranking] for passage, result in zip(passages, mapped, strict=True)
    }
    return Labelled(passages, search, mapping_figures(passages, mapped), rankings)


def ranked(scores: Mapping[str, float]) -> list[str]:
    """Ids, best first; equal scores in the order of the ids."""
    return sorted(scores, key=lambda id_: (-scores[id_], id_))
