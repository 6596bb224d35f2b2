"""Reads DOCX: paragraphs and tables in the order of the body, each with its heading path; then footnotes and endnotes."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml import parse_xml
from docx.oxml.ns import qn

from ingest.errors import DamagedFileError
from ingest.headings import heading_level
from ingest.pages import ParsedPage
from ingest.readers.base import Properties
from ingest.readers.builder import PageBuilder
from ingest.readers.docx_numbering import Numbering
from ingest.readers.docx_table import cells_of
from ingest.readers.docx_text import boxes_of, is_hidden, paragraph_text
from ingest.readers.grid import rows_of

_CONTAINERS = {qn("w:sdt"), qn("w:sdtContent"), qn("w:ins"), qn("w:moveTo"), qn("w:smartTag"), qn("w:customXml")}
_HEADING_STYLE = re.compile(r"^(?:heading|标题)\s*(\d)$", re.IGNORECASE)
_NOTES = {"footnotes": "脚注", "endnotes": "尾注"}


def read(path: Path, file: str, first: int = 1) -> Iterator[Properties | ParsedPage]:
    """One page 正文: Word files have no pages of their own. Raises DamagedFileError."""
    try:
        document = docx.Document(str(path))
        body = _Body(document)
        page = body.read()
        title = (document.core_properties.title or "").strip()
    except (
        PackageNotFoundError,
        zipfile.BadZipFile,
        SyntaxError,
        KeyError,
        ValueError,
        AttributeError,
        EOFError,
    ) as exc:
        raise DamagedFileError(file, "Word（DOCX）", "文档结构不完整") from exc
    yield Properties("docx", 1, title, tuple(body.defects(file)))
    if first == 1:
        yield page


class _Body:
    """Walks the body once; keeps the headings the current paragraph stands under."""

    def __init__(self, document: Any) -> None:
        self._document = document
        self._builder = PageBuilder()
        self._headings: list[tuple[int, str]] = []
        self._paragraph = 0
        self._table = 0
        self._hidden = 0
        self._levels = _style_levels(document)
        self._numbering = Numbering(_numbering(document), document.styles.element)

    def read(self) -> ParsedPage:
        """The whole text as one page."""
        self._walk(self._document.element.body)
        for name, label in _NOTES.items():
            self._notes(name, label)
        if self._builder.empty:
            return self._builder.page(1, "正文", "empty", "文档里没有文字。")
        return self._builder.page(1, "正文", "text")

    def defects(self, file: str) -> Iterator[str]:
        """What the expert should know about this file."""
        if self._numbering.unknown:
            yield f"《{file}》有 {self._numbering.unknown} 处自动编号无法还原，请对照原件核对编号。"
        if self._hidden:
            yield f"《{file}》有 {self._hidden} 段隐藏文字（打印时看不见），没有作为佐证使用，请核对原件。"
        parts = self._document.part.package.iter_parts()
        pictures = sum(1 for part in parts if str(part.partname).startswith("/word/media/"))
        if pictures:
            yield f"《{file}》含 {pictures} 张图片，图片里的文字没有读取，请核对原件。"

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
        text = paragraph_text(element)
        number = self._numbering.prefix(properties) if text else ""
        text = number + text
        if text:
            level = self._level(properties, text)
            hidden = is_hidden(element)
            self._hidden += hidden
            if level is None:
                self._paragraph += 1
                locator: dict[str, str | int] = {"path": self._path(f"第{self._paragraph}段")}
                if hidden:
                    locator["hidden"] = "隐藏文字"
                self._builder.line(text, "paragraph", locator)
            else:
                self._paragraph = 0
                while self._headings and self._headings[-1][0] >= level:
                    self._headings.pop()
                self._headings.append((level, text))
                self._builder.line(text, "heading", {"path": self._path("")})
        for box in boxes_of(element):
            self._walk(box)

    def _level(self, properties: Any, text: str) -> int | None:
        """Heading level by style or outline, else by the way 公文 number their headings."""
        if properties is not None:
            outline = properties.find(qn("w:outlineLvl"))
            if outline is not None and int(outline.get(qn("w:val"), "9")) < 9:
                return int(outline.get(qn("w:val")))
            style = properties.find(qn("w:pStyle"))
            if style is not None and style.get(qn("w:val")) in self._levels and len(text) <= 80:
                return self._levels[style.get(qn("w:val"))]
        return heading_level(text)

    def _path(self, place: str) -> str:
        return " > ".join([*(name for _, name in self._headings), *([place] if place else [])])

    def _add_table(self, element: Any, inside: str) -> None:
        self._table += 1
        name = f"{inside}表{self._table}"
        cells, nested = cells_of(element)
        rows, _ = rows_of(cells)
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
        for inner in nested:
            self._add_table(inner, f"{name}内")

    def _notes(self, name: str, label: str) -> None:
        """Footnotes and endnotes stand in parts of their own, which python-docx does not open."""
        for relation in self._document.part.rels.values():
            if relation.is_external or not relation.reltype.endswith(f"/{name}"):
                continue
            for index, note in enumerate(parse_xml(relation.target_part.blob), 1):
                text = " ".join(filter(None, (paragraph_text(paragraph) for paragraph in note.iter(qn("w:p")))))
                if text:
                    self._builder.line(text, "paragraph", {"path": f"{label}{index}"})


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
        outline = style.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}")
        if match:
            levels[style.get(qn("w:styleId"))] = int(match.group(1))
        elif outline is not None and int(outline.get(qn("w:val"), "9")) < 9:
            levels[style.get(qn("w:styleId"))] = int(outline.get(qn("w:val"))) + 1
    return levels
