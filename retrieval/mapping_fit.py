"""Fits the numbers of the mapping: items by a conditional logit, "of no item" by a logistic curve, both held near a prior.

Few decisions move little, many move much: the prior counts as so many decisions. Plain Newton steps; a few hundred decisions take
well under a second.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from retrieval.mapping_model import softmax

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

# How firmly the prior is held. Weights belong to everything at once, an offset only to its item.
_WEIGHT_PRIOR = 300.0
_OFFSET_PRIOR = 60.0
_NONE_PRIOR = 3.0
_ROUNDS = 60
_LONGEST_STEP = 1.0
_BATCH = 256


def fit_items(signals: Floats, allowed: Flags, weights: Floats, offsets: Floats) -> tuple[Floats, Floats]:
    """Weights and offsets that make allowed items likely.

    signals : (n, n_items, n_signals). allowed : (n, n_items), the items that would be right, at least one in each row.
    weights, offsets : the prior, (n_signals,) and (n_items,), and where the search begins.
    """
    width = len(weights)
    prior = np.concatenate([weights, offsets])
    held = np.concatenate([np.full(width, _WEIGHT_PRIOR), np.full(len(offsets), _OFFSET_PRIOR)])
    found = prior.copy()
    for _ in range(_ROUNDS):
        slope, curve = held * (found - prior), np.diag(held)
        for at in range(0, len(signals), _BATCH):
            batch = signals[at : at + _BATCH]
            # Signals of an item and a 1 at its own place, so that offsets are weights like the others.
            wide = np.concatenate([batch, np.broadcast_to(np.eye(len(offsets)), (len(batch), *[len(offsets)] * 2))], 2)
            shares = softmax(wide @ found)
            aims = shares * allowed[at : at + _BATCH]
            aims /= np.maximum(aims.sum(axis=1, keepdims=True), 1e-300)
            slope = slope + np.einsum("nj,njk->k", shares - aims, wide)
            means = np.einsum("nj,njk->nk", shares, wide)
            flat = wide.reshape(-1, wide.shape[2])
            curve = curve + (flat * shares.reshape(-1, 1)).T @ flat - means.T @ means
        step = np.linalg.solve(curve, slope)
        found = found - step * min(1.0, _LONGEST_STEP / max(float(np.abs(step).max()), 1e-12))
        if np.abs(step).max() < 1e-7:
            break
    return found[:width], found[width:]


def fit_none(
    signals: Floats, none: Flags, weights: Floats, offset: float, *, held: float = _NONE_PRIOR
) -> tuple[Floats, float]:
    """Weights and offset that tell passages of no item.

    signals : (n, n_signals). none : (n,). weights, offset : the prior; the offset itself is free. held : how firmly it is held.
    """
    wide = np.concatenate([signals, np.ones((len(signals), 1))], axis=1)
    prior = np.append(weights, offset)
    firmness = np.append(np.full(len(weights), held), 1e-3)
    found = prior.copy()
    for _ in range(_ROUNDS):
        odds = 1 / (1 + np.exp(-np.clip(wide @ found, -50, 50)))
        slope = wide.T @ (odds - none) + firmness * (found - prior)
        curve = (wide * (odds * (1 - odds))[:, None]).T @ wide + np.diag(firmness)
        step = np.linalg.solve(curve, slope)
        found = found - step * min(1.0, _LONGEST_STEP / max(float(np.abs(step).max()), 1e-12))
        if np.abs(step).max() < 1e-7:
            break
    return found[:-1], float(found[-1])
