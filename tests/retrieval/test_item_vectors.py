"""Vectors of the items are kept, and made again whenever they could be wrong."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from retrieval.item_vectors import item_vectors

VIEWS = [["规划", "编制"], ["督导", "教师"]]


class Counting:
    """An embedder that counts; the vector of a text is its length and 1."""

    def __init__(self, name: str = "甲") -> None:
        self.name, self.calls = name, 0

    def embed_passages(self, texts):
        self.calls += 1
        return np.array([[len(text), ord(text[0])] for text in texts], dtype=np.float32)


def test_各视角取平均(tmp_path: Path) -> None:
    found = item_vectors(Counting(), [["一", "一二"], ["一二三", "一二三四"]])
    assert found[:, 0].tolist() == [2, 3]


def test_第二次从文件取_不再计算(tmp_path: Path) -> None:
    first, again = Counting(), Counting()
    made = item_vectors(first, VIEWS, [tmp_path / "c"])
    assert np.array_equal(item_vectors(again, VIEWS, [tmp_path / "c"]), made)
    assert (first.calls, again.calls) == (1, 0)
    assert [path.suffix for path in (tmp_path / "c").iterdir()] == [".npy"]


def test_模型或文字变了就重算(tmp_path: Path) -> None:
    item_vectors(Counting(), VIEWS, [tmp_path])
    for embedder, views in ((Counting("乙"), VIEWS), (Counting(), [["规划", "编制"], ["督导", "学生"]])):
        item_vectors(embedder, views, [tmp_path])
        assert embedder.calls == 1


@pytest.mark.parametrize("damage", [b"", b"\x93NUMPY", b"nonsense"], ids=["空", "半截", "别的内容"])
def test_文件坏了就重算并改好(tmp_path: Path, damage: bytes) -> None:
    made = item_vectors(Counting(), VIEWS, [tmp_path])
    (kept,) = tmp_path.iterdir()
    kept.write_bytes(damage)
    embedder = Counting()
    assert np.array_equal(item_vectors(embedder, VIEWS, [tmp_path]), made)
    assert embedder.calls == 1
    assert np.array_equal(np.load(kept), made)


def test_形状不符或有坏数就重算(tmp_path: Path) -> None:
    item_vectors(Counting(), VIEWS, [tmp_path])
    (kept,) = tmp_path.iterdir()
    for wrong in (np.zeros((3, 2), np.float32), np.full((2, 2), np.nan, np.float32), np.zeros((2, 2))):
        np.save(kept, wrong)
        embedder = Counting()
        item_vectors(embedder, VIEWS, [tmp_path])
        assert embedder.calls == 1


def test_写不进去也能用(tmp_path: Path) -> None:
    (tmp_path / "占位").write_text("是文件，不是文件夹", encoding="utf-8")
    assert item_vectors(Counting(), VIEWS, [tmp_path / "占位" / "c"]).shape == (2, 2)


def test_另一处有就不再算_都没有就处处留一份(tmp_path: Path) -> None:
    first, second = tmp_path / "一", tmp_path / "二"
    made = item_vectors(Counting(), VIEWS, [first])
    again = Counting()
    assert np.array_equal(item_vectors(again, VIEWS, [second, first]), made)
    assert again.calls == 0
    assert not second.exists()
    item_vectors(Counting(), [["甲", "乙"]], [first, second])
    assert len(list(first.iterdir())) == 2
    assert len(list(second.iterdir())) == 1
