"""The picture of a page that is to be recognised: a drawn PDF page, a frame of an image file, or a part of a package."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np
import pypdfium2
from numpy.typing import NDArray
from PIL import Image, ImageOps, ImageSequence

from ingest.errors import DamagedFileError, TooLargeError
from ingest.ocr.errors import UnreadablePictureError
from ingest.readers.pdf_repair import open_pdf

DPI = 200  # what the scanners of government offices are set to; finer drawing found no more characters
MAX_DECODED = 150_000_000  # pixels; A3 at 600 dpi has 70 million, and decoding more needs over half a gigabyte
MAX_WORKED_ON = 12_000_000  # pixels; A4 at 300 dpi has 9 million
SHOWN = 1700  # pixels; as wide as a page is drawn for the screen
_MAX_PART_MB = 100
_LARGEST_SIDE = 60_000
_ORIENTATION = 0x0112  # EXIF; 5 to 8 lie on their side


@dataclass(frozen=True, slots=True)
class Picture:
    """pixels : RGB, shape (h, w, 3), as a person sees the page (an EXIF turn is already applied).

    width, height : of the page in the units of its character boxes: points for PDF, pixels of the original for pictures.
    """

    pixels: NDArray[np.uint8]
    width: float
    height: float

    @property
    def unit(self) -> float:
        """Units for one of `pixels`."""
        return self.width / float(self.pixels.shape[1])


def load(path: Path, file: str, kind: str, number: int, source: str) -> Picture:
    """The picture of page `number`. source : "page", "frame" or "part:NAME", as the reader gave it.

    Raises UnreadablePictureError when there is no picture to look at, UnreadableFileError when the file cannot be opened.
    """
    if source == "page":
        return _drawn(path, file, number)
    if source == "frame":
        try:
            with Image.open(path) as image:
                return _frame(image, file, number)
        except _BROKEN as exc:
            raise UnreadablePictureError(file, number, "图片数据损坏") from exc
    if source.startswith("part:"):
        try:
            with _part(path, file, number, source.removeprefix("part:")) as stream, Image.open(stream) as image:
                return _frame(image, file, 1, number)
        except _BROKEN as exc:
            raise UnreadablePictureError(file, number, "图片数据损坏，或是本程序不认识的图片格式") from exc
    raise ValueError(f"no such source of a picture: {source!r} of kind {kind}")


_BROKEN = (OSError, SyntaxError, ValueError, EOFError, KeyError, zipfile.BadZipFile, Image.DecompressionBombError)


def draw(path: Path, file: str, kind: str, number: int, source: str) -> Image.Image:
    """The picture of a page as people look at it, RGB, at most `SHOWN` pixels wide. Raises as `load`."""
    image = Image.fromarray(load(path, file, kind, number, source).pixels)
    image.thumbnail((SHOWN, SHOWN * 20))
    return image


def _drawn(path: Path, file: str, number: int) -> Picture:
    with closing(open_pdf(path, file)) as document:
        try:
            page = document[number - 1]
        except pypdfium2.PdfiumError as exc:
            raise UnreadablePictureError(file, number, "页面结构损坏") from exc
        with closing(page):
            width, height = page.get_size()
            # A poster is drawn smaller rather than filling the memory.
            scale = min(DPI / 72, (MAX_WORKED_ON / max(width * height, 1.0)) ** 0.5)
            drawn = page.render(scale=scale, rev_byteorder=True).to_numpy()
            return Picture(np.ascontiguousarray(drawn[:, :, :3]), float(width), float(height))


def _frame(image: Image.Image, file: str, frame: int, number: int | None = None) -> Picture:
    """One frame of an opened image, upright as its EXIF says, no larger than we work on."""
    shown = frame if number is None else number
    if frame > 1:
        image.seek(frame - 1)
    width, height = image.size
    if width * height > MAX_DECODED or max(width, height) > _LARGEST_SIDE:
        raise UnreadablePictureError(
            file, shown, f"图片有 {width}×{height} 像素，超过可识别的 {MAX_DECODED // 1_000_000} 百万像素"
        )
    scale = (MAX_WORKED_ON / (width * height)) ** 0.5 if width * height > MAX_WORKED_ON else 1.0
    image.draft("RGB", (round(width * scale), round(height * scale)))  # a JPEG can be decoded smaller at once
    upright = ImageOps.exif_transpose(_on_white(image))
    if image.getexif().get(_ORIENTATION) in (5, 6, 7, 8):
        width, height = height, width
    fitting = (max(round(width * scale), 1), max(round(height * scale), 1))
    if upright.size != fitting:
        upright = upright.resize(fitting, Image.Resampling.LANCZOS, reducing_gap=2.0)
    return Picture(np.asarray(upright, dtype=np.uint8), float(width), float(height))


def _on_white(image: Image.Image) -> Image.Image:
    """RGB; what is transparent shows the paper."""
    if image.mode in ("I", "I;16", "I;16B", "F"):
        values = np.asarray(image, dtype=np.float64)
        top = float(values.max()) or 1.0
        return Image.fromarray((values / top * 255).astype(np.uint8)).convert("RGB")
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        layered = image.convert("RGBA")
        paper = Image.new("RGBA", layered.size, (255, 255, 255, 255))
        flat = Image.alpha_composite(paper, layered).convert("RGB")
        flat.info.update({key: value for key, value in image.info.items() if key == "exif"})
        return flat
    return image.convert("RGB")


@contextmanager
def _part(path: Path, file: str, number: int, name: str) -> Iterator[IO[bytes]]:
    """The bytes of a part of a package, in memory. Raises UnreadablePictureError when it is too large."""
    try:
        with zipfile.ZipFile(path) as package:
            if package.getinfo(name).file_size > _MAX_PART_MB * 1024 * 1024:
                raise UnreadablePictureError(file, number, f"图片超过 {_MAX_PART_MB} MB")
            with package.open(name) as stream:
                content = stream.read(_MAX_PART_MB * 1024 * 1024 + 1)
    except (zipfile.BadZipFile, KeyError, RuntimeError, NotImplementedError) as exc:
        raise UnreadablePictureError(file, number, "图片在文件里找不到或已损坏") from exc
    yield io.BytesIO(content)


def frames(path: Path, file: str, limit: int = 2000) -> list[tuple[int, int]]:
    """Width and height of each frame of an image file. Raises DamagedFileError or TooLargeError."""
    try:
        with Image.open(path) as image:
            sizes: list[tuple[int, int]] = []
            for frame in ImageSequence.Iterator(image):
                if len(sizes) == limit:
                    raise TooLargeError(file, limit, limit)
                sizes.append(frame.size)
            return sizes
    except _BROKEN as exc:
        raise DamagedFileError(file, "图片", "图片数据不完整") from exc
