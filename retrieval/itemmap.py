"""Which items of the scheme a passage speaks of, with how much confidence, or that it speaks of none.

Signals of words, names, vectors and known passages (`item_features`) are put together by a small linear model (`mapping_model`), which
people's decisions train (`mapping_training`). Whether a passage speaks of no item at all is asked separately, of levels instead of ranks.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from retrieval.cues import load_cues
from retrieval.embedder import E5Embedder, Embedder
from retrieval.item_examples import load_examples
from retrieval.item_features import Features, ItemFeatures, Vectors
from retrieval.item_words import Scores
from retrieval.mapping_model import MappingModel, softmax, trained_model
from retrieval.tokens import normalise
from scoring_rules.catalogue import Catalogue
from scoring_rules.scheme import Scheme

# A catalogue name of this length in the text says by itself that the item is spoken of.
_LONG_NAME = 5
# "B5-5" or "B5" written by the district itself, in a heading, a file name or the text: more than any other signal can say.
_ITEM_ID_BONUS = 6.0
_CRITERION_ID_BONUS = 4.0
_ID = re.compile(r"(?<![A-Za-z0-9])[BＢb](\d{1,2})(?:\s*[-－—–]\s*(\d))?(?![0-9])")


@dataclass(frozen=True, slots=True)
class ItemMapping:
    """Items a passage may be evidence for, best first, each with a confidence in 0..1; `none` : it probably is for no item.

    cosine : the best raw cosine between the passage and an item, for judging thresholds. nothing : probability of `none`, 0..1.
    """

    ranking: tuple[tuple[str, float], ...]
    none: bool
    cosine: float
    nothing: float = 0.0


class ItemMapper:
    """Maps passages to the items of one scheme. The items' vectors are computed on first use."""

    def __init__(
        self,
        scheme: Scheme,
        catalogue: Catalogue,
        embedder: Embedder,
        *,
        cache: Path | None = None,
        model: MappingModel | None = None,
    ) -> None:
        """cache : a folder in which vectors are kept from run to run.

        model : default the one trained on this machine (it lies beside `cache`, in its parent folder), else the shipped one.
        """
        self.scheme = scheme
        self.model = model or trained_model(None if cache is None else cache.parent, scheme)
        self._catalogue, self._embedder, self._cache = catalogue, embedder, cache

    @cached_property
    def features(self) -> ItemFeatures:
        """The words, names and examples of the items; made on first use, for telling the version needs none of it."""
        examples = [*load_examples(self.scheme), *self.model.examples]
        caches = [] if self._cache is None else [self._cache]
        if isinstance(self._embedder, E5Embedder) and not self.model.examples:
            # The shipped words are the same in every data folder; passages of a district leave theirs for nothing.
            caches.append(self._embedder.vectors_folder)
        return ItemFeatures(self.scheme, self._catalogue, self._embedder, examples, caches=caches)

    @cached_property
    def version(self) -> str:
        """Changes whenever the same passage could be mapped differently: words, examples, numbers, catalogue or embedding model."""
        cues = load_cues(self.scheme)
        told = repr((
            self.scheme.id, self._embedder.name, self.model.digest, cues.field_words, sorted(cues.words.items()),
            sorted(cues.hints.items()), load_examples(self.scheme), list(self._catalogue.expectations.values()),
        ))  # fmt: skip
        return hashlib.sha256(told.encode("utf-8")).hexdigest()[:16]

    def map(
        self,
        texts: Sequence[str],
        vectors: Vectors | None = None,
        contexts: Sequence[str] | None = None,
        *,
        k: int = 10,
    ) -> list[ItemMapping]:
        """The best `k` items for each text.

        vectors : of the passages (float32, shape (n, dim), unit rows), when they are at hand; else they are computed.
        contexts : title, headings, file name; read along with the text.
        """
        if not texts:
            return []
        read = (
            list(texts)
            if contexts is None
            else [f"{context}\n{text}" for context, text in zip(contexts, texts, strict=True)]
        )
        return self.mappings(read, self.features.measure(read, vectors), k=k)

    def mappings(self, texts: Sequence[str], features: Features, *, k: int = 10) -> list[ItemMapping]:
        """The best `k` items from signals that are measured already."""
        named = np.array([self._ids_named(text) for text in texts])
        scores = self.model.scores(features.items) + named
        nothing = np.where(named.any(axis=1), 0.0, self.model.none_probability(features.none))
        shares = softmax(scores)
        found = []
        for row, total in enumerate(scores):
            order = np.lexsort((np.arange(len(total)), -total))[:k]
            ranking = tuple((self.features.ids[column], round(float(shares[row, column]), 4)) for column in order)
            probability = round(float(nothing[row]), 4)
            found.append(ItemMapping(ranking, probability > 0.5, float(features.cosine[row]), probability))
        return found

    def named(self, text: str) -> dict[str, str]:
        """Items the text itself calls by a long name of the catalogue (持证上岗率, 责任督学挂牌督导), with the name."""
        found = self.features.catalogue_names.found(normalise(text), least=_LONG_NAME)
        return {self.features.ids[column]: word for column, word in found.items()}

    def _ids_named(self, text: str) -> Scores:
        bonus = np.zeros(len(self.features.ids))
        for match in _ID.finditer(text):
            criterion = f"B{int(match[1])}"
            item = f"{criterion}-{match[2]}" if match[2] else criterion
            for column, item_id in enumerate(self.features.ids):
                if item_id == item:
                    bonus[column] = _ITEM_ID_BONUS
                elif not match[2] and item_id.startswith(criterion + "-"):
                    bonus[column] = max(bonus[column], _CRITERION_ID_BONUS)
        return bonus
