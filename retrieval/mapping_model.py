"""How the signals of a passage become confidences: a linear score per item and a softmax, a logistic score for "of no item".

The shipped numbers stand in `corpus/mapping/model.yaml`; a model trained on people's decisions replaces them (`mapping_training`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import RetrievalError
from retrieval.item_examples import Example
from retrieval.item_features import NONE_SIGNALS, SIGNALS
from scoring_rules.scheme import Scheme
from scoring_rules.yaml_source import Faults, Node, parse_yaml

Floats = NDArray[np.float64]
TRAINED_FILE = "mapping-model.json"


class MappingModelError(RetrievalError):
    """The numbers of the mapping cannot be read.  faults : one Chinese sentence each."""

    def __init__(self, name: str, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        super().__init__(f"对应模型“{name}”不能用：\n" + "\n".join(faults))


@dataclass(frozen=True, slots=True)
class MappingModel:
    """weights : of SIGNALS. offsets : of items that are more or less often right than their signals say, in the order of the scheme.

    none_weights : of NONE_SIGNALS; none_offset : the constant beside them. examples : passages people decided on, read along with
    the shipped ones.
    """

    weights: Floats
    offsets: Floats
    none_weights: Floats
    none_offset: float
    examples: tuple[Example, ...] = ()

    def scores(self, items: Floats) -> Floats:
        """Scores of shape (n, n_items) from signals of shape (n, n_items, len(SIGNALS))."""
        summed: Floats = items @ self.weights + self.offsets
        return summed

    def none_probability(self, none: Floats) -> Floats:
        """Probability, shape (n,), that a passage is evidence for no item."""
        odds: Floats = 1 / (1 + np.exp(-np.clip(none @ self.none_weights + self.none_offset, -50, 50)))
        return odds

    @property
    def digest(self) -> str:
        """Changes whenever a confidence could change with it."""
        told = json.dumps(to_data(self), ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(told.encode("utf-8")).hexdigest()[:16]


def softmax(scores: Floats) -> Floats:
    """Shares of each row that add up to 1."""
    odds = np.exp(scores - scores.max(axis=-1, keepdims=True))
    shares: Floats = odds / odds.sum(axis=-1, keepdims=True)
    return shares


@cache
def shipped_model(scheme: Scheme) -> MappingModel:
    """The model that comes with the program.  Raises MappingModelError."""
    source = files("corpus") / "mapping" / "model.yaml"
    return read_model(source.read_text(encoding="utf-8"), scheme, source.name)


def read_model(text: str, scheme: Scheme, name: str = "model.yaml") -> MappingModel:
    """The model in YAML text.  Raises MappingModelError with every fault."""
    faults = Faults(name)
    root = parse_yaml(text, faults).mapping(["scheme", "weights", "none_weights", "none_offset"])
    if not faults and root["scheme"].text() != scheme.id:
        root["scheme"].fault(f"模型属于别的方案，请核对（应为“{scheme.id}”）。")
    weights, none_weights = _numbers(root["weights"], SIGNALS), _numbers(root["none_weights"], NONE_SIGNALS)
    offset = float(root["none_offset"].decimal_text())
    if faults:
        raise MappingModelError(name, faults.sentences)
    return MappingModel(weights, np.zeros(len(scheme.items)), none_weights, offset)


def _numbers(node: Node, names: Sequence[str]) -> Floats:
    members = node.mapping(names)
    return np.array([float(members[name].decimal_text()) for name in names])


def trained_model(folder: Path | None, scheme: Scheme) -> MappingModel:
    """The model trained on this machine, if one lies in `folder`; else the shipped one.

    Raises MappingModelError when it lies there and cannot be read: quietly going back would change proposals without a word.
    """
    file = None if folder is None else folder / TRAINED_FILE
    if file is None or not file.is_file():
        return shipped_model(scheme)
    try:
        return from_data(json.loads(file.read_text(encoding="utf-8")), scheme)
    except (OSError, ValueError, KeyError, TypeError) as exc:
        raise MappingModelError(file.name, ["文件损坏或不是本程序写的，请重新训练，或删除后用自带的模型。"]) from exc


def to_data(model: MappingModel) -> dict[str, Any]:
    """As JSON data."""
    return {
        "signals": list(SIGNALS),
        "weights": model.weights.tolist(),
        "offsets": model.offsets.tolist(),
        "none_signals": list(NONE_SIGNALS),
        "none_weights": model.none_weights.tolist(),
        "none_offset": model.none_offset,
        "examples": [[e.id, e.text, list(e.items), list(e.rejected), e.style] for e in model.examples],
    }


def from_data(data: Mapping[str, Any], scheme: Scheme) -> MappingModel:
    """The model in JSON data.  Raises ValueError, KeyError or TypeError when it is not one of this program and scheme."""
    known = {item.id for item in scheme.items}
    examples = tuple(Example(i, text, tuple(items), tuple(no), style) for i, text, items, no, style in data["examples"])
    model = MappingModel(
        np.array(data["weights"], dtype=np.float64), np.array(data["offsets"], dtype=np.float64),
        np.array(data["none_weights"], dtype=np.float64), float(data["none_offset"]), examples,
    )  # fmt: skip
    shapes = (model.weights.shape, model.offsets.shape, model.none_weights.shape)
    if shapes != ((len(SIGNALS),), (len(known),), (len(NONE_SIGNALS),)):
        raise ValueError("shapes")
    if tuple(data["signals"]) != SIGNALS or tuple(data["none_signals"]) != NONE_SIGNALS:
        raise ValueError("signals")
    numbers = np.concatenate([model.weights, model.offsets, model.none_weights, [model.none_offset]])
    if not np.isfinite(numbers).all() or any({*e.items, *e.rejected} - known for e in examples):
        raise ValueError("values")
    return model


def with_examples(model: MappingModel, examples: Sequence[Example]) -> MappingModel:
    """The same numbers beside other examples."""
    return replace(model, examples=tuple(examples))
