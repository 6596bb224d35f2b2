"""Vectors of the items of a scheme and of known passages, kept in a file: they change only with the words or the model, and cost seconds."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.embedder import Embedder

Vectors = NDArray[np.float32]


def item_vectors(embedder: Embedder, views: Sequence[Sequence[str]], folders: Sequence[Path] = ()) -> Vectors:
    """Mean of each item's views, float32 array of shape (n_items, dim).

    views : several texts for every item, each view of all items in the same order. folders : where the vectors are looked for, and
    kept; what lies there of another model or other words is left alone, and a file that cannot be read or written is done without.
    """
    texts = [text for view in views for text in view]

    def make() -> Vectors:
        means: Vectors = embedder.embed_passages(texts).reshape(len(views), len(views[0]), -1).mean(axis=0)
        return means

    return _kept(folders, f"items-{_digest(embedder.name, texts)}.npy", len(views[0]), make)


def kept_vectors(embedder: Embedder, texts: Sequence[str], folders: Sequence[Path] = ()) -> Vectors:
    """Vectors of passages, float32 array of shape (len(texts), dim), kept in the same way."""
    name = f"passages-{_digest(embedder.name, texts)}.npy"
    return _kept(folders, name, len(texts), lambda: embedder.embed_passages(texts))


def _kept(folders: Sequence[Path], name: str, rows: int, make: Callable[[], Vectors]) -> Vectors:
    for folder in folders:
        if (found := _read(folder / name, rows)) is not None:
            return found
    vectors = make()
    for folder in folders:
        _write(folder / name, vectors)
    return vectors


def _digest(name: str, texts: Sequence[str]) -> str:
    return hashlib.sha256("\0".join((name, *texts)).encode("utf-8")).hexdigest()[:16]


def _read(path: Path, items: int) -> Vectors | None:
    try:
        found = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None  # not there yet, or cut short: made again
    fits = found.ndim == 2 and found.shape[0] == items and found.dtype == np.float32 and bool(np.isfinite(found).all())
    return found if fits else None


def _write(path: Path, vectors: Vectors) -> None:
    """Whole or not at all. A full or read-only disk costs only the time of making them again, so it is no error here."""
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, scratch = tempfile.mkstemp(dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                np.save(file, vectors)
            os.replace(scratch, path)
        except OSError:
            Path(scratch).unlink(missing_ok=True)
            raise
