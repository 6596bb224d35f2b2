"""拟合：判断少时留在原处附近，判断多时跟着判断走。"""

from __future__ import annotations

import numpy as np
import pytest

from retrieval import mapping_fit
from retrieval.mapping_fit import fit_items, fit_none
from retrieval.mapping_model import softmax


def _drawn(count: int, weights: np.ndarray, offsets: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(1)
    signals = random.normal(0, 1, (count, len(offsets), len(weights)))
    shares = softmax(signals @ weights + offsets)
    return signals, np.eye(len(offsets), dtype=bool)[[random.choice(len(offsets), p=row) for row in shares]]


def test_先验放松就找回真正的系数(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mapping_fit, "_WEIGHT_PRIOR", 1.0)
    monkeypatch.setattr(mapping_fit, "_OFFSET_PRIOR", 1.0)
    weights, offsets = np.array([2.0, -1.0]), np.array([0.0, 1.0, -1.0])
    found, moved = fit_items(*_drawn(6000, weights, offsets), np.zeros(2), np.zeros(3))
    assert found == pytest.approx(weights, abs=0.15)
    assert moved - moved.mean() == pytest.approx(offsets, abs=0.15)


def test_判断少就留在原处附近() -> None:
    signals, allowed = _drawn(3, np.array([2.0, -1.0]), np.zeros(3))
    found, moved = fit_items(signals, allowed, np.array([0.5, 0.5]), np.zeros(3))
    assert found == pytest.approx([0.5, 0.5], abs=0.2)
    assert np.abs(moved).max() < 0.5


def test_被否定的要点降下来_允许的一起升() -> None:
    signals = np.zeros((2000, 3, 1))
    allowed = np.array([[False, True, True]] * 2000)
    _, offsets = fit_items(signals, allowed, np.ones(1), np.zeros(3))
    assert offsets[0] < -0.5
    assert offsets[1] == pytest.approx(offsets[2])
    assert offsets[1] > 0


def test_无对应的分界() -> None:
    random = np.random.default_rng(2)
    signals = random.normal(0, 1, (500, 2))
    none = signals[:, 0] > 0.5
    weights, offset = fit_none(signals, none, np.zeros(2), 0.0)
    said = signals @ weights + offset > 0
    assert (said == none).mean() > 0.97
    assert abs(weights[1]) < 0.3 < weights[0]


def test_没有新判断时无对应的系数不动() -> None:
    weights, offset = fit_none(np.zeros((0, 2)), np.zeros(0, dtype=bool), np.array([1.0, -2.0]), 0.3)
    assert weights.tolist() == [1, -2]
    assert offset == pytest.approx(0.3)
