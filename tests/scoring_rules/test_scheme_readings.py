"""方案旁边的读法文件：写错的一次报全；权重表之和必须等于二级指标的分值。"""

from __future__ import annotations

import shutil
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from scoring_rules.applicability import maxima
from scoring_rules.errors import SchemeError
from scoring_rules.scheme_loader import load_scheme, load_scheme_file

DEMO = Path(__file__).parent / "schemes" / "demo"
WEIGHTS = """act: {by: 督导办（虚构）, on: "2031-03-01", document: 虚构〔2031〕2号}
criteria:
  B1: {B1-1: "15", B1-2: "10", B1-3: "5"}
"""


@pytest.fixture
def folder(tmp_path):
    return Path(shutil.copytree(DEMO, tmp_path / "demo"))


def refused(folder, name, old, new):
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(SchemeError) as caught:
        load_scheme_file(folder)
    return str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("operator: at_least", "operator: over", "不认识“over”"),
        ("word: 不少于", "word: 以上", "“以上”不在所引的原文里"),
        ("quote: 每校图书不少于每生十册", "quote: 每校图书不少于每生九册", "不是该要点的原文"),
        ("metrics: [demo_water_done, demo_water_due]", "metrics: [demo_water_done]", "这里要 2 个指标"),
        (", parameter: demo_books_min", "", "要写 parameter"),
        ('id: "B1-2"', 'id: "B9-9"', "没有“B9-9”这个评价要点"),
        ('id: "B1-2"', 'id: "B1-1"', "“B1-1”重复"),
        (
            "parameter: demo_books_min",
            "parameter: demo_books_min, term: nowhere, term_value: x",
            "约定表里没有“nowhere”",
        ),
        ('  - id: "B2-2"\n    expert:\n      - {quote: 开展读书活动, reason: 定性要求}\n', "", "还缺B2-2的规则"),
    ],
)
def test_规则写错的拒绝(folder, old, new, words):
    assert words in refused(folder, "rules.yaml", old, new)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("kind: choice", "kind: option", "只能是：choice"),
        ("    parameter: total_points_cap\n", "", "kind 为 number 的写 parameter"),
        ("default: none", "default: maybe", "不在 alternatives 里"),
        ("id: bonus_in_grade", "id: total_points_cap", "“total_points_cap”重复"),
        ("kind: number\n    parameter: total_points_cap", "kind: fixed", "要在 default 里写出读法"),
    ],
)
def test_约定写错的拒绝(folder, old, new, words):
    assert words in refused(folder, "open_terms.yaml", old, new)


def test_方案里写错的角色拒绝(folder):
    assert "没有“B7”这个评价要点" in refused(folder, "scheme.yaml", '"B2-1"', '"B7"')


def test_附件里写错的计算拒绝(folder):
    assert "不认识“guess”" in refused(
        folder, "scheme.yaml", "text: 拖欠教师工资的", "text: 拖欠教师工资的, calculator: guess"
    )


def test_权重表是登记的决定_不适用时按权重分(folder):
    (folder / "weights.yaml").write_text(WEIGHTS, encoding="utf-8")
    scheme = load_scheme_file(folder)
    assert [scheme.share(f"B1-{n}") for n in (1, 2, 3)] == [15, 10, 5]
    assert scheme.share("B2-1") == 10
    term = next(term for term in scheme.terms if term.id == "item_weights")
    assert term.act is not None
    assert (term.value, term.act.document) == ("weight_file", "虚构〔2031〕2号")
    limits = maxima(scheme, ["B1-2"])
    assert [limits.items[f"B1-{n}"] for n in (1, 2, 3)] == [Fraction(45, 2), 0, Fraction(15, 2)]
    assert limits.criteria["B1"] == 30


@pytest.mark.parametrize("last", ["4.99", "5.01", "0"])
def test_权重之和差一点都拒绝(folder, last):
    (folder / "weights.yaml").write_text(WEIGHTS.replace('"5"', f'"{last}"'), encoding="utf-8")
    with pytest.raises(SchemeError, match=r"各要点之和是|必须大于 0"):
        load_scheme_file(folder)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (', B1-3: "5"', "", "缺少“B1-3”"),
        ("B1:", "B8:", "没有“B8”这个二级指标"),
        ('on: "2031-03-01"', "on: 三月", "日期请写成"),
        ("by: 督导办（虚构）, ", "", "缺少“by”"),
    ],
)
def test_权重表写错的拒绝(folder, old, new, words):
    (folder / "weights.yaml").write_text(WEIGHTS.replace(old, new), encoding="utf-8")
    with pytest.raises(SchemeError, match=words):
        load_scheme_file(folder)


def test_没有权重表就均分(folder):
    assert [load_scheme_file(folder).share(f"B1-{n}") for n in (1, 2, 3)] == [10, 10, 10]


def test_没有登记权重文件时权重不起作用():
    scheme = load_scheme()
    criterion = scheme.criterion("B15")
    names = [item.id for item in criterion.items]
    weighed = replace(scheme, weights={names[0]: Fraction(7)})
    assert weighed.shares(criterion, names) == dict.fromkeys(names, Fraction(40, len(names)))
    assert weighed.shares(criterion, names[:1]) == {name: Fraction(40 if name == names[0] else 0) for name in names}
    assert weighed.shares(criterion, []) == dict.fromkeys(names, Fraction(0))


def test_没有的约定没有说法_没有的编号报出来():
    scheme = load_scheme()
    assert scheme.words("没有这一项") == ""
    assert scheme.basis("没有这一项") == "约定：没有这一项。"
    with pytest.raises(KeyError, match="B99"):
        scheme.criterion("B99")
    with pytest.raises(KeyError, match="B1-99"):
        scheme.item("B1-99")
