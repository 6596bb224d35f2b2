"""Vectors of the items of a scheme, kept in a file: they change only with the scheme's words or the model, and cost seconds."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.embedder import Embedder

Vectors = NDArray[np.float32]


def item_vectors(embedder: Embedder, views: Sequence[Sequence[str]], folder: Path | None = None) -> Vectors:
    """Mean of each item's views, float32 array of shape (n_items, dim).

    views : several texts for every item, each view of all items in the same order. folder : where the vectors are kept; what lies
    there of another model or other words is left alone, and a file that cannot be read or written is done without. None: not kept.
    """
    texts = [text for view in views for text in view]
    kept = None if folder is None else folder / f"items-{_digest(embedder.name, texts)}.npy"
    if kept is not None and (found := _read(kept, len(views[0]))) is not None:
        return found
    means: Vectors = embedder.embed_passages(texts).reshape(len(views), len(views[0]), -1).mean(axis=0)
    if kept is not None:
        _write(kept, means)
    return means


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
