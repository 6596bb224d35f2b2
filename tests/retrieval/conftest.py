"""A record on disk, and an embedding model whose vectors can be reckoned by hand."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from ingest.store import Store, open_store
from retrieval.index import EvidenceIndex
from retrieval.tokens import tokens


class TokenEmbedder:
    """Counts tokens in 512 places: texts with the same words are near, and every call is remembered."""

    dim = 512

    def __init__(self, name: str = "tokens") -> None:
        self._name = name
        self.seen: list[str] = []

    @property
    def name(self) -> str:
        return self._name

    def warm_up(self) -> None:
        """Nothing to load."""

    def embed_passages(self, texts: Sequence[str]) -> np.ndarray:
        self.seen += texts
        return self._vectors(texts)

    def embed_queries(self, texts: Sequence[str]) -> np.ndarray:
        return self._vectors(texts)

    def embed_query(self, text: str) -> list[float]:
        return list(self._vectors([text])[0].tolist())

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return list(self.embed_passages(texts).tolist())

    def _vectors(self, texts: Sequence[str]) -> np.ndarray:
        vectors = np.full((len(texts), self.dim), 1e-3, dtype=np.float32)
        for row, text in enumerate(texts):
            for token in tokens(text):
                vectors[row, zlib.crc32(token.encode()) % self.dim] += 1
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An empty data folder."""
    return tmp_path / "data"


@pytest.fixture
def store(home: Path) -> Iterator[Store]:
    """An empty record."""
    opened = open_store(home)
    yield opened
    opened.engine.dispose()


@pytest.fixture
def embedder() -> TokenEmbedder:
    """The model that counts tokens."""
    return TokenEmbedder()


@pytest.fixture
def index(store: Store, home: Path, embedder: TokenEmbedder) -> EvidenceIndex:
    """An index over the empty record."""
    return EvidenceIndex(store, home, embedder)
