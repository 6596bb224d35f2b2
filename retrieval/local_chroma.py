"""Chroma in a folder, used by several programs at once: whoever is behind opens it anew.

A Chroma client keeps the vectors it has seen in memory and never learns what another process wrote to the same folder: it leaves the new
ones out, or fails with "Error finding id" (chroma-core/chroma#3792). So every write leaves a mark beside the folder, and every use
compares. Two programs must not write at once; the lock of the data folder (review.jobs) sees to that.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from retrieval.vectors_in_memory import ASKED_BEFORE, VectorsInMemory

MARK = "chroma-written"


@dataclass
class _Held:
    """The client of a folder in this process, opened when it is first needed, and the mark that stood there then or when it last wrote.

    collections : those it has opened, by name: to open one takes a millisecond, and a search would do it twice.
    writes : how often this process wrote. asked : how often each was asked since. vectors : of those that are asked often.
    """

    mark: str
    client: Any = None
    collections: dict[str, Any] = field(default_factory=dict)
    writes: int = 0
    asked: dict[str, int] = field(default_factory=dict)
    vectors: dict[str, VectorsInMemory] = field(default_factory=dict)


# One for all stores of a folder: Chroma itself shares what it keeps in memory between the clients of a process.
_HELD: dict[Path, _Held] = {}
_LOCK = threading.Lock()


def client_of(home: Path, *, anew: bool = False) -> Any:
    """The client of `home`/chroma, opened anew when another process has written since, or when asked to."""
    with _LOCK:
        return _client(home, _held(home, anew))


def mark_of(home: Path) -> str:
    """What changes with every write to the folder, by whichever process; "" before the first."""
    return _read(home)


def opened(home: Path, name: str, read: Callable[[Any], Any]) -> Any:
    """The collection of that name as `read(client)` gives it, which is asked once; what it raises is not kept."""
    with _LOCK:
        held = _held(home)
        client = _client(home, held)
    if name not in held.collections:
        held.collections[name] = read(client)
    return held.collections[name]


def in_memory(
    home: Path, name: str, kept: Callable[[str], VectorsInMemory | None], fetch: Callable[[], VectorsInMemory | None]
) -> VectorsInMemory | None:
    """The vectors of a collection that has been asked often since anybody wrote, or of which there is a copy; else None.

    kept : a copy of the time of this mark. fetch : gives them from Chroma, or None when there are too many; asked once.
    """
    with _LOCK:
        held = _held(home)
        held.asked[name] = times = held.asked.get(name, 0) + 1
        writes, mark = held.writes, held.mark
    if name not in held.vectors and times in (1, ASKED_BEFORE):
        fetched = kept(mark) if times == 1 else fetch()
        if fetched is not None:
            with _LOCK:
                # Unless somebody wrote while they were fetched: then they may lack what was written.
                if held.writes == writes:
                    held.vectors[name] = fetched
    return held.vectors.get(name)


def forget(home: Path, name: str) -> None:
    """Tells that a collection is no longer what it was when it was opened."""
    with _LOCK:
        _held(home).collections.pop(name, None)


def _held(home: Path, anew: bool = False) -> _Held:
    mark, held = _read(home), _HELD.get(home)
    if held is None or held.mark != mark or anew:
        _HELD[home] = held = _Held(mark)
    return held


def _client(home: Path, held: _Held) -> Any:
    if held.client is None:
        held.client = _open(home)
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
        if held is not None:
            held.writes += 1
            held.asked.clear()
            held.vectors.clear()
            if ours:
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
