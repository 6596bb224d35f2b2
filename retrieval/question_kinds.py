"""Which kind of question it is, learnt from some thousand wordings (`corpus/questions/kinds.yaml`): a linear score per class.

The weights (`corpus/questions/kinds.txt`) are made from the wordings by `python -m retrieval.question_training`. A sign of a question
(`retrieval.question_signs`) falls into one of BUCKETS by its CRC-32; a bucket holds one weight per class.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import RetrievalError
from retrieval.question_signs import FIGURE

__all__ = ["CLASSES", "FIGURE", "About", "KindsError", "QuestionKind", "QuestionKinds", "Topic", "load_kinds"]

QuestionKind = Literal["indicator", "evidence", "missing", "comparison", "ledger", "unknown"]
Topic = Literal[
    "", "annex1", "grades", "total", "bonus", "procedure", "document", "count", "threshold", "parts", "where", "materials"
]  # fmt: skip
About = Literal[
    "", "figure", "evidence", "indicator", "missing", "comparison", "points", "rectification", "annex1", "grade", "procedure",
    "deadline", "unknown",
]  # fmt: skip
Reading: TypeAlias = tuple[QuestionKind, About, Topic]
# The classes of kinds.yaml: kind, finer kind, and what of the scheme is asked for.
CLASSES: Final = MappingProxyType[str, Reading](
    {
        "figure": ("evidence", "figure", ""),
        "evidence": ("evidence", "evidence", ""),
        "missing": ("missing", "missing", ""),
        "comparison": ("comparison", "comparison", ""),
        "points": ("ledger", "points", ""),
        "rectification": ("ledger", "rectification", ""),
        "annex1_state": ("ledger", "annex1", ""),
        "grade_state": ("ledger", "grade", ""),
        "parts": ("indicator", "indicator", "parts"),
        "threshold": ("indicator", "indicator", "threshold"),
        "where": ("indicator", "indicator", "where"),
        "materials": ("indicator", "indicator", "materials"),
        "count": ("indicator", "indicator", "count"),
        "total": ("indicator", "indicator", "total"),
        "bonus": ("indicator", "indicator", "bonus"),
        "document": ("indicator", "indicator", "document"),
        "annex1_text": ("indicator", "annex1", "annex1"),
        "grades": ("indicator", "grade", "grades"),
        "procedure": ("indicator", "procedure", "procedure"),
        "deadline": ("indicator", "deadline", "procedure"),
        "other": ("unknown", "unknown", ""),
    }
)
# Of the wordings a third is about the evidence, of what people ask two thirds: what these classes are given on top, by cross-validation.
EVIDENCE_FAVOUR: Final = 0.15
BUCKETS: Final = 1 << 16
WEIGHTS_FILE: Final = "kinds.txt"


class KindsError(RetrievalError):
    """The weights are not those of this program."""

    def __init__(self) -> None:
        super().__init__(
            f"问话种类的权重（{WEIGHTS_FILE}）不能用，请运行 `python -m retrieval.question_training` 重写，或重新安装。"
        )


@dataclass(frozen=True, slots=True)
class QuestionKinds:
    """weights : ndarray of shape (BUCKETS, len(CLASSES)), int8, times `scale`. offsets : of the classes. source : SHA-256 of the wordings."""

    weights: NDArray[np.int8]
    scale: float
    offsets: NDArray[np.float64]
    source: str

    def scores(self, signs: Iterable[str]) -> dict[str, float]:
        """Class → score, the best first; near 1 for a wording that was learnt, near −1 for what it is not."""
        held = buckets(signs)
        summed = self.weights[held].sum(axis=0, dtype=np.int64) * (self.scale / max(1, len(held)) ** 0.5) + self.offsets
        return dict(sorted(zip(CLASSES, summed.tolist(), strict=True), key=lambda entry: -entry[1]))

    def read(self, signs: Iterable[str]) -> Reading:
        """The class with the best score."""
        return CLASSES[next(iter(self.scores(signs)))]

    def to_text(self) -> str:
        """As kept in the file: a line of JSON, then the weights, compressed, in base64."""
        head = {"source": self.source, "scale": self.scale, "offsets": self.offsets.tolist(), "classes": list(CLASSES)}
        packed = base64.b64encode(zlib.compress(self.weights.tobytes(), 9)).decode("ascii")
        lines = [packed[at : at + 120] for at in range(0, len(packed), 120)]
        return "\n".join([json.dumps(head), *lines, ""])


def buckets(signs: Iterable[str]) -> list[int]:
    """Where the signs fall, each place once, in order."""
    return sorted({zlib.crc32(sign.encode("utf-8")) % BUCKETS for sign in signs})


@cache
def load_kinds() -> QuestionKinds:
    """The shipped weights.  Raises KindsError."""
    return read_kinds((files("corpus") / "questions" / WEIGHTS_FILE).read_text(encoding="ascii"))


def read_kinds(text: str) -> QuestionKinds:
    """The weights as `to_text` wrote them.  Raises KindsError."""
    head, _, packed = text.partition("\n")
    try:
        told = json.loads(head)
        weights = np.frombuffer(zlib.decompress(base64.b64decode(packed)), dtype=np.int8).reshape(BUCKETS, len(CLASSES))
        offsets = np.array(told["offsets"], dtype=np.float64)
        if told["classes"] != list(CLASSES) or offsets.shape != (len(CLASSES),):
            raise KindsError
        return QuestionKinds(weights, float(told["scale"]), offsets, told["source"])
    except (ValueError, KeyError, TypeError, zlib.error) as exc:
        raise KindsError from exc
