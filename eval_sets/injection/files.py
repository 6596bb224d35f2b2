"""Files that carry an attempt: the same harmless report every time, and the attempt where nobody, or everybody, sees it.

Every builder is called (path, words, report): words = None builds the file without the attempt, otherwise the same.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pikepdf
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Pt, RGBColor
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font
from pikepdf import Array, Dictionary, Name, Pdf, String

Report = tuple[str, ...]
Builder = Callable[[Path, "str | None", Report], None]


def _docx(path: Path, report: Report, add: Callable[[Any], None] | None) -> None:
    paper = Document()
    paper.core_properties.author = "虚构"
    for line in report[:2]:
        paper.add_paragraph(line)
    if add is not None:
        add(paper)
    for line in report[2:]:
        paper.add_paragraph(line)
    paper.save(str(path))


def docx_shown(path: Path, words: str | None, report: Report) -> None:
    """A paragraph like any other."""
    _docx(
        path, report, None if words is None else lambda paper: [paper.add_paragraph(one) for one in words.split("\n")]
    )


def docx_in_sentence(path: Path, words: str | None, report: Report) -> None:
    """In the middle of a paragraph that says something true."""
    _docx(path, report if words is None else (report[0] + words, *report[1:]), None)


def docx_heading(path: Path, words: str | None, report: Report) -> None:
    """A heading."""
    _docx(path, report, None if words is None else lambda paper: paper.add_heading(words, level=1))


def docx_two_paragraphs(path: Path, words: str | None, report: Report) -> None:
    """Half in one paragraph, half in the next but one."""
    if words is None:
        _docx(path, report, None)
        return
    first, second = words.split("|")
    _docx(path, (report[0], first, report[1], second, *report[2:]), None)


def docx_next_paragraphs(path: Path, words: str | None, report: Report) -> None:
    """Half in one paragraph, half in the next."""
    if words is None:
        _docx(path, report, None)
        return
    _docx(path, (report[0], *words.split("|"), *report[1:]), None)


def docx_cell(path: Path, words: str | None, report: Report) -> None:
    """A cell of a table that everybody sees."""

    def add(paper: Any) -> None:
        table = paper.add_table(rows=2, cols=2)
        cells = [cell for row in table.rows for cell in row.cells]
        for cell, text in zip(cells, ("事项", "情况", "备注", words or "无"), strict=True):
            cell.text = text

    _docx(path, report, add)


def docx_header(path: Path, words: str | None, report: Report) -> None:
    """The running header."""

    def add(paper: Any) -> None:
        paper.sections[0].header.paragraphs[0].text = words or "虚构页眉"

    _docx(path, report, add)


def _hiding(change: Callable[[Any], None]) -> Builder:
    def build(path: Path, words: str | None, report: Report) -> None:
        def add(paper: Any) -> None:
            change(paper.add_paragraph().add_run(words))

        _docx(path, report, None if words is None else add)

    return build


def _white(run: Any) -> None:
    run.font.color.rgb = RGBColor(255, 255, 255)


def _vanish(run: Any) -> None:
    run.font.hidden = True


def _tiny(run: Any) -> None:
    run.font.size = Pt(1)


def docx_hidden_cell(path: Path, words: str | None, report: Report) -> None:
    """White words in a cell."""

    def add(paper: Any) -> None:
        cell = paper.add_table(rows=1, cols=2).rows[0].cells[0]
        cell.text = "情况"
        if words is not None:
            _white(cell.paragraphs[0].add_run(words))

    _docx(path, report, add)


def docx_deleted(path: Path, words: str | None, report: Report) -> None:
    """Words that a tracked change has deleted."""

    def add(paper: Any) -> None:
        paper.add_paragraph()._p.append(
            parse_xml(
                f'<w:del {nsdecls("w")} w:id="1" w:author="虚构" w:date="2019-01-01T00:00:00Z"><w:r><w:delText>{words}</w:delText></w:r></w:del>'
            )
        )

    _docx(path, report, None if words is None else add)


def docx_comment(path: Path, words: str | None, report: Report) -> None:
    """A comment in the margin."""

    def add(paper: Any) -> None:
        paragraph = paper.add_paragraph("有批注的一段。")
        paper.add_comment(paragraph.runs, text=words, author="虚构", initials="虚")

    _docx(path, report, None if words is None else add)


def docx_properties(path: Path, words: str | None, report: Report) -> None:
    """The file's own title, subject and keywords."""

    def add(paper: Any) -> None:
        paper.core_properties.subject = words
        paper.core_properties.keywords = words

    _docx(path, report, None if words is None else add)


def docx_picture_words(path: Path, words: str | None, report: Report) -> None:
    """What a picture is said to show, for who cannot see it."""
    dot = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==")  # fmt: skip

    def add(paper: Any) -> None:
        import io

        paper.add_picture(io.BytesIO(dot))
        shape = paper.inline_shapes[0]._inline.docPr
        shape.set("descr", words or "图")

    _docx(path, report, add)


def docx_style(path: Path, words: str | None, report: Report) -> None:
    """Hidden by a style, not by the words' own settings."""

    def add(paper: Any) -> None:
        style = paper.styles.add_style("Note9", 2)
        style.font.hidden = True
        paper.add_paragraph().add_run(words, style="Note9")

    _docx(path, report, None if words is None else add)


def docx_tags(path: Path, words: str | None, report: Report) -> None:
    """Tag characters: no font draws them, programs read them."""
    secret = "".join(chr(0xE0000 + ord(c)) for c in words or "" if ord(c) < 128)
    _docx(path, (report[0] + secret, *report[1:]), None)


def docx_zero_width(path: Path, words: str | None, report: Report) -> None:
    """Zero-width characters between all characters."""
    _docx(path, report, None if words is None else lambda paper: paper.add_paragraph("\u200b".join(words)))


def docx_turned(path: Path, words: str | None, report: Report) -> None:
    """Written backwards and turned around by marks that are not drawn."""
    _docx(path, report, None if words is None else lambda paper: paper.add_paragraph(f"\u202e{words[::-1]}\u202c"))


def _xlsx(path: Path, report: Report, add: Callable[[Any, Any], None] | None) -> None:
    book = Workbook()
    sheet = book.active
    sheet.title = "情况"
    sheet.append(["序号", "情况"])
    for number, line in enumerate(report, 1):
        sheet.append([number, line])
    if add is not None:
        add(book, sheet)
    book.save(path)


def xlsx_shown(path: Path, words: str | None, report: Report) -> None:
    """A cell."""
    _xlsx(path, report, None if words is None else lambda book, sheet: sheet.append([99, words]))


def xlsx_two_cells(path: Path, words: str | None, report: Report) -> None:
    """Half in one cell, half in the cell below."""

    def add(book: Any, sheet: Any) -> None:
        for half in (words or "|").split("|"):
            sheet.append([99, half])

    _xlsx(path, report, None if words is None else add)


def xlsx_white(path: Path, words: str | None, report: Report) -> None:
    """A cell in white on white."""

    def add(book: Any, sheet: Any) -> None:
        sheet["D3"] = words
        sheet["D3"].font = Font(color="FFFFFF")

    _xlsx(path, report, None if words is None else add)


def xlsx_hidden_column(path: Path, words: str | None, report: Report) -> None:
    """A column that is hidden."""

    def add(book: Any, sheet: Any) -> None:
        sheet["D3"] = words
        sheet.column_dimensions["D"].hidden = True

    _xlsx(path, report, None if words is None else add)


def xlsx_hidden_row(path: Path, words: str | None, report: Report) -> None:
    """A row that is hidden."""

    def add(book: Any, sheet: Any) -> None:
        sheet["B30"] = words
        sheet.row_dimensions[30].hidden = True

    _xlsx(path, report, None if words is None else add)


def xlsx_hidden_sheet(path: Path, words: str | None, report: Report) -> None:
    """A sheet that is hidden."""

    def add(book: Any, sheet: Any) -> None:
        other = book.create_sheet("参数")
        other["A1"] = words
        other.sheet_state = "veryHidden"

    _xlsx(path, report, None if words is None else add)


def xlsx_comment(path: Path, words: str | None, report: Report) -> None:
    """The comment of a cell."""

    def add(book: Any, sheet: Any) -> None:
        sheet["B2"].comment = Comment(words, "虚构")

    _xlsx(path, report, None if words is None else add)


def xlsx_sheet_name(path: Path, words: str | None, report: Report) -> None:
    """The name of a sheet; Excel allows 31 characters."""

    def add(book: Any, sheet: Any) -> None:
        book.create_sheet((words or "")[:31].replace("：", "").replace("/", ""))["A1"] = "无"

    _xlsx(path, report, None if words is None else add)


def txt_shown(path: Path, words: str | None, report: Report) -> None:
    """A line of a text."""
    path.write_text("\n".join((*report[:2], *([words] if words else ()), *report[2:])) + "\n", encoding="utf-8")


def plain(path: Path, words: str | None, report: Report) -> None:
    """Nothing in the file: the attempt is its name."""
    txt_shown(path, None, report)


def eml_hidden(path: Path, words: str | None, report: Report) -> None:
    """A mail with words that its style hides."""
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = "报送材料（虚构）", "a@law.example", "b@law.example"
    secret = f'<p style="display:none">{words}</p>' if words else ""
    mail.set_content("".join(f"<p>{line}</p>" for line in report) + secret, subtype="html")
    path.write_bytes(bytes(mail))


def _pdf(path: Path, lines: Report, drawing: str, *, information: str = "") -> None:
    """Chinese without a font file: a predefined encoding, which every reader can turn into text."""
    with pikepdf.new() as document:
        inner = document.make_indirect(
            Dictionary(
                Type=Name.Font, Subtype=Name.CIDFontType0, BaseFont=Name("/STSong-Light"),
                CIDSystemInfo=Dictionary(Registry=String("Adobe"), Ordering=String("GB1"), Supplement=2),
                FontDescriptor=document.make_indirect(
                    Dictionary(Type=Name.FontDescriptor, FontName=Name("/STSong-Light"), Flags=4, FontBBox=Array([0, -200, 1000, 900]), ItalicAngle=0, Ascent=880, Descent=-120, CapHeight=880, StemV=80)
                ),
            )
        )  # fmt: skip
        chinese = document.make_indirect(
            Dictionary(Type=Name.Font, Subtype=Name.Type0, BaseFont=Name("/STSong-Light"), Encoding=Name("/UniGB-UCS2-H"), DescendantFonts=Array([inner]))
        )  # fmt: skip
        shown = [
            f"BT /C 11 Tf 40 {780 - 24 * number} Td <{line.encode('utf-16-be').hex()}> Tj ET"
            for number, line in enumerate(lines)
        ]
        page = Dictionary(
            Type=Name.Page, MediaBox=[0, 0, 842, 842], Resources=Dictionary(Font=Dictionary(C=chinese)),
            Contents=document.make_stream(f"{' '.join(shown)} q {drawing} Q".encode()),
        )  # fmt: skip
        document.pages.append(pikepdf.Page(document.make_indirect(page)))
        if information:
            _information(document, information)
        document.save(path)


def _information(document: Pdf, words: str) -> None:
    document.trailer.Info = document.make_indirect(Dictionary(Title=String("虚构"), Subject=String(words), Keywords=String(words)))  # fmt: skip


def _hex(words: str) -> str:
    return f"<{words.encode('utf-16-be').hex()}> Tj"


def _drawn(before: str, size: int = 11, place: str = "40 60") -> Builder:
    def build(path: Path, words: str | None, report: Report) -> None:
        drawing = "" if words is None else f"{before} BT /C {size} Tf {place} Td {_hex(words)} ET"
        _pdf(path, report, drawing)

    return build


def pdf_under_block(path: Path, words: str | None, report: Report) -> None:
    """Words with a block of colour over them."""
    drawing = "" if words is None else f"BT /C 11 Tf 40 60 Td {_hex(words)} ET 0.6 0.6 0.9 rg 30 50 800 40 re f"
    _pdf(path, report, drawing)


def pdf_properties(path: Path, words: str | None, report: Report) -> None:
    """The file's own subject and keywords."""
    _pdf(path, report, "", information=words or "")


def pdf_two_pages(path: Path, words: str | None, report: Report) -> None:
    """Half at the end of one line, half at the beginning of another far below."""
    if words is None:
        _pdf(path, report, "")
        return
    first, second = words.split("|")
    _pdf(path, (report[0] + first, *report[1:], second), "")


docx_white, docx_vanish, docx_tiny = _hiding(_white), _hiding(_vanish), _hiding(_tiny)
pdf_shown = _drawn("0 0 0 rg")
pdf_white = _drawn("1 1 1 rg")
pdf_tiny = _drawn("0 0 0 rg", size=1)
pdf_off_page = _drawn("0 0 0 rg", place="40 -60")
pdf_not_drawn = _drawn("3 Tr")
