"""How strongly the words of a text point to each item: BM25 over the items' texts, and whole names found in the text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from retrieval.tokens import normalise

Scores = NDArray[np.float64]

_K1 = 1.2
_B = 0.75
# A word said three times says no more about the subject than said ten times.
_MOST_REPEATS = 3
# Enough names of one item settle it; more (a list, a table) must not drown everything else.
_MOST_NAME_CHARS = 24.0
_RUNS = re.compile(r"[\u3400-\u9fff]+|[a-z]+|\d+(?:\.\d+)?%?")


def grams(text: str) -> list[str]:
    """Single characters and bigrams of Chinese, words and numbers whole."""
    return folded_grams(normalise(text))


def folded_grams(folded: str) -> list[str]:
    """The same of a text that is normalised already."""
    found: list[str] = []
    for run in _RUNS.findall(folded):
        if "\u3400" <= run[0] <= "\u9fff":
            found += run
            found += [run[at : at + 2] for at in range(len(run) - 1)]
        else:
            found.append(run)
    return found


class ItemLexicon:
    """BM25 of a text as the question and the items' texts as the collection."""

    def __init__(self, documents: Sequence[str]) -> None:
        counts = [Counter(grams(document)) for document in documents]
        self._rows: dict[str, int] = {}
        for count in counts:
            for gram in count:
                self._rows.setdefault(gram, len(self._rows))
        frequency = Counter(gram for count in counts for gram in count)
        lengths = [count.total() for count in counts]
        mean = sum(lengths) / len(lengths)
        self._weights = np.zeros((len(self._rows), len(documents)))
        for column, count in enumerate(counts):
            for gram, times in count.items():
                rarity = np.log(1 + (len(documents) - frequency[gram] + 0.5) / (frequency[gram] + 0.5))
                norm = times + _K1 * (1 - _B + _B * lengths[column] / mean)
                self._weights[self._rows[gram], column] = rarity * times * (_K1 + 1) / norm

    def scores(self, folded: str) -> Scores:
        """Array of shape (n_items,), for a normalised text."""
        known = [
            (self._rows[gram], min(times, _MOST_REPEATS))
            for gram, times in Counter(folded_grams(folded)).items()
            if gram in self._rows
        ]
        if not known:
            return np.zeros(self._weights.shape[1])
        rows, times = zip(*known, strict=True)
        summed: Scores = self._weights[list(rows)].T @ np.array(times, dtype=np.float64)
        return summed


class ItemNames:
    """Whole names of items (catalogue titles and aliases, cue words) found in a text, the longest first."""

    def __init__(self, names: Mapping[str, Sequence[str]]) -> None:
        """names : by item id, in the order of the score columns."""
        self._owners: dict[str, list[int]] = {}
        for column, words in enumerate(names.values()):
            for word in dict.fromkeys(normalise(word) for word in words):
                self._owners.setdefault(word, []).append(column)
        self._width = len(names)
        longest_first = sorted(self._owners, key=len, reverse=True)
        self._pattern = re.compile("|".join(re.escape(word) for word in longest_first))

    def scores(self, folded: str) -> Scores:
        """Characters of the names found in a normalised text, each name once, shared among its items; shape (n_items,)."""
        summed = np.zeros(self._width)
        for word in set(self._pattern.findall(folded)):
            for column in self._owners[word]:
                summed[column] += len(word) / len(self._owners[word])
        return np.minimum(summed, _MOST_NAME_CHARS)

    def found(self, folded: str, *, least: int) -> dict[int, str]:
        """Columns named in a normalised text by a name of at least `least` characters that no other item shares, with the name."""
        words = {word for word in self._pattern.findall(folded) if len(word) >= least and len(self._owners[word]) == 1}
        return {self._owners[word][0]: word for word in sorted(words, key=len)}
