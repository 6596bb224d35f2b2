"""Cuts a stored text into the sentences and table rows that are read for facts and shown as answers; always exact slices."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

_END = re.compile(r"[。！？!?][”’』」）)]*")
_ROW = re.compile(r"\s*[^：；\n]{1,60}：[^；\n]*(?:；[^：；\n]{1,60}：[^；\n]*)+；?\s*\Z")
# A line this long without a final mark is taken to go on in the next one, as the lines of a PDF paragraph do.
_FULL_LINE = 24
_LONG = 180


def is_row(text: str) -> bool:
    """Whether the text is one table row as the readers write it: 表头：值；表头：值."""
    return bool(_ROW.match(text))


def split_sentences(text: str, breaks: Collection[int] | None = None) -> list[tuple[int, int]]:
    """The (start, end) of each sentence or row of `text`, in order; blank edges are left out.

    breaks : offsets where a paragraph, heading or row starts, as the reader saw them; a line break elsewhere is inside a
        sentence.  None: lines are judged by their length.
    """
    found = []
    for start, end in _blocks(text, breaks):
        if is_row(text[start:end]):
            found.append((start, end))
        else:
            found += _prose(text, start, end)
    trimmed = (_trim(text, start, end) for start, end in found)
    return [(start, end) for start, end in trimmed if start < end]


def _blocks(text: str, breaks: Collection[int] | None) -> Iterator[tuple[int, int]]:
    start = 0
    for match in re.finditer(r"\n", text):
        after = match.end()
        line = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
        ends = after in breaks if breaks is not None else not _goes_on(line)
        if ends or is_row(line) or text[after : after + 1] == "\n":
            yield start, match.start()
            start = after
    yield start, len(text)


def _goes_on(line: str) -> bool:
    return len(line.strip()) >= _FULL_LINE and not re.search(r"[。！？；：:”）]\s*$", line)


def _prose(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    begin = start
    for match in _END.finditer(text, start, end):
        yield from _shorter(text, begin, match.end())
        begin = match.end()
    if begin < end:
        yield from _shorter(text, begin, end)


def _shorter(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Very long sentences are cut at semicolons, so that an answer can show the part that matters."""
    if end - start <= _LONG:
        yield start, end
        return
    begin = start
    for match in re.finditer(r"[；;]", text[start:end]):
        yield begin, start + match.end()
        begin = start + match.end()
    yield begin, end


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
