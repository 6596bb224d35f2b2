"""逐字核对的样本（golden/）：核对真的会失败，改写样本的开关不在平时打开。"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

HERE = Path(__file__).parent
SAMPLE = "replay"


def test_改写样本的开关没有打开():
    assert "UPDATE_GOLDEN" not in os.environ, "设了 UPDATE_GOLDEN 时样本是改写而不是核对，请去掉后再跑测试"


@pytest.fixture
def kept(monkeypatch):
    monkeypatch.delenv("UPDATE_GOLDEN", raising=False)
    return json.loads((HERE / "golden" / f"{SAMPLE}.json").read_text(encoding="utf-8"))


def test_与样本相同就通过_改写开关只认一(kept, agrees, monkeypatch):
    agrees(SAMPLE, kept)
    monkeypatch.setenv("UPDATE_GOLDEN", "0")
    with pytest.raises(AssertionError):
        agrees(SAMPLE, {**kept, "空": "改过"})


@pytest.mark.parametrize(
    "changed",
    [
        lambda kept: {**kept, "空": kept["空"] + "。"},
        lambda kept: {key: value for key, value in kept.items() if key != "空"},
        lambda kept: dict(list(kept.items())[:-1]),
        lambda kept: {**kept, "多出的": "x"},
        lambda kept: dict(reversed(kept.items())),
        lambda kept: {},
    ],
    ids=["改字", "少头一项", "少末一项", "多一项", "换次序", "全没有"],
)
def test_与样本不同就不通过(kept, agrees, changed):
    with pytest.raises(AssertionError):
        agrees(SAMPLE, changed(kept))
