"""A demo document as a Word file in the look of a Chinese office paper; PDFs are made from the same file."""

from __future__ import annotations

from pathlib import Path

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Cm, Pt
from docx.text.paragraph import Paragraph

from corpus.demo.sources import MARK, NOTICE, Block, Source, Table

# The fonts of the office template; a machine without them shows its own Chinese fonts instead.
BODY_FONT, HEAD_FONT = "宋体", "黑体"


def write_docx(source: Source, target: Path, *, fonts: tuple[str, str] = (BODY_FONT, HEAD_FONT)) -> None:
    """Write `source` to `target`. fonts : East Asian font of text and of headings."""
    document = Document()
    _drop_ballast(document)
    _page(document, source, fonts)
    title = _line(document, source.title, font=fonts[1], size=18, align=WD_ALIGN_PARAGRAPH.CENTER, style="Title")
    title._p.get_or_add_pPr().append(_no_rule())
    if source.number:
        _line(document, source.number, font=fonts[0], size=12, align=WD_ALIGN_PARAGRAPH.CENTER)
    _line(document, NOTICE, font=fonts[0], size=9, align=WD_ALIGN_PARAGRAPH.CENTER)
    for block in source.sheets[0].blocks:
        _block(document, block, fonts)
    for text in (source.signed, source.dated):
        if text:
            _line(document, text, font=fonts[0], size=12, align=WD_ALIGN_PARAGRAPH.RIGHT)
    document.save(str(target))


def _page(document: WordDocument, source: Source, fonts: tuple[str, str]) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.6)
    section.top_margin, section.bottom_margin = Cm(2.8), Cm(2.4)
    _run(section.header.paragraphs[0], f"{MARK}　{source.title}", fonts[0], 8)
    footer = section.footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(footer, "第 ", fonts[0], 9)
    _field(footer, "PAGE", fonts[0])
    _run(footer, f" 页　{MARK}", fonts[0], 9)
    core = document.core_properties
    core.title, core.author, core.comments = source.title, "演示", MARK
    core.language = "zh-CN"


def _block(document: WordDocument, block: Block, fonts: tuple[str, str]) -> None:
    if block.kind == "heading":
        level = 2 if block.text.startswith("（") else 1
        paragraph = document.add_paragraph(style=f"Heading {level}")
        _run(paragraph, block.text, fonts[1], 14 if level == 1 else 12.5)
        paragraph.paragraph_format.space_before = Pt(8)
        paragraph.paragraph_format.space_after = Pt(4)
    elif block.kind == "paragraph":
        paragraph = _line(document, block.text, font=fonts[0], size=12)
        paragraph.paragraph_format.first_line_indent = Pt(24)
    elif block.kind == "kv":
        for key, value in block.pairs:
            _line(document, f"{key}：{value}", font=fonts[0], size=12)
    elif block.table is not None:
        _table(document, block.table, fonts)


def _table(document: WordDocument, table: Table, fonts: tuple[str, str]) -> None:
    if table.caption:
        caption = _line(document, table.caption, font=fonts[1], size=11, align=WD_ALIGN_PARAGRAPH.CENTER)
        caption.paragraph_format.keep_with_next = True
    rows = (*table.header, *table.rows)
    grid = document.add_table(rows=len(rows), cols=len(rows[0]), style="Table Grid")
    grid.alignment = WD_TABLE_ALIGNMENT.CENTER
    grid.autofit = False
    widths = column_widths(rows)
    narrow = [max(len(row[column]) for row in rows) <= 10 for column in range(len(rows[0]))]
    for at, row in enumerate(rows):
        for column, text in enumerate(row):
            if text in {"<", "^"}:
                continue
            bottom, right = extent(rows, at, column)
            cell = grid.cell(at, column)
            cell.width = Cm(widths[column])
            if (bottom, right) != (at, column):
                cell = cell.merge(grid.cell(bottom, right))
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_after = Pt(0)
            centred = at < len(table.header) or narrow[column]
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if centred else WD_ALIGN_PARAGRAPH.LEFT
            _run(paragraph, text, fonts[1] if at < len(table.header) else fonts[0], 10)
    for column, width in enumerate(widths):
        grid.columns[column].width = Cm(width)
    for at in range(len(table.header)):
        _repeat_on_each_page(grid.rows[at]._tr)
    for row_ in grid.rows:
        properties = row_._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
    document.add_paragraph().paragraph_format.space_after = Pt(2)


def column_widths(rows: tuple[tuple[str, ...], ...], *, total: float = 15.8, least: float = 1.3) -> list[float]:
    """Widths in centimetres that share `total` by the longest text of each column; no column is narrower than `least`."""
    longest = [min(24, max(3, *(len(row[column]) for row in rows))) for column in range(len(rows[0]))]
    spare = total - least * len(longest)
    return [least + spare * length / sum(longest) for length in longest]


def extent(rows: tuple[tuple[str, ...], ...], at: int, column: int) -> tuple[int, int]:
    """Last row and column of the merged area that starts at (at, column); the cell itself when nothing is merged."""
    right = column
    while right + 1 < len(rows[at]) and rows[at][right + 1] == "<":
        right += 1
    bottom = at
    while bottom + 1 < len(rows) and rows[bottom + 1][column] == "^":
        bottom += 1
    return bottom, right


def _drop_ballast(document: WordDocument) -> None:
    """Leave out the template's picture and its second copy of the styles: half of a small file's bytes."""
    for rels in (document.part.rels, document.part.package.rels):
        for key in [key for key, rel in rels.items() if rel.reltype.endswith(("stylesWithEffects", "thumbnail"))]:
            del rels[key]


def _no_rule() -> BaseOxmlElement:
    """The template draws a blue line below a title; an office paper has none."""
    borders = OxmlElement("w:pBdr")
    bottom = OxmlElement("w:bottom")
    bottom.set(qn("w:val"), "nil")
    borders.append(bottom)
    return borders


def _repeat_on_each_page(row: object) -> None:
    properties = row.get_or_add_trPr()  # type: ignore[attr-defined]
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    properties.append(mark)


def _line(
    document: WordDocument,
    text: str,
    *,
    font: str,
    size: float,
    align: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.JUSTIFY,
    style: str = "Normal",
) -> Paragraph:
    paragraph = document.add_paragraph(style=style)
    paragraph.alignment = align
    paragraph.paragraph_format.line_spacing = 1.5
    paragraph.paragraph_format.space_after = Pt(3)
    _run(paragraph, text, font, size)
    return paragraph


def _run(paragraph: Paragraph, text: str, font: str, size: float) -> None:
    run = paragraph.add_run(text)
    run.font.size = Pt(size)
    run.font.name = font
    run.font.bold = False
    properties = run._element.get_or_add_rPr()
    fonts = properties.get_or_add_rFonts()
    for script in ("w:eastAsia", "w:hAnsi", "w:ascii"):
        fonts.set(qn(script), font)
    # The default template colours headings blue; an office paper is black.
    colour = OxmlElement("w:color")
    colour.set(qn("w:val"), "000000")
    properties.append(colour)


def _field(paragraph: Paragraph, name: str, font: str) -> None:
    _run(paragraph, "", font, 9)
    run = paragraph.runs[-1]
    for kind in ("begin", None, "end"):
        if kind is None:
            element = OxmlElement("w:instrText")
            element.text = name
        else:
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
        run._element.append(element)
