"""Uploaded files on their way into the record: written under safe names in a folder of their own. Names are labels, never paths."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

# Not allowed in file names by some system, or able to mislead a reader: control and direction marks, separators.
UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"|?*\u200e\u200f\u202a-\u202e\u2066-\u2069]')
LONGEST_BYTES = 200


class Uploaded(Protocol):
    """What Streamlit hands over: a name (with folders, when a folder was chosen) and bytes."""

    name: str

    def getvalue(self) -> bytes:
        """The bytes of the file."""


def write_uploads(uploads: Iterable[Uploaded], folder: Path, *, below_top: bool = False) -> int:
    """Write each upload below `folder`, keeping its own folders' names; returns how many were written.

    below_top : leave out the first part, the name of the folder that was chosen, as the command line does.
    """
    count = 0
    for upload in uploads:
        parts = safe_parts(upload.name)
        target = _free(folder.joinpath(*(parts[1:] if below_top and len(parts) > 1 else parts)))
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(upload.getvalue())
        count += 1
    return count


def safe_parts(name: str) -> list[str]:
    """The parts of an uploaded name, none of which leads elsewhere or is too long for a file system."""
    parts = [_safe(part) for part in re.split(r"[/\\]", name)]
    return [part for part in parts if part] or ["未命名"]


def _safe(part: str) -> str:
    cleaned = UNSAFE.sub("_", part).strip()
    if not cleaned.strip("."):
        return ""
    if len(cleaned.encode()) <= LONGEST_BYTES:
        return cleaned
    stem, dot, suffix = cleaned.rpartition(".")
    if not dot or len(suffix) > 8:
        stem, dot, suffix = cleaned, "", ""
    kept = stem.encode()[: LONGEST_BYTES - len(suffix) - 1].decode("utf-8", "ignore")
    return f"{kept}{dot}{suffix}"


def _free(path: Path) -> Path:
    """The path itself, or with a number when another upload has that name already."""
    free, number = path, 2
    while free.exists():
        free = path.with_name(f"{path.stem}（{number}）{path.suffix}")
        number += 1
    return free
