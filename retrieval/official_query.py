"""Whether a text is the scheme's own wording, and of which items: then evidence proposed for these items is what is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

from retrieval.tokens import tokens
from scoring_rules.scheme import Scheme

# Questions share at most six tenths of their pairs of characters with any criterion (292 questions), official wording nearly all.
_BEGINS: Final = 0.65
_SURE: Final = 0.9
_LEAST_TOKENS: Final = 3
# An item is asked for when this much of its text is there.
_WHOLE_ITEM: Final = 0.6


@dataclass(frozen=True, slots=True)
class OfficialQuery:
    """items : the items whose official wording the text is; empty when it is not. weight : 0..1, how surely it is."""

    items: tuple[str, ...]
    weight: float


class OfficialWording:
    """The wording of one scheme, to compare with."""

    def __init__(self, scheme: Scheme) -> None:
        self._items = {item.id: frozenset(tokens(item.text)) for item in scheme.items}
        self._names = {criterion.id: frozenset(tokens(criterion.name)) for criterion in scheme.criteria}
        self._of = {criterion.id: tuple(item.id for item in criterion.items) for criterion in scheme.criteria}

    def items_of(self, text: str) -> OfficialQuery:
        """The items the text is the wording of.

        All items of the criterion whose text is (nearly) whole in it; for a piece of an item the item or items that hold most of
        it; for a criterion's name alone all its items.
        """
        asked = frozenset(tokens(text))
        if len(asked) < _LEAST_TOKENS:
            return OfficialQuery((), 0.0)
        covered, criterion = max((self._covered(asked, id_), id_) for id_ in self._of)
        if covered <= _BEGINS:
            return OfficialQuery((), 0.0)
        weight = min((covered - _BEGINS) / (_SURE - _BEGINS), 1.0)
        return OfficialQuery(self._meant(asked, criterion), weight)

    def _covered(self, asked: frozenset[str], criterion: str) -> float:
        wording = self._names[criterion].union(*(self._items[item] for item in self._of[criterion]))
        return len(asked & wording) / len(asked)

    def _meant(self, asked: frozenset[str], criterion: str) -> tuple[str, ...]:
        items = self._of[criterion]
        whole = tuple(item for item in items if len(asked & self._items[item]) >= _WHOLE_ITEM * len(self._items[item]))
        if whole:
            return whole
        shared = {item: len(asked & self._items[item]) for item in items}
        most = max(shared.values())
        if most <= len(asked & self._names[criterion]):
            return items
        return tuple(item for item in items if shared[item] == most)


@cache
def official_wording(scheme: Scheme) -> OfficialWording:
    """The wording of a shipped scheme."""
    return OfficialWording(scheme)
