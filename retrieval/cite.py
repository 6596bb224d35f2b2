"""Citations: the exact words of a stored page, and where they stand in the original file. None is made that is not on the page."""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from sqlalchemy.orm import Session

from ingest.tables import Document, Page, Passage
from retrieval.errors import QuoteNotFoundError
from retrieval.tokens import fold

Box = tuple[float, float, float, float]
_CELL = re.compile(r"([A-Z]{1,3})(\d+)")


@dataclass(frozen=True, slots=True)
class Citation:
    """`quote`, which is `page.text[start:end]` of page `page` of a document.

    document : SHA-256 of the original. document_id : its row. file : the name people know it by.
    locator : {"page": 3}; {"path": "二、经费 > 第4段"}; {"sheet": "普惠率", "cell": "C7"}, with several cells as a range "A7:C7"; {"line": 12}.
        "confidence": 87 (percent) when text recognition read the words from a picture, of the least certain line.
    boxes : left, bottom, right, top in points of each line of the quote as the page is displayed; None where the format has none.
    """

    document: str
    document_id: int
    file: str
    district: str
    cycle: int
    page: int
    locator: Mapping[str, str | int]
    start: int
    end: int
    quote: str
    boxes: tuple[Box, ...] | None = None

    @property
    def confidence(self) -> int | None:
        """Percent, when text recognition read the words from a picture; None for words that stand in the file."""
        found = self.locator.get("confidence")
        return None if found is None else int(found)

    def to_json(self) -> dict[str, Any]:
        """As the command line prints it."""
        shown: dict[str, Any] = {
            "document": self.document,
            "file": self.file,
            "locator": dict(self.locator),
            "page": self.page,
            "start": self.start,
            "end": self.end,
            "quote": self.quote,
        }
        if self.boxes is not None:
            shown["boxes"] = [[round(edge, 2) for edge in box] for box in self.boxes]
        return shown


class CitedPage(Protocol):
    """What a citation takes from a page: an ingest.tables.Page, or a row with these columns of it."""

    @property
    def number(self) -> int: ...
    @property
    def text(self) -> str: ...
    @property
    def spans(self) -> list[list[Any]]: ...
    @property
    def char_boxes(self) -> bytes | None: ...


class CitedDocument(Protocol):
    """What a citation takes from a document."""

    @property
    def id(self) -> int: ...
    @property
    def sha256(self) -> str: ...
    @property
    def file(self) -> str: ...
    @property
    def district(self) -> str: ...
    @property
    def cycle(self) -> int: ...


def cite(session: Session, passage: Passage, start: int, end: int) -> Citation:
    """The citation of `passage.page.text[start:end]`.

    Raises QuoteNotFoundError when the range is empty or not on the page.
    """
    return citation_on(
        session.get_one(Page, passage.page_id), session.get_one(Document, passage.document_id), start, end
    )


def citation_on(page: CitedPage, document: CitedDocument, start: int, end: int) -> Citation:
    """The citation of `page.text[start:end]`, the page being of the document. Raises QuoteNotFoundError as `cite` does."""
    quote = page.text[start:end] if 0 <= start < end <= len(page.text) else ""
    if not quote.strip():
        raise QuoteNotFoundError(document.file, page.number, quote)
    return Citation(
        document.sha256, document.id, document.file, document.district, document.cycle, page.number,
        locate(page, start, end), start, end, quote, _boxes(page, start, end),
    )  # fmt: skip


def cite_quote(session: Session, passage: Passage, quote: str) -> Citation:
    """The citation of words found on the passage's page, which may differ in spaces and width; the quote is as stored.

    Raises QuoteNotFoundError when the page does not say so.
    """
    page = session.get_one(Page, passage.page_id)
    text = page.text
    # In the passage first: the same words may stand on the page more than once.
    inside = find_quote(text[passage.start : passage.end], quote)
    if inside is not None:
        return cite(session, passage, passage.start + inside[0], passage.start + inside[1])
    found = find_quote(text, quote)
    if found is None:
        raise QuoteNotFoundError(session.get_one(Document, passage.document_id).file, page.number, quote)
    return cite(session, passage, *found)


def find_quote(page_text: str, quote: str) -> tuple[int, int] | None:
    """Where the quote first stands in the text, `page_text[start:end]`, not minding spaces, width and radicals; else None."""
    wanted, _ = fold(quote)
    if not wanted:
        return None
    folded, origins = fold(page_text)
    at = folded.find(wanted)
    if at < 0:
        return None
    return origins[at], origins[at + len(wanted) - 1] + 1


def verify(session: Session, citation: Citation) -> bool:
    """Whether the record still holds exactly these words at this place of this document."""
    document = session.get(Document, citation.document_id)
    if document is None or document.sha256 != citation.document:
        return False
    holder = document.duplicate_of or document.id
    page = session.query(Page).filter_by(document_id=holder, number=citation.page).one_or_none()
    return page is not None and bool(citation.quote) and page.text[citation.start : citation.end] == citation.quote


def locate(page: CitedPage, start: int, end: int) -> dict[str, str | int]:
    """The place of `page.text[start:end]` in the original file, from the spans it touches."""
    touched = [span for span in page.spans if span[0] < end and span[1] > start]
    if not touched:
        return {"page": page.number}
    place: dict[str, str | int] = dict(touched[0][4])
    if "cell" in place:
        cells = [
            str(span[4]["cell"]) for span in touched if span[4].get("sheet") == place["sheet"] and "cell" in span[4]
        ]
        if len(set(cells)) > 1:
            # The header belongs to one cell, not to a range of them.
            place = {"sheet": place["sheet"], "cell": _range(cells)}
    confidences = [int(span[4]["confidence"]) for span in touched if "confidence" in span[4]]
    if confidences:
        place["confidence"] = min(confidences)  # a quote is no surer than its worst line
    return place


def _range(cells: Sequence[str]) -> str:
    """The smallest range that holds all cells, as a spreadsheet writes it: A7:C9."""
    corners = [corner for cell in cells for corner in _CELL.findall(cell)]
    columns = sorted({column for column, _ in corners}, key=lambda column: (len(column), column))
    rows = sorted({int(row) for _, row in corners})
    return f"{columns[0]}{rows[0]}:{columns[-1]}{rows[-1]}"


def _boxes(page: CitedPage, start: int, end: int) -> tuple[Box, ...] | None:
    if page.char_boxes is None:
        return None
    # Not at the top: most questions cite no PDF, and this draws in the PDF library.
    from ingest.render import highlight_boxes

    boxes = np.frombuffer(zlib.decompress(page.char_boxes), dtype=np.float32).reshape(-1, 4)
    return tuple(
        (float(left), float(bottom), float(right), float(top))
        for left, bottom, right, top in highlight_boxes(boxes, start, end)
    )
