"""由问法算权重：同样的问法得同样的权重；问法文件的错一次说全。"""

from __future__ import annotations

import numpy as np
import pytest

from retrieval.metrics import load_metrics
from retrieval.question_kinds import CLASSES
from retrieval.question_signs import signs
from retrieval.question_training import DISTRICTS, WordingsError, read_wordings, train
from scoring_rules.catalogue import load_catalogue

# 每类十句，句子里有这一类独有的字。
OWN = dict(zip(CLASSES, "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌", strict=True))
AROUND = "东西南北春夏秋冬早晚"


def small(**changed: str) -> str:
    lines = []
    for name, word in OWN.items():
        lines.append(f"{name}:{changed.get(name, '')}")
        lines += [f"  - {around}{word}{word}" for around in AROUND]
    return "\n".join(lines) + "\n"


def test_学得会_而且每次一样() -> None:
    made, again = train(small()), train(small())
    assert np.array_equal(made.weights, again.weights)
    assert made.source == again.source
    catalogue, metrics = load_catalogue(), load_metrics()
    for name, word in OWN.items():
        found = signs(f"日{word}{word}", catalogue, metrics, district=DISTRICTS[0], districts=DISTRICTS)
        assert next(iter(made.scores(found))) == name


def test_错处一次说全() -> None:
    text = small().replace("  - 东乙乙\n", "  - 东甲甲\n").replace("  - 东丙丙\n", "")
    with pytest.raises(WordingsError) as caught:
        read_wordings(text)
    assert len(caught.value.faults) == 2
    assert "写了两次" in str(caught.value)
    assert "现在 9 种" in str(caught.value)


def test_缺了一类() -> None:
    with pytest.raises(WordingsError):
        read_wordings(small().split("other:")[0])
