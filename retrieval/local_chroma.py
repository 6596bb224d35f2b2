"""Chroma in a folder, used by several programs at once: whoever is behind opens it anew.

A Chroma client keeps the vectors it has seen in memory and never learns what another process wrote to the same folder: it leaves the new
ones out, or fails with "Error finding id" (chroma-core/chroma#3792). So every write leaves a mark beside the folder, and every use
compares. Two programs must not write at once; the lock of the data folder (review.jobs) sees to that.
"""

from __future__ import annotations

import threading
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MARK = "chroma-written"


@dataclass
class _Held:
    """The client of a folder in this process, and the mark that stood there when it was opened or last wrote."""

    client: Any
    mark: str


# One for all stores of a folder: Chroma itself shares what it keeps in memory between the clients of a process.
_HELD: dict[Path, _Held] = {}
_LOCK = threading.Lock()


def client_of(home: Path, *, anew: bool = False) -> Any:
    """The client of `home`/chroma, opened anew when another process has written since, or when asked to."""
    with _LOCK:
        mark, held = _read(home), _HELD.get(home)
        if held is None or held.mark != mark or anew:
            _HELD[home] = held = _Held(_open(home), mark)
        return held.client


def written(home: Path) -> None:
    """Tells the other processes that this one has written."""
    with _LOCK:
        held, mark = _HELD.get(home), uuid.uuid4().hex
        # With another mark there than ours somebody else wrote meanwhile: then the next use has to open anew here, too.
        ours = held is not None and held.mark == _read(home)
        draft = home / f"{MARK}-{mark}"
        draft.write_text(mark, encoding="ascii")
        draft.replace(home / MARK)
        if held is not None and ours:
            held.mark = mark


def _read(home: Path) -> str:
    try:
        return (home / MARK).read_text(encoding="ascii")
    except FileNotFoundError:
        return ""


def _open(home: Path) -> Any:
    import chromadb
    from chromadb.api.shared_system_client import SharedSystemClient
    from chromadb.config import Settings

    # Or the new client would share the memory of the old one. Who still works with the old one goes on with it.
    SharedSystemClient.clear_system_cache()
    return chromadb.PersistentClient(str(home / "chroma"), settings=Settings(anonymized_telemetry=False))
