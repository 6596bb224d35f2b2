"""What one process writes is there for the others, who have the folder open already."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from retrieval import local_chroma
from retrieval.collections import Partition
from retrieval.vectors import VectorStore

CLOUD, RIVER = Partition("云山区", 2019), Partition("清河区", 2019)
ROOT = Path(__file__).parents[2]
OTHER = """
import sys
from pathlib import Path
import numpy as np
from retrieval.collections import Partition
from retrieval.vectors import VectorStore
vectors, place = VectorStore(Path(sys.argv[1]), "m"), Partition("云山区", 2019)
if sys.argv[2] == "add":
    vectors.upsert(place, ["2:b", "3:c"], np.eye(4, dtype=np.float32)[1:3])
elif sys.argv[2] == "delete":
    vectors.delete(place, ["1:a"])
else:
    vectors.drop(place)
"""


@pytest.fixture
def vectors(home: Path) -> VectorStore:
    made = VectorStore(home, "m")
    made.upsert(CLOUD, ["1:a"], np.eye(4, dtype=np.float32)[:1])
    assert made.query(CLOUD, np.eye(4, dtype=np.float32)[0]) == {"1:a": pytest.approx(1)}
    return made


def _other(home: Path, what: str) -> None:
    subprocess.run([sys.executable, "-c", OTHER, str(home), what], check=True, cwd=ROOT, timeout=60)


def test_别的进程写入的向量马上找得到(vectors: VectorStore, home: Path) -> None:
    _other(home, "add")
    asked = np.eye(4, dtype=np.float32)[1]
    assert vectors.cosines(CLOUD, asked, ["1:a", "2:b", "3:c"]) == pytest.approx({"1:a": 0, "2:b": 1, "3:c": 0})
    assert next(iter(vectors.query(CLOUD, asked))) == "2:b"
    # What is written here afterwards stands beside it, also for a process that opens the folder later.
    vectors.upsert(CLOUD, ["4:d"], np.eye(4, dtype=np.float32)[3:])
    _other(home, "delete")
    assert vectors.stored(CLOUD) == {"2:b", "3:c", "4:d"}
    assert set(vectors.query(CLOUD, asked)) == {"2:b", "3:c", "4:d"}
    _other(home, "drop")
    assert vectors.query(CLOUD, asked) == {}


def test_没有留下记号也不出错(vectors: VectorStore, home: Path) -> None:
    """As between another process's write and its mark: the ids are there, our memory is not."""
    mark = (home / local_chroma.MARK).read_text()
    _other(home, "add")
    (home / local_chroma.MARK).write_text(mark)
    assert set(vectors.cosines(CLOUD, np.eye(4, dtype=np.float32)[1], ["2:b", "3:c"])) == {"2:b", "3:c"}


def test_没有别人写入就不重新打开(vectors: VectorStore, home: Path) -> None:
    client = vectors.open()
    vectors.upsert(RIVER, ["9:r"], np.eye(4, dtype=np.float32)[:1])
    assert VectorStore(home, "m").open() is client
