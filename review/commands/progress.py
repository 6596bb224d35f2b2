"""The progress bar of an import on standard error."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from review.intake import Progress, sentence, share_done

# Where nobody watches a bar (a log file), a line is enough now and then.
_LINE_EVERY = 20


@contextmanager
def progress_bar() -> Iterator[Callable[[Progress], None]]:
    """What `take_in` tells its progress to; the bar vanishes at the end. Without a terminal, a line at every twentieth telling."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _lines(console)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Bar(*columns, console=console, transient=True) as bar:
        task = bar.add_task("准备", total=1.0)

        def tell(progress: Progress) -> None:
            bar.update(task, completed=share_done(progress), description=sentence(progress))

        yield tell


def _lines(console: Console) -> Callable[[Progress], None]:
    told = 0

    def tell(progress: Progress) -> None:
        nonlocal told
        if progress.counts is not None:
            told += 1
            if told % _LINE_EVERY == 0:
                console.print(sentence(progress), soft_wrap=True, highlight=False)

    return tell
