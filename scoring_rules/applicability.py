"""Maxima when some items do not apply (约定 R22): shares move within the criterion; a whole criterion leaves the full mark."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from types import MappingProxyType

from scoring_rules.remembered import Same
from scoring_rules.scheme import Criterion, Scheme


@dataclass(frozen=True, slots=True)
class Maxima:
    """Highest points by criterion and by item, the bonus left out; 0 for what does not apply.

    The unnumbered items (B9) stand in both mappings, with the same points.
    """

    criteria: Mapping[str, Fraction]
    items: Mapping[str, Fraction]
    full: Fraction

    def scale(self, scheme: Scheme) -> Fraction:
        """Factor that brings the applicable maximum back to the full mark; 1 unless a whole criterion does not apply."""
        return scheme.full_points / self.full


def scored_criteria(scheme: Scheme) -> tuple[Criterion, ...]:
    """The criteria that count towards the full mark, in the document's order."""
    return tuple(criterion for criterion in scheme.criteria if not criterion.is_bonus)


def maxima(scheme: Scheme, not_applicable: Collection[str]) -> Maxima:
    """Maxima of every scored criterion and item when the items `not_applicable` are left out. Read only: it is shared."""
    return _maxima(Same(scheme), frozenset(not_applicable))


@lru_cache(maxsize=256)
def _maxima(same: Same, not_applicable: frozenset[str]) -> Maxima:
    scheme: Scheme = same.value
    criteria: dict[str, Fraction] = {}
    items: dict[str, Fraction] = {}
    for criterion in scored_criteria(scheme):
        applicable = [item.id for item in criterion.items if item.id not in not_applicable]
        criteria[criterion.id] = criterion.points if applicable else Fraction(0)
        items |= scheme.shares(criterion, applicable)
    return Maxima(MappingProxyType(criteria), MappingProxyType(items), sum(criteria.values(), Fraction(0)))
