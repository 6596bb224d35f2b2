"""Ranks any collection of texts for a set of topics, through the same index and search as the evidence; writes TREC runs."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ingest.frames import spans_to_json
from ingest.pages import ParsedPage
from ingest.passages import cut
from ingest.readers.builder import PageBuilder
from ingest.store import open_store
from ingest.tables import Document, Page, Passage
from retrieval.annotate import Annotator
from retrieval.embedder import Embedder
from retrieval.errors import CollectionFormatError
from retrieval.hybrid import System
from retrieval.index import EvidenceIndex
from retrieval.itemmap import ItemMapper
from scoring_rules.catalogue import load_catalogue
from scoring_rules.scheme_loader import load_scheme

PLACE = ("评测", 1)  # district and cycle of the made-up document that holds the collection
DEPTH = 100
TAG = "edureview"


@dataclass(frozen=True, slots=True)
class RankedText:
    """One line of a run. rank : 1 = best; score : falls with the rank, comparable within one topic only."""

    topic: str
    text_id: str
    rank: int
    score: float


def read_collection(path: Path) -> dict[str, str]:
    """{"id": …, "text": …} per line → id: text, in order. Raises CollectionFormatError naming the first bad line."""
    texts: dict[str, str] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            id_, text = row["id"], row["text"]
        except (ValueError, TypeError, KeyError) as exc:
            raise CollectionFormatError(path.name, number, '应为 {"id": "…", "text": "…"}') from exc
        if not isinstance(id_, str) or not isinstance(text, str) or not id_ or len(id_.split()) != 1:
            raise CollectionFormatError(path.name, number, "id 应为不含空格的文字，text 应为文字")
        if id_ in texts:
            raise CollectionFormatError(path.name, number, f"id “{id_}”重复")
        texts[id_] = text
    return texts


def rank_collection(
    passages: Mapping[str, str],
    topics: Mapping[str, str],
    embedder: Embedder,
    *,
    system: System = "hybrid",
    depth: int = DEPTH,
    on_passages: Callable[[int], None] | None = None,
    cache: Path | None = None,
) -> Iterator[RankedText]:
    """The `depth` best texts of every topic, topic by topic. A text longer than a passage counts by its best passage.

    The texts are taken in as evidence is: for `hybrid` they are also linked to the items of the scheme in force.
    cache : a folder in which the items' vectors are kept from run to run.
    Ties are broken by (−score, id). A topic for which nothing is found has no lines.
    """
    ids = list(passages)
    with tempfile.TemporaryDirectory(prefix="edureview-run-") as folder:
        store = open_store(Path(folder))
        try:
            with store.session() as session:
                document = Document(
                    district=PLACE[0], cycle=PLACE[1], file="passages.jsonl", sha256="0" * 64, size=0, state="indexed",
                    facts={}, ingested_at=datetime.now(UTC).replace(tzinfo=None),
                )  # fmt: skip
                for number, text in enumerate(passages.values(), 1):
                    _add(document, _page(number, text))
                session.add(document)
            index = EvidenceIndex(store, Path(folder), embedder)
            index.index_pending(on_passages, annotate=_annotator(embedder, cache) if system == "hybrid" else None)
            for topic, text in topics.items():
                yield from _ranked(index, topic, text, ids, system, depth)
        finally:
            store.engine.dispose()


def _annotator(embedder: Embedder, cache: Path | None) -> Annotator:
    return Annotator(ItemMapper(load_scheme(), load_catalogue(), embedder, cache=cache))


def _page(number: int, text: str) -> ParsedPage:
    builder = PageBuilder()
    for line in text.splitlines():
        if line.strip():
            builder.line(line, "paragraph", {"line": number})
    return builder.page(number, str(number), "text")


def _add(document: Document, parsed: ParsedPage) -> None:
    page = Page(
        number=parsed.number,
        label=parsed.label,
        state=parsed.state,
        text=parsed.text,
        spans=spans_to_json(parsed.spans),
    )
    document.pages.append(page)
    for piece in cut([parsed], ""):
        key = f"{parsed.number}-{piece.start}-{piece.end}"
        text = parsed.text[piece.start : piece.end]
        document.passages.append(Passage(key=key, page=page, start=piece.start, end=piece.end, text=text))


def _ranked(
    index: EvidenceIndex, topic: str, text: str, ids: Sequence[str], system: System, depth: int
) -> Iterator[RankedText]:
    best: dict[str, float] = {}
    # Twice as many passages as texts are wanted, since several may be of one text.
    for hit in index.search(text, k=2 * depth, system=system):
        best.setdefault(ids[hit.page - 1], hit.score)
    ranked = sorted(best.items(), key=lambda pair: (-pair[1], pair[0]))[:depth]
    for rank, (id_, score) in enumerate(ranked, 1):
        yield RankedText(topic, id_, rank, score)


def trec_lines(run: Iterable[RankedText], tag: str = TAG) -> Iterator[str]:
    """The six columns topic, Q0, text, rank, score, tag."""
    for line in run:
        yield f"{line.topic} Q0 {line.text_id} {line.rank} {line.score:.6f} {tag}"
