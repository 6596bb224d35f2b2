"""问的是附件 1 的哪一条：按编号，或按只有那一条才有的字词。"""

from __future__ import annotations

import pytest

from retrieval.named_conditions import named_conditions, numbers_named
from scoring_rules.scheme_loader import load_scheme


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("附件1第四条触发没有", ["4"]),
        ("第 3 项和第五项呢", ["3", "5"]),
        ("乡镇补贴那条为什么没法核实", ["4"]),
        ("学生体质有没有连着两年降", ["5"]),
        ("校园安全出了事会不会降级", ["3"]),
        ("附件1触发了哪条", []),
        ("什么情况会降低一个等级？", []),
        ("命中两条是不是要降两级", []),
    ],
)
def test_按编号_按字词_都没有就是没有点名(text: str, ids: list[str]) -> None:
    assert named_conditions(text, load_scheme()) == ids


def test_整改问题的编号不看字词() -> None:
    assert numbers_named("第二条乡镇补贴") == ["2"]
    assert numbers_named("乡镇补贴那条") == []
