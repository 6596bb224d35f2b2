"""The last step of the queue: vectors and full text of a document are brought to what the record says, older versions leave the index."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from sqlalchemy.orm import Session

from ingest.faults import fault_of
from ingest.tables import Document, Job, Passage
from ingest.versions import settle_versions
from retrieval.errors import RetrievalError
from retrieval.index import mark_indexed
from review.workspace import Workspace


class Indexing:
    """One run's indexing. unreachable : why the model or the store of vectors is not to be had; then nothing more is tried."""

    def __init__(
        self,
        workspace: Workspace,
        check: Callable[[int], None],
        forget: Callable[[Session, Sequence[Passage]], Sequence[str]],
    ) -> None:
        """check : called between batches, raises to stop. forget : takes passages out of the index, gives the ids of their vectors."""
        self._workspace, self._store = workspace, workspace.store
        self._check, self._forget = check, forget
        self._annotate: Callable[..., None] | None = None
        self._indexed: set[tuple[str, int]] = set()
        self.unreachable: RetrievalError | None = None

    def index(self, document_id: int) -> bool:
        """Brings vectors and full text of a document to what the record says; false when the model or its store is not to be had."""
        with self._store.session() as session:
            document, orphans = session.get_one(Document, document_id), session.get_one(Job, document_id).orphans
            empty = not orphans and not document.passages
        try:
            if empty:
                self._store.write(partial(mark_indexed, document_id=document_id))  # without loading the model
                return True
            index = self._workspace.index
            # Before any new vector is made: an id may be given out again to a passage with other words around it.
            index.forget_vectors(document.district, document.cycle, orphans)
            self._store.write(partial(_forget_orphans, document_id=document_id))
            index.index_document(document_id, self._check, annotate=self._annotator())
            self._indexed.add((document.district, document.cycle))
        except RetrievalError as exc:
            self.unreachable = exc
            return False
        except Exception as exc:
            raise fault_of(exc) or exc from exc
        return True

    def replace_older(self, document_id: int) -> bool:
        """The older versions of a document leave the index once the newer one can be found; false when the vectors cannot be reached."""
        try:
            orphans = self._store.write(partial(settle_versions, document_id=document_id, forget=self._forget))
            if orphans:
                with self._store.session() as session:
                    document = session.get_one(Document, document_id)
                    district, cycle = document.district, document.cycle
                self._workspace.index.forget_vectors(district, cycle, orphans)
        except RetrievalError as exc:
            self.unreachable = exc
            return False
        return True

    def settle(self) -> None:
        """At the end of the run. Raises what made the index unreachable."""
        for district, cycle in sorted(self._indexed):
            self._workspace.index.settle(district, cycle)
        if self.unreachable is not None:
            raise self.unreachable

    def _annotator(self) -> Callable[..., None]:
        if self._annotate is None:
            from retrieval.annotate import Annotator
            from retrieval.itemmap import ItemMapper

            workspace = self._workspace
            self._annotate = Annotator(
                ItemMapper(workspace.scheme, workspace.catalogue, workspace.index.embedder, cache=workspace.cache)
            )
        return self._annotate


def _forget_orphans(session: Session, *, document_id: int) -> None:
    session.get_one(Job, document_id).orphans = []
