"""The copy of a collection's vectors: used without opening Chroma, and never after anybody has written."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from retrieval import kept_vectors
from retrieval.collections import Partition
from retrieval.local_chroma import _HELD, mark_of
from retrieval.vectors import VectorStore, vector_id

CLOUD = Partition("云山区", 2019)
ROOT = Path(__file__).parents[2]
ASKS = """
import sys
from pathlib import Path
import numpy as np
from retrieval.collections import Partition
from retrieval.vectors import VectorStore
store, place = VectorStore(Path(sys.argv[1]), "m"), Partition("云山区", 2019)
store.prepare([place])
print(list(store.query(place, np.eye(8, dtype=np.float32)[int(sys.argv[2])], 1)), "chromadb" in sys.modules)
"""


@pytest.fixture
def vectors(home: Path) -> VectorStore:
    made = VectorStore(home, "m")
    made.upsert(CLOUD, [vector_id(i, "k") for i in range(4)], np.eye(8, dtype=np.float32)[:4])
    made.keep(CLOUD)
    return made


def _asked(home: Path, which: int) -> str:
    done = subprocess.run(
        [sys.executable, "-c", ASKS, str(home), str(which)], check=True, cwd=ROOT, timeout=60, capture_output=True, text=True
    )  # fmt: skip
    return done.stdout.strip()


def _copy(home: Path, model: str = "m") -> object:
    return kept_vectors.kept(home, CLOUD.collection, mark_of(home), model)


def test_下一个进程不打开_Chroma_也找得到(vectors: VectorStore, home: Path) -> None:
    assert _asked(home, 2) == "['2:k'] False"


def test_有人写入之后副本不再算数(vectors: VectorStore, home: Path) -> None:
    vectors.upsert(CLOUD, ["9:new"], np.eye(8, dtype=np.float32)[5:6])
    assert _copy(home) is None
    assert _asked(home, 5) == "['9:new'] True"
    vectors.keep(CLOUD)
    assert _asked(home, 5) == "['9:new'] False"


def test_别的模型的副本和损坏的副本都不用(vectors: VectorStore, home: Path) -> None:
    assert _copy(home) is not None
    assert _copy(home, model="别的模型") is None
    (file,) = (home / "cache" / kept_vectors.FOLDER).iterdir()
    file.write_bytes(file.read_bytes()[:200])
    assert _copy(home) is None
    assert _asked(home, 1) == "['1:k'] True"


def test_写不了副本也照样回答(vectors: VectorStore, home: Path) -> None:
    (file,) = (home / "cache" / kept_vectors.FOLDER).iterdir()
    file.unlink()
    file.parent.rmdir()
    file.parent.write_text("占着位置", encoding="utf-8")
    vectors.keep(CLOUD)
    assert list(vectors.query(CLOUD, np.eye(8, dtype=np.float32)[3], 1)) == ["3:k"]


def test_太大的一个区不留副本(vectors: VectorStore, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("retrieval.vectors.MOST_VECTORS", 3)
    vectors.upsert(CLOUD, ["9:new"], np.eye(8, dtype=np.float32)[5:6])
    vectors.keep(CLOUD)
    assert _copy(home) is None
    assert CLOUD.collection not in _HELD[home].vectors
