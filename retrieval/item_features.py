"""What is measured of a passage before items are ranked: five signals for every item, eight for "of no item at all".

Signals of items, in units of their own spread over the items: words (BM25 of official text, names and cue words), meaning (cosine with
the item's texts), names (whole names found, 3 characters = 1), examples (cosine with known passages of the item), example words (BM25
with them). Spread destroys the level, so the signals of none are levels: cosines relative to what known passages have, words of the
field, names.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.cues import load_cues
from retrieval.embedder import Embedder
from retrieval.item_examples import Example, by_item
from retrieval.item_vectors import item_vectors, kept_vectors
from retrieval.item_words import ItemLexicon, ItemNames, Scores, folded_grams
from retrieval.tokens import normalise
from scoring_rules.catalogue import Catalogue
from scoring_rules.scheme import Scheme

Vectors = NDArray[np.float32]

SIGNALS = ("words", "meaning", "names", "examples", "example_words")
NONE_SIGNALS = (
    "meaning", "examples", "nearer_than_none", "field_words", "no_field_word", "names", "names_alone", "higher_education",
)  # fmt: skip

# The examples of an item tell different stories; the two nearest speak for it.
_NEAREST = 2
# Characters of names that weigh as much as one spread of the other signals.
_NAME_UNIT = 3.0
# Spreads below these come from texts that share hardly a word with any item: divided by less, one shared character would decide.
_LEAST_SPREAD = 5.0
_LEAST_EXAMPLE_SPREAD = 4.0
_HIGHER = re.compile(r"大学|高校|本科|研究生|博士|高等学校|高等教育")
_BELOW_HIGHER = re.compile(
    r"中小学|小学|初中|高中|中学|幼儿|学前|义务教育|中职|职业教育|职教|教育局|教体局|教育厅|教委|教育行政|特殊教育|特教|校外培训|社区教育|老年|少先队|中考|高考|推普|普通话|资助|助学|区县"
)


@dataclass(frozen=True, slots=True)
class Features:
    """items : float array of shape (n, n_items, len(SIGNALS)). none : float array of shape (n, len(NONE_SIGNALS)).

    cosine : the raw cosine with the nearest item, shape (n,).
    """

    items: NDArray[np.float64]
    none: NDArray[np.float64]
    cosine: NDArray[np.float64]


class ItemFeatures:
    """Measures passages against the items of a scheme. Vectors of items and examples are computed on first use."""

    def __init__(
        self,
        scheme: Scheme,
        catalogue: Catalogue,
        embedder: Embedder,
        examples: Sequence[Example],
        *,
        caches: Sequence[Path] = (),
    ) -> None:
        """examples : known passages, at least one of an item and one of none. caches : folders for vectors, kept from run to run."""
        cues = load_cues(scheme)
        self.ids = [item.id for item in scheme.items]
        self._embedder, self._caches = embedder, caches
        self._field_words = tuple(normalise(word) for word in cues.field_words)
        official, titles, facts, words = [], [], [], []
        for item in scheme.items:
            expectation = catalogue.expectations[item.id]
            official.append(f"{scheme.criterion(item.criterion_id).name}。{item.text}")
            titles.append([expectation.title, *expectation.aliases])
            facts.append("；".join(expectation.key_facts))
            words.append([*cues.words[item.id], *cues.hints[item.id]])
        joined_titles, joined_words = (["、".join(group) for group in groups] for groups in (titles, words))
        self._views = [official, joined_titles, facts, joined_words]
        self._lexicon = ItemLexicon(
            [f"{a}。{b}。{c}" for a, b, c in zip(official, joined_titles, joined_words, strict=True)]
        )
        self.catalogue_names = ItemNames(dict(zip(self.ids, titles, strict=True)))
        self._cue_names = ItemNames(dict(zip(self.ids, words, strict=True)))
        places = by_item(examples, {item_id: column for column, item_id in enumerate(self.ids)})
        self._texts = [example.text for example in examples]
        self._of_none = [place for place, example in enumerate(examples) if example.none]
        self._of_items = _padded(places)
        self._example_lexicon = ItemLexicon(self._texts)
        self._loaded: tuple[Vectors, Vectors, tuple[float, float]] | None = None

    def measure(
        self, texts: Sequence[str], vectors: Vectors | None = None, left_out: Sequence[Sequence[int]] | None = None
    ) -> Features:
        """Signals of passages.

        vectors : of the passages (float32, shape (n, dim), unit rows), when they are at hand. left_out : for each passage the places of
        examples it must not be compared with (itself, its own document).
        """
        if vectors is None:
            vectors = self._embedder.embed_passages(texts)
        item_rows, example_rows, _ = self._vectors()
        to_items = np.asarray(vectors @ item_rows.T, dtype=np.float64)
        to_examples = np.asarray(vectors @ example_rows.T, dtype=np.float64)
        folded = [normalise(text) for text in texts]
        counted = [Counter(folded_grams(text)) for text in folded]
        words = np.array([self._lexicon.scores_of(count) for count in counted])
        example_words = np.array([self._example_lexicon.scores_of(count) for count in counted])
        for row, places in enumerate(left_out or ()):
            to_examples[row, list(places)] = example_words[row, list(places)] = np.nan
        names = np.array([self.catalogue_names.scores(text) + self._cue_names.scores(text) for text in folded])
        signals = [
            _standard(words, _LEAST_SPREAD),
            _standard(to_items),
            names / _NAME_UNIT,
            _standard(self._nearest(to_examples)),
            _standard(self._nearest(example_words), _LEAST_EXAMPLE_SPREAD),
        ]
        none = self._none_signals(folded, to_items.max(axis=1), to_examples, names.max(axis=1))
        return Features(np.stack(signals, axis=-1), none, to_items.max(axis=1))

    @property
    def example_vectors(self) -> Vectors:
        """Of the examples, float32 array of shape (n_examples, dim)."""
        return self._vectors()[1]

    def _nearest(self, scores: Scores) -> Scores:
        """Mean of the best examples of each item, shape (n, n_items); an item without any has the mean of the others."""
        padded = np.concatenate([scores, np.full((len(scores), 1), np.nan)], axis=1)[:, self._of_items]
        best = -np.sort(-np.where(np.isnan(padded), -np.inf, padded), axis=2)[:, :, :_NEAREST]
        there = np.isfinite(best)
        numbers = there.sum(axis=2)
        means = np.where(there, best, 0.0).sum(axis=2) / np.maximum(numbers, 1)
        known = numbers > 0
        filler = (means * known).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
        return np.where(known, means, filler[:, None])

    def _none_signals(
        self, folded: Sequence[str], to_items: Scores, to_examples: Scores, names: Scores
    ) -> NDArray[np.float64]:
        centre, spread = self._vectors()[2]
        near, near_none = self._levels(to_examples)
        fields = np.array([sum(word in text for word in self._field_words) for text in folded], dtype=np.float64)
        higher = [bool(_HIGHER.search(text)) and not _BELOW_HIGHER.search(text) for text in folded]
        columns = [
            (to_items - centre) / spread,
            (near - centre) / spread,
            (near - near_none) / spread,
            np.log1p(fields),
            fields == 0,
            np.log1p(names) * (fields > 0),
            # 党课 or 审计 is said of every trade; without a word of the field it is no sign of education.
            np.log1p(names) * (fields == 0),
            np.array(higher),
        ]
        return np.stack([np.asarray(column, dtype=np.float64) for column in columns], axis=1)

    def _levels(self, to_examples: Scores) -> tuple[Scores, Scores]:
        """Mean cosine with the three nearest examples of items, and with the two nearest of none."""
        of_items = [place for row in self._of_items for place in row if place >= 0]
        return _top(to_examples[:, of_items], 3), _top(to_examples[:, self._of_none], 2)

    def _vectors(self) -> tuple[Vectors, Vectors, tuple[float, float]]:
        """Of items and examples, and the centre and spread of the cosines of examples with their nearest item (each model has its own)."""
        if self._loaded is None:
            items = item_vectors(self._embedder, self._views, self._caches)
            examples = kept_vectors(self._embedder, self._texts, self._caches)
            best = np.asarray(examples @ items.T, dtype=np.float64).max(axis=1)
            self._loaded = items, examples, (float(best.mean()), max(float(best.std()), 1e-6))
        return self._loaded


def _padded(places: Sequence[Sequence[int]]) -> NDArray[np.intp]:
    """Rows of equal length, filled with −1."""
    width = max(map(len, places))
    return np.array([[*row, *[-1] * (width - len(row))] for row in places], dtype=np.intp)


def _top(scores: Scores, count: int) -> Scores:
    """Mean of the `count` largest of each row; what is not a number does not count."""
    ordered = -np.sort(-np.where(np.isnan(scores), -np.inf, scores), axis=1)[:, :count]
    there = np.isfinite(ordered)
    means: Scores = np.where(there, ordered, 0.0).sum(axis=1) / np.maximum(there.sum(axis=1), 1)
    return means


def _standard(scores: Scores, least: float = 1e-9) -> Scores:
    """Scores of each row in units of their own spread, which counts as `least` at least; all equal gives zeros."""
    spread = np.maximum(scores.std(axis=1, keepdims=True), least)
    standard: Scores = (scores - scores.mean(axis=1, keepdims=True)) / spread
    return standard
