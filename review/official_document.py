"""A Word document in the form of an official paper (GB/T 9704): page, fonts, line pitch, levels of headings, tables.

The font names are those the standard asks for; where a machine lacks them, Word substitutes its own.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import _Row
from docx.text.paragraph import Paragraph
from docx.text.run import Run

TITLE_FONT, BODY_FONT, LEVEL_ONE_FONT, LEVEL_TWO_FONT = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312"
TITLE_SIZE, BODY_SIZE, TABLE_SIZE = Pt(22), Pt(16), Pt(10.5)
LINE_PITCH = Pt(28.95)
# XML 1.0 cannot carry these; a text layer of a PDF can.
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class OfficialDocument:
    """Builds the paper from top to bottom; `to_bytes` gives the DOCX file."""

    def __init__(self, *, header: str) -> None:
        self._docx = Document()
        section = self._docx.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.bottom_margin = Mm(37), Mm(35)
        section.left_margin, section.right_margin = Mm(28), Mm(26)
        normal = self._docx.styles["Normal"]
        normal.font.name, normal.font.size = BODY_FONT, BODY_SIZE
        normal.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), BODY_FONT)
        paragraph = section.header.paragraphs[0]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        _set(paragraph.add_run(header), LEVEL_ONE_FONT, TABLE_SIZE)
        self._page_number(section.footer.paragraphs[0])

    def title(self, text: str) -> None:
        """The paper's title, centred."""
        paragraph = self._paragraph(indent=False)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.space_after = Pt(20)
        _set(paragraph.add_run(_clean(text)), TITLE_FONT, TITLE_SIZE)

    def level_one(self, text: str) -> None:
        """一、…"""
        self._heading(text, LEVEL_ONE_FONT)

    def level_two(self, text: str) -> None:
        """（一）…"""
        self._heading(text, LEVEL_TWO_FONT)

    def body(self, text: str, *, indent: bool = True) -> None:
        """A paragraph of the body; `indent` = two characters."""
        _set(self._paragraph(indent=indent).add_run(_clean(text)), BODY_FONT, BODY_SIZE)

    def signature(self, lines: Sequence[str]) -> None:
        """Right-aligned closing lines that stay together."""
        for line in lines:
            paragraph = self._paragraph(indent=False)
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            paragraph.paragraph_format.keep_with_next = True
            _set(paragraph.add_run(_clean(line)), BODY_FONT, BODY_SIZE)

    def page_break(self) -> None:
        """What follows begins on a new page."""
        self._docx.add_page_break()

    def table(self, head: Sequence[str], rows: Sequence[Sequence[str]], *, widths_mm: Sequence[int]) -> None:
        """A ruled table whose head row repeats on every page."""
        table = self._docx.add_table(rows=1, cols=len(head))
        table.style = "Table Grid"
        table.autofit = False
        for column, width in zip(table.columns, widths_mm, strict=True):
            column.width = Mm(width)
        self._fill(table.rows[0], head, widths_mm, LEVEL_ONE_FONT)
        repeat = OxmlElement("w:tblHeader")
        repeat.set(qn("w:val"), "true")
        table.rows[0]._tr.get_or_add_trPr().append(repeat)
        for row in rows:
            self._fill(table.add_row(), row, widths_mm, BODY_FONT)

    def to_bytes(self) -> bytes:
        """The DOCX file."""
        buffer = io.BytesIO()
        self._docx.save(buffer)
        return buffer.getvalue()

    def _paragraph(self, *, indent: bool) -> Paragraph:
        paragraph = self._docx.add_paragraph()
        form = paragraph.paragraph_format
        form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, LINE_PITCH
        form.space_before = form.space_after = Pt(0)
        if indent:
            # In characters, so that the indent follows the font.
            marks = paragraph._p.get_or_add_pPr()
            element = OxmlElement("w:ind")
            element.set(qn("w:firstLineChars"), "200")
            # For programs that do not count in characters: two of the body's size, in twentieths of a point.
            element.set(qn("w:firstLine"), str(2 * 20 * int(BODY_SIZE.pt)))
            marks.append(element)
        return paragraph

    def _heading(self, text: str, font: str) -> None:
        paragraph = self._paragraph(indent=True)
        paragraph.paragraph_format.keep_with_next = True
        _set(paragraph.add_run(_clean(text)), font, BODY_SIZE)

    def _fill(self, row: _Row, texts: Sequence[str], widths_mm: Sequence[int], font: str) -> None:
        keep = OxmlElement("w:cantSplit")
        row._tr.get_or_add_trPr().append(keep)
        for cell, text, width in zip(row.cells, texts, widths_mm, strict=True):
            cell.width = Mm(width)
            _set(cell.paragraphs[0].add_run(_clean(text)), font, TABLE_SIZE)

    def _page_number(self, paragraph: Paragraph) -> None:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _set(paragraph.add_run("— "), "宋体", Pt(14))
        run = paragraph.add_run()
        for kind, instruction in (("begin", None), (None, " PAGE "), ("end", None)):
            if kind:
                element = OxmlElement("w:fldChar")
                element.set(qn("w:fldCharType"), kind)
            else:
                element = OxmlElement("w:instrText")
                element.set(qn("xml:space"), "preserve")
                element.text = instruction
            run._r.append(element)
        _set(run, "宋体", Pt(14))
        _set(paragraph.add_run(" —"), "宋体", Pt(14))


def _clean(text: str) -> str:
    return UNPRINTABLE.sub("", text)


def _set(run: Run, font: str, size: Pt) -> None:
    run.font.name, run.font.size = font, size
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
