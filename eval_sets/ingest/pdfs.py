"""Changes to PDF files that real files come with: turned pages, no ToUnicode, lines drawn out of order, scans inside."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import pikepdf
from PIL import Image

_LINE = re.compile(rb"q [\d. ]+ rg\nBT\n.*?ET\nQ\n", re.DOTALL)


def without_unicode(source: Path, path: Path) -> Path:
    """The file with the tables removed that say which character a glyph is, as 方正 and old print drivers leave them out."""
    with pikepdf.open(source) as pdf:
        for item in pdf.objects:
            if isinstance(item, pikepdf.Dictionary) and "/ToUnicode" in item:
                del item["/ToUnicode"]
        pdf.save(path)
    return path


def out_of_order(source: Path, path: Path, *, seed: int = 7) -> Path:
    """The same page to look at, its lines drawn in random order. `source` : as LibreOffice writes PDF."""
    draw = random.Random(seed)
    with pikepdf.open(source) as pdf:
        for page in pdf.pages:
            content = page.Contents.read_bytes()
            pieces = _LINE.findall(content)
            draw.shuffle(pieces)
            queue = iter(pieces)
            page.Contents = pdf.make_stream(_LINE.sub(lambda _, queue=queue: next(queue), content))
        pdf.save(path)
    return path


def turned(source: Path, path: Path, *, shown_upright: Sequence[bool], turns: Sequence[int] = (90, 180, 270)) -> Path:
    """Page n drawn turned by turns[n % 3]°; /Rotate turns it back where shown_upright[n % len] says so.

    The other pages lie on their side, or on their head, for whoever opens the file.
    """
    with pikepdf.open(source) as pdf:
        for number, page in enumerate(pdf.pages):
            _, _, width, height = (float(value) for value in page.MediaBox)
            turn = turns[number % len(turns)]
            # Counter-clockwise turns of the drawing; /Rotate turns clockwise, so the same angle brings it back.
            matrix = {
                90: f"0 1 -1 0 {height} 0",
                180: f"-1 0 0 -1 {width} {height}",
                270: f"0 -1 1 0 0 {width}",
            }[turn]
            content = page.Contents.read_bytes()
            page.Contents = pdf.make_stream(f"q {matrix} cm\n".encode() + content + b"\nQ\n")
            if turn != 180:
                page.MediaBox = [0, 0, height, width]
            page.Rotate = turn if shown_upright[number % len(shown_upright)] else 0
        pdf.save(path)
    return path


def with_pictures(source: Path, path: Path, pictures: dict[int, Image.Image]) -> Path:
    """The file with the pages of these 0-based numbers replaced by their pictures."""
    with pikepdf.open(source) as pdf:
        for number, picture in pictures.items():
            page = pdf.pages[number]
            page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=_image(pdf, picture)))
            page.Contents = pdf.make_stream(_draw(page))
        pdf.save(path)
    return path


def with_text_layer(source: Path, path: Path, pictures: Sequence[Image.Image]) -> Path:
    """Every page covered by its picture, the words of `source` kept invisible behind it, as scanners with OCR write it."""
    with pikepdf.open(source) as pdf:
        for page, picture in zip(pdf.pages, pictures, strict=True):
            # LibreOffice shares one dictionary among all pages.
            page.Resources = pikepdf.Dictionary(dict(page.Resources.items()))
            page.Resources.XObject = pikepdf.Dictionary(Im0=_image(pdf, picture))
            content = page.Contents.read_bytes().replace(b"BT\n", b"BT\n3 Tr\n")
            # Rules and fills would still be drawn: only the words stay.
            words = b"".join(_LINE.findall(content))
            page.Contents = pdf.make_stream(_draw(page) + words)
        pdf.save(path)
    return path


def _draw(page: pikepdf.Page) -> bytes:
    _, _, width, height = (float(value) for value in page.MediaBox)
    return f"q {width} 0 0 {height} 0 0 cm /Im0 Do Q\n".encode()


def _image(pdf: pikepdf.Pdf, picture: Image.Image) -> pikepdf.Stream:
    data = BytesIO()
    picture.convert("RGB").save(data, "JPEG", quality=85)
    return pikepdf.Stream(
        pdf,
        data.getvalue(),
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=picture.width,
        Height=picture.height,
        ColorSpace=pikepdf.Name.DeviceRGB,
        BitsPerComponent=8,
        Filter=pikepdf.Name.DCTDecode,
    )
