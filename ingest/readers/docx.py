"""Reads DOCX: paragraphs and tables in the order of the body, each with its heading path; notes, running heads, pictures.

What nobody sees on paper is kept in the text, marked, and left out of passages (see ingest.readers.docx_look).
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from docx.opc.exceptions import PackageNotFoundError
from docx.opc.package import OpcPackage
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.package import Package
from docx.parts.document import DocumentPart

from ingest.errors import DamagedFileError
from ingest.headings import heading_level
from ingest.hidden import hidden_finding
from ingest.pages import Finding, ParsedPage
from ingest.readers.base import Properties
from ingest.readers.broken import BROKEN_PACKAGE
from ingest.readers.builder import PageBuilder
from ingest.readers.docx_look import Looks
from ingest.readers.docx_numbering import Numbering
from ingest.readers.docx_parts import Parts
from ingest.readers.docx_table import table_of
from ingest.readers.docx_text import boxes_of, in_fallback, visible_and_hidden
from ingest.readers.grid import rows_of
from ingest.readers.pictures import count_pictures, picture_pages
from ingest.readers.totals import total_findings
from ingest.readers.xml import local

_CONTAINERS = {qn("w:sdt"), qn("w:sdtContent"), qn("w:ins"), qn("w:moveTo"), qn("w:smartTag"), qn("w:customXml")}
_HEADING_STYLE = re.compile(r"^(?:heading|标题)\s*(\d)$", re.IGNORECASE)
_NOTES = {"footnotes": "脚注", "endnotes": "尾注"}
_RUNNING = {"header": "页眉", "footer": "页脚"}
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_BROKEN: tuple[type[Exception], ...] = (*BROKEN_PACKAGE, PackageNotFoundError)


def read(path: Path, file: str, first: int = 1) -> Iterator[Properties | ParsedPage]:
    """One page 正文, for Word files have no pages of their own, then a waiting page for each picture. Raises DamagedFileError."""
    try:
        document = _open(path)
        body = _Body(document)
        page = body.read()
        parts = Parts(document, file)
        defects = (*body.defects(file), *parts.defects())
        findings = tuple(parts.findings())
        title = (document.core_properties.title or "").strip()
    except _BROKEN as exc:
        raise DamagedFileError(file, "Word（DOCX）", "文档结构不完整") from exc
    yield Properties("docx", 1 + count_pictures(body.pictures), title, defects, findings)
    if first == 1:
        yield page
    if body.pictures:
        with zipfile.ZipFile(path) as package:
            for picture in picture_pages(package, file, body.pictures, 2):
                if picture.number >= first:
                    yield picture


def _open(path: Path) -> Any:
    """python-docx's document. Files with macros and templates reach this module as plain copies (ingest.readers.variant)."""
    package: OpcPackage = Package.open(str(path))
    part = package.main_document_part
    if not isinstance(part, DocumentPart) or part.content_type != _MAIN:
        raise ValueError(f"the main part is {part.content_type}")
    if part.element.getroottree().docinfo.doctype:
        raise ValueError("a DTD has no place in a Word file: words behind its entities would be lost")
    return part.document


class _Body:
    """Walks the body once; keeps the headings the current paragraph stands under.

    pictures : (part, place) of each picture met, in order.
    """

    def __init__(self, document: Any) -> None:
        self.pictures: list[tuple[str, str]] = []
        self._document = document
        self._part = document.part
        self._builder = PageBuilder()
        self._headings: list[tuple[int, str]] = []
        self._paragraph = 0
        self._table = 0
        self._hidden: list[tuple[str, str, str]] = []  # why, words, place
        self._totals: list[Finding] = []
        self._levels = _style_levels(document)
        self._numbering = Numbering(_numbering(document), document.styles.element)
        self._look = Looks(document.styles.element).why_hidden

    def read(self) -> ParsedPage:
        """The whole text as one page."""
        self._walk(self._document.element.body)
        for name, label in _NOTES.items():
            self._notes(name, label)
        self._diagrams()
        empty = self._builder.empty
        self._running()
        for why, words, place in self._hidden:  # last, so that the text around them stays in one piece
            self._builder.line(words, "line", {"path": place, "hidden": why})
        page = self._builder.page(1, "正文", "empty" if empty else "text", "文档里没有文字。" if empty else "")
        return replace(page, findings=tuple(self._findings()))

    def defects(self, file: str) -> Iterator[str]:
        """What the expert should know about this file's text."""
        if self._numbering.unknown:
            yield f"《{file}》有 {self._numbering.unknown} 处自动编号无法还原，请对照原件核对编号。"

    def _findings(self) -> Iterator[Finding]:
        by_reason: dict[str, list[str]] = {}
        for why, words, _ in self._hidden:
            by_reason.setdefault(why, []).append(words)
        for why, found in by_reason.items():
            yield hidden_finding("正文", why, " ".join(found))
        yield from self._totals

    def _walk(self, container: Any) -> None:
        for element in container:
            if element.tag == qn("w:p"):
                self._add_paragraph(element)
            elif element.tag == qn("w:tbl"):
                self._add_table(element, "")
            elif element.tag in _CONTAINERS:
                self._walk(element)

    def _add_paragraph(self, element: Any) -> None:
        properties = element.find(qn("w:pPr"))
        text, hidden = visible_and_hidden(element, self._look)
        number = self._numbering.prefix(properties) if text else ""
        text = number + text
        level = self._level(properties, text) if text else None
        if level is not None:
            self._paragraph = 0
            while self._headings and self._headings[-1][0] >= level:
                self._headings.pop()
            self._headings.append((level, text))
            self._builder.line(text, "heading", {"path": self._path("")})
        elif text or hidden:
            self._paragraph += 1
        place = self._path(f"第{self._paragraph}段" if self._paragraph else "")
        if text and level is None:
            self._builder.line(text, "paragraph", {"path": place})
        for why, words in hidden:
            self._add_hidden(words, why, place)
        self._note_pictures(self._part, element, self._path(""))
        for box in boxes_of(element):
            self._walk(box)

    def _add_hidden(self, words: str, why: str, place: str) -> None:
        self._hidden.append((why, words, place))

    def _note_pictures(self, part: Any, element: Any, place: str) -> None:
        """Remembers the pictures drawn in an element; those outside the file are only links."""
        for drawn in element.iter():
            if not isinstance(drawn.tag, str) or local(drawn) not in ("blip", "imagedata") or in_fallback(drawn):
                continue
            link = next((value for key, value in drawn.attrib.items() if key.endswith(("}embed", "}id"))), "")
            relation = part.rels.get(link)
            if relation is not None and not relation.is_external and relation.reltype.endswith("/image"):
                self.pictures.append((str(relation.target_part.partname).lstrip("/"), place))

    def _level(self, properties: Any, text: str) -> int | None:
        """Heading level by style or outline, else by the way 公文 number their headings."""
        if properties is not None:
            outline = _outline(properties.find(qn("w:outlineLvl")))
            if outline is not None:
                return outline
            style = properties.find(qn("w:pStyle"))
            if style is not None and style.get(qn("w:val")) in self._levels and len(text) <= 80:
                return self._levels[style.get(qn("w:val"))]
        return heading_level(text)

    def _path(self, place: str) -> str:
        return " > ".join([*(name for _, name in self._headings), *([place] if place else [])])

    def _add_table(self, element: Any, inside: str) -> None:
        self._table += 1
        name = f"{inside}表{self._table}"
        table = table_of(element, self._look)
        rows, _ = rows_of(table.cells)
        self._totals += total_findings(rows, f"正文的{name}")
        for row in rows:
            places = [
                self._path(f"{name} 第{piece.cell.row + 1}行 第{piece.cell.column + 1}列") for piece in row.pieces
            ]
            if row.kind == "title":
                self._builder.line(row.pieces[0].text, "paragraph", {"path": places[0]})
            else:
                self._builder.row(
                    [(piece.text, {"path": place}, None) for piece, place in zip(row.pieces, places, strict=True)]
                )
        for row_number, column, why, words in table.hidden:
            self._add_hidden(words, why, self._path(f"{name} 第{row_number + 1}行 第{column + 1}列"))
        self._note_pictures(self._part, element, self._path(name))
        for box in table.boxes:
            self._walk(box)
        for inner in table.nested:
            self._add_table(inner, f"{name}内")

    def _parts(self, kind: str) -> Iterator[Any]:
        """The parts that the body names by relations of a kind."""
        for relation in self._part.rels.values():
            if not relation.is_external and relation.reltype.endswith(f"/{kind}"):
                yield relation.target_part

    def _notes(self, name: str, label: str) -> None:
        """Footnotes and endnotes stand in parts of their own, which python-docx does not open."""
        for part in self._parts(name):
            for index, note in enumerate(parse_xml(part.blob), 1):
                pieces = [visible_and_hidden(paragraph, self._look) for paragraph in note.iter(qn("w:p"))]
                text = " ".join(text for text, _ in pieces if text)
                if text:
                    self._builder.line(text, "paragraph", {"path": f"{label}{index}"})
                for _, hidden in pieces:
                    for why, words in hidden:
                        self._add_hidden(words, why, f"{label}{index}")

    def _diagrams(self) -> None:
        """The words of SmartArt drawings."""
        for index, part in enumerate(self._parts("diagramData"), 1):
            words = [
                "".join(piece.text or "" for piece in line.iter() if local(piece) == "t")
                for line in parse_xml(part.blob).iter()
                if isinstance(line.tag, str) and line.tag.endswith("/drawingml/2006/main}p")
            ]
            for text in filter(None, (word.strip() for word in words)):
                self._builder.line(text, "paragraph", {"path": f"图示{index}"})

    def _running(self) -> None:
        """Running heads and feet, each wording once: on record, and no part of any passage."""
        seen = set()
        for kind, label in _RUNNING.items():
            for part in self._parts(kind):
                root = parse_xml(part.blob)
                for paragraph in root.iter(qn("w:p")):
                    text, hidden = visible_and_hidden(paragraph, self._look)
                    if text and text not in seen:
                        seen.add(text)
                        self._builder.line(text, "line", {"path": label, "furniture": label})
                    for why, words in hidden:
                        self._add_hidden(words, why, label)
                self._note_pictures(part, root, label)


def _numbering(document: Any) -> Any:
    for relation in document.part.rels.values():
        if not relation.is_external and relation.reltype.endswith("/numbering"):
            return relation.target_part.element
    return None


def _style_levels(document: Any) -> dict[str, int]:
    """Style id → heading level, for styles named Heading 1 / 标题 1 and styles with an outline level."""
    levels = {}
    for style in document.styles.element.findall(qn("w:style")):
        name = style.find(qn("w:name"))
        match = _HEADING_STYLE.match(name.get(qn("w:val"), "")) if name is not None else None
        outline = _outline(style.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}"))
        if match:
            levels[style.get(qn("w:styleId"))] = int(match.group(1))
        elif outline is not None:
            levels[style.get(qn("w:styleId"))] = outline + 1
    return levels


def _outline(element: Any) -> int | None:
    """An outline level 0–8, None for body text."""
    value = "9" if element is None else element.get(qn("w:val"), "9")
    return int(value) if value.isdecimal() and int(value) < 9 else None
