"""信号：长短不同的文字可以相比，与自己相同的例段可以排除。"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from retrieval.item_examples import Example, load_examples
from retrieval.item_features import NONE_SIGNALS, SIGNALS, ItemFeatures
from scoring_rules.catalogue import load_catalogue
from scoring_rules.scheme_loader import load_scheme
from tests.retrieval.conftest import TokenEmbedder

SCHEME = load_scheme()
EXAMPLES = load_examples(SCHEME)


@pytest.fixture(scope="module")
def measured() -> ItemFeatures:
    return ItemFeatures(SCHEME, load_catalogue(), TokenEmbedder(), EXAMPLES)


def _signal(measured: ItemFeatures, text: str, name: str, item: str) -> float:
    return float(measured.measure([text]).items[0, measured.ids.index(item), SIGNALS.index(name)])


def test_形状(measured: ItemFeatures) -> None:
    features = measured.measure(["校车", "普惠率"])
    assert features.items.shape == (2, 65, len(SIGNALS))
    assert features.none.shape == (2, len(NONE_SIGNALS))
    assert np.isfinite(features.items).all()
    assert np.isfinite(features.none).all()


def test_以各要点间的离散为单位_没有字面重合时不放大(measured: ItemFeatures) -> None:
    words = measured.measure(["责任督学挂牌督导覆盖全部中小学、幼儿园，校门口设公示牌。"]).items[0, :, 0]
    assert words.std() == pytest.approx(1)
    assert words.mean() == pytest.approx(0)
    assert np.abs(measured.measure(["甲乙丙"]).items[0, :, 0]).max() < 2


def test_三个字的名称算一个单位_目录与联想词各算一次(measured: ItemFeatures) -> None:
    assert _signal(measured, "责任督学挂牌督导", "names", "B15-3") == pytest.approx(2 * 8 / 3)


def test_排除自己之后例段不再认得自己(measured: ItemFeatures) -> None:
    place = next(place for place, example in enumerate(EXAMPLES) if example.items[:1] == ("B19-2",))
    text, column = EXAMPLES[place].text, measured.ids.index("B19-2")
    signal = SIGNALS.index("examples")
    alone = measured.measure([text], left_out=[[place]]).items[0, column, signal]
    assert alone < measured.measure([text]).items[0, column, signal]
    nearer = NONE_SIGNALS.index("examples")
    assert measured.measure([text], left_out=[[place]]).none[0, nearer] < measured.measure([text]).none[0, nearer]


def test_全部例段都排除时仍有数() -> None:
    examples = [Example("甲", "校车安全检查", ("B12-1",)), Example("乙", "新修公路通车", ())]
    measured = ItemFeatures(SCHEME, load_catalogue(), TokenEmbedder(), examples)
    features = measured.measure(["校车"], left_out=[[0, 1]])
    assert np.isfinite(features.items).all()
    assert np.isfinite(features.none).all()
    assert (features.items[0, :, SIGNALS.index("examples")] == 0).all()


def test_没有教育字眼时名称另算(measured: ItemFeatures) -> None:
    with_field, alone = (NONE_SIGNALS.index(name) for name in ("names", "names_alone"))
    outside = measured.measure(["镇里上党课，开组织生活会。"]).none[0]
    inside = measured.measure(["学校上党课，开组织生活会。"]).none[0]
    assert outside[with_field] == inside[alone] == 0
    assert outside[alone] > 0 < inside[with_field]


def test_向量留在文件夹里(tmp_path: Path) -> None:
    first, again = TokenEmbedder(), TokenEmbedder()
    for embedder in (first, again):
        ItemFeatures(SCHEME, load_catalogue(), embedder, EXAMPLES, caches=[tmp_path]).measure(["校车"])
    assert len(first.seen) > len(EXAMPLES)
    assert again.seen == ["校车"]
