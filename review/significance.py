"""Whether one system is better than another on the same topics: paired randomisation test, bootstrap interval, Holm's correction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

ROUNDS = 100_000
SEED = 2019
_AT_ONCE = 10_000  # rounds reckoned together, to bound memory


@dataclass(frozen=True, slots=True)
class Difference:
    """One measure of two systems, topic by topic.

    mean : ours − theirs. low, high : 95 % percentile bootstrap interval of it. p : two-sided, of the randomisation test.
    better, worse : topics on which ours is higher, lower; n : all topics.
    """

    n: int
    mean: float
    low: float
    high: float
    p: float
    better: int
    worse: int


def compare(ours: Sequence[float], theirs: Sequence[float], *, rounds: int = ROUNDS, seed: int = SEED) -> Difference:
    """The paired difference. Under the null hypothesis the sign of every topic's difference is a coin toss.

    p counts the sign patterns drawn whose mean is at least as far from 0, the observed one included, so it is never 0.
    Raises ValueError when the two are not of the same topics, or of none.
    """
    if len(ours) != len(theirs) or not len(ours):
        raise ValueError(f"{len(ours)} and {len(theirs)} topics cannot be paired")
    differences = np.asarray(ours, dtype=np.float64) - np.asarray(theirs, dtype=np.float64)
    random = np.random.default_rng(seed)
    moved = differences[differences != 0]  # a topic without a difference changes no sum
    observed = abs(moved.sum())
    extreme = 0
    means: list[float] = []
    for at in range(0, rounds, _AT_ONCE):
        size = min(_AT_ONCE, rounds - at)
        signs = random.integers(0, 2, (size, len(moved)), dtype=np.int8) * 2 - 1
        extreme += int((np.abs(signs @ moved) >= observed - 1e-12).sum())
        if len(means) < _AT_ONCE:
            drawn = random.integers(0, len(differences), (min(size, _AT_ONCE), len(differences)))
            means += differences[drawn].mean(axis=1).tolist()
    low, high = np.quantile(means, (0.025, 0.975))
    return Difference(
        len(differences), float(differences.mean()), float(low), float(high), (extreme + 1) / (rounds + 1),
        int((differences > 0).sum()), int((differences < 0).sum()),
    )  # fmt: skip


def holm(p_values: Sequence[float]) -> list[float]:
    """The p-values of several comparisons made together, adjusted step by step (Holm), in the order given; at most 1."""
    order = sorted(range(len(p_values)), key=lambda place: p_values[place])
    adjusted = [0.0] * len(p_values)
    least = 0.0
    for step, place in enumerate(order):
        least = max(least, min(1.0, p_values[place] * (len(p_values) - step)))
        adjusted[place] = least
    return adjusted
