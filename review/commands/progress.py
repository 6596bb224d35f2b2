"""The progress bar of an import on standard error."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from review.intake import Progress


@contextmanager
def progress_bar() -> Iterator[Callable[[Progress], None]]:
    """What `take_in` tells its progress to; the bar vanishes at the end."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("准备", total=None)

        def tell(progress: Progress) -> None:
            page = f" 第{progress.page}/{progress.pages}页" if progress.page else ""
            bar.update(
                task,
                completed=progress.done,
                total=progress.total,
                description=f"{progress.stage} {progress.file}{page}",
            )

        yield tell
