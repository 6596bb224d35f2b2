"""Any other embedding model, by hub name or folder, through sentence-transformers (the optional extra `models`)."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

import numpy as np

from retrieval.embedder import Vectors
from retrieval.errors import ModelNameError

_BATCH = 8


class NamedModelEmbedder:
    """A model that sentence-transformers loads; its own prompts for questions and passages are used. Loaded on first use."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._loading = threading.Lock()
        self._model: Any = None

    @property
    def name(self) -> str:
        return self._name

    def warm_up(self) -> None:
        """Raises ModelNameError when the model cannot be loaded."""
        self._load()

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        return self._vectors(self._load().encode_document, texts)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        return self._vectors(self._load().encode_query, texts)

    def embed_query(self, text: str) -> list[float]:
        return list(self.embed_queries([text])[0].tolist())

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return list(self.embed_passages(texts).tolist())

    def _vectors(self, encode: Any, texts: Sequence[str]) -> Vectors:
        found = encode(
            list(texts), batch_size=_BATCH, normalize_embeddings=True, convert_to_numpy=True, show_progress_bar=False
        )
        return np.asarray(found, dtype=np.float32)

    def _load(self) -> Any:
        with self._loading:
            if self._model is None:
                try:
                    from sentence_transformers import SentenceTransformer
                except ImportError as exc:
                    raise ModelNameError(
                        self._name, "没有安装 sentence-transformers，可用 pip install 'edureview[models]'"
                    ) from exc
                try:
                    self._model = SentenceTransformer(self._name, device="cpu")
                except (OSError, ValueError, RuntimeError) as exc:
                    # The library's own text names server paths; its class says enough.
                    raise ModelNameError(self._name, type(exc).__name__) from exc
            return self._model
