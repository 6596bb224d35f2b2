"""Puts documents into a record without reading files."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy.orm import Session

from ingest.tables import Document, Page, Passage


def add_document(
    session: Session, file: str, paragraphs: Sequence[str], *, district: str = "云山区", cycle: int = 2019, title: str = "",
    state: str = "indexed", spans: Sequence[Sequence[Any]] | None = None, boxes: np.ndarray | None = None, page_number: int = 1,
) -> Document:  # fmt: skip
    """A document of one page, one passage to a paragraph."""
    sha256 = hashlib.sha256(f"{district}{cycle}{file}{paragraphs}".encode()).hexdigest()
    text = "\n".join(paragraphs)
    document = Document(
        district=district, cycle=cycle, file=file, sha256=sha256, size=len(text), kind="txt", state=state, title=title, ingested_at=datetime(2019, 3, 1)
    )  # fmt: skip
    page = Page(
        number=page_number,
        label=f"第{page_number}页",
        state="text",
        text=text,
        spans=[list(span) for span in spans or []],
    )
    if boxes is not None:
        page.char_boxes = zlib.compress(boxes.astype(np.float32).tobytes())
    document.pages.append(page)
    session.add(document)
    session.flush()
    start = 0
    for paragraph in paragraphs:
        end = start + len(paragraph)
        key = f"{sha256[:16]}-{page_number}-{start}-{end}"
        document.passages.append(Passage(key=key, page_id=page.id, start=start, end=end, text=paragraph, context=title))
        start = end + 1
    session.flush()
    return document
