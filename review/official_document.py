"""A Word document in the form of an official paper (GB/T 9704): page, fonts, line pitch, levels of headings, tables, 版记.

The font names are those the standard asks for. A machine that lacks them is told the stated fall-backs (FONT_FALLBACKS) in the
file's own font table, so that 仿宋 does not become whatever font comes first. The same class writes the templates in
corpus/templates: `loop` and `condition` put the marks of the template language around what repeats or may be absent.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import Table, _Row
from docx.text.paragraph import Paragraph

from review.official_parts import LATIN_FONT, WATERMARK, before, clean, styled

TITLE_FONT, BODY_FONT, LEVEL_ONE_FONT, LEVEL_TWO_FONT = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312"
NUMBER_FONT = "宋体"
# What is used in place of a font that the machine lacks, in this order (written into the file's font table).
FONT_FALLBACKS = {
    TITLE_FONT: "小标宋;华文中宋;宋体;Noto Serif CJK SC",
    BODY_FONT: "仿宋;华文仿宋;FangSong;Noto Serif CJK SC",
    LEVEL_ONE_FONT: "SimHei;华文黑体;Noto Sans CJK SC",
    LEVEL_TWO_FONT: "楷体;华文楷体;KaiTi;Noto Serif CJK SC",
}
TITLE_SIZE, BODY_SIZE, TABLE_SIZE, NOTE_SIZE = Pt(22), Pt(16), Pt(10.5), Pt(14)
LINE_PITCH, TITLE_PITCH = Pt(28.95), Pt(36)
# Width of the type area, and that of a page that lies on its side.
TYPE_WIDTH_MM, WIDE_WIDTH_MM = 156, 225
# Columns up to this width hold numbers and short words, which stand in the middle.
NARROW_MM = 20


class OfficialDocument:
    """Builds the paper from top to bottom; `to_bytes` gives the DOCX file.

    header : words at the top of every page. watermark : drawn across every page; watermark_if : name of the value of a
    template that has to be true for it.
    """

    def __init__(self, *, header: str, watermark: str = "", watermark_if: str = "") -> None:
        self._docx = Document()
        self._watermark, self._watermark_if = watermark, watermark_if
        section = self._docx.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.bottom_margin = Mm(37), Mm(35)
        section.left_margin, section.right_margin = Mm(28), Mm(26)
        section.footer_distance = Mm(26)
        normal = self._docx.styles["Normal"]
        normal.font.name, normal.font.size = LATIN_FONT, BODY_SIZE
        normal.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), BODY_FONT)
        # Numbers of pages stand on the outer side: right on odd pages, left on even ones.
        self._docx.settings.odd_and_even_pages_header_footer = True
        for number, (head, foot, side) in enumerate(
            (
                (section.header, section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
                (section.even_page_header, section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
            ),
            1,
        ):
            paragraph = head.paragraphs[0]
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            styled(paragraph.add_run(header), LEVEL_ONE_FONT, TABLE_SIZE)
            self._draw_watermark(head, 2048 + number)
            foot.paragraphs[0].alignment = side
            self._page_number(foot.paragraphs[0])
        self._name_fallbacks()

    def title(self, text: str) -> None:
        """The paper's title, centred."""
        paragraph = self._paragraph(indent=False)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        form = paragraph.paragraph_format
        form.line_spacing, form.space_before, form.space_after = TITLE_PITCH, Pt(6), Pt(20)
        form.keep_with_next = True
        styled(paragraph.add_run(clean(text)), TITLE_FONT, TITLE_SIZE)

    def number(self, text: str) -> None:
        """发文字号, centred above the title."""
        paragraph = self._paragraph(indent=False)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        styled(paragraph.add_run(clean(text)), BODY_FONT, BODY_SIZE)

    def level_one(self, text: str, *, new_page: bool = False) -> None:
        """一、… new_page : it begins one."""
        self._heading(text, LEVEL_ONE_FONT, 0, new_page=new_page)

    def level_two(self, text: str) -> None:
        """（一）…"""
        self._heading(text, LEVEL_TWO_FONT, 1)

    def annex(self, text: str, *, new_page: bool = False) -> None:
        """附件1　… : at the left edge. new_page : it begins one; a break of its own may leave an empty page behind a full one."""
        self._heading(text, LEVEL_ONE_FONT, 0, indent=False, new_page=new_page)

    def body(self, text: str, *, indent: bool = True) -> None:
        """A paragraph of the body; `indent` = two characters."""
        styled(self._paragraph(indent=indent).add_run(clean(text)), BODY_FONT, BODY_SIZE)

    def note(self, text: str) -> None:
        """A smaller paragraph beside a table or chart."""
        paragraph = self._paragraph(indent=False)
        paragraph.paragraph_format.line_spacing = Pt(18)
        paragraph.paragraph_format.space_after = Pt(4)
        styled(paragraph.add_run(clean(text)), BODY_FONT, TABLE_SIZE)

    def picture(self, text: str) -> None:
        """A centred paragraph for a picture; its line grows with it."""
        paragraph = self._docx.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.keep_with_next = True
        paragraph.paragraph_format.space_before = Pt(10)
        paragraph.add_run(text)

    def signature(self, lines: Sequence[str]) -> None:
        """Right-aligned closing lines that stay together and with the paragraph before."""
        for last in reversed(self._docx.paragraphs):
            if not last.text.startswith("{%"):
                last.paragraph_format.keep_with_next = True
                break
        for number, line in enumerate(lines, 1):
            paragraph = self._paragraph(indent=False)
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            paragraph.paragraph_format.keep_with_next = number < len(lines)
            styled(paragraph.add_run(clean(line)), BODY_FONT, BODY_SIZE)

    def imprint(self, left: str, right: str) -> None:
        """版记: 印发机关 and 印发日期 between two rules, at the end of the paper."""
        # On the page of the signature: a last page with nothing but the 版记 looks like a mistake.
        self._docx.paragraphs[-1].paragraph_format.keep_with_next = True
        paragraph = self._paragraph(indent=False)
        paragraph.paragraph_format.space_before = Pt(24)
        tabs = paragraph.paragraph_format.tab_stops
        tabs.add_tab_stop(Mm(TYPE_WIDTH_MM), 2)  # right
        styled(paragraph.add_run(clean(f"　{left}\t{right}　")), BODY_FONT, NOTE_SIZE)
        borders = OxmlElement("w:pBdr")
        for side in ("top", "bottom"):
            rule = OxmlElement(f"w:{side}")
            for name, value in (("val", "single"), ("sz", "8"), ("space", "1"), ("color", "000000")):
                rule.set(qn(f"w:{name}"), value)
            borders.append(rule)
        before(paragraph._p.get_or_add_pPr(), borders, "w:tabs")

    def turn(self, *, wide: bool) -> None:
        """What follows begins on a new page that lies on its side, or stands up again."""
        section = self._docx.add_section(WD_SECTION.NEW_PAGE)
        section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = (Mm(297), Mm(210)) if wide else (Mm(210), Mm(297))
        if wide:
            section.top_margin, section.bottom_margin = Mm(28), Mm(26)
            section.left_margin, section.right_margin = Mm(37), Mm(35)
        else:
            section.top_margin, section.bottom_margin = Mm(37), Mm(35)
            section.left_margin, section.right_margin = Mm(28), Mm(26)

    def table(self, head: Sequence[str], rows: Sequence[Sequence[str]], *, widths_mm: Sequence[int]) -> None:
        """A ruled table whose head row repeats on every page."""
        table = self._table(head, widths_mm)
        for row in rows:
            self._fill(table.add_row(), row, widths_mm, BODY_FONT)

    def table_of(self, name: str, columns: Sequence[tuple[str, str, int]]) -> None:
        """A table of a template. name : of the list of rows; columns : (heading, field of a row, width in mm)."""
        widths = [width for _, _, width in columns]
        table = self._table([heading for heading, _, _ in columns], widths)
        for text in (f"{{%tr for row in {name} %}}", "", "{%tr endfor %}"):
            row = table.add_row()
            if text:
                row.cells[0].paragraphs[0].add_run(text)
            else:
                self._fill(row, [f"{{{{ row.{field} }}}}" for _, field, _ in columns], widths, BODY_FONT)
                for cell, width in zip(row.cells, widths, strict=True):
                    if width <= NARROW_MM:
                        cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER

    @contextmanager
    def loop(self, variable: str, name: str) -> Iterator[None]:
        """What is written inside repeats for every member of the list."""
        self._mark(f"for {variable} in {name}")
        yield
        self._mark("endfor")

    @contextmanager
    def condition(self, name: str) -> Iterator[None]:
        """What is written inside appears only where the value is there."""
        self._mark(f"if {name}")
        yield
        self._mark("endif")

    def to_bytes(self) -> bytes:
        """The DOCX file."""
        buffer = io.BytesIO()
        self._docx.save(buffer)
        return buffer.getvalue()

    def _mark(self, words: str) -> None:
        self._docx.add_paragraph().add_run(f"{{%p {words} %}}")

    def _table(self, head: Sequence[str], widths_mm: Sequence[int]) -> Table:
        table = self._docx.add_table(rows=1, cols=len(head))
        table.style = "Table Grid"
        table.autofit = False
        # Air above and below the words: without it their heads touch the rule.
        margins = OxmlElement("w:tblCellMar")
        for side, twips in (("top", "40"), ("left", "85"), ("bottom", "40"), ("right", "85")):
            edge = OxmlElement(f"w:{side}")
            edge.set(qn("w:w"), twips)
            edge.set(qn("w:type"), "dxa")
            margins.append(edge)
        before(table._tbl.tblPr, margins, "w:tblLook")
        for column, width in zip(table.columns, widths_mm, strict=True):
            column.width = Mm(width)
        self._fill(table.rows[0], head, widths_mm, LEVEL_ONE_FONT, centred=True)
        repeat = OxmlElement("w:tblHeader")
        repeat.set(qn("w:val"), "true")
        table.rows[0]._tr.get_or_add_trPr().append(repeat)
        return table

    def _draw_watermark(self, head: Any, number: int) -> None:
        if not self._watermark:
            return
        if self._watermark_if:
            head.add_paragraph().add_run(f"{{%p if {self._watermark_if} %}}")
        drawing = parse_xml(WATERMARK.replace("{number}", str(number)).replace("{text}", self._watermark))
        head.add_paragraph()._p.append(drawing)
        if self._watermark_if:
            head.add_paragraph().add_run("{%p endif %}")

    def _name_fallbacks(self) -> None:
        """Writes FONT_FALLBACKS into the font table part."""
        for relation in self._docx.part.rels.values():
            if relation.reltype.endswith("/fontTable"):
                entries = "".join(
                    f'<w:font w:name="{name}"><w:altName w:val="{others.replace(";", ",")}"/><w:charset w:val="86"/></w:font>'
                    for name, others in FONT_FALLBACKS.items()
                )
                blob = relation.target_part.blob.decode("utf-8")
                relation.target_part._blob = blob.replace("</w:fonts>", f"{entries}</w:fonts>").encode("utf-8")

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
            element.set(qn("w:firstLine"), str(2 * 20 * int(BODY_SIZE.pt)))
            marks.append(element)
        return paragraph

    def _heading(self, text: str, font: str, level: int, *, indent: bool = True, new_page: bool = False) -> None:
        paragraph = self._paragraph(indent=indent)
        paragraph.paragraph_format.keep_with_next = True
        if new_page:
            paragraph.paragraph_format.page_break_before = True
        # So that the navigation pane of a word processor lists it.
        outline = OxmlElement("w:outlineLvl")
        outline.set(qn("w:val"), str(level))
        paragraph._p.get_or_add_pPr().append(outline)
        styled(paragraph.add_run(clean(text)), font, BODY_SIZE)

    def _fill(
        self, row: _Row, texts: Sequence[str], widths_mm: Sequence[int], font: str, *, centred: bool = False
    ) -> None:
        keep = OxmlElement("w:cantSplit")
        row._tr.get_or_add_trPr().append(keep)
        for cell, text, width in zip(row.cells, texts, widths_mm, strict=True):
            cell.width = Mm(width)
            if centred:
                cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
            styled(cell.paragraphs[0].add_run(clean(text)), font, TABLE_SIZE)

    def _page_number(self, paragraph: Paragraph) -> None:
        styled(paragraph.add_run("— "), NUMBER_FONT, Pt(14))
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
        styled(run, NUMBER_FONT, Pt(14))
        styled(paragraph.add_run(" —"), NUMBER_FONT, Pt(14))
