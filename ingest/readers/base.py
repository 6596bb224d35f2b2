"""What every reader yields first: what the file is, and what it says about itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest.pages import Finding, ParsedPage


@dataclass(frozen=True, slots=True)
class Properties:
    """Yielded once, before the first page.

    kind : a key of ingest.worker.MODULES. pages : how many pages follow when all goes well.
    title : as written in the file's properties; often empty or wrong, so only one hint among others.
    defects : Chinese sentences about what could not be read of the file as a whole.
    findings : what an expert must see about the file as a whole.
    """

    kind: str
    pages: int
    title: str = ""
    defects: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


# read(path, file, first): `file` is the label used in sentences; pages before `first` (1-based) are skipped.
Reader = Callable[[Path, str, int], Iterator[Properties | ParsedPage]]
