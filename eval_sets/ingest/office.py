"""Writes a document as DOCX, XLSX, PPTX and HTML, and has LibreOffice and Chromium make the other formats of it."""

from __future__ import annotations

import html
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Side
from pptx import Presentation
from pptx.util import Emu
from pptx.util import Pt as SlidePt

from eval_sets.ingest.truth import Table, Text, Truth

FONT = "Noto Serif CJK SC"
_PLAIN = re.compile(r"-?\d{1,3}(?:,\d{3})*(\.\d+)?|-?\d+(\.\d+)?")


def write_docx(
    truth: Truth, path: Path, *, columns: int = 1, landscape: bool = False, picture: bytes | None = None
) -> Path:
    """A Word file with running head, page number, heading styles, justified paragraphs and ruled tables.

    columns : of the page. picture : a PNG or JPEG put at the end, as people paste scans into reports.
    """
    document = Document()
    style = document.styles["Normal"]
    style.font.size = Pt(12)
    for name in ("Normal", "Heading 1", "Heading 2", "Title"):
        fonts = document.styles[name].element.get_or_add_rPr().get_or_add_rFonts()
        for attribute in ("w:ascii", "w:hAnsi", "w:eastAsia"):
            fonts.set(qn(attribute), FONT)
    section = document.sections[0]
    section.page_width, section.page_height = (Cm(29.7), Cm(21)) if landscape else (Cm(21), Cm(29.7))
    section.left_margin = section.right_margin = Cm(2.6)
    if columns > 1:
        section._sectPr.append(_element("w:cols", {"w:num": str(columns), "w:space": "480"}))
    if truth.running_head:
        section.header.paragraphs[0].text = truth.running_head
        _page_number(section.footer.paragraphs[0])
    title = document.add_paragraph(truth.title)
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.runs[0].font.size, title.runs[0].bold = Pt(18 if columns == 1 else 14), True
    for block in truth.blocks:
        if isinstance(block, Table):
            caption = document.add_paragraph(block.caption)
            caption.alignment = WD_ALIGN_PARAGRAPH.CENTER
            caption.paragraph_format.keep_with_next = True
            _docx_table(document, block)
        elif block.level:
            document.add_heading(block.text, block.level)
        else:
            paragraph = document.add_paragraph(block.text)
            paragraph.paragraph_format.first_line_indent = Pt(24)
            paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    if picture is not None:
        document.add_picture(BytesIO(picture), width=Cm(15))
    document.save(str(path))
    return path


def _element(name: str, attributes: dict[str, str]) -> OxmlElement:
    element = OxmlElement(name)
    for key, value in attributes.items():
        element.set(qn(key), value)
    return element


def _page_number(paragraph: object) -> None:
    """— n — in the middle, n kept up to date by the program that shows it."""
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER  # type: ignore[attr-defined]
    for text, kind in (("— ", ""), ("", "begin"), ("PAGE", ""), ("", "end"), (" —", "")):
        run = paragraph.add_run("" if text == "PAGE" else text)  # type: ignore[attr-defined]
        if text == "PAGE":
            instruction = OxmlElement("w:instrText")
            instruction.text = " PAGE "
            run._r.append(instruction)
        elif kind:
            run._r.append(_element("w:fldChar", {"w:fldCharType": kind}))


def _docx_table(document: object, block: Table) -> None:
    table = document.add_table(rows=len(block.grid), cols=block.width, style="Table Grid")  # type: ignore[attr-defined]
    for cell in block.cells():
        place = table.cell(cell.row, cell.column)
        if cell.rows > 1 or cell.columns > 1:
            place = place.merge(table.cell(cell.row + cell.rows - 1, cell.column + cell.columns - 1))
        place.text = cell.text
        for paragraph in place.paragraphs:
            for run in paragraph.runs:
                run.font.size = Pt(10.5)
    for row in table.rows[: block.header]:
        row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def write_xlsx(truth: Truth, path: Path) -> Path:
    """A workbook with one sheet for each table: title line, merged cells, real numbers shown by number formats."""
    book = Workbook()
    book.remove(book.active)
    thin = Side(style="thin")
    for number, block in enumerate(truth.tables, 1):
        sheet = book.create_sheet(f"表{number}")
        sheet.cell(1, 1, block.caption)
        sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=block.width)
        sheet.column_dimensions["A"].width = 24
        for cell in block.cells():
            place = sheet.cell(cell.row + 2, cell.column + 1)
            place.border = Border(thin, thin, thin, thin)
            place.alignment = Alignment(wrap_text=True, vertical="center")
            _put_value(place, cell.text, is_name=cell.row < block.header)
            if cell.rows > 1 or cell.columns > 1:
                sheet.merge_cells(
                    start_row=cell.row + 2,
                    start_column=cell.column + 1,
                    end_row=cell.row + cell.rows + 1,
                    end_column=cell.column + cell.columns,
                )
    book.save(str(path))
    return path


def _put_value(place: Cell, text: str, *, is_name: bool) -> None:
    """Figures as numbers with the format that shows them as the truth writes them; everything else as text."""
    figure = text.removesuffix("%")
    if is_name or not _PLAIN.fullmatch(figure):
        place.value = text
        return
    decimals = len(figure.partition(".")[2])
    shown = ("#,##0" if "," in figure else "0") + ("." + "0" * decimals if decimals else "")
    value = float(figure.replace(",", ""))
    if text.endswith("%"):
        place.value, place.number_format = round(value / 100, decimals + 2), f"{shown}%"
    else:
        place.value, place.number_format = value if decimals else int(value), shown


def write_pptx(truth: Truth, path: Path) -> Path:
    """Slides: one with the title, one for each heading with its paragraphs, one for each table."""
    show = Presentation()
    slide = show.slides.add_slide(show.slide_layouts[0])
    slide.shapes.title.text = truth.title
    body = None
    for block in truth.blocks:
        if isinstance(block, Table):
            slide = show.slides.add_slide(show.slide_layouts[5])
            slide.shapes.title.text = block.caption
            _slide_table(slide, block, show)
            body = None
        elif block.level or body is None:
            slide = show.slides.add_slide(show.slide_layouts[1])
            body = slide.placeholders[1].text_frame
            if block.level:
                slide.shapes.title.text = block.text
            else:
                body.text = block.text
        elif not body.text:
            body.text = block.text
        else:
            body.add_paragraph().text = block.text
    show.save(str(path))
    return path


def _slide_table(slide: object, block: Table, show: object) -> None:
    width, height = show.slide_width, show.slide_height  # type: ignore[attr-defined]
    shape = slide.shapes.add_table(  # type: ignore[attr-defined]
        len(block.grid), block.width, Emu(width // 20), Emu(height // 4), Emu(width * 9 // 10), Emu(height * 2 // 3)
    )
    for cell in block.cells():
        place = shape.table.cell(cell.row, cell.column)
        if cell.rows > 1 or cell.columns > 1:
            place.merge(shape.table.cell(cell.row + cell.rows - 1, cell.column + cell.columns - 1))
        place.text = cell.text
        for paragraph in place.text_frame.paragraphs:
            for run in paragraph.runs:
                run.font.size = SlidePt(10)


def to_html(truth: Truth) -> str:
    """The document as a page for a browser to print."""
    parts = [f"<h1 class=title>{html.escape(truth.title)}</h1>"]
    for block in truth.blocks:
        if isinstance(block, Text):
            tag = f"h{block.level + 1}" if block.level else "p"
            parts.append(f"<{tag}>{html.escape(block.text)}</{tag}>")
            continue
        parts.append(f"<p class=caption>{html.escape(block.caption)}</p><table>")
        lines: dict[int, list[str]] = {}
        for cell in block.cells():
            tag = "th" if cell.row < block.header else "td"
            lines.setdefault(cell.row, []).append(
                f'<{tag} rowspan="{cell.rows}" colspan="{cell.columns}">{html.escape(cell.text)}</{tag}>'
            )
        body = [f"<tr>{''.join(lines.get(row, []))}</tr>" for row in range(len(block.grid))]
        parts += [
            f"<thead>{''.join(body[: block.header])}</thead><tbody>{''.join(body[block.header :])}</tbody></table>"
        ]
    style = (
        f"@page{{size:A4;margin:24mm}}body{{font:12pt/1.7 '{FONT}'}}p{{text-indent:2em;text-align:justify}}"
        ".title,.caption{text-align:center;text-indent:0}.title{font-size:18pt}h2{font-size:14pt}h3{font-size:12pt}"
        "table{border-collapse:collapse;width:100%;font-size:10.5pt}th,td{border:1px solid #000;padding:2pt 4pt}tr{break-inside:avoid}"
    )
    return f"<!doctype html><meta charset=utf-8><style>{style}</style>{''.join(parts)}"


def convert(sources: Sequence[Path], suffix: str, folder: Path) -> list[Path]:
    """What LibreOffice makes of office files, under the same names with another suffix.

    Raises FileNotFoundError when LibreOffice is not installed, RuntimeError when it made nothing of one of them.
    """
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        raise FileNotFoundError(
            "没有找到 LibreOffice（soffice），请安装 libreoffice-writer、-calc 和 -impress 后再生成。"
        )
    with tempfile.TemporaryDirectory() as profile:
        command = [program, f"-env:UserInstallation={Path(profile).as_uri()}", "--headless", "--convert-to", suffix]
        done = subprocess.run(
            [*command, "--outdir", str(folder), *map(str, sources)], capture_output=True, text=True, timeout=300
        )
    made = [folder / f"{source.stem}.{suffix}" for source in sources]
    for source, path in zip(sources, made, strict=True):
        if not path.exists():
            raise RuntimeError(
                f"LibreOffice 没有把 {source.name} 转换为 {suffix}：{(done.stderr or done.stdout)[-300:]}"
            )
    return made


def print_html(text: str, path: Path) -> Path:
    """The PDF that Chromium prints of a page. Raises FileNotFoundError without Chromium."""
    program = next(
        (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
    )
    if program is None:
        raise FileNotFoundError("没有找到 Chromium，请安装 chromium 后再生成。")
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page.html"
        page.write_text(text, encoding="utf-8")
        options = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-pdf-header-footer",
            f"--user-data-dir={folder}/p",
        ]
        subprocess.run(
            [program, *options, f"--print-to-pdf={path}", page.as_uri()], check=True, capture_output=True, timeout=180
        )
    return path
