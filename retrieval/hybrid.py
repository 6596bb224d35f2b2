"""Puts two rankings of the same passages together: words in common (BM25) and likeness of meaning (cosine)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

System = Literal["hybrid", "dense", "bm25"]
Key = TypeVar("Key", int, str)
Scores = NDArray[np.float64]


def min_max(scores: Mapping[Key, float]) -> dict[Key, float]:
    """The scores stretched to 0..1; all 1 when they are all equal."""
    if not scores:
        return {}
    low, high = min(scores.values()), max(scores.values())
    if high == low:
        return dict.fromkeys(scores, 1.0)
    return {key: (score - low) / (high - low) for key, score in scores.items()}


def fuse(
    words: Mapping[Key, float], meaning: Mapping[Key, float], *, system: System = "hybrid"
) -> list[tuple[Key, float]]:
    """Keys with a score of 0..1, best first; equal scores in the order of the keys.

    words : BM25 scores above 0; a key that is missing shares no word. meaning : cosines of all keys of the union.
    The mean of both, each stretched to 0..1 over the union: better than reciprocal ranks on every set it was tried on.
    """
    both = set(words) | set(meaning)
    if system == "bm25":
        combined = min_max(words)
    elif system == "dense":
        combined = min_max(meaning)
    else:
        by_words = min_max({key: words.get(key, 0.0) for key in both}) if words else {}
        by_meaning = min_max(meaning)
        combined = {key: (by_words.get(key, 0.0) + by_meaning.get(key, 0.0)) / 2 for key in both}
    return sorted(combined.items(), key=lambda pair: (-pair[1], pair[0]))


# Words weigh more than meaning. Between .3 and .5 for meaning nothing changed significantly on any set it was tried on.
MEANING: Final = 0.4
# A passage that has every figure, document number and id of the question stands before one that has none.
EXACT: Final = 0.3


def combine(
    words: Scores, meaning: Scores, exact: Scores | None = None, items: Scores | None = None, items_weight: float = 0.0
) -> Scores:
    """Scores of 0..1 of candidates, all arrays of shape (n,), n ≥ 1.

    words, meaning : each stretched to 0..1 over the candidates. exact : share of the exact marks. items : how surely a candidate is
    for the items whose official wording is asked for; counts as much as words and meaning together at items_weight 1.
    """
    scores = (1 - MEANING) * stretched(words) + MEANING * stretched(meaning)
    most = 1.0
    if exact is not None:
        scores, most = scores + EXACT * exact, most + EXACT
    if items is not None and items_weight:
        # The root: between .3 and .9 sure the difference is smaller than between 0 and .3.
        scores, most = scores + items_weight * np.sqrt(items), most + items_weight
    return np.asarray(scores / most, dtype=np.float64)


def stretched(scores: Scores) -> Scores:
    """The scores stretched to 0..1; all 0 when they are all equal."""
    low, high = scores.min(), scores.max()
    return (scores - low) / (high - low) if high > low else np.zeros_like(scores)
