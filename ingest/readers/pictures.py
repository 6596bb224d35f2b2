"""Pictures inside packages: which ones wait for text recognition, and their bytes when their turn comes."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from ingest.errors import DamagedFileError
from ingest.pages import ParsedPage
from ingest.readers.opc import read_part

SMALLEST = 40  # pixels; below that a picture is a bullet, an icon or a line, and no word fits into it
MAX_PICTURES = 2000
MAX_PICTURE_MB = 100
PART = "part:"


def picture_pages(
    package: zipfile.ZipFile, file: str, parts: Iterable[tuple[str, str]], first: int
) -> Iterator[ParsedPage]:
    """A waiting page for each picture, numbered from `first`; what cannot be drawn is a failed page with its reason.

    parts : (name of the part, where it stands in words or ""). A part used several times is one page.
    """
    number = first
    for count, (part, place) in enumerate(_once(parts), 1):
        label = f"图片{count}" + (f"（{place}）" if place else "")
        if count > MAX_PICTURES:
            why = f"《{file}》里的图片超过 {MAX_PICTURES} 张，其余没有读取，请拆分后上传。"
            yield ParsedPage(number, "其余图片", "failed", "", why)
            return
        found = _measure(package, part)
        if isinstance(found, str):
            yield ParsedPage(number, label, "failed", "", f"《{file}》的{label}{found}，请另存为 PNG 或 JPEG 后上传。")
        elif min(found) < SMALLEST:
            yield ParsedPage(
                number, label, "empty", "", f"《{file}》的{label}太小（{found[0]}×{found[1]} 像素），没有文字。"
            )
        else:
            yield ParsedPage(number, label, "waiting", "", source=PART + part)
        number += 1


def _once(parts: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    seen: dict[str, str] = {}
    for part, place in parts:
        seen.setdefault(part, place)
    return list(seen.items())


def count_pictures(parts: Iterable[tuple[str, str]]) -> int:
    """How many pages `picture_pages` will give."""
    return min(len(_once(parts)), MAX_PICTURES + 1)


def _measure(package: zipfile.ZipFile, part: str) -> tuple[int, int] | str:
    """Width and height in pixels, or why the picture cannot be drawn. Reads the head only, decodes nothing."""
    try:
        content = read_part(package, part, MAX_PICTURE_MB)
        with Image.open(io.BytesIO(content)) as image:
            return image.size if image.format not in ("EMF", "WMF") else "是矢量图（EMF/WMF），不能识别文字"
    except (
        KeyError,
        ValueError,
        OSError,
        zipfile.BadZipFile,
        zlib.error,
        UnidentifiedImageError,
        Image.DecompressionBombError,
    ):
        suffix = part.rpartition(".")[2].lower()
        if suffix in ("emf", "wmf", "svg", "wdp"):
            return f"是 {suffix.upper()} 图，不能识别文字"
        return "打不开"


def picture_bytes(path: Path, file: str, source: str) -> bytes:
    """The bytes of the picture that a waiting page names as its `source` ("part:…") in a package.

    For formats that are converted before they are read, `path` is what `ingest.readers.legacy.readable` gives.
    Raises DamagedFileError.
    """
    try:
        with zipfile.ZipFile(path) as package:
            return read_part(package, source.removeprefix(PART), MAX_PICTURE_MB)
    except (KeyError, ValueError, OSError, zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError) as exc:
        raise DamagedFileError(file, "图片", "内嵌图片读不出来") from exc
