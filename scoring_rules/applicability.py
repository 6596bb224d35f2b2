"""Maxima when some items do not apply (约定 R22): shares move within the criterion; a whole criterion leaves the full mark.

Under the other reading nothing moves: what does not apply keeps its share, and the share is granted in full.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from types import MappingProxyType

from scoring_rules.remembered import Same
from scoring_rules.scheme import Criterion, Scheme

NOTHING = Fraction(0)


@dataclass(frozen=True, slots=True)
class Maxima:
    """Highest points by criterion and by item, the bonus left out; 0 for what does not apply.

    The unnumbered items (B9) stand in both mappings, with the same points. granted : item id → points given without any
    check because it does not apply; they are in neither mapping. full : what the district can be checked for.
    """

    criteria: Mapping[str, Fraction]
    items: Mapping[str, Fraction]
    full: Fraction
    granted: Mapping[str, Fraction]

    def scale(self, scheme: Scheme) -> Fraction:
        """Factor that brings the applicable maximum back to the full mark; 1 unless a whole criterion does not apply."""
        return scheme.full_points / (self.full + sum(self.granted.values(), Fraction(0)))

    def granted_of(self, criterion: Criterion) -> Fraction:
        """Points granted within a criterion."""
        if not self.granted:
            return NOTHING
        return sum((self.granted.get(item.id, Fraction(0)) for item in criterion.items), Fraction(0))


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
    granted: dict[str, Fraction] = {}
    keeps_share = scheme.term("not_applicable_points") == "full_points"
    for criterion in scored_criteria(scheme):
        applicable = [item.id for item in criterion.items if item.id not in not_applicable]
        if keeps_share and len(applicable) < len(criterion.items):
            shares = scheme.shares(criterion, {item.id for item in criterion.items})
            granted |= {name: share for name, share in shares.items() if name not in applicable}
            items |= {name: shares[name] if name in applicable else Fraction(0) for name in shares}
            criteria[criterion.id] = sum((shares[name] for name in applicable), Fraction(0))
            continue
        criteria[criterion.id] = criterion.points if applicable else Fraction(0)
        items |= scheme.shares(criterion, applicable)
    whole = sum(criteria.values(), Fraction(0))
    return Maxima(MappingProxyType(criteria), MappingProxyType(items), whole, MappingProxyType(granted))
