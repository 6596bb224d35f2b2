"""Reads PPTX: every slide a page, its title as heading, then text, tables and charts from top to bottom, then the notes."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pptx
from pptx.exc import PackageNotFoundError, PythonPptxError

from ingest.errors import DamagedFileError
from ingest.pages import Finding, LocatorValue, ParsedPage
from ingest.readers.base import Properties
from ingest.readers.broken import BROKEN_PACKAGE
from ingest.readers.builder import PageBuilder
from ingest.readers.grid import Cell, rows_of
from ingest.readers.opc import read_part, relation_id, relations
from ingest.readers.pictures import picture_pages
from ingest.readers.pptx_shapes import Block, Look, blocks_of
from ingest.readers.totals import total_findings
from ingest.readers.xml import local, parse_xml

_BROKEN: tuple[type[Exception], ...] = (*BROKEN_PACKAGE, PackageNotFoundError, PythonPptxError)


def read(path: Path, file: str, first: int = 1) -> Iterator[Properties | ParsedPage]:
    """A page for each slide, hidden ones too, then one for each picture. Raises DamagedFileError."""
    try:
        show = pptx.Presentation(str(path))
        slides = list(show.slides)
        title = (show.core_properties.title or "").strip()
        with zipfile.ZipFile(path) as package:
            parts = [str(slide.part.partname).lstrip("/") for slide in slides]
            places = [place for number, part in enumerate(parts, 1) for place in _pictures(package, part, number)]
            images = list(picture_pages(package, file, places, len(slides) + 1))
            told = [list(_comments(package, part, number, file)) for number, part in enumerate(parts, 1)]
            inside = [name for name in package.namelist() if name.startswith("ppt/embeddings/")]
    except _BROKEN as exc:
        raise DamagedFileError(file, "PowerPoint（PPTX）", "演示文稿结构不完整") from exc
    findings = []
    # The sheet behind a chart is embedded as well; its figures are read with the chart.
    foreign = [name for name in inside if "Microsoft_Excel" not in name]
    if foreign:
        sentence = f"《{file}》内嵌 {len(foreign)} 个文件或对象，没有读取，请单独导出后上传。"
        findings.append(Finding("附件", sentence, "、".join(name.rpartition("/")[2] for name in foreign[:5])))
    yield Properties("pptx", len(slides) + len(images), title, (), tuple(findings))
    bounds = (int(show.slide_width or 0), int(show.slide_height or 0))
    for number, slide in enumerate(slides, 1):
        if number < first:
            continue
        try:
            yield _Slide(slide, number, bounds, file).page(told[number - 1])
        except _BROKEN:
            why = f"《{file}》第 {number} 张幻灯片结构损坏，没有读到文字，请检查这一张或另存后重新上传。"
            yield ParsedPage(number, f"第{number}张", "failed", "", why)
    yield from (page for page in images if page.number >= first)


class _Slide:
    """Puts the page of one slide together."""

    def __init__(self, slide: Any, number: int, bounds: tuple[int, int], file: str) -> None:
        self._slide, self._number, self._bounds, self._file = slide, number, bounds, file
        self._builder = PageBuilder()
        self._title = ""
        self._count = {"段": 0, "表": 0, "图表": 0}
        self._unseen: dict[str, list[str]] = {}
        self._totals: tuple[Finding, ...] = ()
        self._whole = "隐藏幻灯片" if slide._element.get("show") in ("0", "false") else ""

    def page(self, told: list[Finding]) -> ParsedPage:
        for block in blocks_of(self._slide.shapes, self._bounds):
            if block.kind == "title" and not self._title:
                self._title = block.lines[0]
                self._line(" ".join(block.lines), "", block.look)
            elif block.kind == "table":
                self._table(block)
            else:
                for text in block.lines:
                    self._count["段"] += 1
                    self._line(text, f"第{self._count['段']}段", block.look)
        if self._slide.has_notes_slide and self._slide.notes_slide.notes_text_frame is not None:
            for paragraph in self._slide.notes_slide.notes_text_frame.paragraphs:
                if text := " ".join(paragraph.text.split()):
                    self._line(f"备注：{text}", "备注", Look())
        label = f"第{self._number}张" + ("（隐藏）" if self._whole else "")
        state, why = "text", ""
        if self._builder.empty:
            state, why = "empty", f"《{self._file}》第 {self._number} 张幻灯片没有文字。"
        page = self._builder.page(self._number, label, state, why)  # type: ignore[arg-type]
        return replace(page, findings=(*self._findings(), *self._totals, *told))

    def _line(self, text: str, place: str, look: Look) -> None:
        locator = self._locator(place, look, text)
        self._builder.line(text, "paragraph" if place else "heading", locator)

    def _locator(self, place: str, look: Look, text: str) -> dict[str, LocatorValue]:
        locator: dict[str, LocatorValue] = {"path": " > ".join(filter(None, (self._title, place)))}
        if look.furniture:
            locator["furniture"] = look.furniture
        if why := self._whole or look.hidden:
            locator["hidden"] = why
            self._unseen.setdefault(why, []).append(text)
        return locator

    def _table(self, block: Block) -> None:
        name = "图表" if block.chart else "表"
        self._count[name] += 1
        for line in block.lines:  # a chart's own title
            self._line(line, f"{name}{self._count[name]}", block.look)
        rows = rows_of([Cell(*cell) for cell in block.cells])[0]
        if not (block.chart or block.look.hidden or self._whole):
            self._totals += total_findings(rows, f"第 {self._number} 张幻灯片的表{self._count[name]}")
        for row in rows:
            cells = []
            for piece in row.pieces:
                place = f"{name}{self._count[name]} 第{piece.cell.row + 1}行 第{piece.cell.column + 1}列"
                locator = self._locator(place, block.look, piece.text)
                if piece.header:
                    locator["header"] = piece.header
                cells.append((piece.text, locator, None))
            self._builder.row(cells)

    def _findings(self) -> Iterator[Finding]:
        for why, texts in self._unseen.items():
            sentence = f"《{self._file}》第 {self._number} 张幻灯片有看不见的内容（{why}），没有作为佐证使用，请核对。"
            yield Finding("隐藏文字", sentence, "；".join(texts)[:500])


def _pictures(package: zipfile.ZipFile, part: str, number: int) -> Iterator[tuple[str, str]]:
    """(part, place) of the pictures of a slide: shown, filled into shapes, or in its background."""
    images = {item.id: item.target for item in relations(package, part) if item.kind == "image" and not item.external}
    for element in parse_xml(read_part(package, part, 50)).iter():
        if local(element) == "blip" and (target := images.get(relation_id(element))):
            yield target, f"第{number}张"


def _comments(package: zipfile.ZipFile, part: str, number: int, file: str) -> Iterator[Finding]:
    for item in relations(package, part):
        if item.kind != "comments" or item.target not in package.NameToInfo:
            continue
        for element in parse_xml(read_part(package, item.target, 20)):
            words = "".join(child.text or "" for child in element.iter() if local(child) in ("t", "text")).strip()
            if words:
                sentence = f"《{file}》第 {number} 张幻灯片有批注，放映和打印时看不见，没有作为佐证使用，请核对。"
                yield Finding("批注", sentence, words[:500])
