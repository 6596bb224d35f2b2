"""Trains the mapping on people's decisions: confirmed and rejected links, and passages whose items somebody wrote down.

Decided passages become examples beside the shipped ones, and the numbers move from the shipped ones as far as the decisions carry.
What it brings is told by cross-validation over documents: no decision is judged by numbers it has a part in, and no passage sees
another of its own document among the examples.
"""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.calibration import best_temperature, calibration_error
from retrieval.embedder import Embedder
from retrieval.item_examples import Example, load_examples
from retrieval.item_features import Features, ItemFeatures
from retrieval.mapping_fit import fit_items, fit_none
from retrieval.mapping_model import MappingModel, shipped_model, softmax, with_examples
from scoring_rules.catalogue import Catalogue
from scoring_rules.scheme import Scheme

Flags = NDArray[np.bool_]

FOLDS = 5
# More examples of an item tell little new and cost time at every passage; the newest are kept.
MOST_EXAMPLES = 40
# With fewer decisions a temperature would follow chance.
_LEAST_FOR_TEMPERATURE = 300


@dataclass(frozen=True, slots=True)
class Trained:
    """figures : before and after, of decided passages in cross-validation; a figure nothing can be told of is left out."""

    model: MappingModel
    decided: int
    before: Mapping[str, float]
    after: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class _Judged:
    """Signals of decided passages with what would be right: allowed items (n, n_items), and none (n,)."""

    features: Features
    allowed: Flags
    none: Flags


def train(
    scheme: Scheme, catalogue: Catalogue, embedder: Embedder, decided: Sequence[Example], *, cache: Path | None = None
) -> Trained:
    """The model that follows from `decided` passages, oldest first; without any it is the shipped one.

    The id of an example is document#place: passages of one document are judged together. A text decided twice counts as last decided.
    """
    shipped = shipped_model(scheme)
    latest = list({example.text: example for example in decided}.values())
    kept = _newest(latest)
    examples = [*load_examples(scheme), *kept]
    measured = ItemFeatures(scheme, catalogue, embedder, examples, caches=[cache] if cache else [])
    rows = _judged(measured, examples)
    own = np.arange(len(examples)) >= len(examples) - len(kept)
    folds = np.array([zlib.crc32(_document(example).encode()) % FOLDS for example in examples])
    before, after = _Answers(), _Answers()
    for fold in range(FOLDS):
        test = own & (folds == fold)
        if test.any():
            before.add(rows, test, shipped)
            after.add(rows, test, _fit(rows, own & (folds != fold), ~test, shipped))
    model = with_examples(_fit(rows, own, np.ones(len(examples), dtype=bool), shipped), kept)
    return Trained(model, len(latest), before.figures(), after.figures())


def _document(example: Example) -> str:
    return example.id.rpartition("#")[0] or example.id


def _newest(examples: Sequence[Example]) -> list[Example]:
    """At most MOST_EXAMPLES of each item and of none, the newest, in the order given."""
    numbers: defaultdict[tuple[str, ...], int] = defaultdict(int)
    kept = []
    for example in reversed(examples):
        key = example.items[:1] or tuple(sorted(example.rejected))
        if numbers[key] < MOST_EXAMPLES:
            numbers[key] += 1
            kept.append(example)
    return kept[::-1]


def _judged(measured: ItemFeatures, examples: Sequence[Example]) -> _Judged:
    """Signals of the examples themselves, each measured without those of its own document."""
    same: defaultdict[str, list[int]] = defaultdict(list)
    for place, example in enumerate(examples):
        same[_document(example)].append(place)
    features = measured.measure(
        [example.text for example in examples],
        measured.example_vectors,
        [same[_document(example)] for example in examples],
    )
    allowed = np.array(
        [[id_ in e.items if e.items else id_ not in e.rejected for id_ in measured.ids] for e in examples], dtype=bool
    )
    return _Judged(features, allowed, np.array([example.none for example in examples]))


def _fit(rows: _Judged, decided: Flags, known: Flags, prior: MappingModel) -> MappingModel:
    """decided : rows the weights of items are fitted on. known : rows that tell none from something; shipped examples take part."""
    speaking = decided & ~rows.none
    weights, offsets = prior.weights, prior.offsets
    if speaking.any():
        signals, allowed = rows.features.items[speaking], rows.allowed[speaking]
        weights, offsets = fit_items(signals, allowed, weights, offsets)
        if speaking.sum() >= _LEAST_FOR_TEMPERATURE:
            heat = best_temperature(signals @ weights + offsets, allowed)
            weights, offsets = weights / heat, offsets / heat
    none_weights, none_offset = prior.none_weights, prior.none_offset
    if decided.any():
        none_weights, none_offset = fit_none(rows.features.none[known], rows.none[known], none_weights, none_offset)
    return replace(prior, weights=weights, offsets=offsets, none_weights=none_weights, none_offset=none_offset)


class _Answers:
    """Collects how decided passages were answered."""

    def __init__(self) -> None:
        self._confidences: list[float] = []
        self._first: list[bool] = []
        self._three: list[bool] = []
        self._said: list[bool] = []
        self._none: list[bool] = []

    def add(self, rows: _Judged, test: Flags, model: MappingModel) -> None:
        said = model.none_probability(rows.features.none[test]) > 0.5
        self._said += said.tolist()
        self._none += rows.none[test].tolist()
        speaking = test & ~rows.none
        shares = softmax(model.scores(rows.features.items[speaking]))
        for row, allowed in zip(shares, rows.allowed[speaking], strict=True):
            order = np.argsort(-row, kind="stable")
            self._confidences.append(float(row[order[0]]))
            self._first.append(bool(allowed[order[0]]))
            self._three.append(bool(allowed[order[:3]].any()))

    def figures(self) -> dict[str, float]:
        """n, item_top1, item_top3, calibration_error, n_none, none_precision, none_recall."""
        figures = {"n": float(len(self._first)), "n_none": float(sum(self._none))}
        if self._first:
            figures["item_top1"] = float(np.mean(self._first))
            figures["item_top3"] = float(np.mean(self._three))
            figures["calibration_error"] = calibration_error(np.array(self._confidences), np.array(self._first))
        right = sum(said and none for said, none in zip(self._said, self._none, strict=True))
        if any(self._said):
            figures["none_precision"] = right / sum(self._said)
        if any(self._none):
            figures["none_recall"] = right / sum(self._none)
        return figures
