"""How strongly the words of a text point to each item: BM25 over texts of the items, and whole names found in the text."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
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
    """BM25 of a text as the question and a few hundred or thousand documents as the collection."""

    def __init__(self, documents: Sequence[str]) -> None:
        """documents : at least one, of the items, in the order of the score columns."""
        counts = [Counter(grams(document)) for document in documents]
        frequency = Counter(gram for count in counts for gram in count)
        lengths = [count.total() for count in counts]
        mean = sum(lengths) / len(lengths) or 1.0
        postings: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
        for column, count in enumerate(counts):
            for gram, times in count.items():
                rarity = np.log(1 + (len(documents) - frequency[gram] + 0.5) / (frequency[gram] + 0.5))
                norm = times + _K1 * (1 - _B + _B * lengths[column] / mean)
                postings[gram].append((column, rarity * times * (_K1 + 1) / norm))
        self._size = len(documents)
        self._postings = {
            gram: (np.array([column for column, _ in listed]), np.array([weight for _, weight in listed]))
            for gram, listed in postings.items()
        }

    def scores(self, folded: str) -> Scores:
        """Array of shape (n_documents,), for a normalised text."""
        return self.scores_of(Counter(folded_grams(folded)))

    def scores_of(self, counted: Mapping[str, int]) -> Scores:
        """The same for the grams of a text, already counted."""
        known = [gram for gram in counted if gram in self._postings]
        if not known:
            return np.zeros(self._size)
        columns = np.concatenate([self._postings[gram][0] for gram in known])
        weights = np.concatenate([self._postings[gram][1] for gram in known])
        times = np.array([min(counted[gram], _MOST_REPEATS) for gram in known])
        if times.max() > 1:
            weights = weights * np.repeat(times, [len(self._postings[gram][0]) for gram in known])
        return np.asarray(np.bincount(columns, weights, minlength=self._size), dtype=np.float64)


class ItemNames:
    """Whole names of items (catalogue titles and aliases, cue words) found in a text, the longest first."""

    def __init__(self, names: Mapping[str, Sequence[str]]) -> None:
        """names : by item id, in the order of the score columns."""
        self._owners: dict[str, list[int]] = {}
        for column, words in enumerate(names.values()):
            for word in dict.fromkeys(normalise(word) for word in words):
                self._owners.setdefault(word, []).append(column)
        self._width = len(names)
        # Lengths of the names by their first character, longest first: a few look-ups at each place instead of thousands of names.
        lengths: defaultdict[str, set[int]] = defaultdict(set)
        for word in self._owners:
            lengths[word[0]].add(len(word))
        self._lengths = {first: sorted(found, reverse=True) for first, found in lengths.items()}

    def words(self, folded: str) -> list[str]:
        """The names in a normalised text in order, with repeats; where several begin, the longest; none overlap."""
        found = []
        at = 0
        while at < len(folded):
            for length in self._lengths.get(folded[at], ()):
                if folded[at : at + length] in self._owners:
                    found.append(folded[at : at + length])
                    at += length
                    break
            else:
                at += 1
        return found

    def scores(self, folded: str) -> Scores:
        """Characters of the names found in a normalised text, each name once, shared among its items; shape (n_items,)."""
        summed = np.zeros(self._width)
        for word in dict.fromkeys(self.words(folded)):
            for column in self._owners[word]:
                summed[column] += len(word) / len(self._owners[word])
        return np.minimum(summed, _MOST_NAME_CHARS)

    def found(self, folded: str, *, least: int) -> dict[int, str]:
        """Columns named in a normalised text by a name of at least `least` characters that no other item shares, with the name."""
        words = {word for word in self.words(folded) if len(word) >= least and len(self._owners[word]) == 1}
        return {self._owners[word][0]: word for word in sorted(words, key=len)}
