"""A collection's vectors copied into one file, for the first question of a process: opening Chroma takes longer than answering.

Like all below `cache` it may be thrown away at any time. It counts only as long as nobody has written to Chroma since.
"""

from __future__ import annotations

import zipfile
from contextlib import suppress
from pathlib import Path
from typing import Final

import numpy as np

from retrieval.vectors_in_memory import VectorsInMemory

FOLDER: Final = "vectors"


def keep(home: Path, name: str, mark: str, model: str, held: VectorsInMemory) -> None:
    """Copies the vectors of a collection. mark : of the last write to Chroma (retrieval.local_chroma) before they were read."""
    if not mark:
        return
    file = _file(home, name)
    # Where nothing can be written Chroma is asked, as before.
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        draft = file.with_name(f"{file.stem}-{mark}.npz")
        np.savez(draft, mark=np.array(mark), model=np.array(model), ids=np.array(held.ids), vectors=held.vectors)
        draft.replace(file)


def kept(home: Path, name: str, mark: str, model: str) -> VectorsInMemory | None:
    """The vectors of a collection as they were copied; None when there is no copy, or one of another time or model."""
    try:
        with np.load(_file(home, name), allow_pickle=False) as found:
            if not mark or (str(found["mark"]), str(found["model"])) != (mark, model):
                return None
            return VectorsInMemory(found["ids"].tolist(), found["vectors"])
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        # Not there, or damaged: then Chroma is asked.
        return None


def _file(home: Path, name: str) -> Path:
    return home / "cache" / FOLDER / f"{name}.npz"
