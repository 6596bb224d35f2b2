"""Small valid files of every kind the reading process reads, made on the spot. Everything in them is made up: 演示数据（虚构）."""

from __future__ import annotations

import io
import shutil
import zipfile
from email.message import EmailMessage
from pathlib import Path

import docx
import openpyxl
import pptx
from openpyxl.comments import Comment
from PIL import Image, ImageDraw

from tests.ingest import hidden_pdfs
from tests.ingest.make_files import FILES, PARAGRAPH, ROWS, SECOND, report_docx
from tests.ingest.office import convert

_OFD = "http://www.ofdspec.org/2016"


def _picture(kind: str, **options: object) -> bytes:
    image = Image.new("RGB", (320, 200), "white")
    ImageDraw.Draw(image).text((20, 80), "2018  86.5%  21000", fill="black")
    target = io.BytesIO()
    image.save(target, kind, **options)  # type: ignore[arg-type]
    return target.getvalue()


def _docx(folder: Path) -> bytes:
    document = docx.Document(str(report_docx(folder / "base.docx")))
    document.add_picture(io.BytesIO(_picture("PNG")))
    document.add_paragraph().add_run("看不见").font.hidden = True
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def _xlsx() -> bytes:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = "普惠率"
    for row in ROWS:
        sheet.append(row)
    sheet.append(("合计", "=SUM(B2:B4)", 21000, "86.5%"))
    sheet.merge_cells("A6:B6")
    sheet["A2"].comment = Comment("待核", "演示")
    sheet.row_dimensions[3].hidden = True
    hidden = workbook.create_sheet("底稿")
    hidden["A1"] = PARAGRAPH
    hidden.sheet_state = "hidden"
    target = io.BytesIO()
    workbook.save(target)
    return target.getvalue()


def _pptx() -> bytes:
    slides = pptx.Presentation()
    slide = slides.slides.add_slide(slides.slide_layouts[1])
    slide.shapes.title.text = "学前教育发展情况"
    slide.placeholders[1].text = PARAGRAPH
    table = slide.shapes.add_table(2, 2, 0, 0, 3000000, 900000).table
    for column, text in enumerate(ROWS[0][:2]):
        table.cell(0, column).text = text
        table.cell(1, column).text = ROWS[1][column]
    slide.shapes.add_picture(io.BytesIO(_picture("PNG")), 0, 0)
    slide.notes_slide.notes_text_frame.text = "备注：口径不含民办园"
    target = io.BytesIO()
    slides.save(target)
    return target.getvalue()


def _ofd() -> bytes:
    """One page with one line of text, as small as GB/T 33190 allows."""
    target = io.BytesIO()
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    space = f'xmlns:ofd="{_OFD}"'
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(
            "OFD.xml",
            f'{head}<ofd:OFD {space} DocType="OFD" Version="1.0"><ofd:DocBody><ofd:DocInfo><ofd:DocID>1</ofd:DocID></ofd:DocInfo>'
            "<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        )
        package.writestr(
            "Doc_0/Document.xml",
            f"{head}<ofd:Document {space}><ofd:CommonData><ofd:MaxUnitID>9</ofd:MaxUnitID><ofd:PageArea><ofd:PhysicalBox>0 0 210 297"
            "</ofd:PhysicalBox></ofd:PageArea><ofd:PublicRes>PublicRes.xml</ofd:PublicRes></ofd:CommonData><ofd:Pages>"
            '<ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/></ofd:Pages></ofd:Document>',
        )
        package.writestr(
            "Doc_0/PublicRes.xml",
            f'{head}<ofd:Res {space} BaseLoc="Res"><ofd:Fonts><ofd:Font ID="3" FontName="宋体"/></ofd:Fonts></ofd:Res>',
        )
        text = SECOND[:40]
        package.writestr(
            "Doc_0/Pages/Page_0/Content.xml",
            f'{head}<ofd:Page {space}><ofd:Content><ofd:Layer ID="2"><ofd:TextObject ID="4" Boundary="20 30 170 6" Font="3" Size="4">'
            f'<ofd:TextCode X="0" Y="4" DeltaX="g {len(text) - 1} 4">{text}</ofd:TextCode></ofd:TextObject></ofd:Layer></ofd:Content></ofd:Page>',
        )
    return target.getvalue()


def _eml() -> bytes:
    mail = EmailMessage()
    mail["Subject"] = "云山区报送材料（演示）"
    mail["From"] = "a@example.invalid"
    mail["To"] = "b@example.invalid"
    mail.set_content(PARAGRAPH)
    mail.add_attachment(SECOND.encode(), maintype="text", subtype="plain", filename="说明.txt")
    return mail.as_bytes()


def _zip(members: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members.items():
            package.writestr(name, content)
    return target.getvalue()


def _old(folder: Path, name: str, content: bytes, suffix: str) -> bytes | None:
    """What LibreOffice makes of an office file in an old format; None where it is not installed."""
    soffice = shutil.which("soffice")
    if soffice is None:
        return None
    source = folder / name
    source.write_bytes(content)
    return convert(soffice, source, suffix, folder).read_bytes()


def seeds(folder: Path, *, old_formats: bool = True) -> dict[str, bytes]:
    """File name → content. folder : for what must be written to disk on the way. old_formats : those LibreOffice must make."""
    hidden = hidden_pdfs.page_with(
        folder / "hidden.pdf", " ".join(f"q {trick} Q" for trick in hidden_pdfs.HIDDEN.values())
    )
    made: dict[str, bytes | None] = {
        "自评报告.pdf": (FILES / "自评报告.pdf").read_bytes(),
        "隐藏文字.pdf": hidden.read_bytes(),
        "扫描件.pdf": _picture("PDF"),
        "报告.docx": _docx(folder),
        "台账.xlsx": _xlsx(),
        "旧台账.xls": _old(folder, "old.xlsx", _xlsx(), "xls") if old_formats else None,
        "旧报告.doc": _old(folder, "old.docx", _docx(folder), "doc") if old_formats else None,
        "汇报.pptx": _pptx(),
        "公文.ofd": _ofd(),
        "说明.txt": f"{PARAGRAPH}\n{SECOND}\n".encode(),
        "国标码.txt": f"{PARAGRAPH}\n{SECOND}\n".encode("gb18030"),
        "宽字节.txt": f"{PARAGRAPH}\n".encode("utf-16"),
        "名单.csv": "\n".join(",".join(f'"{cell}"' for cell in row) for row in ROWS).encode("utf-8-sig"),
        "邮件.eml": _eml(),
        "照片.png": _picture("PNG"),
        "照片.jpg": _picture("JPEG"),
        "照片.bmp": _picture("BMP"),
        "传真.tif": _picture("TIFF", compression="tiff_lzw"),
    }
    made["材料.zip"] = _zip({"说明.txt": PARAGRAPH.encode(), "里/台账.xlsx": _xlsx(), "里/报告.docx": _docx(folder)})
    return {name: content for name, content in made.items() if content is not None}
