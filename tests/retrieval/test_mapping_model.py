"""对应模型：系数读得准，坏的不收，存取不变。"""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from retrieval.item_examples import Example
from retrieval.item_features import NONE_SIGNALS, SIGNALS
from retrieval.mapping_model import MappingModelError, from_data, read_model, shipped_model, softmax, to_data
from scoring_rules.scheme_loader import load_scheme

SCHEME = load_scheme()


def test_自带模型的次序与信号一致() -> None:
    model = shipped_model(SCHEME)
    assert model.weights.shape == (len(SIGNALS),)
    assert (model.weights > 0).all()
    signs = dict(zip(NONE_SIGNALS, np.sign(model.none_weights), strict=True))
    assert {name for name, sign in signs.items() if sign > 0} == {"no_field_word", "higher_education"}


def test_得分是信号的加权和加上各要点的常数() -> None:
    model = replace(shipped_model(SCHEME), weights=np.array([1.0, 2, 0, 0, 0]), offsets=np.arange(65.0))
    scores = model.scores(np.ones((1, 65, len(SIGNALS))))
    assert scores[0, :3].tolist() == [3, 4, 5]


def test_份额相加为一_次序不变() -> None:
    shares = softmax(np.array([[1.0, 3.0, 2.0], [1000.0, 0.0, -1000.0]]))
    assert shares.sum(axis=1) == pytest.approx([1, 1])
    assert shares[0].argsort().tolist() == [0, 2, 1]


def test_存成数据再读回来一样() -> None:
    model = replace(shipped_model(SCHEME), examples=(Example("甲#1", "校车", ("B12-1",), ("B5-5",), "报告"),))
    again = from_data(json.loads(json.dumps(to_data(model))), SCHEME)
    assert again.digest == model.digest
    assert again.examples == model.examples


@pytest.mark.parametrize(
    "change",
    [
        {"weights": [1.0]}, {"offsets": [0.0]}, {"none_offset": float("nan")}, {"signals": ["别的"] * 5},
        {"examples": [["甲", "文字", ["B99-1"], [], ""]]},
    ],
    ids=["少系数", "少常数", "不是数", "别的信号", "没有的要点"],
)  # fmt: skip
def test_对不上的数据不收(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        from_data(to_data(shipped_model(SCHEME)) | change, SCHEME)


def test_系数文件的错处一次报全() -> None:
    with pytest.raises(MappingModelError) as caught:
        read_model('scheme: "2018"\nweights: {words: "多"}\nnone_weights: {}\nnone_offset: "1"\n', SCHEME, "试.yaml")
    told = str(caught.value)
    for word in ("试.yaml", "2019", "meaning", "names_alone", "请"):
        assert word in told
