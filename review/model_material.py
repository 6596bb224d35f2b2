"""What a language model is given to read: the passages behind an answer that was found without it, under opaque keys.

Nothing else of the record reaches it: no file names, no links, no figures read, no points, and no passage that the person
who asks was not answered with anyway.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from ingest.hidden import order_places
from ingest.tables import Document, Page, Passage
from retrieval.answer import Answer, SchemeCitation
from retrieval.cite import Citation, cite, find_quote, verify

MOST_PASSAGES = 12
MOST_CHARACTERS = 600  # of one passage
LEFT_OUT = "〔此处略去〕"
AnyCitation = Citation | SchemeCitation


@dataclass(frozen=True, slots=True)
class Piece:
    """A passage as the model knows it. key : opaque, new for every question. text : as stored. source : where it was cited.

    start : of `text` in the stored page (or official text). withheld : ranges of `text` that read like orders to whoever
    assesses; the model is not shown them and may not quote them. passage : its row, None for official text.
    """

    key: str
    text: str
    source: AnyCitation
    start: int
    passage: int | None
    withheld: tuple[tuple[int, int], ...] = ()

    @property
    def shown(self) -> str:
        """The text as the model sees it."""
        parts, at = [], 0
        for start, end in self.withheld:
            parts += [self.text[at:start], LEFT_OUT]
            at = end
        return "".join([*parts, self.text[at:]])

    def find(self, quote: str) -> tuple[int, int] | None:
        """Where the quote stands in `text`; None when it does not, or reaches into what was withheld."""
        found = find_quote(self.text, quote)
        if found is None or any(start < found[1] and end > found[0] for start, end in self.withheld):
            return None
        return found


def material_of(session: Session, answer: Answer) -> tuple[Piece, ...]:
    """The passages the answer cites, each once, in its order. What is no longer stored as it was cited is left out."""
    pieces: list[Piece] = []
    seen: set[tuple[object, ...]] = set()
    for citation in _cited(answer):
        piece = _official(citation) if isinstance(citation, SchemeCitation) else _stored(session, citation)
        if piece is None:
            continue
        place = (piece.source.document, piece.passage, piece.start, len(piece.text))
        if place not in seen:
            seen.add(place)
            pieces.append(piece)
        if len(pieces) == MOST_PASSAGES:
            break
    return tuple(pieces)


def material_lines(pieces: Sequence[Piece]) -> str:
    """One JSON object a line. JSON, so that no text can close the fence around it or pass for our own words."""
    return "\n".join(json.dumps({"key": piece.key, "text": piece.shown}, ensure_ascii=False) for piece in pieces)


def cite_piece(session: Session, piece: Piece, start: int, end: int) -> AnyCitation | None:
    """The citation of `piece.text[start:end]`, checked against what is stored now; None when that has changed."""
    quote = piece.text[start:end]
    if isinstance(piece.source, SchemeCitation):
        first = piece.source.start + start
        return replace(piece.source, start=first, end=first + len(quote), quote=quote)
    passage = session.get(Passage, piece.passage)
    if passage is None:
        return None
    made = cite(session, passage, piece.start + start, piece.start + end)
    made = replace(
        made, document_id=piece.source.document_id, file=piece.source.file, district=piece.source.district, cycle=piece.source.cycle
    )  # fmt: skip
    return made if made.quote == quote and verify(session, made) else None


def new_key() -> str:
    """A key nobody can guess, so that nothing an uploaded file says can name one."""
    return f"K{secrets.token_hex(4).upper()}"


def _cited(answer: Answer) -> Iterable[AnyCitation]:
    for sentence in answer.sentences:
        yield from sentence.citations
    for row in answer.table.rows if answer.table else ():
        yield from row.citations


def _official(citation: SchemeCitation) -> Piece:
    return Piece(new_key(), citation.quote, citation, citation.start, None)


def _stored(session: Session, citation: Citation) -> Piece | None:
    if not verify(session, citation):
        return None
    document = session.get_one(Document, citation.document_id)
    holder = document.duplicate_of or document.id
    passage = session.scalar(
        select(Passage)
        .join(Page, Passage.page_id == Page.id)
        .where(
            Passage.document_id == holder, Page.number == citation.page, Passage.start <= citation.start, Passage.end > citation.start
        )
        .order_by(Passage.start.desc())
        .limit(1)
    )  # fmt: skip
    if passage is None:
        return None
    # A window around the words cited, wide enough for what belongs to them.
    begin = _sentence_start(passage.text, citation.start - passage.start)
    text = passage.text[begin : begin + MOST_CHARACTERS]
    return Piece(new_key(), text, citation, passage.start + begin, passage.id, tuple(order_places(text, hidden=False)))


def _sentence_start(text: str, cited: int) -> int:
    """Where the sentence begins that stands a quarter of the window before the words cited; 0 when that is the text's begin."""
    earliest = cited - MOST_CHARACTERS // 4
    if earliest <= 0:
        return 0
    ends = [at for mark in "。！？；\n" if (at := text.find(mark, earliest, cited)) >= 0]
    return min(ends) + 1 if ends else cited
