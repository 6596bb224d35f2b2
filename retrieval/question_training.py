"""Makes the weights of `retrieval.question_kinds` from the wordings of `corpus/questions/kinds.yaml`: `python -m retrieval.question_training`.

Ridge regression of +1 / −1 per class, solved exactly: the same wordings give the same weights.
"""

from __future__ import annotations

import hashlib
import random
from collections import defaultdict
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
    held = _held(wordings)
    solved, offsets = _solved(_likeness(held), _targets(wordings))
    weights = np.zeros((BUCKETS, len(CLASSES)))
    for places, row in zip(held, solved, strict=True):
        weights[places] += row / len(places) ** 0.5
    scale = float(np.abs(weights).max()) / _STEPS
    offsets += [EVIDENCE_FAVOUR * (kind == "evidence") for kind, _, _ in CLASSES.values()]
    # Many decimals would differ from machine to machine.
    packed = np.round(weights / scale).astype(np.int8)
    source = hashlib.sha256(text.encode("utf-8")).hexdigest()
    return QuestionKinds(packed, float(f"{scale:.6g}"), np.round(offsets, 6), source)


def cross_validation(seed: int = 7) -> tuple[float, float]:
    """(share of classes right, share of kinds right) of the shipped wordings, each read by weights made without its sixth of them."""
    wordings = read_wordings(_shipped())
    likeness, targets = _likeness(_held(wordings)), _targets(wordings)
    favour = np.array([EVIDENCE_FAVOUR * (kind == "evidence") for kind, _, _ in CLASSES.values()])
    order = list(range(len(wordings)))
    random.Random(seed).shuffle(order)
    names = list(CLASSES)
    right = kinds = 0
    for fold in range(_FOLDS):
        out = sorted(order[fold::_FOLDS])
        kept = sorted(set(order) - set(out))
        solved, offsets = _solved(likeness[np.ix_(kept, kept)], targets[kept])
        scores = likeness[np.ix_(out, kept)] @ solved + offsets + favour
        for row, best in zip(out, scores.argmax(axis=1), strict=True):
            name = names[int(best)]
            right += name == wordings[row].name
            kinds += CLASSES[name][0] == CLASSES[wordings[row].name][0]
    return right / len(wordings), kinds / len(wordings)


def _held(wordings: Sequence[Wording]) -> list[list[int]]:
    """The places of the signs of each wording, in order."""
    catalogue, metrics = load_catalogue(), load_metrics()
    return [
        buckets(signs(one.text, catalogue, metrics, district=DISTRICTS[0], districts=DISTRICTS)) for one in wordings
    ]


def _likeness(held: Sequence[Sequence[int]]) -> Floats:
    """Shape (n, n): the places two wordings share, divided by the root of what each holds; 1 on the diagonal."""
    having: dict[int, list[int]] = defaultdict(list)
    for row, places in enumerate(held):
        for place in places:
            having[place].append(row)
    found = {place: np.array(rows) for place, rows in having.items()}
    size = np.array([len(places) for places in held]) ** 0.5
    shared = np.array(
        [np.bincount(np.concatenate([found[place] for place in places]), minlength=len(held)) for places in held],
        dtype=np.float64,
    )
    return shared / size / size[:, None]


def _targets(wordings: Sequence[Wording]) -> Floats:
    """Shape (n, n_classes): 1 for the class, −1 for every other."""
    return np.array([[1.0 if wording.name == name else -1.0 for name in CLASSES] for wording in wordings])


def _solved(likeness: Floats, targets: Floats) -> tuple[Floats, Floats]:
    """What each wording counts for each class, and the offsets of the classes."""
    offsets = targets.mean(axis=0)
    held_small = likeness.copy()
    held_small[np.diag_indices(len(likeness))] += RIDGE
    return np.linalg.solve(held_small, targets - offsets), offsets


def main() -> None:
    """Writes the weights beside the wordings and tells how well they read what they have not seen."""
    target = Path(corpus.__file__ or "").parent / "questions" / WEIGHTS_FILE
    made = train()
    target.write_text(made.to_text(), encoding="ascii")
    classes, kinds = cross_validation()
    print(f"{target.name} 已写好。六分交叉验证：细类对 {classes:.3f}，种类对 {kinds:.3f}。")


if __name__ == "__main__":
    main()
