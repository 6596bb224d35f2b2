"""How the reading process tells its parent what it read: JSON and plain bytes, nothing that could run code.

A frame is: length of the head (4 bytes, big endian), the head (JSON), length of the body (4 bytes), the body (char boxes).
The reading process handles hostile files, so its parent trusts no more of it than numbers and text.
"""

from __future__ import annotations

import json
import struct
from typing import Any, BinaryIO

import numpy as np

from ingest.pages import Finding, ParsedPage, Span
from ingest.readers.base import Properties

_LENGTH = struct.Struct(">I")
_MAX_FRAME = 256 * 1024 * 1024


def write_frame(stream: BinaryIO, head: dict[str, Any], body: bytes = b"") -> None:
    """Writes one frame and flushes."""
    encoded = json.dumps(head, ensure_ascii=True).encode("ascii")
    stream.write(_LENGTH.pack(len(encoded)) + encoded + _LENGTH.pack(len(body)) + body)
    stream.flush()


def read_frame(stream: BinaryIO) -> tuple[dict[str, Any], bytes] | None:
    """The next frame; None at the end of the stream, also in the middle of a frame (the writer died)."""
    head = _read_part(stream)
    body = _read_part(stream) if head is not None else None
    if head is None or body is None:
        return None
    decoded = json.loads(head)
    return (decoded, body) if isinstance(decoded, dict) else None


def _read_part(stream: BinaryIO) -> bytes | None:
    prefix = stream.read(_LENGTH.size)
    if len(prefix) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(prefix)
    if length > _MAX_FRAME:
        return None
    part = stream.read(length)
    return part if len(part) == length else None


def spans_to_json(spans: tuple[Span, ...]) -> list[list[Any]]:
    """Spans as stored in `Page.spans`: [start, end, kind, group, locator]."""
    return [[span.start, span.end, span.kind, span.group, dict(span.locator)] for span in spans]


def spans_from_json(rows: list[list[Any]]) -> tuple[Span, ...]:
    """The reverse of `spans_to_json`."""
    return tuple(Span(int(start), int(end), kind, int(group), locator) for start, end, kind, group, locator in rows)


def findings_to_json(findings: tuple[Finding, ...]) -> list[list[str]]:
    """Findings as stored in `Page.findings`: [kind, sentence, excerpt]."""
    return [[found.kind, found.sentence, found.excerpt] for found in findings]


def findings_from_json(rows: list[list[str]]) -> tuple[Finding, ...]:
    """The reverse of `findings_to_json`."""
    return tuple(Finding(str(kind), str(sentence), str(excerpt)) for kind, sentence, excerpt in rows)


def to_frame(item: Properties | ParsedPage) -> tuple[dict[str, Any], bytes]:
    """Head and body of a frame."""
    if isinstance(item, Properties):
        head = {
            "is": "properties",
            "kind": item.kind,
            "pages": item.pages,
            "title": item.title,
            "defects": list(item.defects),
            "findings": findings_to_json(item.findings),
        }
        return head, b""
    head = {
        "is": "page",
        "number": item.number,
        "label": item.label,
        "state": item.state,
        "text": item.text,
        "reason": item.reason,
        "spans": spans_to_json(item.spans),
        "width": item.width,
        "height": item.height,
        "boxes": item.char_boxes is not None,
        "source": item.source,
        "findings": findings_to_json(item.findings),
    }
    return head, b"" if item.char_boxes is None else item.char_boxes.astype("<f4").tobytes()


def from_frame(head: dict[str, Any], body: bytes) -> Properties | ParsedPage:
    """The reverse of `to_frame`. Raises ValueError when text, spans and boxes do not fit together."""
    if head["is"] == "properties":
        found = findings_from_json(head["findings"])
        return Properties(head["kind"], head["pages"], head["title"], tuple(head["defects"]), found)
    text = head["text"]
    boxes = np.frombuffer(body, dtype="<f4").reshape(-1, 4).astype(np.float32) if head["boxes"] else None
    spans = spans_from_json(head["spans"])
    if boxes is not None and len(boxes) != len(text):
        raise ValueError(f"{len(boxes)} boxes for {len(text)} characters")
    if any(not 0 <= span.start <= span.end <= len(text) for span in spans):
        raise ValueError("a span outside the text")
    return ParsedPage(
        head["number"],
        head["label"],
        head["state"],
        text,
        head["reason"],
        spans,
        head["width"],
        head["height"],
        boxes,
        str(head["source"]),
        findings_from_json(head["findings"]),
    )
