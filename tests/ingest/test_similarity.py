"""Copies are found by their words, whatever their bytes, titles and punctuation."""

from __future__ import annotations

import pytest

from ingest.similarity import LEAST, alike, groups, likeness, text_facts

SAFETY = "".join(
    f"第{n}所学校已完成消防、校车、食品三项安全检查，整改隐患{n * 3}处，落实责任人{n % 7 + 1}名。" for n in range(40)
)
BUDGET = "".join(f"第{n}项经费预算{n * 37}万元，由财政部门拨付{n * 31}万元，用于改善薄弱学校条件。" for n in range(40))


def _sketch(text: str) -> str:
    facts = text_facts(text)
    assert facts is not None
    return facts["minhash"]


def test_空格标点全半角不算差别() -> None:
    spaced = SAFETY.replace("，", ", ").replace("学校", "学 校").replace("3", "３")
    assert text_facts(spaced) == text_facts(SAFETY)


def test_改了年份和几个字仍相近而另一份材料不相近() -> None:
    changed = "2017年安全工作。" + SAFETY.replace("责任人", "责任者", 2)
    assert likeness(_sketch(SAFETY), _sketch(changed)) > 0.9
    assert likeness(_sketch(SAFETY), _sketch(BUDGET)) < 0.1


@pytest.mark.parametrize(("length", "kept"), [(LEAST - 1, False), (LEAST, True)])
def test_太短的文字不作比较(length: int, kept: bool) -> None:
    words = SAFETY.replace("，", "").replace("。", "").replace("、", "")
    assert (text_facts(words[:length]) is not None) == kept


def test_成对与成组() -> None:
    sketches = {
        7: _sketch(SAFETY),
        3: _sketch(BUDGET),
        9: _sketch(SAFETY + "补充一句。"),
        12: _sketch(BUDGET + "另附说明。"),
    }
    pairs = list(alike(sketches, 0.8))
    assert [(one, other) for one, other, _ in pairs] == [(3, 12), (7, 9)]
    assert all(0.8 <= share <= 1 for *_, share in pairs)
    assert groups(pairs) == [[3, 12], [7, 9]]


def test_相连的都在一组() -> None:
    assert groups([(5, 8, 0.9), (1, 5, 0.9), (2, 4, 0.9)]) == [[1, 5, 8], [2, 4]]


def test_指纹不随运行变化() -> None:
    """Stored sketches are compared with ones made years later: a change of library or seed must not go unseen."""
    assert _sketch(SAFETY)[:16] == "JdJiAOUzJgDc0B8A"
