"""Are confidences what they say: the error of calibration, and the one number (temperature) that mends most of it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from retrieval.mapping_model import softmax

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

BINS = 10
# Outside this range a few decisions would make every confidence 0 or 1, or all alike.
_COLDEST, _HOTTEST = 0.4, 2.5
_STEPS = 60


def calibration_error(confidences: Floats, right: Flags, bins: int = BINS) -> float:
    """Expected calibration error, 0..1: |mean confidence − share right| over bins of equal width, weighted by their numbers.

    confidences, right : shape (n,), n > 0. Raises ValueError when empty.
    """
    if not len(confidences):
        raise ValueError("没有可以核对的把握，请先给出判断。")
    places = np.minimum((confidences * bins).astype(np.intp), bins - 1)
    sums = np.bincount(places, confidences, minlength=bins) - np.bincount(places, right, minlength=bins)
    return float(np.abs(sums).sum() / len(confidences))


def log_loss(scores: Floats, allowed: Flags, temperature: float = 1.0) -> float:
    """Mean −log of the share that falls on allowed items. scores : (n, n_items). allowed : the same shape, a row never all false."""
    shares = softmax(scores / temperature)
    return float(-np.log(np.maximum((shares * allowed).sum(axis=1), 1e-12)).mean())


def best_temperature(scores: Floats, allowed: Flags) -> float:
    """The temperature with the least loss, within bounds; above 1 the confidences were too high.

    scores : (n, n_items). allowed : the same shape, the items that would be right.
    """
    low, high = np.log(_COLDEST), np.log(_HOTTEST)
    golden = (np.sqrt(5) - 1) / 2
    for _ in range(_STEPS):
        left, right = high - golden * (high - low), low + golden * (high - low)
        if log_loss(scores, allowed, float(np.exp(left))) <= log_loss(scores, allowed, float(np.exp(right))):
            high = right
        else:
            low = left
    return float(np.exp((low + high) / 2))
