"""Vectors of passages in Chroma: one collection per district and cycle, cosine, derived from the SQL record.

Chroma is imported when it is first needed (it takes about a second), is given the vectors ready made, and reports nothing to anyone.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from retrieval.collections import COLLECTION_PREFIX, Partition
from retrieval.errors import IndexModelMismatchError, VectorServerError
from retrieval.kept_vectors import keep, kept
from retrieval.local_chroma import client_of, forget, in_memory, mark_of, opened, written
from retrieval.vectors_in_memory import MOST_VECTORS, VectorsInMemory

AT_ONCE = 1000  # vectors handed over in one call; Chroma takes a call whole or not at all
# With 83,000 vectors in one collection, many of them nearly alike, 100 missed a third of the ten nearest, 800 one in fifty, for 4 ms.
BREADTH = 800
LEAST_BREADTH = 200
_TRIES, _NAP_SECONDS = 6, 0.05  # while another process is writing
Vectors = NDArray[np.float32]
Result = TypeVar("Result")


def vector_id(passage_id: int, key: str) -> str:
    """The id of a passage's vector. It holds the key, which depends on the content, because SQL ids are used again."""
    return f"{passage_id}:{key}"


def passage_id(vector: str) -> int:
    """The passage a vector belongs to."""
    return int(vector.partition(":")[0])


class VectorStore:
    """The collections under `home`/chroma, or on a Chroma server."""

    def __init__(self, home: Path, model: str, *, url: str | None = None) -> None:
        """model : name of the embedding model; vectors of another one are refused. url : of a Chroma server."""
        self._home, self._model, self._url = home, model, url
        self._client: Any = None

    def open(self) -> Any:
        """The Chroma client, opened now if it was not. Raises VectorServerError when the server does not answer."""
        if self._url is None:
            return client_of(self._home)
        if self._client is None:
            import chromadb
            from chromadb.config import Settings

            address = urlsplit(self._url)
            secure = address.scheme == "https"
            try:
                self._client = chromadb.HttpClient(
                    address.hostname or "localhost",
                    address.port or (443 if secure else 8000),
                    ssl=secure,
                    settings=Settings(anonymized_telemetry=False),
                )
            except ValueError as exc:  # what chromadb raises when it cannot connect
                raise VectorServerError() from exc
        return self._client

    def prepare(self, partitions: Collection[Partition]) -> None:
        """Opens what is needed to ask these partitions: Chroma only where there is no copy of the vectors."""
        if any(self._in_memory(partition) is None for partition in partitions):
            self.open()

    def keep(self, partition: Partition) -> None:
        """Copies the vectors of a partition that is not too large, so that the next process need not open Chroma to ask it."""
        if self._url is None:
            self._fetch(partition)

    def upsert(self, partition: Partition, ids: Sequence[str], vectors: Vectors) -> None:
        """Stores vectors, shape (len(ids), dim); the same id again replaces the vector."""
        collection = self._open(partition, create=True)
        for at in range(0, len(ids), AT_ONCE):
            collection.upsert(ids=list(ids[at : at + AT_ONCE]), embeddings=vectors[at : at + AT_ONCE])
        self._written()

    def query(
        self, partition: Partition, vector: Vectors, limit: int = 100, *, breadth: int = BREADTH
    ) -> dict[str, float]:
        """Ids of the `limit` nearest vectors with their cosine, nearest first.

        breadth : how many the approximate index looks for, at least; the more, the fewer of the truly nearest it misses.
        """
        held = self._in_memory(partition)
        if held is not None:
            return held.nearest(vector, limit)
        asked = max(limit, breadth)
        found = self._read(
            partition, lambda c: c.query(query_embeddings=vector[None, :], n_results=asked, include=["distances"])
        )
        if found is None:
            return {}
        near = zip(found["ids"][0][:limit], found["distances"][0][:limit], strict=True)
        return {id_: 1.0 - distance for id_, distance in near}

    def query_among(
        self, partition: Partition, vector: Vectors, among: Collection[str], limit: int
    ) -> dict[str, float]:
        """The nearest of the vectors in `among` with their cosine, nearest first: `limit` of them, fewer only when there are fewer.

        Chroma is asked for more than are wanted, as many more as the filter is narrow, until enough of them pass.
        """
        held = self._in_memory(partition)
        if held is not None:
            exact = held.cosines(vector, among)
            return dict(sorted(exact.items(), key=lambda pair: (-pair[1], pair[0]))[:limit])
        total = self._read(partition, lambda c: int(c.count())) if among else None
        if total is None:
            return {}
        wanted = min(limit, len(among))
        depth = min(total, max(limit, 2 * wanted * total // len(among)))
        while True:
            found = {
                id_: cosine for id_, cosine in self.query(partition, vector, depth, breadth=0).items() if id_ in among
            }
            if len(found) >= wanted:
                return dict(list(found.items())[:limit])
            if depth >= total:
                break
            depth = min(total, 4 * depth)
        # An approximate index may leave out some even when asked for all it has.
        exact = self.cosines(partition, vector, among)
        return dict(sorted(exact.items(), key=lambda pair: (-pair[1], pair[0]))[:limit])

    def cosines(self, partition: Partition, vector: Vectors, ids: Collection[str]) -> dict[str, float]:
        """Cosines of just these vectors, exactly; ids without a vector are left out."""
        held = self._in_memory(partition)
        if held is not None:
            return held.cosines(vector, ids)
        found, vectors = self.get(partition, ids)
        return dict(zip(found, np.vecdot(vectors, vector).tolist(), strict=True)) if found else {}

    def get(self, partition: Partition, ids: Collection[str]) -> tuple[list[str], Vectors]:
        """Those of the ids that are stored, and their vectors, shape (found, dim), in the same order."""
        listed = list(ids)
        parts = self._read(
            partition,
            lambda c: [
                c.get(ids=listed[at : at + AT_ONCE], include=["embeddings"]) for at in range(0, len(listed), AT_ONCE)
            ],
        )
        if parts is None:
            return [], np.zeros((0, 0), dtype=np.float32)
        found = [id_ for part in parts for id_ in part["ids"]]
        if not found:
            return [], np.zeros((0, 0), dtype=np.float32)
        return found, np.concatenate(
            [np.asarray(part["embeddings"], dtype=np.float32) for part in parts if part["ids"]]
        )

    def stored(self, partition: Partition) -> set[str]:
        """All ids of a partition."""
        return self._read(partition, lambda c: set(c.get(include=[])["ids"])) or set()

    def delete(self, partition: Partition, ids: Collection[str]) -> None:
        """Forgets these vectors."""
        collection = self._open(partition)
        if collection is None:
            return
        listed = list(ids)
        for at in range(0, len(listed), AT_ONCE):
            collection.delete(ids=listed[at : at + AT_ONCE])
        self._written()

    def partitions(self) -> list[Partition]:
        """The partitions that have vectors."""
        ours = [c for c in self.open().list_collections() if c.name.startswith(COLLECTION_PREFIX)]
        return sorted(Partition(c.metadata["district"], c.metadata["cycle"]) for c in ours)

    def drop(self, partition: Partition) -> None:
        """Forgets a partition, whatever model it is of."""
        if any(collection.name == partition.collection for collection in self.open().list_collections()):
            self.open().delete_collection(partition.collection)
            if self._url is None:
                forget(self._home, partition.collection)
            self._written()

    def _in_memory(self, partition: Partition) -> VectorsInMemory | None:
        # What a server holds may be written by others, who leave no mark.
        if self._url is not None:
            return None
        name = partition.collection
        return in_memory(
            self._home, name, lambda mark: kept(self._home, name, mark, self._model), lambda: self._fetch(partition)
        )

    def _fetch(self, partition: Partition) -> VectorsInMemory | None:
        """All vectors of a partition from Chroma, which are copied, too; None when it has none or too many."""
        mark = mark_of(self._home)
        total = self._read(partition, lambda c: int(c.count()))
        if not total or total > MOST_VECTORS:
            return None
        held = VectorsInMemory(*self.get(partition, self.stored(partition)))
        # Written to meanwhile, some of it may be of before and some of after.
        if mark == mark_of(self._home):
            keep(self._home, partition.collection, mark, self._model, held)
        return held

    def _written(self) -> None:
        if self._url is None:
            written(self._home)

    def _read(self, partition: Partition, work: Callable[[Any], Result]) -> Result | None:
        """What `work` makes of the collection, None when there is none.

        While another process writes, its ids may be in the folder before its vectors are in our memory: then tried again.
        """
        from chromadb.errors import InternalError, NotFoundError

        for left in range(_TRIES - 1, -1, -1):
            collection = self._open(partition)
            if collection is None:
                return None
            try:
                return work(collection)
            except (InternalError, NotFoundError):
                if self._url is not None or not left:
                    raise
            time.sleep(_NAP_SECONDS)
            client_of(self._home, anew=True)
        raise AssertionError("unreachable")

    def _open(self, partition: Partition, *, create: bool = False) -> Any:
        """The collection; None when there is none. Raises IndexModelMismatchError."""
        from chromadb.errors import NotFoundError

        def read(client: Any) -> Any:
            # No embedding function: Chroma's default one would download a model.
            return client.get_collection(partition.collection, embedding_function=None)

        try:
            # A server's are asked for each time: who else uses it leaves no mark.
            collection = read(self.open()) if self._url else opened(self._home, partition.collection, read)
        except NotFoundError:
            if not create:
                return None
            metadata = {"district": partition.district, "cycle": partition.cycle, "model": self._model}
            collection = self.open().create_collection(
                partition.collection,
                metadata=metadata,
                embedding_function=None,
                configuration={"hnsw": {"space": "cosine"}},
                get_or_create=True,
            )
        stored = collection.metadata["model"]
        if stored != self._model:
            raise IndexModelMismatchError(partition.district, partition.cycle, stored, self._model)
        return collection
