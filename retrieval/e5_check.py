"""Whether the converted model still computes here what it should: on another processor than the one it was converted on, it is checked.

Full int8 products saturate on processors with AVX2 but without VNNI. A model folder that was copied there (in a container image, on a
disk) would give vectors that look like vectors and rank badly. The folder therefore holds a few texts with their full-precision
vectors; on a processor that is new to the folder they are compared, and weights of seven bits, which never saturate, are made if need be.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import ModelCheckError

CHECK_FILE: Final = "check.npz"
CHECKED_FILE: Final = "checked.json"
SEVEN_BITS_FILE: Final = "model-7bit.onnx"
LEAST_COSINE: Final = 0.98

Vectors = NDArray[np.float32]
Session = Any
EmbedTexts = Callable[[Session, Sequence[str]], Vectors]


def write_check(folder: Path, texts: Sequence[str], vectors: Vectors) -> None:
    """Puts texts with their full-precision vectors, shape (len(texts), dim), into a model folder."""
    np.savez(folder / CHECK_FILE, texts=np.array(texts), vectors=vectors.astype(np.float32))


def usable_session(
    folder: Path, model_file: str, open_session: Callable[[Path | bytes], Session], embed: EmbedTexts, name: str
) -> Session:
    """A session whose vectors agree with full precision on this processor.

    The outcome is remembered in the folder, so that the check is made once for a processor; where nothing can be written it is made
    each time (about 0.1 s). A folder without texts to compare was converted on this machine by an older version and is not checked.
    Raises ModelCheckError when not even seven bits agree.
    """
    here, known = machine(), _read(folder / CHECKED_FILE)
    chosen = known.get(here)
    if chosen is not None and (folder / chosen).is_file():
        return open_session(folder / chosen)
    session = open_session(folder / model_file)
    if not (folder / CHECK_FILE).is_file() or smallest_cosine(folder, session, embed) >= LEAST_COSINE:
        _remember(folder, known | {here: model_file})
        return session
    model = seven_bits((folder / model_file).read_bytes())
    session = open_session(model)
    cosine = smallest_cosine(folder, session, embed)
    if cosine < LEAST_COSINE:
        raise ModelCheckError(name, cosine, LEAST_COSINE)
    if _write(folder / SEVEN_BITS_FILE, model):
        _remember(folder, known | {here: SEVEN_BITS_FILE})
    return session


def smallest_cosine(folder: Path, session: Session, embed: EmbedTexts) -> float:
    """Between the folder's full-precision vectors and those the session makes of the same texts."""
    with np.load(folder / CHECK_FILE, allow_pickle=False) as stored:
        texts, exact = [str(text) for text in stored["texts"]], stored["vectors"]
    return float((exact * embed(session, texts)).sum(axis=1).min())


def machine() -> str:
    """What decides how 8-bit products are computed: the processor's abilities and the version of onnxruntime, as a short digest."""
    import onnxruntime

    abilities = platform.processor()
    with suppress(OSError):
        listed = re.search(
            r"^(?:flags|Features)\s*:\s*(.*)$", Path("/proc/cpuinfo").read_text(encoding="utf-8"), re.MULTILINE
        )
        abilities = " ".join(sorted(listed[1].split())) if listed else abilities
    told = "\n".join((platform.system(), platform.machine(), abilities, onnxruntime.__version__))
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def seven_bits(model: bytes) -> bytes:
    """The same ONNX model with its int8 weights (`….q` with scales `….scale`) kept within ±63."""
    import onnx
    from onnx import numpy_helper

    loaded = onnx.load_from_string(model)
    tensors = {tensor.name: tensor for tensor in loaded.graph.initializer}
    for name, tensor in tensors.items():
        scale = tensors.get(f"{name.removesuffix('.q')}.scale")
        if not name.endswith(".q") or scale is None:
            continue
        weights = numpy_helper.to_array(tensor).astype(np.float32) * (63 / 127)
        narrow = np.rint(weights).clip(-63, 63).astype(np.int8)
        wider = numpy_helper.to_array(scale) * np.float32(127 / 63)
        tensor.CopyFrom(numpy_helper.from_array(narrow, name))
        scale.CopyFrom(numpy_helper.from_array(wider, scale.name))
    made: bytes = loaded.SerializeToString()
    return made


def _read(path: Path) -> dict[str, str]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}  # never checked here, or cut short: checked again
    return {str(key): Path(str(value)).name for key, value in found.items()} if isinstance(found, dict) else {}


def _remember(folder: Path, known: dict[str, str]) -> None:
    _write(folder / CHECKED_FILE, (json.dumps(known, indent=2, sort_keys=True) + "\n").encode())


def _write(path: Path, data: bytes) -> bool:
    """Whole or not at all; False where the folder cannot be written, which is allowed."""
    with suppress(OSError):
        handle, scratch = tempfile.mkstemp(dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            os.replace(scratch, path)
        except OSError:
            Path(scratch).unlink(missing_ok=True)
            raise
        return True
    return False
