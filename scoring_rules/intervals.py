"""Bounds of what is still open: [low, high], both inclusive, low = high when nothing is open."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from scoring_rules.rounding import POINTS_DECIMALS, published


@dataclass(frozen=True, slots=True)
class Interval:
    """Points from `low` to `high`."""

    low: Fraction
    high: Fraction

    def __post_init__(self) -> None:
        if self.low > self.high:
            raise ValueError(f"interval upside down: {self.low} > {self.high}")

    @classmethod
    def exactly(cls, value: Fraction) -> Interval:
        """Nothing open: just that value."""
        return cls(value, value)

    @property
    def settled(self) -> Fraction | None:
        """The value when only one is left, else None."""
        return self.low if self.low == self.high else None

    def plus(self, other: Interval) -> Interval:
        """Bounds of the sum of two independent quantities."""
        return Interval(self.low + other.low, self.high + other.high)

    def times(self, factor: Fraction) -> Interval:
        """Bounds after multiplication by a factor of 0 or more."""
        return Interval(self.low * factor, self.high * factor)

    def at_most(self, cap: Fraction) -> Interval:
        """Bounds after cutting off at `cap`."""
        return Interval(min(self.low, cap), min(self.high, cap))

    def published(self, decimals: int = POINTS_DECIMALS) -> list[str]:
        """Both bounds as published. Rounding never reverses an order, so they bound the published value."""
        return [published(self.low, decimals), published(self.high, decimals)]
