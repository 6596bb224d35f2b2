"""Several experts on one criterion: what their points say together, and when a person has to settle it."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

# "Blind until both are in": fewer are not a panel.
PANEL_SIZE = 2


def spread(points: Sequence[Fraction]) -> Fraction | None:
    """Highest minus lowest; None while the panel is not complete."""
    return max(points) - min(points) if len(points) >= PANEL_SIZE else None


def settled(points: Sequence[Fraction], arbitration: Fraction | None) -> Fraction | None:
    """The verified points: what all experts gave, or what the arbitration says where they differ; None while open.

    Nothing is averaged: no rule says how, and a mean would hide that the experts disagree. An arbitration counts only
    once the panel is complete.
    """
    apart = spread(points)
    if apart is None:
        return None
    return points[0] if apart == 0 and arbitration is None else arbitration
