"""把握是否可信：误差按定义手算，温度把过高的把握降下来。"""

from __future__ import annotations

import numpy as np
import pytest

from retrieval.calibration import best_temperature, calibration_error, log_loss
from retrieval.mapping_model import softmax


def test_误差按格手算() -> None:
    confidences, right = np.array([0.95, 0.95, 0.35, 1.0]), np.array([True, False, False, True])
    # 0.9–1.0 这一格：|2.9 − 2|；0.3–0.4 这一格：|0.35 − 0|
    assert calibration_error(confidences, right) == pytest.approx((0.9 + 0.35) / 4)
    assert calibration_error(np.array([1.0, 0.0]), np.array([True, False])) == 0
    with pytest.raises(ValueError, match="请"):
        calibration_error(np.array([]), np.array([], dtype=bool))


def test_损失只看允许的要点占多少() -> None:
    scores = np.log(np.array([[0.5, 0.25, 0.25]]))
    assert log_loss(scores, np.array([[True, False, False]])) == pytest.approx(np.log(2))
    assert log_loss(scores, np.array([[True, True, True]])) == pytest.approx(0)


@pytest.mark.parametrize("heat", [0.5, 1.0, 2.0])
def test_找回造数据用的温度(heat: float) -> None:
    random = np.random.default_rng(5)
    scores = random.normal(0, 2, (4000, 6))
    drawn = [random.choice(6, p=row) for row in softmax(scores / heat)]
    assert best_temperature(scores, np.eye(6, dtype=bool)[drawn]) == pytest.approx(heat, rel=0.1)


def test_温度不出界() -> None:
    scores = np.array([[5.0, 0.0]] * 9)
    assert best_temperature(scores, np.array([[True, False]] * 9)) == pytest.approx(0.4, rel=0.01)
    assert best_temperature(scores, np.array([[False, True]] * 9)) == pytest.approx(2.5, rel=0.01)
