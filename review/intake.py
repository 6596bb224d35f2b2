"""Takes files or folders into the record and the index: hands them to the queue, and follows until they are done."""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from ingest.folder import find_files
from ingest.queue import FileResult, documents_in_work, enqueue, is_empty, places_in_work, progress_of, result_of
from ingest.queue import Progress as Counts
from ingest.tables import Document, Passage
from review.audit import write_act
from review.errors import MissingPathError
from review.estimate import Estimate, in_words
from review.jobs import Hands, alone, work_through
from review.rights import allowed
from review.submission_state import refuse_changes
from review.workspace import Workspace

__all__ = [
    "Counts",
    "FileResult",
    "IntakeResult",
    "Progress",
    "index_pending",
    "resume",
    "sentence",
    "share_done",
    "take_in",
]

_TELL_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Progress:
    """Told before each file is handed in, and twice a second while files are read.

    handed_in, files : files in the queue, and found. counts : None before the first document is in the queue.
    seconds_left : None while nothing is known yet.
    """

    handed_in: int
    files: int
    counts: Counts | None = None
    seconds_left: float | None = None


@dataclass(frozen=True, slots=True)
class IntakeResult:
    """What became of each file, in order; indexed : passages of the files that are new."""

    files: tuple[FileResult, ...]
    indexed: int

    @property
    def refused(self) -> tuple[FileResult, ...]:
        """Files of which nothing could be read."""
        return tuple(result for result in self.files if result.state == "failed")

    @property
    def skipped(self) -> tuple[tuple[str, str], ...]:
        """(file, reason) of what is no material: lock files, hidden files."""
        return tuple((result.file, result.reason) for result in self.files if result.state == "skipped")

    @property
    def new(self) -> tuple[FileResult, ...]:
        """Files that were not in the record before."""
        return tuple(result for result in self.files if result.is_new)


@allowed("hand_in")
def take_in(
    workspace: Workspace,
    paths: Sequence[Path],
    *,
    district: str,
    cycle: int,
    on_progress: Callable[[Progress], None] | None = None,
    on_handed_in: Callable[[], None] | None = None,
    hands: Hands | None = None,
) -> IntakeResult:
    """Read every file under `paths`, and index what is new. Raises MissingPathError before anything is read.

    Raises SubmittedError at the first file that is not there yet when the district has handed in.
    on_handed_in : called when the bytes of all files are kept, so that `paths` are needed no longer.
    Safe to repeat, to interrupt, and to call in several processes at once: one of them works, the others follow.
    """
    absent = [str(path) for path in paths if not path.exists()]
    if absent:
        raise MissingPathError(absent)
    tell = on_progress or (lambda progress: None)
    with tempfile.TemporaryDirectory(prefix="edureview-unpacked-") as scratch:
        files = find_files(paths, Path(scratch))
        results: list[FileResult] = []
        for path, label in files:
            tell(Progress(len(results), len(files)))
            permit = partial(refuse_changes, district=district, cycle=cycle, what=f"材料《{label}》")
            results.append(enqueue(workspace.store, path, district=district, cycle=cycle, label=label, permit=permit))
    _log_handed_in(workspace, district, cycle, results)
    if on_handed_in is not None:
        on_handed_in()
    documents = [result.document_id for result in results if result.document_id is not None]
    with _told(workspace, documents, len(files), tell):
        work_through(workspace, documents, hands=hands)
    return _outcome(workspace, results)


def _log_handed_in(workspace: Workspace, district: str, cycle: int, results: Sequence[FileResult]) -> None:
    """One row of the log for the files that are new; files known already change nothing."""
    new = [result.document_id for result in results if result.is_new and result.document_id is not None]
    if not new:
        return

    def work(session: Session) -> None:
        rows = session.execute(select(Document.file, Document.sha256).where(Document.id.in_(new)).order_by(Document.id))
        handed_in = [{"file": file, "sha256": sha256} for file, sha256 in rows]
        write_act(
            workspace,
            session,
            "hand_in",
            district=district,
            cycle=cycle,
            subject=f"{len(handed_in)} 份",
            after=handed_in,
        )

    workspace.store.write(work)


@allowed("hand_in")
def resume(workspace: Workspace, on_progress: Callable[[Progress], None] | None = None) -> None:
    """Goes on with what an earlier import left undone, whoever began it; returns at once when there is nothing."""
    documents = documents_in_work(workspace.store)
    if documents:
        with _told(workspace, documents, len(documents), on_progress or (lambda progress: None)):
            work_through(workspace, documents)


@allowed("hand_in")
def places_to_resume(workspace: Workspace) -> tuple[tuple[str, int], ...]:
    """(district, cycle) of everything an earlier import left undone, of whoever began it; empty when there is nothing."""
    return () if is_empty(workspace.store) else tuple(places_in_work(workspace.store))


@allowed("maintain")
def rebuild_indexes(workspace: Workspace) -> int:
    """Forgets full text and vectors and makes them anew from the record; returns how many passages. Raises BusyError."""
    with alone(workspace):
        workspace.index.rebuild()
    return index_pending(workspace)


@allowed("maintain")
def repair_indexes(workspace: Workspace) -> int:
    """Makes full text and vectors agree with the record; returns how many passages it concerned. Raises BusyError."""
    with alone(workspace):
        repaired = workspace.index.repair()
    return repaired + index_pending(workspace)


@allowed("maintain")
def index_pending(workspace: Workspace, on_passages: Callable[[int], None] | None = None) -> int:
    """Index what was read and is not indexed yet; returns how many passages. Loads the model only when there is something to do.

    Raises BusyError when another program is at it.
    """
    from retrieval.annotate import Annotator
    from retrieval.itemmap import ItemMapper

    if not workspace.has_pending():
        return 0
    with alone(workspace):
        index = workspace.index
        annotate = Annotator(ItemMapper(workspace.scheme, workspace.catalogue, index.embedder, cache=workspace.cache))
        return index.index_pending(on_passages=on_passages, annotate=annotate)


def _outcome(workspace: Workspace, handed_in: Sequence[FileResult]) -> IntakeResult:
    """The results as the record has them now."""
    results = []
    with workspace.store.session() as session:
        for result in handed_in:
            if result.document_id is None:
                results.append(result)
            else:
                document = session.get_one(Document, result.document_id)
                results.append(result_of(session, document, is_new=result.is_new))
        new = [result.document_id for result in results if result.is_new]
        indexed = select(func.count(Passage.id)).where(Passage.document_id.in_(new), Passage.indexed)
        return IntakeResult(tuple(results), session.scalar(indexed) or 0)


@contextmanager
def _told(
    workspace: Workspace, documents: Sequence[int], files: int, tell: Callable[[Progress], None]
) -> Iterator[None]:
    """Tells how far these documents are, from the record, so that it is the same whoever does the work."""
    stop = threading.Event()
    estimate = Estimate()

    def watch() -> None:
        last = False
        while not last:
            last = stop.wait(_TELL_SECONDS)
            with suppress(DBAPIError):  # the database is held by another program: the work waits, and so does the news
                counts = progress_of(workspace.store, documents)
                tell(Progress(files, files, counts, estimate.seconds_left(time.monotonic(), counts)))

    thread = threading.Thread(target=watch, name="progress", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def sentence(progress: Progress) -> str:
    """Where an import is: 读取　12/40 页（文字识别 3/10 页），完成 2/5 份，建立索引 120/300 段，约需 2 分钟."""
    counts = progress.counts
    if counts is None:
        return f"登记　{progress.handed_in}/{progress.files} 份"
    pictures = f"（文字识别 {counts.recognised}/{counts.to_recognise} 页）" if counts.to_recognise else ""
    parts = [f"读取　{counts.pages_done}/{counts.pages} 页{pictures}", f"完成 {counts.files_done}/{counts.files} 份"]
    if counts.passages:
        parts.append(f"建立索引 {counts.passages_done}/{counts.passages} 段")
    left = "" if counts.finished else in_words(progress.seconds_left)
    return "，".join([*parts, left] if left else parts)


def share_done(progress: Progress) -> float:
    """How much is done, 0.0 to 1.0: pages and passages alike."""
    counts = progress.counts
    if counts is None:
        return 0.0
    if counts.finished:
        return 1.0
    total = counts.pages + counts.passages
    return min((counts.pages_done + counts.passages_done) / total, 1.0) if total else 0.0
