"""Takes files or folders into the record and the index, one file at a time; one bad file never stops the rest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.pipeline import FileResult, find_files, ingest_file

from review.errors import MissingPathError
from review.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Progress:
    """Told after each page and each file. done, total : files. page : pages read of the current file, 0 between files."""

    done: int
    total: int
    file: str
    page: int
    stage: str


@dataclass(frozen=True, slots=True)
class IntakeResult:
    """What became of each file, in order; indexed : passages that were indexed in this run."""

    files: tuple[FileResult, ...]
    skipped: tuple[tuple[str, str], ...]
    indexed: int

    @property
    def refused(self) -> tuple[FileResult, ...]:
        """Files of which nothing could be read."""
        return tuple(result for result in self.files if result.state == "failed")

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
    found = find_files(paths)
    results: list[FileResult] = []
    for done, (path, label) in enumerate(found.files):
        tell(Progress(done, len(found.files), label, 0, "读取"))
        results.append(
            ingest_file(
                workspace.store,
                path,
                district=district,
                cycle=cycle,
                label=label,
                on_page=lambda page, done=done, label=label: tell(
                    Progress(done, len(found.files), label, page, "读取")
                ),
            )
        )
    indexed = index_pending(
        workspace, lambda count: tell(Progress(len(results), len(found.files), f"{count} 段", 0, "建立索引"))
    )
    return IntakeResult(tuple(results), found.skipped, indexed)


def index_pending(workspace: Workspace, on_passages: Callable[[int], None] | None = None) -> int:
    """Index what was read and is not indexed yet; returns how many passages. Loads the model only when there is something to do."""
    from retrieval.annotate import Annotator

    if not workspace.has_pending():
        return 0
    index = workspace.index
    annotate = Annotator(workspace.scheme, workspace.catalogue, index.embedder)
    return index.index_pending(on_passages=on_passages, annotate=annotate)
