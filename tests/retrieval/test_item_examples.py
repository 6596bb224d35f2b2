"""例段文件：随程序带的合格，错处一次报全。"""

from __future__ import annotations

import pytest

from retrieval.item_examples import Example, ExamplesError, by_item, load_examples, read_examples
from scoring_rules.scheme_loader import load_scheme

SCHEME = load_scheme()


def test_自带例段覆盖全部要点_有无对应的_编号文字不重复() -> None:
    examples = load_examples(SCHEME)
    counts = [len(places) for places in by_item(examples, {item.id: n for n, item in enumerate(SCHEME.items)})]
    assert min(counts) >= 3
    assert sum(example.none for example in examples) >= 30
    assert len({example.id for example in examples}) == len({example.text for example in examples}) == len(examples)


def test_只有否定的不等于无对应() -> None:
    assert Example("甲", "文字", ()).none
    assert not Example("甲", "文字", (), ("B5-5",)).none


def test_错处一次报全() -> None:
    text = """
scheme: "2018"
passages:
  - {id: "甲", style: 小说, items: ["B99-1"], text: "一段"}
  - {id: "甲", style: 新闻, items: [], text: "一段"}
"""
    with pytest.raises(ExamplesError) as caught:
        read_examples(text, SCHEME, "试.yaml")
    told = str(caught.value)
    for word in ("试.yaml", "2019", "B99-1", "写法", "重复", "文字相同", "没有例段", "请"):
        assert word in told
