"""Reads OFD (GB/T 33190), the national format for fixed layouts: pages with text, boxes and tables as for PDF; seals told."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from ingest.errors import DamagedFileError
from ingest.pages import Finding, ParsedPage
from ingest.readers.base import Properties
from ingest.readers.broken import BROKEN_PACKAGE
from ingest.readers.ofd_objects import POINTS, Box, Drawn, Glyph
from ingest.readers.ofd_package import OfdDocument, PageParts, documents, root_of
from ingest.readers.ofd_seals import notes, seals
from ingest.readers.pdf_chars import Char, Chars, View
from ingest.readers.pdf_layout import build
from ingest.readers.pdf_tables import regions_of
from ingest.readers.pictures import picture_pages
from ingest.readers.table_pages import Carried

_GAP = 0.35  # em; a gap this wide between two characters of a line is a space or another column
_WHOLE_PAGE = 0.5  # a picture of half the page without any text is a scanned page
_ODD = 0.2  # this share of characters without meaning: the file draws glyphs whose words it does not tell


@dataclass(frozen=True, slots=True)
class _Leaf:
    document: OfdDocument
    parts: PageParts


def read(path: Path, file: str, first: int = 1) -> Iterator[Properties | ParsedPage]:
    """A page for each page, then one for each picture on a page that has text. Raises DamagedFileError."""
    try:
        with zipfile.ZipFile(path) as package:
            found = documents(package)
            leaves = [_Leaf(document, parts) for document in found for parts in document.pages]
            if not leaves:
                raise ValueError("no pages")
            ids = {leaf.parts.id: number for number, leaf in enumerate(leaves, 1)}
            findings = [one for document in found for one in seals(package, document.signatures, ids, file)]
            findings += [one for document in found for one in notes(package, document, ids, file)]
            attached = [name for document in found for name in document.attachments]
            pages, places = _pages(package, leaves, file)
            pages += picture_pages(package, file, places, len(leaves) + 1)
    except BROKEN_PACKAGE as exc:
        raise DamagedFileError(file, "OFD", "版式文件结构不完整") from exc
    if attached:
        sentence = f"《{file}》带有 {len(attached)} 个附件，没有读取，请单独导出后上传。"
        findings.append(Finding("附件", sentence, "、".join(attached[:5])))
    title = next((document.title for document in found if document.title), "")
    yield Properties("ofd", len(pages), title, (), tuple(findings))
    yield from (page for page in pages if page.number >= first)


def _pages(
    package: zipfile.ZipFile, leaves: Sequence[_Leaf], file: str
) -> tuple[list[ParsedPage], list[tuple[str, str]]]:
    """The pages, and (part, place) of the pictures on pages that have text."""
    pages: list[ParsedPage] = []
    places: list[tuple[str, str]] = []
    carried: Carried | None = None
    for number, leaf in enumerate(leaves, 1):
        try:
            drawn = Drawn()
            for part in (*leaf.parts.templates, leaf.parts.content):
                drawn.add(root_of(package, part), leaf.document.composites)
            page, carried, images = _page(drawn, leaf, number, carried, file)
        except BROKEN_PACKAGE:
            why = f"《{file}》第 {number} 页结构损坏，没有读到文字，请检查这一页或重新导出后上传。"
            pages.append(ParsedPage(number, f"第{number}页", "failed", "", why))
            carried = None
            continue
        if page.state == "waiting":
            [scan] = picture_pages(package, file, images[:1], number)
            page = replace(scan, label=page.label, reason=scan.reason.replace("图片1（", "").replace("）", "", 1))
            images = images[1:]
        pages.append(page)
        places.extend(images)
    return pages, places


def _page(
    drawn: Drawn, leaf: _Leaf, number: int, carried: Carried | None, file: str
) -> tuple[ParsedPage, Carried | None, list[tuple[str, str]]]:
    x, y, wide, high = leaf.parts.box
    view = View(0.0, 0.0, wide * POINTS, high * POINTS, 0)
    seen: list[list[Glyph]] = []
    unseen: list[list[Glyph]] = []
    for run in drawn.runs:
        whole: Box = (x, y, x + wide, y + high)
        run = [glyph if glyph.hidden else replace(glyph, hidden=_outside(glyph.box, whole)) for glyph in run]
        if any(not glyph.text.isspace() for glyph in run):
            (unseen if all(glyph.hidden for glyph in run) else seen).append(run)
    images = [
        (part, f"第{number}页")
        for identifier, box in sorted(drawn.images, key=lambda item: -_area(item[1]))
        if (part := leaf.document.images.get(identifier)) and not _outside(box, (x, y, x + wide, y + high))
    ]
    text = "".join(glyph.text for run in seen for glyph in run)
    if not text.strip():
        largest = max((_area(box) for _, box in drawn.images), default=0.0)
        state = "waiting" if images and largest >= _WHOLE_PAGE * wide * high else "empty"
        why = "" if state == "waiting" else f"《{file}》第 {number} 页没有文字。"
        page, _ = build(Chars.of(()), _chars(unseen, leaf), (), number, None, view)
        width, height = view.size
        page = replace(page, state=state, reason=why, width=width, height=height)  # type: ignore[arg-type]
        return replace(page, findings=_hidden(unseen, number, file)), None, images
    if sum("\ue000" <= char <= "\uf8ff" or char in "\ufffd\u00a4\u25a1" for char in text) > _ODD * len(text):
        why = f"《{file}》第 {number} 页的文字没有编码，读不出内容，请另存为 PDF 后上传。"
        return ParsedPage(number, f"第{number}页", "failed", "", why, (), *view.size), None, images
    strokes = np.array([_points(box, leaf.parts.box) for box in drawn.strokes], dtype=np.float64).reshape(-1, 4)
    chars = Chars.of(_in_lines(seen, leaf.parts.box))
    page, carried = build(chars, _chars(unseen, leaf), regions_of(strokes), number, carried, view)
    width, height = view.size
    page = replace(page, width=width, height=height, findings=(*page.findings, *_hidden(unseen, number, file)))
    return page, carried, images


def _chars(runs: Sequence[Sequence[Glyph]], leaf: _Leaf) -> Chars:
    return Chars.of(
        Char(glyph.text, *_points(glyph.box, leaf.parts.box)) for run in runs for glyph in run if glyph.text != "\n"
    )


def _in_lines(runs: Sequence[Sequence[Glyph]], box: Box) -> Iterator[Char]:
    """Characters line by line, top to bottom and left to right, whatever order the file draws them in."""
    glyphs = [glyph for run in runs for glyph in run if not glyph.text.isspace()]
    glyphs.sort(key=lambda glyph: (glyph.box[1] + glyph.box[3], glyph.box[0]))
    lines: list[list[Glyph]] = []
    for glyph in glyphs:
        middle = (glyph.box[1] + glyph.box[3]) / 2
        last = lines[-1][0].box if lines else None
        if last is not None and last[1] <= middle <= last[3] and glyph.box[3] - glyph.box[1] < 3 * (last[3] - last[1]):
            lines[-1].append(glyph)
        else:
            lines.append([glyph])
    for line in lines:
        before: Glyph | None = None
        for glyph in sorted(line, key=lambda one: one.box[0]):
            left, bottom, right, top = _points(glyph.box, box)
            em = top - bottom
            if before is not None and (gap := left - _points(before.box, box)[2]) > _GAP * em:
                yield Char(" ", left - gap, bottom, left, top, made_up=True)
            yield Char(glyph.text, left, bottom, right, top)
            before = glyph
        yield Char("\n", right, bottom, right, top, made_up=True)


def _points(box: Box, page: Box) -> tuple[float, float, float, float]:
    """Millimetres from the upper left → points from the lower left."""
    left, top, right, bottom = box
    x, y, _, high = page
    return (left - x) * POINTS, (y + high - bottom) * POINTS, (right - x) * POINTS, (y + high - top) * POINTS


def _outside(box: Box, page: Box) -> str:
    outside = box[2] <= page[0] or box[0] >= page[2] or box[3] <= page[1] or box[1] >= page[3]
    return "在页面以外" if outside else ""


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _hidden(runs: Sequence[Sequence[Glyph]], number: int, file: str) -> tuple[Finding, ...]:
    told: dict[str, list[str]] = {}
    for run in runs:
        told.setdefault(run[0].hidden, []).append("".join(glyph.text for glyph in run))
    return tuple(
        Finding(
            "隐藏文字",
            f"《{file}》第 {number} 页有看不见的文字（{why}），没有作为佐证使用，请核对。",
            "；".join(texts)[:500],
        )
        for why, texts in told.items()
    )
