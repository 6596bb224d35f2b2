"""Items whose official words, title or other names a question speaks of most, weighed by how few items share them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from functools import cache

from retrieval.item_words import grams
from retrieval.tokens import normalise
from scoring_rules.catalogue import load_catalogue
from scoring_rules.scheme import Scheme

MOST = 2
# An item has to hold so much of the weight of what the question shares with any item, and so many pairs of characters.
_LEAST_SHARE = 0.5
_LEAST_PAIRS = 3
_NEAR_BEST = 0.9


def items_like(text: str, scheme: Scheme) -> list[str]:
    """Ids of the likeliest items, at most two; empty when the question has too little in common with any."""
    words, weights = _words(scheme)
    asked = {gram for gram in grams(normalise(text)) if gram in weights}
    total = sum(weights[gram] for gram in asked)
    if not total:
        return []
    scores = {item: sum(weights[gram] for gram in asked & held) for item, held in words.items()}
    best = max(scores.values())
    return [
        item
        for item, score in sorted(scores.items(), key=lambda entry: -entry[1])
        if score >= _NEAR_BEST * best and score >= _LEAST_SHARE * total and len(asked & words[item]) >= _LEAST_PAIRS
    ][:MOST]


@cache
def _words(scheme: Scheme) -> tuple[Mapping[str, frozenset[str]], Mapping[str, float]]:
    """Item → its pairs of characters, and pair → weight."""
    catalogue = load_catalogue(scheme.id)
    held = {}
    for item in scheme.items:
        expectation = catalogue.expectations[item.id]
        text = normalise("。".join((item.text, expectation.title, *expectation.aliases)))
        held[item.id] = frozenset(gram for gram in grams(text) if len(gram) == 2)
    counts = Counter(gram for grams_ in held.values() for gram in grams_)
    return held, {gram: math.log(1 + len(held) / count) for gram, count in counts.items()}
