"""Pages as rows of the record, and back."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from ingest.frames import findings_from_json, findings_to_json, spans_from_json, spans_to_json
from ingest.pages import ParsedPage
from ingest.tables import Page

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def storable(page: ParsedPage) -> ParsedPage:
    """The page without what no database stores: half a character, and NUL. One for one, so offsets and boxes stay right."""
    return replace(page, text=_UNSTORABLE.sub("\ufffd", page.text))


def fill(row: Page, page: ParsedPage) -> Page:
    """Writes everything of the page but its number into the row, and returns it."""
    page = storable(page)
    row.label, row.state, row.reason, row.text = page.label[:120], page.state, page.reason, page.text
    row.spans, row.width, row.height = spans_to_json(page.spans), page.width, page.height
    # A hundredth of a point is far finer than any screen, and packs to a third.
    row.char_boxes = (
        None if page.char_boxes is None else zlib.compress(page.char_boxes.round(2).astype("<f4").tobytes())
    )
    row.source, row.findings = page.source, findings_to_json(page.findings)
    return row


def parsed(row: Page) -> ParsedPage:
    """The page as it was stored."""
    boxes = None
    if row.char_boxes is not None:
        boxes = np.frombuffer(zlib.decompress(row.char_boxes), dtype="<f4").reshape(-1, 4).astype(np.float32)
    return ParsedPage(
        row.number, row.label, row.state, row.text, row.reason, spans_from_json(row.spans), row.width, row.height, boxes,  # type: ignore[arg-type]
        row.source, findings_from_json(row.findings),
    )  # fmt: skip


def pages_of(session: Session, document_id: int) -> list[ParsedPage]:
    """All stored pages of a document, in order."""
    query = select(Page).where(Page.document_id == document_id).order_by(Page.number).options(undefer(Page.char_boxes))
    rows: Sequence[Page] = session.scalars(query).all()
    return [parsed(row) for row in rows]
