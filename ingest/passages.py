"""Cuts a document's pages into passages: whole paragraphs and table rows, about `size` characters, exact slices."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from ingest.headings import heading_level
from ingest.pages import ParsedPage, Span

SIZE = 300
_SMALL = 50  # what is left over below this joins its neighbour
_BAND = 0.08  # running headers and footers stand in the top and bottom 8 % of a page
_REPEATED = 0.6
_ENDS = re.compile(r"[。！？；!?;\n]+[”’）」』]*|；")
_PARTS = " > "


@dataclass(frozen=True, slots=True)
class Slice:
    """`page.text[start:end]` of the page with that number, and the headings it stands under."""

    number: int
    start: int
    end: int
    context: str


@dataclass(frozen=True, slots=True)
class _Group:
    """A paragraph or row: start and end in the page's text. level: of a heading, else None. path: its headings, outermost first."""

    start: int
    end: int
    level: int | None
    path: tuple[str, ...]


def cut(pages: Sequence[ParsedPage], title: str, *, size: int = SIZE) -> Iterator[Slice]:
    """The passages of all readable pages, in order. Running headers and footers are left out, and so are hidden words.

    Every other character of a span is in exactly one passage; a passage never crosses a page.
    """
    furniture = running_lines(pages)
    stack: list[tuple[int, str]] = []
    for page in pages:
        if page.state not in ("text", "ocr"):
            continue
        groups = list(_groups(page, furniture, stack))
        for start, end, path in _gather(page.text, groups, size):
            context = _PARTS.join(dict.fromkeys(part for part in (title, *path) if part))
            yield Slice(page.number, start, end, context)


def running_lines(pages: Sequence[ParsedPage]) -> frozenset[str]:
    """Lines at the edge of PDF pages that come back on most pages (figures masked), as `masked` forms them."""
    counts: dict[str, int] = {}
    boxed = [page for page in pages if page.char_boxes is not None and page.spans]
    for page in boxed:
        for line in {masked(page.text[span.start : span.end]) for span in page.spans if _at_edge(page, span)}:
            counts[line] = counts.get(line, 0) + 1
    return frozenset(line for line, count in counts.items() if count >= 2 and count >= _REPEATED * len(boxed))


def masked(line: str) -> str:
    """The line without spaces and with figures as 0, so that page numbers compare equal."""
    return re.sub(r"\d+", "0", re.sub(r"\s+", "", line))


def _at_edge(page: ParsedPage, span: Span) -> bool:
    if page.char_boxes is None or span.start == span.end:
        return False
    boxes = page.char_boxes[span.start : span.end]
    if np.isnan(boxes).all():
        return False
    low, high = float(np.nanmin(boxes[:, 1])), float(np.nanmax(boxes[:, 3]))
    return low > page.height * (1 - _BAND) or high < page.height * _BAND


def _groups(page: ParsedPage, furniture: Collection[str], stack: list[tuple[int, str]]) -> Iterator[_Group]:
    """The groups of a page with their headings; `stack` carries the headings on from page to page."""
    for _, members in groupby(page.spans, key=lambda span: span.group):
        spans = list(members)
        if "hidden" in spans[0].locator or "furniture" in spans[0].locator:
            continue  # what nobody sees on paper is a finding for the expert, not evidence
        text = page.text[spans[0].start : spans[-1].end]
        if furniture and masked(text) in furniture and _at_edge(page, spans[0]):
            continue
        level = None
        if spans[0].kind == "heading":
            level = heading_level(text) or 1
            while stack and stack[-1][0] >= level:
                stack.pop()
            stack.append((level, text.strip()))
        locator = spans[0].locator
        if "sheet" in locator:
            path: tuple[str, ...] = (page.label,)
        elif "path" in locator:
            parts = str(locator["path"]).split(_PARTS)
            path = tuple(parts if level is not None else parts[:-1])
        else:
            path = tuple(name for _, name in stack)
        yield _Group(spans[0].start, spans[-1].end, level, path)


def _gather(text: str, groups: Sequence[_Group], size: int) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """Whole groups until `size` is reached; a new heading begins a new passage unless the one before is still small."""
    held: list[_Group] = []
    ready: list[list[_Group]] = []
    for group in groups:
        length = held[-1].end - held[0].start if held else 0
        only_headings = all(member.level is not None for member in held)
        new_section = group.level is not None and length >= _SMALL and not only_headings
        too_long = group.end - held[0].start > size * 1.2 if held else False
        # A slice is all of the text between its ends: it must not run over words that were left out.
        gap = bool(held) and bool(text[held[-1].end : group.start].strip())
        if held and (gap or (not only_headings and (new_section or too_long))):
            ready.append(held)
            held = []
        held.append(group)
    if held:
        short = held[-1].end - held[0].start < _SMALL
        gap = bool(ready) and bool(text[ready[-1][-1].end : held[0].start].strip())
        if ready and short and not gap and held[-1].end - ready[-1][0].start <= size * 1.5 and held[0].level is None:
            ready[-1].extend(held)
        else:
            ready.append(held)
    for members in ready:
        path = next((member.path for member in members if member.level is None), members[0].path)
        for start, end in _split(text, members[0].start, members[-1].end, size):
            yield start, end, path


def _split(text: str, start: int, end: int, size: int) -> Iterator[tuple[int, int]]:
    """The span itself, or, when it is much too long, pieces of about `size` that end where a sentence or cell ends."""
    while end - start > size * 1.5:
        ends = [match.end() for match in _ENDS.finditer(text, start + 1, start + int(size * 1.2))]
        stop = ends[-1] if ends and ends[-1] - start >= size // 3 else start + size
        yield start, stop
        start = stop
    if text[start:end].strip():
        yield start, end
