"""Makes the weights of `retrieval.question_kinds` from the wordings of `corpus/questions/kinds.yaml`: `python -m retrieval.question_training`.

Ridge regression of +1 / −1 per class, solved exactly: the same wordings give the same weights.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import corpus
from retrieval.errors import RetrievalError
from retrieval.metrics import load_metrics
from retrieval.question_kinds import BUCKETS, CLASSES, EVIDENCE_FAVOUR, WEIGHTS_FILE, QuestionKinds, buckets
from retrieval.question_signs import signs
from scoring_rules.catalogue import load_catalogue
from scoring_rules.yaml_source import Faults, parse_yaml

Floats = NDArray[np.float64]
Rows = NDArray[np.float32]
# The places of the wordings: whoever asks them is in the first.
DISTRICTS = ("青石区", "临溪区")
# How strongly the weights are held small.
RIDGE = 0.3
_FEWEST = 10
_STEPS = 127
_FOLDS = 6


class WordingsError(RetrievalError):
    """The file of wordings is wrong.  faults : every fault, one Chinese sentence each."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        self.faults = faults
        super().__init__("问法文件有错，请逐处改正：\n" + "\n".join(faults))


@dataclass(frozen=True, slots=True)
class Wording:
    """A question as typed; name : of its class."""

    text: str
    name: str


def read_wordings(text: str) -> list[Wording]:
    """The wordings in YAML text.  Raises WordingsError with every fault."""
    faults = Faults("kinds.yaml")
    root = parse_yaml(text, faults).mapping(list(CLASSES))
    found: dict[str, Wording] = {}
    for name in CLASSES if not faults else ():
        listed = root[name].texts()
        if len(listed) < _FEWEST:
            root[name].fault(f"至少要有 {_FEWEST} 种问法，现在 {len(listed)} 种，请补上。")
        for wording in listed:
            if wording in found:
                root[name].fault(f"“{wording}”写了两次（另一处在 {found[wording].name}），请删去一处。")
            found[wording] = Wording(wording, name)
    if faults:
        raise WordingsError(tuple(faults.sentences))
    return list(found.values())


@cache
def _shipped() -> str:
    return (files("corpus") / "questions" / "kinds.yaml").read_text(encoding="utf-8")


def train(text: str | None = None) -> QuestionKinds:
    """The weights of wordings in YAML text; None = the shipped ones."""
    text = _shipped() if text is None else text
    wordings = read_wordings(text)
    made = _fit(_rows(wordings), _targets(wordings))
    return QuestionKinds(*made, hashlib.sha256(text.encode("utf-8")).hexdigest())


def cross_validation(seed: int = 7) -> tuple[float, float]:
    """(share of classes right, share of kinds right) of the shipped wordings, each read by weights made without its sixth of them."""
    wordings = read_wordings(_shipped())
    rows, targets = _rows(wordings), _targets(wordings)
    order = list(range(len(wordings)))
    random.Random(seed).shuffle(order)
    names = list(CLASSES)
    right = kinds = 0
    for fold in range(_FOLDS):
        out = sorted(order[fold::_FOLDS])
        kept = sorted(set(order) - set(out))
        weights, scale, offsets = _fit(rows[kept], targets[kept])
        for row in out:
            name = names[int(np.argmax(rows[row] @ (weights * scale) + offsets))]
            right += name == wordings[row].name
            kinds += CLASSES[name][0] == CLASSES[wordings[row].name][0]
    return right / len(wordings), kinds / len(wordings)


def _rows(wordings: Sequence[Wording]) -> Rows:
    """Shape (n, BUCKETS), unit rows."""
    catalogue, metrics = load_catalogue(), load_metrics()
    rows = np.zeros((len(wordings), BUCKETS), dtype=np.float32)
    for row, wording in zip(rows, wordings, strict=True):
        row[buckets(signs(wording.text, catalogue, metrics, district=DISTRICTS[0], districts=DISTRICTS))] = 1.0
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return rows


def _targets(wordings: Sequence[Wording]) -> Floats:
    """Shape (n, n_classes): 1 for the class, −1 for every other."""
    return np.array([[1.0 if wording.name == name else -1.0 for name in CLASSES] for wording in wordings])


def _fit(rows: Rows, targets: Floats) -> tuple[NDArray[np.int8], float, Floats]:
    offsets = targets.mean(axis=0)
    likeness = (rows @ rows.T).astype(np.float64)
    likeness[np.diag_indices(len(rows))] += RIDGE
    solved = np.linalg.solve(likeness, targets - offsets)
    weights = rows.T @ solved.astype(np.float32)
    scale = float(np.abs(weights).max()) / _STEPS
    offsets = offsets + np.array([EVIDENCE_FAVOUR * (kind == "evidence") for kind, _, _ in CLASSES.values()])
    # Many decimals would differ from machine to machine.
    return np.round(weights / scale).astype(np.int8), float(f"{scale:.6g}"), np.round(offsets, 6)


def main() -> None:
    """Writes the weights beside the wordings and tells how well they read what they have not seen."""
    target = Path(corpus.__file__ or "").parent / "questions" / WEIGHTS_FILE
    made = train()
    target.write_text(made.to_text(), encoding="ascii")
    classes, kinds = cross_validation()
    print(f"{target.name} 已写好。六分交叉验证：细类对 {classes:.3f}，种类对 {kinds:.3f}。")


if __name__ == "__main__":
    main()
