"""「通过随机抽取样本进行验证」: every A-indicator, every kind of school; the same seed and frame give the same sample."""

from __future__ import annotations

import random
from itertools import product

import pytest

from scoring_rules.sampling import (
    School,
    allocate,
    draw,
    drawn_criteria,
    frame,
    frame_sha256,
    next_reserve,
    redraw,
    standing,
)

STAGES, AREAS, SIZES, OWNERS = ("幼儿园", "小学", "初中"), ("城区", "乡村"), ("大", "小"), ("公办", "民办")
SCHOOLS = [
    School(f"虚构{n}{''.join(cell)}", *cell) for cell in product(STAGES, AREAS, SIZES, OWNERS) for n in range(1, 4)
]

PINNED_CRITERIA = ("B1", "B6", "B14", "B17", "B20")
PINNED_SCHOOLS = ["虚构3幼儿园城区大公办", "虚构1幼儿园城区大民办", "虚构3幼儿园城区大民办"]


@pytest.fixture
def whole(scheme):
    return frame(scheme, (), SCHOOLS)


@pytest.mark.parametrize("seed", range(30))
def test_每个一级指标都抽到(scheme, whole, seed):
    sample = draw(whole, seed)
    assert [s["stratum"] for s in sample["criteria"]] == ["A1", "A2", "A3", "A4", "A5"]
    of = {c.id: i.id for i in scheme.indicators for c in i.criteria}
    for stratum in sample["criteria"]:
        assert len(stratum["drawn"]) == 1
        members = [*stratum["drawn"], *stratum["reserve"]]
        assert sorted(members) == sorted(c for c, i in of.items() if i == stratum["stratum"])
    assert "B21" not in drawn_criteria(sample)


@pytest.mark.parametrize("seed", range(30))
def test_学段城乡规模性质都抽到(whole, seed):
    sample = draw(whole, seed)
    cells = [s["stratum"] for s in sample["schools"] if s["drawn"]]
    assert sum(len(s["drawn"]) for s in sample["schools"]) == 12
    for position, values in enumerate((STAGES, AREAS, SIZES, OWNERS)):
        assert {cell[position] for cell in cells} == set(values)
    assert sample["not_covered"] == []


def test_名单次序无关(scheme, whole):
    mixed = SCHOOLS[:]
    random.Random(3).shuffle(mixed)
    assert draw(frame(scheme, (), mixed), 7) == draw(whole, 7)


def test_由种子和抽样框哈希复算(whole):
    sample = draw(whole, 7, per_indicator=2, schools=20)
    assert redraw(sample) == sample
    assert sample["frame_sha256"] == frame_sha256(whole)
    assert draw(whole, 8)["schools"] != draw(whole, 7)["schools"]


def test_名单变了样本就变(scheme, whole):
    other = frame(scheme, (), SCHOOLS[:-1])
    assert frame_sha256(other) != frame_sha256(whole)
    assert {tuple(drawn_criteria(draw(f, s))) for f in (other, whole) for s in range(3)} != {()}


def test_各单位被抽到的机会相当(whole):
    """Over 4000 seeds each of the 4 criteria of A1 is drawn about a quarter of the time."""
    drawn = [draw({**whole, "schools": []}, seed)["criteria"][0]["drawn"][0] for seed in range(4000)]
    assert all(900 < drawn.count(name) < 1100 for name in ("B1", "B2", "B3", "B4"))


def test_固定样本(scheme):
    """What seed 20190301 drew when this was written; another machine or version must draw the same."""
    sample = draw(frame(scheme, (), SCHOOLS[:6]), 20190301, schools=3)
    assert drawn_criteria(sample) == PINNED_CRITERIA
    assert [name for s in sample["schools"] for name in s["drawn"]] == PINNED_SCHOOLS


def test_不适用的指标不在抽样框里(scheme):
    items = [item.id for item in scheme.criterion("B7").items]
    assert "B7" not in frame(scheme, items, [])["indicators"]["A2"]
    assert "B7" in frame(scheme, items[:1], [])["indicators"]["A2"]


def test_没有名单就只抽指标(scheme):
    sample = draw(frame(scheme, (), []), 1)
    assert (sample["schools"], sample["not_covered"]) == ([], [])


def test_抽满一层就没有替补(scheme):
    sample = draw(frame(scheme, (), SCHOOLS[:3]), 1, per_indicator=99, schools=99)
    assert all(not s["reserve"] for s in (*sample["criteria"], *sample["schools"]))
    assert sample["schools"][0]["of"] == len(sample["schools"][0]["drawn"]) == 3


def test_样本太少时如实说哪些没抽到(scheme):
    sample = draw(frame(scheme, (), SCHOOLS), 1, schools=2)
    drawn = [s["stratum"][0] for s in sample["schools"] if s["drawn"]]
    assert len(set(drawn)) == 2
    assert sample["not_covered"] == [stage for stage in STAGES if stage not in drawn]


@pytest.mark.parametrize("total", range(12))
@pytest.mark.parametrize("sizes", [(1, 1), (5, 1), (3, 3, 3), (7, 2, 1)])
def test_分配不多于层内也不多于总数(sizes, total):
    cells = {(f"段{n}", "城", "大", "公"): size for n, size in enumerate(sizes)}
    counts = allocate(cells, total, lambda cell: cell)
    assert sum(counts.values()) == min(total, sum(sizes))
    assert all(0 <= counts[cell] <= size for cell, size in cells.items())
    if total >= len(sizes):
        assert min(counts.values()) >= 1


def test_余下的按比例分配():
    cells = {("甲", "", "", ""): 31, ("乙", "", "", ""): 11, ("丙", "", "", ""): 1}
    assert allocate(cells, 11, lambda cell: cell) == {
        ("甲", "", "", ""): 7,
        ("乙", "", "", ""): 3,
        ("丙", "", "", ""): 1,
    }


# Two strata of criteria and one of schools, so that each rule of replacing shows by itself.
RESERVES = {
    "criteria": [{"drawn": ["B1", "B2"], "reserve": ["B3", "B4"]}, {"drawn": ["B5"], "reserve": ["B6"]}],
    "schools": [{"drawn": ["甲校"], "reserve": ["乙校"]}],
}


def _swap(out, into, kind="criterion"):
    return {"kind": kind, "out": out, "in": into}


@pytest.mark.parametrize(
    ("kind", "used", "units", "faults"),
    [
        ("criterion", [], ("B1", "B2", "B5"), ()),
        ("school", [], ("甲校",), ()),
        ("criterion", [_swap("B2", "B3")], ("B1", "B3", "B5"), ()),
        ("criterion", [_swap("B2", "B3"), _swap("B1", "B4")], ("B4", "B3", "B5"), ()),
        ("criterion", [_swap("B2", "B3"), _swap("B3", "B4")], ("B1", "B4", "B5"), ()),
        ("criterion", [_swap("B1", "B3"), _swap("B5", "B6")], ("B3", "B2", "B6"), ()),
        ("criterion", [_swap("B5", "B6"), _swap("B1", "B3")], ("B3", "B2", "B6"), ()),
        ("criterion", [_swap("甲校", "乙校", "school")], ("B1", "B2", "B5"), ()),
        ("school", [_swap("甲校", "乙校", "school"), _swap("B1", "B3")], ("乙校",), ()),
        (
            "criterion",
            [_swap("B2", "B4"), _swap("B1", "B3")],
            ("B3", "B2", "B5"),
            ("B2 的替补应是 B3，不是 B4。请核对。", "替补 B4 没有可以顶替的单位。请核对。"),
        ),
        (
            "criterion",
            [_swap("B5", "B6"), _swap("B6", "B7")],
            ("B1", "B2", "B6"),
            ("B6 的替补应是 （没有替补），不是 B7。请核对。", "替补 B7 没有可以顶替的单位。请核对。"),
        ),
        ("criterion", [_swap("B9", "B8")], ("B1", "B2", "B5"), ("替补 B8 没有可以顶替的单位。请核对。",)),
    ],
)  # fmt: skip
def test_替补按次序顶替(kind, used, units, faults):
    assert standing(RESERVES, kind, used) == (units, faults)


@pytest.mark.parametrize(
    ("kind", "unit", "used", "found"),
    [
        ("criterion", "B1", [], "B3"),
        ("criterion", "B2", [_swap("B1", "B3")], "B4"),
        ("criterion", "B3", [_swap("B1", "B3")], "B4"),
        ("criterion", "B5", [_swap("B1", "B3")], "B6"),
        ("criterion", "B6", [_swap("B5", "B6")], None),
        ("school", "甲校", [_swap("B1", "乙校")], "乙校"),
        ("school", "乙校", [_swap("甲校", "乙校", "school")], None),
    ],
)
def test_下一个替补(kind, unit, used, found):
    assert next_reserve(RESERVES, kind, unit, used) == found


@pytest.mark.parametrize(
    ("kind", "unit", "used"),
    [
        ("criterion", "B3", []),
        ("criterion", "B1", [_swap("B1", "B3")]),
        ("school", "B1", []),
        ("criterion", "甲校", []),
    ],
)
def test_不在核查之列的没有替补(kind, unit, used):
    with pytest.raises(KeyError, match=unit):
        next_reserve(RESERVES, kind, unit, used)
