"""Passage → criterion on labelled passages: top-1, top-3, 无对应, calibration; ours and plain systems on the same passages.

A file of labelled passages has per line {"id", "text", "primary": "B5" or null, "sub": "B5-5" or null, "also": ["B14"]}.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from retrieval.errors import CollectionFormatError
from retrieval.itemmap import ItemMapping
from review.significance import compare
from scoring_rules.scheme import Scheme

BINS = 10


@dataclass(frozen=True, slots=True)
class LabelledPassage:
    """primary : criterion it speaks of first, "" = 无对应. sub : its item, "" = not laid down. also : further criteria it may count for."""

    id: str
    text: str
    primary: str
    sub: str
    also: tuple[str, ...]


def criterion_of(item: str) -> str:
    """B5-5 → B5; B9 → B9."""
    return item.split("-")[0]


def read_labelled(path: Path) -> list[LabelledPassage]:
    """The labelled passages in order. Raises CollectionFormatError naming the first bad line."""
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            id_, text, primary, sub = row["id"], row["text"], row["primary"] or "", row.get("sub") or ""
            also = tuple(row.get("also") or ())
        except (ValueError, TypeError, KeyError) as exc:
            raise CollectionFormatError(path.name, number, '应为 {"id","text","primary","sub","also"}') from exc
        if not all(isinstance(value, str) for value in (id_, text, primary, sub, *also)) or len(id_.split()) != 1:
            raise CollectionFormatError(path.name, number, "id、text、primary、sub 应为文字，also 应为文字的列表")
        found.append(LabelledPassage(id_, text, primary, sub, also))
    if not found:
        raise CollectionFormatError(path.name, 1, "没有一个段落")
    return found


def item_topics(
    scheme: Scheme, passages: Sequence[LabelledPassage]
) -> tuple[dict[str, str], dict[str, dict[str, int]]]:
    """Questions and judgements made of labels: the verbatim text of every item and criterion asks for its passages.

    Item topics: passages whose `sub` it is. Criterion topics (`criterion:B5`, its name and all its items): `primary` grade 2,
    `also` grade 1.
    """
    topics: dict[str, str] = {}
    qrels: dict[str, dict[str, int]] = {}
    for item in scheme.items:
        topics[item.id] = item.text
        qrels[item.id] = {passage.id: 2 for passage in passages if passage.sub == item.id}
    for criterion in scheme.criteria:
        topic = f"criterion:{criterion.id}"
        topics[topic] = "\n".join([criterion.name, *(item.text for item in criterion.items)])
        grades = {passage.id: 1 for passage in passages if criterion.id in passage.also}
        qrels[topic] = grades | {passage.id: 2 for passage in passages if passage.primary == criterion.id}
    return topics, qrels


def criteria_ranked(items: Sequence[str]) -> list[str]:
    """Criteria in the order in which their best item comes."""
    return list(dict.fromkeys(map(criterion_of, items)))


def ranking_figures(passages: Sequence[LabelledPassage], rankings: Mapping[str, Sequence[str]]) -> dict[str, float]:
    """Top-1 and top-3 over the passages that speak of something. rankings : passage → items, best first."""
    hits = hits_of(passages, rankings)
    figures = {name: sum(values) / len(values) for name, values in hits.items() if values}
    return figures | {"n": float(len(hits["criterion_top1"])), "n_items": float(len(hits["item_top1"]))}


def hits_of(passages: Sequence[LabelledPassage], rankings: Mapping[str, Sequence[str]]) -> dict[str, list[float]]:
    """Per figure 1 or 0 for each passage it can be told of, in order."""
    hits: dict[str, list[float]] = {
        name: [] for name in ("criterion_top1", "criterion_top1_or_also", "criterion_top3", "item_top1", "item_top3")
    }
    for passage in passages:
        if not passage.primary:
            continue
        items = list(rankings.get(passage.id, ()))
        criteria = criteria_ranked(items)
        hits["criterion_top1"].append(float(criteria[:1] == [passage.primary]))
        hits["criterion_top1_or_also"].append(float(bool({passage.primary, *passage.also} & set(criteria[:1]))))
        hits["criterion_top3"].append(float(passage.primary in criteria[:3]))
        if passage.sub:
            hits["item_top1"].append(float(passage.sub in items[:1]))
            hits["item_top3"].append(float(passage.sub in items[:3]))
    return hits


def none_figures(passages: Sequence[LabelledPassage], none: Mapping[str, bool]) -> dict[str, float]:
    """Precision and recall of 无对应; a figure that has nothing to be told of is left out."""
    said = [passage for passage in passages if none[passage.id]]
    right = sum(not passage.primary for passage in said)
    without = sum(not passage.primary for passage in passages)
    figures = {"n_none": float(without)}
    if said:
        figures["none_precision"] = right / len(said)
    if without:
        figures["none_recall"] = right / without
    return figures


def calibration_error(confident: Sequence[float], right: Sequence[float], bins: int = BINS) -> float:
    """Expected calibration error: |mean confidence − share right| over bins of equal width, weighted by their numbers."""
    error = 0.0
    for place in range(bins):
        inside = [i for i, value in enumerate(confident) if place == min(int(value * bins), bins - 1)]
        error += abs(sum(confident[i] for i in inside) - sum(right[i] for i in inside))
    return error / len(confident)


def mapping_figures(passages: Sequence[LabelledPassage], mapped: Sequence[ItemMapping]) -> dict[str, float]:
    """All figures of our mapping. `criterion_top1_shown` also counts as wrong what was wrongly called 无对应."""
    by_id = {passage.id: result for passage, result in zip(passages, mapped, strict=True)}
    rankings = {id_: [item for item, _ in result.ranking] for id_, result in by_id.items()}
    figures = ranking_figures(passages, rankings) | none_figures(
        passages, {id_: result.none for id_, result in by_id.items()}
    )
    speaking = [passage for passage in passages if passage.primary]
    shown = [not by_id[p.id].none and criteria_ranked(rankings[p.id])[:1] == [p.primary] for p in speaking]
    figures["criterion_top1_shown"] = sum(shown) / len(speaking)
    with_item = [passage for passage in passages if passage.sub]
    if with_item:
        figures["calibration_error"] = calibration_error(
            [by_id[p.id].ranking[0][1] for p in with_item],
            [float(rankings[p.id][:1] == [p.sub]) for p in with_item],
        )
    return figures


def mapping_lines(
    passages: Sequence[LabelledPassage], systems: Mapping[str, Mapping[str, Sequence[str]]], ours: str
) -> list[str]:
    """Top-1 and top-3 of every system, and p of ours against each (randomisation test on the same passages)."""
    own = hits_of(passages, systems[ours])
    shown = [f"段落 → 二级指标（{len(own['criterion_top1'])} 段）：首位、前三；到评价要点的首位、前三"]
    for system, rankings in systems.items():
        hits = hits_of(passages, rankings)
        names = ("criterion_top1", "criterion_top3", "item_top1", "item_top3")
        line = f"{system:14}" + "  ".join(f"{sum(hits[name]) / max(len(hits[name]), 1):.3f}" for name in names)
        if system != ours:
            p = compare(own["criterion_top1"], hits["criterion_top1"]).p
            line += f"　首位之差的 p={p:.4g}"
        shown.append(line)
    return shown
