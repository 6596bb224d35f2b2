"""Vectors held in memory: the same answers as the store gives, and none of what was written over since."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from retrieval import vectors as vectors_module
from retrieval.collections import Partition
from retrieval.local_chroma import _HELD
from retrieval.vectors import VectorStore, vector_id
from retrieval.vectors_in_memory import ASKED_BEFORE, VectorsInMemory

CLOUD = Partition("云山区", 2019)
ROOT = Path(__file__).parents[2]
WRITES = """
import sys
from pathlib import Path
import numpy as np
from retrieval.collections import Partition
from retrieval.vectors import VectorStore
VectorStore(Path(sys.argv[1]), "m").upsert(Partition("云山区", 2019), ["99:new"], np.array([float(x) for x in sys.argv[2].split(",")], dtype=np.float32)[None])
"""


def _unit(rows: int, seed: int = 0) -> np.ndarray:
    vectors = np.random.default_rng(seed).standard_normal((rows, 16)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@pytest.fixture
def vectors(home: Path) -> VectorStore:
    made = VectorStore(home, "m")
    made.upsert(CLOUD, [vector_id(i, f"k{i}") for i in range(30)], _unit(30))
    return made


def _ask_often(vectors: VectorStore, question: np.ndarray) -> None:
    for _ in range(ASKED_BEFORE + 1):
        vectors.query(CLOUD, question, 5)


def _held(home: Path) -> bool:
    return CLOUD.collection in _HELD[home].vectors


def test_与逐个比较的结果相同() -> None:
    all_, question = _unit(50), _unit(1, seed=3)[0]
    held, exact = VectorsInMemory([str(i) for i in range(50)], all_), all_ @ question
    best = [str(i) for i in np.argsort(-exact)]
    for limit in (1, 7, 50, 80):
        assert list(held.nearest(question, limit)) == best[:limit]
    assert held.nearest(question, 0) == {}
    assert held.cosines(question, ["3", "没有", "8"]) == pytest.approx({"3": exact[3], "8": exact[8]})
    assert VectorsInMemory([], np.zeros((0, 16), dtype=np.float32)).nearest(question, 3) == {}


def test_同样近的按编号排() -> None:
    held = VectorsInMemory(["b", "a", "c"], np.repeat(_unit(1), 3, axis=0))
    assert list(held.nearest(_unit(1)[0], 3)) == ["a", "b", "c"]


def test_问得多了才取进内存_答案不变(vectors: VectorStore, home: Path) -> None:
    question = _unit(1, seed=3)[0]
    before, some = vectors.query(CLOUD, question, 5), vectors.cosines(CLOUD, question, ["4:k4", "9:other"])
    assert not _held(home)
    _ask_often(vectors, question)
    assert _held(home)
    after = vectors.query(CLOUD, question, 5)
    assert list(after) == list(before)
    assert list(after.values()) == pytest.approx(list(before.values()), abs=1e-5)
    assert vectors.cosines(CLOUD, question, ["4:k4", "9:other"]) == pytest.approx(some, abs=1e-5)


def test_本程序写入或删除后马上算数(vectors: VectorStore, home: Path) -> None:
    question = _unit(1, seed=3)[0]
    _ask_often(vectors, question)
    vectors.upsert(CLOUD, ["99:new"], question[None])
    assert not _held(home)
    assert next(iter(vectors.query(CLOUD, question, 5))) == "99:new"
    _ask_often(vectors, question)
    vectors.delete(CLOUD, ["99:new"])
    assert "99:new" not in vectors.query(CLOUD, question, 5)
    _ask_often(vectors, question)
    vectors.drop(CLOUD)
    assert vectors.query(CLOUD, question, 5) == {}


def test_别的进程写入后马上算数(vectors: VectorStore, home: Path) -> None:
    question = _unit(1, seed=3)[0]
    _ask_often(vectors, question)
    written = ",".join(map(str, question.tolist()))
    subprocess.run([sys.executable, "-c", WRITES, str(home), written], check=True, cwd=ROOT, timeout=60)
    assert next(iter(vectors.query(CLOUD, question, 5))) == "99:new"


def test_太多时不取进内存(vectors: VectorStore, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vectors_module, "MOST_VECTORS", 29)
    _ask_often(vectors, _unit(1)[0])
    assert not _held(home)
