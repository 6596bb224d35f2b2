"""Passages that say the same: copies of one report, a sentence repeated in a summary. Shown once, with every place it stands."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)

ALIKE: Final = 0.9  # share of the pairs of characters of both texts that both have
_FIGURES = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?%?")


@dataclass(slots=True)
class Folded(Generic[Key]):
    """A passage that is shown, and those that say the same, all in the order of the ranking."""

    first: Key
    copies: list[Key]


def fold_alike(ranked: Iterable[Key], text_of: Callable[[Key], str], most: int) -> list[Folded[Key]]:
    """The first `most` passages that differ, each with its near copies among those ranked.

    text_of : folded text. Two texts that differ in a single figure are never copies: that difference is what people look for.
    """
    shown: list[Folded[Key]] = []
    alike: dict[tuple[str, ...], list[tuple[frozenset[str], Folded[Key]]]] = {}
    for key in ranked:
        text = text_of(key)
        pairs = frozenset(text[at : at + 2] for at in range(max(len(text) - 1, 1)))
        group = alike.setdefault(tuple(_FIGURES.findall(text)), [])
        same = next((folded for others, folded in group if _likeness(pairs, others) >= ALIKE), None)
        if same is not None:
            same.copies.append(key)
        elif len(shown) < most:
            shown.append(Folded(key, []))
            group.append((pairs, shown[-1]))
    return shown


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Jaccard: what both have of what either has."""
    shorter, longer = sorted((len(one), len(other)))
    if shorter < ALIKE * longer:
        return 0.0
    both = len(one & other)
    return both / (shorter + longer - both)
