"""Vectors of sentences, kept in memory: the next question of the same person is mostly sought among the same sentences.

A vector follows from the text and the model alone, so what is kept is never out of date.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import Final

import numpy as np

from retrieval.embedder import Embedder, Vectors

MOST: Final = 4096  # 6 MB


class SentenceVectors:
    """Sentences and their vectors, by the district they stand in; may be used from several threads."""

    def __init__(self, embedder: Embedder, most: int = MOST) -> None:
        """most : how many are kept; those used longest ago go first."""
        self._embedder, self._most = embedder, most
        self._kept: OrderedDict[tuple[str, str], Vectors] = OrderedDict()
        self._lock = threading.Lock()

    def vectors(self, sentences: Sequence[tuple[str, str]]) -> Vectors:
        """Vectors of (district, text), at least one, shape (len(sentences), dim).

        By district: how long an answer takes must not tell whether another one has the same words in its papers.
        """
        with self._lock:
            known = {sentence: self._kept[sentence] for sentence in sentences if sentence in self._kept}
        new = [sentence for sentence in dict.fromkeys(sentences) if sentence not in known]
        if new:
            known |= zip(new, self._embedder.embed_passages([text for _, text in new]), strict=True)
        with self._lock:
            for sentence in dict.fromkeys(sentences):
                self._kept[sentence] = known[sentence]
                self._kept.move_to_end(sentence)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return np.stack([known[sentence] for sentence in sentences])
