"""Vectors in Chroma: nearest, exact, kept apart, never of two models."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from retrieval.collections import Partition
from retrieval.errors import IndexModelMismatchError, VectorServerError
from retrieval.vectors import VectorStore, passage_id, vector_id

CLOUD, RIVER = Partition("云山区", 2019), Partition("清河区", 2019)
ROOT = Path(__file__).parents[2]


def _unit(rows: int, dim: int = 16, seed: int = 0) -> np.ndarray:
    vectors = np.random.default_rng(seed).standard_normal((rows, dim)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@pytest.fixture
def vectors(home: Path) -> VectorStore:
    made = VectorStore(home, "m")
    made.upsert(CLOUD, [vector_id(i, f"k{i}") for i in range(30)], _unit(30))
    made.upsert(RIVER, [vector_id(99, "r")], _unit(1, seed=5))
    return made


def test_最近的若干个与余弦(vectors: VectorStore) -> None:
    all_, question = _unit(30), _unit(1, seed=3)[0]
    exact = all_ @ question
    found = vectors.query(CLOUD, question, 5)
    assert [passage_id(v) for v in found] == list(np.argsort(-exact)[:5])
    assert list(found.values()) == pytest.approx(sorted(exact, reverse=True)[:5], abs=1e-5)


def test_要得比有的多时给出全部(vectors: VectorStore) -> None:
    assert len(vectors.query(CLOUD, _unit(1)[0], 100)) == 30


def test_指定的段落逐个算出余弦(vectors: VectorStore) -> None:
    question = _unit(1, seed=3)[0]
    found = vectors.cosines(CLOUD, question, ["4:k4", "7:k7", "7:other", "99:r"])
    expected = _unit(30) @ question
    assert found == pytest.approx({"4:k4": expected[4], "7:k7": expected[7]}, abs=1e-5)
    assert vectors.cosines(CLOUD, question, []) == {}


def test_同一编号再存即替换(vectors: VectorStore) -> None:
    new = _unit(1, seed=9)
    vectors.upsert(CLOUD, ["3:k3"], new)
    assert len(vectors.stored(CLOUD)) == 30
    ids, got = vectors.get(CLOUD, ["3:k3"])
    assert ids == ["3:k3"]
    assert np.allclose(got, new, atol=1e-6)


def test_删除与遗忘(vectors: VectorStore) -> None:
    vectors.delete(CLOUD, {"3:k3", "4:k4"})
    assert len(vectors.stored(CLOUD)) == 28
    assert vectors.partitions() == sorted([CLOUD, RIVER])
    vectors.drop(CLOUD)
    vectors.drop(Partition("没有的区", 2019))
    assert vectors.partitions() == [RIVER]
    assert vectors.query(CLOUD, _unit(1)[0]) == {}
    assert vectors.stored(CLOUD) == set()


def test_各区县年度互不相见(vectors: VectorStore) -> None:
    assert set(vectors.query(RIVER, _unit(1)[0], 100)) == {"99:r"}


def test_重新打开之后还在(vectors: VectorStore, home: Path) -> None:
    code = (
        "from pathlib import Path; from retrieval.vectors import VectorStore; from retrieval.collections import Partition;"
        f"print(len(VectorStore(Path({str(home)!r}), 'm').stored(Partition('云山区', 2019))))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == "30"


def test_两种模型的向量不混用(vectors: VectorStore, home: Path) -> None:
    other = VectorStore(home, "another-model")
    for use in (lambda: other.query(CLOUD, _unit(1)[0]), lambda: other.upsert(CLOUD, ["1:x"], _unit(1))):
        with pytest.raises(IndexModelMismatchError, match=r"云山区 2019.*rebuild-index") as caught:
            use()
        assert (caught.value.stored, caught.value.wanted) == ("m", "another-model")
    other.drop(CLOUD)
    other.upsert(CLOUD, ["1:x"], _unit(1))
    assert other.stored(CLOUD) == {"1:x"}


def test_服务器连不上时说明怎么办(home: Path) -> None:
    with pytest.raises(VectorServerError, match="请确认服务已启动"):
        VectorStore(home, "m", url="http://127.0.0.1:9").open()


def test_使用情况不上报(vectors: VectorStore) -> None:
    assert vectors.open().get_settings().anonymized_telemetry is False


def test_不碰网络(home: Path) -> None:
    """Storing and asking in a process where every connection beyond this machine fails at once, and is noted."""
    code = f"""
import socket, sys
tried = []
def refuse(self, address, *rest):
    tried.append(address)
    raise OSError("no network")
socket.socket.connect = socket.socket.connect_ex = refuse
lookup = socket.getaddrinfo
socket.getaddrinfo = lambda host, *a, **k: tried.append(host) or lookup("127.0.0.1", *a, **k)
import numpy as np
from pathlib import Path
from retrieval.collections import Partition
from retrieval.vectors import VectorStore
store = VectorStore(Path({str(home)!r}), "m")
p = Partition("云山区", 2019)
store.upsert(p, ["1:a"], np.ones((1, 4), dtype="float32") / 2)
print(len(store.query(p, np.ones(4, dtype="float32") / 2)), tried)
"""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, env=environment, check=True
    )
    assert done.stdout.strip() == "1 []"


def test_在给定的之内找最近的_再少也给足(vectors: VectorStore) -> None:
    question = _unit(1, seed=3)[0]
    exact = _unit(30) @ question
    farthest = np.argsort(exact)[:8]  # the ones a plain search meets last
    among = {vector_id(int(i), f"k{i}") for i in farthest}
    found = vectors.query_among(CLOUD, question, among, 3)
    assert [passage_id(v) for v in found] == [int(i) for i in sorted(farthest, key=lambda i: -exact[i])[:3]]
    assert len(vectors.query_among(CLOUD, question, among, 100)) == 8
    assert len(vectors.query_among(CLOUD, question, {"99:r", *among}, 100)) == 8
    assert vectors.query_among(CLOUD, question, set(), 3) == {}
    assert vectors.query_among(Partition("没有的区", 2019), question, among, 3) == {}
