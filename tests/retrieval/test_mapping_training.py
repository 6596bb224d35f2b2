"""训练：没有判断就是自带的模型；有判断时例段和系数都跟上，交叉验证不让同一份材料互相帮忙。"""

from __future__ import annotations

import pytest

from retrieval.item_examples import Example
from retrieval.itemmap import ItemMapper
from retrieval.mapping_model import shipped_model
from retrieval.mapping_training import MOST_EXAMPLES, train
from scoring_rules.catalogue import load_catalogue
from scoring_rules.scheme_loader import load_scheme
from tests.retrieval.conftest import TokenEmbedder

SCHEME, CATALOGUE = load_scheme(), load_catalogue()
# 本地的说法：只有判断能告诉程序它指什么。
LOCAL = [f"第{n}号青苗岗巡查登记，值守{n}人。" for n in range(12)]


def _decided(count: int = 12) -> list[Example]:
    return [Example(f"材料{n % 4}#{n}", text, ("B12-1",)) for n, text in enumerate(LOCAL[:count])]


def test_没有判断就是自带的() -> None:
    trained = train(SCHEME, CATALOGUE, TokenEmbedder(), [])
    assert trained.model.digest == shipped_model(SCHEME).digest
    assert trained.decided == 0
    assert trained.before == trained.after == {"n": 0.0, "n_none": 0.0}


def test_学会本地的说法() -> None:
    text = "青苗岗巡查登记，值守六十人。"
    plain = ItemMapper(SCHEME, CATALOGUE, TokenEmbedder())
    trained = train(SCHEME, CATALOGUE, TokenEmbedder(), _decided())
    taught = ItemMapper(SCHEME, CATALOGUE, TokenEmbedder(), model=trained.model)
    assert plain.map([text])[0].ranking[0][0] != "B12-1"
    assert taught.map([text])[0].ranking[0][0] == "B12-1"
    assert trained.after["item_top1"] > trained.before["item_top1"] - 1e-9
    assert trained.after["n"] == 12


def test_同一份材料不互相帮忙() -> None:
    together = [Example(f"一份#{n}", text, ("B12-1",)) for n, text in enumerate(LOCAL)]
    alone, apart = (train(SCHEME, CATALOGUE, TokenEmbedder(), rows) for rows in (together, _decided()))
    assert alone.after["item_top1"] < apart.after["item_top1"]


def test_同一段判断两次以后一次为准_太多只留新的() -> None:
    twice = train(
        SCHEME, CATALOGUE, TokenEmbedder(), [Example("甲#1", "一段", ("B5-5",)), Example("甲#1", "一段", ("B5-6",))]
    )
    assert twice.decided == 1
    assert twice.model.examples[0].items == ("B5-6",)
    many = [Example(f"甲{n}#1", f"第{n}次检查校车", ("B12-2",)) for n in range(MOST_EXAMPLES + 5)]
    kept = train(SCHEME, CATALOGUE, TokenEmbedder(), many).model.examples
    assert len(kept) == MOST_EXAMPLES
    assert kept[-1].id == many[-1].id
    assert many[0] not in kept


def test_无对应的判断有查准查全() -> None:
    decided = [*_decided(), *[Example(f"乙{n}#1", f"第{n}段公路通车，货运增长。", ()) for n in range(6)]]
    trained = train(SCHEME, CATALOGUE, TokenEmbedder(), decided)
    assert trained.after["n_none"] == 6
    assert trained.after["none_recall"] == pytest.approx(1)
