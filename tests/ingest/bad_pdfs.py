"""PDFs that cannot be read, or only in part, made from the committed one."""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject


def encrypted(source: Path, target: Path, password: str = "secret") -> Path:
    writer = PdfWriter(clone_from=PdfReader(source))
    writer.encrypt(user_password=password, owner_password="owner", algorithm="AES-256")
    writer.write(target)
    return target


def damaged(source: Path, target: Path) -> Path:
    content = source.read_bytes()
    target.write_bytes(content[: len(content) // 2])
    return target


def scan(target: Path, pages: int = 2) -> Path:
    """Pages that are pictures of lines: nothing but pixels."""
    pictures = []
    for page in range(pages):
        picture = Image.new("RGB", (620, 877), "white")
        ImageDraw.Draw(picture).rectangle((60, 60 + page, 560, 90 + page), fill="black")
        pictures.append(picture)
    pictures[0].save(target, save_all=True, append_images=pictures[1:])
    return target


def with_blank_and_scan(source: Path, target: Path) -> Path:
    """Page 1 of the report, a blank page, a scanned page."""
    writer = PdfWriter()
    writer.add_page(PdfReader(source).pages[0])
    writer.add_blank_page(595, 842)
    writer.add_page(PdfReader(scan(target.with_name("scan-only.pdf"), 1)).pages[0])
    writer.write(target)
    return target


def over_scan(source: Path, target: Path) -> Path:
    """The first page of the report, drawn over a picture as large as the page."""
    writer = PdfWriter(clone_from=PdfReader(source))
    page = PdfReader(scan(target.with_name("scan-below.pdf"), 1)).pages[0]
    writer.pages[0].merge_page(page, over=False)
    writer.write(target)
    return target


def turned(source: Path, target: Path, degrees: int) -> Path:
    writer = PdfWriter(clone_from=PdfReader(source))
    writer.pages[0].rotate(degrees)
    writer.write(target)
    return target


def cropped(source: Path, target: Path, left: float, bottom: float) -> Path:
    writer = PdfWriter(clone_from=PdfReader(source))
    page = writer.pages[0]
    page.cropbox.lower_left = (left, bottom)
    writer.write(target)
    return target


def garbled(target: Path, tiny: str = "") -> Path:
    """A page whose font maps every glyph to the private use area, as fonts without ToUnicode end up.

    tiny : words set half a point high in a sound font.
    """
    writer = PdfWriter()
    page = writer.add_blank_page(595, 842)
    mapping = DecodedStreamObject()
    mapping.set_data(
        b"/CIDInit /ProcSet findresource begin begincmap /CMapName /X def /CMapType 2 def "
        b"1 begincodespacerange <00> <FF> endcodespacerange 1 beginbfrange <20> <7E> <E020> endbfrange endcmap end"
    )
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
            NameObject("/ToUnicode"): writer._add_object(mapping),
        }
    )
    sound = DictionaryObject({key: value for key, value in font.items() if key != "/ToUnicode"})
    page[NameObject("/Resources")] = DictionaryObject(
        {NameObject("/Font"): DictionaryObject({NameObject("/F1"): writer._add_object(font), NameObject("/F2"): sound})}
    )
    content = DecodedStreamObject()
    small = b"BT /F2 0.5 Tf 72 600 Td (" + tiny.encode() + b") Tj ET" if tiny else b""
    content.set_data(b"BT /F1 12 Tf 72 700 Td (a page of glyphs that nobody can read back) Tj ET " + small)
    page[NameObject("/Contents")] = writer._add_object(content)
    writer.write(target)
    return target
