"""Which items of the scheme a passage speaks of, without any training: words, names and vectors of the items themselves.

The score of an item is z(BM25) + z(cosine) over the 65 items, plus names found in the text.  Both halves see the official
words, the evidence catalogue and the cue words.  Whether a passage speaks of no item at all is asked separately, because
z-scores destroy the absolute level: by words of the field and by the raw cosine.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.cues import load_cues
from retrieval.embedder import Embedder
from retrieval.item_vectors import item_vectors
from retrieval.item_words import ItemLexicon, ItemNames, Scores
from retrieval.tokens import normalise
from scoring_rules.catalogue import Catalogue
from scoring_rules.scheme import Scheme

Vectors = NDArray[np.float32]

# Weight of a character of a name found, in units of z. Flat between 0.2 and 0.4 on development text.
_NAME_WEIGHT = 0.3
# A catalogue name of this length in the text says by itself that the item is spoken of.
_LONG_NAME = 5
# "B5-5" or "B5" written by the district itself, in a heading, a file name or the text.
_ITEM_ID_BONUS = 3.0
_CRITERION_ID_BONUS = 1.5
# Below these raw cosines a text with few words of the field speaks of nothing here (development text: feasibility notes).
_FEW_WORDS_COSINE = 0.875
_NO_WORDS_COSINE = 0.91
# This many characters of one item's own names (师德考核) outweigh a low cosine.
_NAMED = 4.0
_ID = re.compile(r"(?<![A-Za-z0-9])[BＢb](\d{1,2})(?:\s*[-－—–]\s*(\d))?(?![0-9])")
_HIGHER = re.compile(r"大学|高校|本科|研究生|博士|高等学校|高等教育")
_BELOW_HIGHER = re.compile(
    r"中小学|小学|初中|高中|中学|幼儿|学前|义务教育|中职|职业教育|职教|教育局|教体局|教育厅|教委|教育行政|特殊教育|特教|校外培训|社区教育|老年|少先队|中考|高考|推普|普通话|资助|助学|区县"
)


@dataclass(frozen=True, slots=True)
class ItemMapping:
    """Items a passage may be evidence for, best first, each with a confidence in 0..1; `none` : it probably is for no item.

    cosine : the best raw cosine between the passage and an item, for judging thresholds.
    """

    ranking: tuple[tuple[str, float], ...]
    none: bool
    cosine: float


class ItemMapper:
    """Maps passages to the items of one scheme. The items' vectors are computed on first use."""

    def __init__(self, scheme: Scheme, catalogue: Catalogue, embedder: Embedder, *, cache: Path | None = None) -> None:
        """cache : a folder in which the items' vectors are kept from run to run."""
        self._cache = cache
        cues = load_cues(scheme)
        self.scheme = scheme
        self._embedder = embedder
        self._ids = [item.id for item in scheme.items]
        self._columns = {item_id: column for column, item_id in enumerate(self._ids)}
        self._field_words = tuple(normalise(word) for word in cues.field_words)
        official, names, facts, words = [], [], [], []
        for item in scheme.items:
            expectation = catalogue.expectations[item.id]
            official.append(f"{scheme.criterion(item.criterion_id).name}。{item.text}")
            names.append([expectation.title, *expectation.aliases])
            facts.append("；".join(expectation.key_facts))
            words.append(cues.words[item.id])
        joined_names = ["、".join(group) for group in names]
        joined_words = ["、".join(group) for group in words]
        self._views = [official, joined_names, facts, joined_words]
        self._lexicon = ItemLexicon(
            [f"{a}。{b}。{c}" for a, b, c in zip(official, joined_names, joined_words, strict=True)]
        )
        self._catalogue_names = ItemNames(dict(zip(self._ids, names, strict=True)))
        self._cue_names = ItemNames(dict(zip(self._ids, words, strict=True)))
        self._vectors: Vectors | None = None

    @property
    def versions(self) -> dict[str, str]:
        """What its mapping rests on besides the shipped data, by Chinese name; an examination of documents records it."""
        return {"模型": self._embedder.name}

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
        if vectors is None:
            vectors = self._embedder.embed_passages(read)
        cosines = np.asarray(vectors @ self._item_vectors().T, dtype=np.float64)
        return [self._mapping(text, row, k) for text, row in zip(read, cosines, strict=True)]

    def named(self, text: str) -> dict[str, str]:
        """Items the text itself calls by a long name of the catalogue (持证上岗率, 责任督学挂牌督导), with the name."""
        found = self._catalogue_names.found(normalise(text), least=_LONG_NAME)
        return {self._ids[column]: word for column, word in found.items()}

    def _mapping(self, text: str, cosines: Scores, k: int) -> ItemMapping:
        folded = normalise(text)
        names = self._catalogue_names.scores(folded) + self._cue_names.scores(folded)
        total = (
            _standard(self._lexicon.scores(folded)) + _standard(cosines) + _NAME_WEIGHT * names + self._ids_named(text)
        )
        # The softmax of the sum happens to be well calibrated: top confidence .9 was right 10 times in 10, .5-.7 9 in 10.
        odds = np.exp(total - total.max())
        shares = odds / odds.sum()
        order = np.lexsort((np.arange(len(total)), -total))[:k]
        ranking = tuple((self._ids[column], round(float(shares[column]), 4)) for column in order)
        best = float(cosines.max())
        return ItemMapping(ranking, self._is_none(text, folded, best, float(names.max())), best)

    def _is_none(self, text: str, folded: str, best: float, named: float) -> bool:
        if _ID.search(text):
            return False
        words = sum(word in folded for word in self._field_words)
        if _HIGHER.search(folded) and not _BELOW_HIGHER.search(folded):
            # The scheme is about what districts run; universities are not theirs.
            return True
        if words == 0:
            return best < _NO_WORDS_COSINE
        return words == 1 and best < _FEW_WORDS_COSINE and named < _NAMED

    def _ids_named(self, text: str) -> Scores:
        bonus = np.zeros(len(self._ids))
        for match in _ID.finditer(text):
            criterion = f"B{int(match[1])}"
            item = f"{criterion}-{match[2]}" if match[2] else criterion
            for column, item_id in enumerate(self._ids):
                if item_id == item:
                    bonus[column] = _ITEM_ID_BONUS
                elif not match[2] and item_id.startswith(criterion + "-"):
                    bonus[column] = max(bonus[column], _CRITERION_ID_BONUS)
        return bonus

    def _item_vectors(self) -> Vectors:
        if self._vectors is None:
            self._vectors = item_vectors(self._embedder, self._views, self._cache)
        return self._vectors


def _standard(scores: Scores) -> Scores:
    """Scores in units of their own spread; all equal gives zeros."""
    spread = scores.std()
    return (scores - scores.mean()) / spread if spread > 0 else np.zeros_like(scores)
