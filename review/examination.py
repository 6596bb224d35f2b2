"""The exhaustive pass: every document of a district that was not yet held against every item with the means of today.

Reading material already does it; this is for what an earlier version, another model or a mapper trained since has examined, and for
what was interrupted. Each document is finished in a transaction of its own, so that the pass may be killed and called again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from ingest.tables import Document, Examination, Passage
from retrieval.collections import Partition
from retrieval.examined import fingerprint, looked_with
from review.rights import allowed
from review.workspace import Settings, Workspace

if TYPE_CHECKING:
    from retrieval.annotate import Annotator
    from retrieval.index import EvidenceIndex
    from retrieval.itemmap import ItemMapper

AT_ONCE = 64  # passages judged together, and written in one transaction


@dataclass(frozen=True, slots=True)
class PassRun:
    """What a run of the pass did. seconds : of the examining alone."""

    documents: int
    passages: int
    seconds: float

    @property
    def documents_per_second(self) -> float:
        """0 when there was nothing to do."""
        return self.documents / self.seconds if self.documents and self.seconds else 0.0

    def to_json(self) -> dict[str, Any]:
        """As `review --json` prints it."""
        return {
            "documents": self.documents,
            "passages": self.passages,
            "seconds": round(self.seconds, 3),
            "documents_per_second": round(self.documents_per_second, 1),
        }


# The mapper made last, under what it was made for: a command asks for it several times, a page at each run.
_last: list[tuple[tuple[Settings, str, str], ItemMapper]] = []


def mapper_of(workspace: Workspace) -> ItemMapper:
    """The mapper of today: its scheme, catalogue and model, and what it has learnt, in whatever program it was trained."""
    from retrieval.itemmap import ItemMapper
    from retrieval.mapping_model import trained_model

    embedder, scheme = workspace.index.embedder, workspace.scheme
    model = trained_model(workspace.cache.parent, scheme)
    wanted = (workspace.settings, embedder.name, model.digest)
    for made_for, mapper in list(_last):
        if made_for == wanted:
            return mapper
    made = ItemMapper(scheme, workspace.catalogue, embedder, cache=workspace.cache, model=model)
    _last[:] = [(wanted, made)]
    return made


def current_fingerprint(workspace: Workspace) -> str:
    """That of an examination made today."""
    return fingerprint(looked_with(workspace.scheme.id, {"对应": mapper_of(workspace).version}))


@allowed("read_evidence")
def to_examine(workspace: Workspace, district: str, cycle: int, *, again: bool = False) -> list[int]:
    """Ids of the documents that are read and indexed and were not examined to their end with the means of today, in order.

    again : all of them, whatever was done before.
    """
    wanted = (
        select(Document.id)
        .where(Document.district == district, Document.cycle == cycle, Document.state.in_(("indexed", "partly")))
        .where(Document.indexed_at.is_not(None), Document.duplicate_of.is_(None), Document.superseded_by.is_(None))
        .order_by(Document.id)
    )
    held = select(Examination.document_id).where(Examination.fingerprint == current_fingerprint(workspace))
    with workspace.store.session() as session:
        done = set() if again else set(session.scalars(held))
        return [id_ for id_ in session.scalars(wanted) if id_ not in done]


@allowed("hand_in")
def examine(
    workspace: Workspace,
    district: str,
    cycle: int,
    *,
    again: bool = False,
    on_document: Callable[[int, int], object] | None = None,
) -> PassRun:
    """Examines what is still to be examined; what people confirmed or rejected stays. Safe to interrupt and to repeat.

    on_document : told (done, in all) after each document. Raises NotAllowedError, IndexModelMismatchError, RecordLockedError,
    DiskFullError; BusyError while another program works on this data folder, but only when there is something to do.
    """
    from retrieval.annotate import Annotator

    if not to_examine(workspace, district, cycle, again=again):
        return PassRun(0, 0, 0.0)
    # With all that reads files: nobody needs that who only asks how far the examination is.
    from review.jobs import alone

    with alone(workspace):
        left = to_examine(workspace, district, cycle, again=again)  # another program may have been quicker
        annotator = Annotator(mapper_of(workspace))
        begun, passages = time.perf_counter(), 0
        for done, document_id in enumerate(left, start=1):
            passages += _document(workspace, document_id, Partition(district, cycle), annotator)
            if on_document is not None:
                on_document(done, len(left))
        return PassRun(len(left), passages, time.perf_counter() - begun)


def _document(workspace: Workspace, document_id: int, partition: Partition, annotator: Annotator) -> int:
    """Examines one document; returns the number of its passages."""
    with workspace.store.session() as session:
        query = select(Passage.id).where(Passage.document_id == document_id)
        ids = list(session.scalars(query.order_by(Passage.page_id, Passage.start)))
    for at in range(0, len(ids), AT_ONCE):
        part = ids[at : at + AT_ONCE]
        with workspace.store.session() as session:
            vectors = _vectors(workspace.index, partition, _in_order(session, part))
        workspace.store.write(partial(_judge, ids=part, vectors=vectors, annotator=annotator))
    if not ids:
        workspace.store.write(partial(annotator.close_empty, document_id=document_id))
    return len(ids)


def _judge(session: Session, *, ids: Sequence[int], vectors: NDArray[np.float32], annotator: Annotator) -> None:
    annotator(session, _in_order(session, ids), vectors)


def _in_order(session: Session, ids: Sequence[int]) -> list[Passage]:
    found = {passage.id: passage for passage in session.scalars(select(Passage).where(Passage.id.in_(ids)))}
    return [found[id_] for id_ in ids]


def _vectors(index: EvidenceIndex, partition: Partition, passages: Sequence[Passage]) -> NDArray[np.float32]:
    """Vectors of the passages, in their order; one that the store has lost is made again, for this use only."""
    from retrieval.index import embedded_text
    from retrieval.vectors import vector_id

    ids = [vector_id(passage.id, passage.key) for passage in passages]
    present, stored = index.vectors.get(partition, ids)
    known = dict(zip(present, stored, strict=True))
    missing = [(id_, passage) for id_, passage in zip(ids, passages, strict=True) if id_ not in known]
    if missing:
        made = index.embedder.embed_passages([embedded_text(passage) for _, passage in missing])
        known |= dict(zip((id_ for id_, _ in missing), made, strict=True))
    return np.stack([known[id_] for id_ in ids])
