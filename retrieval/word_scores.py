"""How well the words of candidates fit a text, counted in the candidates themselves: BM25 over pairs of characters, single
characters and other words, which full-text search cannot weigh against each other.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from retrieval.search_text import DASH, SearchText
from retrieval.tokens import normalise

Scores = NDArray[np.float64]

_K1: Final = 1.2
_B: Final = 0.75
# Other words for the question's may bring a candidate at most this near to the one that fits its own words best.
_OTHERS_AT_MOST: Final = 0.5
# Characters that folding changes into something a question may hold; texts without them need no slow folding.
_ODD = re.compile("[\u2e80-\u2fdf０-９Ａ-Ｚａ-ｚ％．\uf900-\ufaff]")
_WORD = re.compile(r"[0-9a-z]")


def folded(text: str) -> str:
    """The text as words are counted in it: normalised, without any white space."""
    if _ODD.search(text):
        text = normalise(text)
    return "".join(text.split()).lower()


def word_scores(asked: SearchText, texts: Sequence[str], frequency: Mapping[str, int], total: int) -> Scores:
    """A score for each candidate, shape (len(texts),), 0 for one that shares nothing with the question.

    texts : folded. frequency : how many of all `total` passages have a token; single characters and other words are weighed by
    how many of the candidates have them.
    """
    if not texts:
        return np.zeros(0)
    lengths = np.array([len(text) for text in texts], dtype=np.float64)
    norms = _K1 * (1 - _B + _B * lengths / max(lengths.mean(), 1.0))
    scores = np.zeros(len(texts))
    for word in asked.words:
        found = counts(word, texts)
        if found.any():
            scores += _rarity(max(frequency.get(word, 0), 1), max(total, 1)) * found * (_K1 + 1) / (found + norms)
    if asked.character_weight:
        for character in asked.characters:
            scores += asked.character_weight * _within(counts(character, texts), norms)
    if asked.others:
        others = sum((_within(counts(word, texts), norms) for word in asked.others), np.zeros(len(texts)))
        scores = scores + np.minimum(others, _OTHERS_AT_MOST * (scores.max() or others.max()))
    return scores


def exact_shares(asked: SearchText, texts: Sequence[str]) -> Scores:
    """What share of the question's exact marks each candidate has, shape (len(texts),)."""
    if not asked.exact:
        return np.zeros(len(texts))
    found = [[bool(mark.pattern.search(text)) for mark in asked.exact] for text in texts]
    return np.asarray(found, dtype=np.float64).mean(axis=1) if found else np.zeros(0)


def counts(word: str, texts: Sequence[str]) -> Scores:
    """How often a normalised word stands in each text. Figures and Latin words are counted whole: 86 is not in 186."""
    if not _WORD.search(word):
        return np.array([text.count(word) for text in texts], dtype=np.float64)
    pattern = _whole(word)
    return np.array([len(pattern.findall(text)) for text in texts], dtype=np.float64)


def _whole(word: str) -> re.Pattern[str]:
    if word.startswith("[") and word.endswith("号"):
        year, serial = word[1:-1].split("]")
        return re.compile(rf"[\[(〔【]{year}[\])〕】]第?{serial}号")
    body = ",?".join(map(re.escape, word)) if word[0].isdecimal() else re.escape(word).replace(r"\-", DASH)
    return re.compile(rf"(?<![0-9a-z.]){body}(?![0-9a-z])(?!\.\d)")


def _within(found: Scores, norms: Scores) -> Scores:
    having = int(np.count_nonzero(found))
    if not having:
        return np.zeros(len(found))
    scored: Scores = _rarity(having, len(found)) * found * (_K1 + 1) / (found + norms)
    return scored


def _rarity(having: int, total: int) -> float:
    return float(np.log(1 + (max(total - having, 0) + 0.5) / (having + 0.5)))
