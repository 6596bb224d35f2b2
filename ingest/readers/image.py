"""Image files (PNG, JPEG, TIFF, BMP, GIF): every frame is a page that waits for text recognition."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ingest.ocr.picture import frames
from ingest.pages import ParsedPage
from ingest.readers.base import Properties


def read(path: Path, file: str, first: int = 1) -> Iterator[Properties | ParsedPage]:
    """Properties, then a waiting page for each frame from `first` on. Raises DamagedFileError or TooLargeError."""
    sizes = frames(path, file)
    yield Properties("image", len(sizes))
    for number, (width, height) in enumerate(sizes, start=1):
        if number >= first:
            yield ParsedPage(
                number, f"第{number}页", "waiting", "", width=float(width), height=float(height), source="frame"
            )
