"""A folder of fictional material for the fault tests: PDF text, scans, tables, texts, a mixed document, a repeated file, a broken one."""

from __future__ import annotations

import random
from io import BytesIO
from pathlib import Path

import docx
import openpyxl
import pikepdf
from PIL import Image, ImageDraw, ImageFont

FONTS = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc",
)
_TOPICS = (
    "学前教育",
    "义务教育",
    "教师队伍",
    "教育经费",
    "校车安全",
    "体育卫生",
    "特殊教育",
    "职业教育",
    "教育督导",
    "营养改善",
)
_LINES_ON_PAGE = 16


def build(folder: Path, *, text_pages: int, scanned_pages: int, seed: int = 1) -> int:
    """Writes the folder; returns how many pages a complete reading has. Same arguments, same bytes of text."""
    words = random.Random(seed)
    folder.mkdir(parents=True)
    pages, number = 0, 0
    while pages < text_pages:
        size = min(words.choice((3, 9, 24)), text_pages - pages)
        _pdf(folder / f"{number:02}报告.pdf", [_page(words, number, page) for page in range(size)])
        pages, number = pages + size, number + 1
    # A document whose text pages are published before its scans are read.
    mixed = [_page(words, 90, page) for page in range(3)]
    scans = [_page(words, 91, page)[:7] for page in range(scanned_pages)]
    _pdf(folder / "90自评报告.pdf", mixed, scans)
    _workbook(folder / "91统计表.xlsx", words)
    document = docx.Document()
    for line in _page(words, 92, 0):
        document.add_paragraph(line)
    document.save(str(folder / "92工作总结.docx"))
    (folder / "93会议纪要.txt").write_text("\n".join(_page(words, 93, 0)), encoding="utf-8")
    (folder / "94会议纪要副本.txt").write_bytes((folder / "93会议纪要.txt").read_bytes())
    (folder / "95坏.pdf").write_bytes(b"%PDF-1.4\n" + bytes(range(256)))
    return pages + len(mixed) + len(scans) + 2 + 1 + 1


def _page(words: random.Random, number: int, page: int) -> list[str]:
    topic = words.choice(_TOPICS)
    lines = [f"演示区{topic}工作情况（第{number}号材料第{page + 1}部分）", f"一、{topic}基本情况"]
    while len(lines) < _LINES_ON_PAGE:
        lines.append(
            f"2018年，全区{words.choice(_TOPICS)}投入{words.randint(100, 9999)}万元，覆盖{words.randint(3, 80)}所学校，"
            f"比上年增加{words.randint(1, 30)}.{words.randint(0, 9)}%。"
        )
    return lines


def _pdf(path: Path, texts: list[list[str]], scans: list[list[str]] | None = None) -> None:
    """Text pages in a font every reader knows without having it, then scanned pages: pictures only."""
    pdf = pikepdf.new()
    descendant = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.CIDFontType0, BaseFont=pikepdf.Name("/STSong-Light"), DW=1000,
        CIDSystemInfo=pikepdf.Dictionary(Registry="Adobe", Ordering="GB1", Supplement=4),
    )  # fmt: skip
    font = pdf.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type0, BaseFont=pikepdf.Name("/STSong-Light"),
            Encoding=pikepdf.Name("/UniGB-UCS2-H"), DescendantFonts=[descendant],
        )
    )  # fmt: skip
    for lines in texts:
        page = pdf.add_blank_page(page_size=(595, 842))
        shown = "".join(
            f"1 0 0 1 60 {780 - 40 * row} Tm <{line.encode('utf-16-be').hex()}> Tj\n" for row, line in enumerate(lines)
        )
        page.Contents = pdf.make_stream(f"BT /F1 10 Tf\n{shown}ET".encode("ascii"))
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
    for lines in scans or []:
        page = pdf.add_blank_page(page_size=(595, 842))
        page.Contents = pdf.make_stream(b"q 595 0 0 842 0 0 cm /Im0 Do Q")
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=_picture(pdf, lines)))
    pdf.save(path)


def _picture(pdf: pikepdf.Pdf, lines: list[str]) -> pikepdf.Object:
    """Lines drawn as on paper, about 100 dots an inch, as a JPEG in the PDF."""
    image = Image.new("L", (827, 1169), 250)
    pen = ImageDraw.Draw(image)
    font = ImageFont.truetype(next(name for name in FONTS if Path(name).exists()), 17)
    for row, line in enumerate(lines):
        pen.text((60, 80 + 60 * row), line, font=font, fill=20)
    packed = BytesIO()
    image.save(packed, "JPEG", quality=85)
    return pdf.make_stream(
        packed.getvalue(), Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=image.width,
        Height=image.height, ColorSpace=pikepdf.Name.DeviceGray, BitsPerComponent=8, Filter=pikepdf.Name.DCTDecode,
    )  # fmt: skip


def _workbook(path: Path, words: random.Random) -> None:
    book = openpyxl.Workbook()
    for sheet in (book.active, book.create_sheet("教师")):
        sheet.append(["学校", "学生数", "教师数"])
        for row in range(12):
            sheet.append([f"演示第{row + 1}小学", words.randint(100, 900), words.randint(10, 80)])
    book.save(path)
