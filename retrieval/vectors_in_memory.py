"""The vectors of one collection in memory, where comparing with all of them is cheaper than asking the approximate index."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
# 20,000 vectors are 30 MB, and comparing with them takes about as long as the approximate index does.
MOST_VECTORS: Final = 20_000
# So often a collection is asked, without being written to meanwhile, before its vectors are fetched: fetching costs as much as
# fifty questions, which a single question, or one asked while files are read in, should not pay.
ASKED_BEFORE: Final = 6


class VectorsInMemory:
    """Vectors of length 1 with their ids."""

    def __init__(self, ids: Sequence[str], vectors: Vectors) -> None:
        """vectors : shape (len(ids), dim)."""
        self._ids = list(ids)
        self._rows = {id_: row for row, id_ in enumerate(self._ids)}
        self._vectors = np.ascontiguousarray(vectors, dtype=np.float32)

    @property
    def ids(self) -> list[str]:
        return self._ids

    @property
    def vectors(self) -> Vectors:
        """In the order of the ids."""
        return self._vectors

    def nearest(self, vector: Vectors, limit: int) -> dict[str, float]:
        """Ids of the `limit` nearest with their cosine, nearest first; equally near ones in the order of their ids."""
        if not self._ids or limit < 1:
            return {}
        # Not `@`: for so small a product the threads of the linear algebra library wait for each other longer than they compute.
        cosines = np.vecdot(self._vectors, vector)
        some = np.argpartition(-cosines, limit - 1)[:limit] if limit < len(cosines) else np.arange(len(cosines))
        found = sorted((-float(cosines[row]), self._ids[row]) for row in some)
        return {id_: -negative for negative, id_ in found}

    def cosines(self, vector: Vectors, ids: Collection[str]) -> dict[str, float]:
        """Cosines of just these; ids without a vector are left out."""
        known = [id_ for id_ in ids if id_ in self._rows]
        if not known:
            return {}
        cosines = np.vecdot(self._vectors[[self._rows[id_] for id_ in known]], vector)
        return dict(zip(known, cosines.tolist(), strict=True))
