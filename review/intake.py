"""Takes files or folders into the record and the index, one file at a time; one bad file never stops the rest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.pipeline import FileResult, find_files, ingest_file
from review.errors import MissingPathError
from review.workspace import Workspace

READING, INDEXING = "读取", "建立索引"


@dataclass(frozen=True, slots=True)
class Progress:
    """Told before each file, after each page, and while passages are indexed.

    done, total : files while reading, passages while indexing. page, pages : read and in all of the current file.
    """

    done: int
    total: int
    file: str
    page: int
    pages: int
    stage: str


@dataclass(frozen=True, slots=True)
class IntakeResult:
    """What became of each file, in order; indexed : passages that were indexed in this run."""

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


def take_in(
    workspace: Workspace,
    paths: Sequence[Path],
    *,
    district: str,
    cycle: int,
    on_progress: Callable[[Progress], None] | None = None,
) -> IntakeResult:
    """Read every file under `paths`, then index what is new. Raises MissingPathError before anything is read."""
    absent = [str(path) for path in paths if not path.exists()]
    if absent:
        raise MissingPathError(absent)
    tell = on_progress or (lambda progress: None)
    files = find_files(paths)
    results: list[FileResult] = []
    for done, (path, label) in enumerate(files):

        def told(page: int, pages: int, done: int = done, label: str = label) -> None:
            tell(Progress(done, len(files), label, page, pages, READING))

        told(0, 0)
        results.append(ingest_file(workspace.store, path, district=district, cycle=cycle, label=label, on_page=told))
    waiting = workspace.pending_passages()
    indexed = index_pending(workspace, lambda done: tell(Progress(done, waiting, "", 0, 0, INDEXING)))
    return IntakeResult(tuple(results), indexed)


def index_pending(workspace: Workspace, on_passages: Callable[[int], None] | None = None) -> int:
    """Index what was read and is not indexed yet; returns how many passages. Loads the model only when there is something to do."""
    from retrieval.annotate import Annotator
    from retrieval.itemmap import ItemMapper

    if not workspace.has_pending():
        return 0
    index = workspace.index
    annotate = Annotator(ItemMapper(workspace.scheme, workspace.catalogue, index.embedder))
    return index.index_pending(on_passages=on_passages, annotate=annotate)
