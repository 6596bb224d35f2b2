"""Texts → unit vectors, by the converted multilingual-e5-small or by a model the user names.

Light to import: onnxruntime and the model are loaded on first use, sentence-transformers only when a model was named.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from retrieval.e5_check import usable_session
from retrieval.e5_tokenizer import E5Tokenizer
from retrieval.errors import ModelMissingError

MODEL_NAME: Final = "multilingual-e5-small-int8"
MODEL_FILE: Final = "model.onnx"
SETTINGS_FILE: Final = "model.json"
QUERY_PREFIX: Final = "query: "
PASSAGE_PREFIX: Final = "passage: "
QUERIES_KEPT: Final = 64
WINDOW: Final = 512  # tokens the model sees at once, with the marks of begin and end

Vectors = NDArray[np.float32]
Session = Any  # onnxruntime.InferenceSession, which is imported late


class Embedder(Protocol):
    """What retrieval needs of an embedding model. All vectors have length 1."""

    @property
    def name(self) -> str:
        """Which model it is; kept with the vectors so that two models are never mixed."""

    def warm_up(self) -> None:
        """Loads the model; may be called from any thread, and more than once."""

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of passages, float32 array of shape (len(texts), dim)."""

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of questions, float32 array of shape (len(texts), dim)."""

    def embed_query(self, text: str) -> list[float]:
        """The vector of one question."""

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Vectors of passages as lists."""


def default_model_folder() -> Path:
    """Where the converted model lies: inside the Python environment, so that it goes with it."""
    return Path(sys.prefix) / "share" / "edureview" / "models" / MODEL_NAME


def open_session(model: Path | bytes) -> Session:
    """An onnxruntime session on the processor. model : file, or serialised model."""
    import onnxruntime

    # Only Windows builds can report usage at all; this program never does.
    onnxruntime.disable_telemetry_events()
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    # Threads that wait by spinning cost a third more processor time as soon as anything else runs on the machine.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.intra_op_num_threads = 1  # embed_tokens runs several texts at once instead
    return onnxruntime.InferenceSession(
        model if isinstance(model, bytes) else str(model), options, providers=["CPUExecutionProvider"]
    )


def embed_tokens(session: Session, tokenizer: E5Tokenizer, texts: Sequence[Sequence[int]]) -> Vectors:
    """Vectors of texts given as piece ids, shape (len(texts), dim).

    Every text goes through the model alone, several at the same time: int8 takes one scale for a whole batch, so that in one the
    vector of a text would depend on its neighbours, and an import that was interrupted would not end as one that was not. (Alone is
    also a quarter cheaper: nothing is padded.) A text longer than the model's window is cut into windows, whose vectors are averaged
    by their length: nothing of it is left out.
    """
    room = WINDOW - 2
    windows = [
        (place, ids[at : at + room]) for place, ids in enumerate(texts) for at in range(0, max(len(ids), 1), room)
    ]
    if not windows:
        return np.zeros((0, session.get_outputs()[0].shape[1]), dtype=np.float32)

    def run(window: tuple[int, Sequence[int]]) -> Vectors:
        ids = np.array([[tokenizer.bos, *window[1], tokenizer.eos]], dtype=np.int32)
        vector: Vectors = session.run(None, {"input_ids": ids, "attention_mask": np.ones_like(ids)})[0][0]
        return vector * np.float32(ids.shape[1])

    if len(windows) == 1:
        parts = [run(windows[0])]
    else:
        with ThreadPoolExecutor(min(os.cpu_count() or 1, len(windows))) as threads:
            parts = list(threads.map(run, windows))
    sums = np.zeros((len(texts), len(parts[0])), dtype=np.float32)
    for (place, _), part in zip(windows, parts, strict=True):
        sums[place] += part
    unit: Vectors = sums / np.linalg.norm(sums, axis=1, keepdims=True)
    return unit


class E5Embedder:
    """multilingual-e5-small in int8. Thread-safe; the model is loaded on first use."""

    def __init__(self, folder: Path) -> None:
        """folder : as written by retrieval.e5_build. Raises ModelMissingError when there is no model in it."""
        try:
            settings = json.loads((folder / SETTINGS_FILE).read_text(encoding="utf-8"))
        except (OSError, ValueError) as exc:
            raise ModelMissingError(MODEL_NAME) from exc
        self._folder = folder
        self._loading = threading.Lock()
        self._loaded: tuple[Session, E5Tokenizer] | None = None
        # One question is looked up several times: with a filter, without, and beside the sentences found.
        self._query = lru_cache(maxsize=QUERIES_KEPT)(self._embed_query)
        self._name: str = settings["name"]
        self.dim: int = settings["dim"]

    @property
    def name(self) -> str:
        return self._name

    @property
    def vectors_folder(self) -> Path:
        """Where vectors of the shipped words are kept beside the model, for every data folder."""
        return self._folder / "vectors"

    def warm_up(self) -> None:
        """Raises ModelCheckError when the model does not compute on this processor what it should."""
        self._model()

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        return self._embed([PASSAGE_PREFIX + text for text in texts])

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        return self._embed([QUERY_PREFIX + text for text in texts])

    def embed_query(self, text: str) -> list[float]:
        return list(self._query(text))

    def _embed_query(self, text: str) -> tuple[float, ...]:
        return tuple(self.embed_queries([text])[0].tolist())

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return list(self.embed_passages(texts).tolist())

    def _embed(self, texts: Sequence[str]) -> Vectors:
        session, tokenizer = self._model()
        return embed_tokens(session, tokenizer, [tokenizer.encode(text) for text in texts])

    def _model(self) -> tuple[Session, E5Tokenizer]:
        with self._loading:
            if self._loaded is None:
                tokenizer = E5Tokenizer.load(self._folder)

                def embed(session: Session, texts: Sequence[str]) -> Vectors:
                    return embed_tokens(session, tokenizer, [tokenizer.encode(text) for text in texts])

                session = usable_session(self._folder, MODEL_FILE, open_session, embed, self._name)
                self._loaded = session, tokenizer
            return self._loaded


def load_embedder(name_or_path: str | Path | None = None) -> Embedder:
    """The embedding model: by default the converted multilingual-e5-small.

    name_or_path : the folder of a model converted by retrieval.e5_build, or any name or folder sentence-transformers can load
        (the setting EDUREVIEW_EMBEDDING_MODEL); None or "" = the default.
    Raises ModelMissingError when the default is not on this machine, ModelNameError when a named one cannot be loaded.
    """
    if not name_or_path or str(name_or_path) == MODEL_NAME:
        return E5Embedder(default_model_folder())
    folder = Path(name_or_path)
    if (folder / SETTINGS_FILE).is_file() and (folder / MODEL_FILE).is_file():
        return E5Embedder(folder)
    from retrieval.named_model import NamedModelEmbedder

    return NamedModelEmbedder(str(name_or_path))
