"""Cuts a document's pages into passages: whole paragraphs and table rows, about `size` characters, exact slices."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from ingest.headings import heading_level
from ingest.pages import ParsedPage

SIZE = 300
_SMALL = 50  # what is left over below this joins its neighbour
_BAND = 0.08  # running headers and footers stand in the top and bottom 8 % of a page
_REPEATED = 0.6  # share of the pages on which a line at the edge comes back
_ALTERNATING = 0.4  # the same where left and right pages differ; then on three pages at least
_PAGE_NUMBER = re.compile(r"^[-—–－·~～|]*(?:第?0页?(?:[/／,，]?共?0页?)?)[-—–－·~～|]*$")  # of a masked line
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
    """The passages of all readable pages, in order. Running headers and footers, repeated table headers and hidden words are left out.

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
        lines = {
            masked(page.text[span.start : span.end])
            for span, edge in zip(page.spans, _at_edge(page), strict=True)
            if edge
        }
        for line in lines:
            counts[line] = counts.get(line, 0) + 1
    return frozenset(
        line
        for line, count in counts.items()
        if (count >= 2 and count >= _REPEATED * len(boxed))
        or (count >= 3 and count >= _ALTERNATING * len(boxed))
        or _PAGE_NUMBER.match(line)
    )


def masked(line: str) -> str:
    """The line without spaces and with figures as 0, so that page numbers compare equal."""
    return re.sub(r"\d+", "0", re.sub(r"\s+", "", line))


def _at_edge(page: ParsedPage) -> list[bool]:
    """For each span of the page, whether it stands in the top or bottom band; cells of tables never do."""
    if page.char_boxes is None or not len(page.char_boxes):
        return [False] * len(page.spans)
    starts = np.minimum([span.start for span in page.spans], len(page.text) - 1)
    # What follows a span up to the next one has no boxes.
    left, low = (np.fmin.reduceat(page.char_boxes[:, side], starts) for side in (0, 1))
    right, high = (np.fmax.reduceat(page.char_boxes[:, side], starts) for side in (2, 3))
    edge = (low > page.height * (1 - _BAND)) | (high < page.height * _BAND)
    sideways = (high - low > 1.5 * (right - left)) & (page.width > 0)  # a page that lies on its side
    beside = (left > page.width * (1 - _BAND)) | (right < page.width * _BAND)
    edge = np.where(sideways, beside, edge)
    return [found and span.kind != "cell" for span, found in zip(page.spans, edge.tolist(), strict=True)]


def _groups(page: ParsedPage, furniture: Collection[str], stack: list[tuple[int, str]]) -> Iterator[_Group]:
    """The groups of a page with their headings; `stack` carries the headings on from page to page."""
    edges = _at_edge(page) if furniture and page.spans else []
    at = 0
    for _, members in groupby(page.spans, key=lambda span: span.group):
        spans = list(members)
        edge = bool(edges) and edges[at]
        at += len(spans)
        if "hidden" in spans[0].locator or "furniture" in spans[0].locator:
            continue  # what nobody sees on paper is a finding for the expert, not evidence
        text = page.text[spans[0].start : spans[-1].end]
        if edge and masked(text) in furniture:
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
