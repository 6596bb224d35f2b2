"""Reads plain text: UTF-8, UTF-16, GB18030, Big5."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ingest.encodings import decode
from ingest.errors import UnknownKindError
from ingest.headings import heading_level
from ingest.pages import ParsedPage, Span, SpanKind
from ingest.readers.base import Properties


def read(path: Path, file: str, first: int = 1) -> Iterator[Properties | ParsedPage]:
    """One page 正文; every line that is not blank is a span of its own group. Raises UnknownKindError."""
    decoded = decode(path.read_bytes())
    if decoded is None:
        raise UnknownKindError(file, "既不是 UTF-8、UTF-16 也不是 GB18030、Big5 的文本")
    yield Properties("txt", 1)
    if first > 1:
        return
    # Only real line ends count: str.splitlines would also cut at form feeds and U+2028 and shift the line numbers.
    text = decoded[0].replace("\r\n", "\n").replace("\r", "\n")
    spans = []
    start = 0
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            kind: SpanKind = "paragraph" if heading_level(line) is None else "heading"
            spans.append(Span(start, start + len(line), kind, number, {"line": number}))
        start += len(line) + 1
    if spans:
        yield ParsedPage(1, "正文", "text", text, spans=tuple(spans))
    else:
        yield ParsedPage(1, "正文", "empty", text, f"《{file}》只有空白，没有文字。")
