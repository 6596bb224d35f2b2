"""Near copies are shown once; what differs in a figure is no copy."""

from __future__ import annotations

from retrieval.folding import Folded, fold_alike

REPORT = (
    "全区普惠性幼儿园覆盖率达到86.5%，比上年提高2.1个百分点，入园率达到97.2%，各镇街均建有公办中心园。新建小区配套园全部移交教育部门，"
    "办成公办园或者委托办成普惠性民办园，没有改作他用；无证园经过分类治理，符合条件的已经发证，其余已经停办，幼儿就近安置。"
)


def fold(texts: list[str], most: int = 10) -> list[Folded[int]]:
    return fold_alike(range(len(texts)), texts.__getitem__, most)


def test_相同与近似的合为一条() -> None:
    found = fold([REPORT, "校车安全", REPORT, REPORT + "。"])
    assert [(entry.first, entry.copies) for entry in found] == [(0, [2, 3]), (1, [])]


def test_只差一个数字的不合并() -> None:
    assert [entry.copies for entry in fold([REPORT, REPORT.replace("86.5", "85.6")])] == [[], []]


def test_说法不同的不合并() -> None:
    assert len(fold([REPORT, "86.5%的幼儿在普惠园，提高2.1个百分点；97.2%的适龄儿童入园"])) == 2


def test_条数够了之后的副本仍然记下() -> None:
    found = fold([REPORT, "校车安全", "食堂安全", REPORT], most=2)
    assert [(entry.first, entry.copies) for entry in found] == [(0, [3]), (1, [])]


def test_空文与单字() -> None:
    assert [entry.first for entry in fold(["", "", "园"])] == [0, 2]
