"""Bytes → pages → passages → record, one file at a time. A bad file becomes a row with a reason, never an exception."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from ingest.describe import describe
from ingest.errors import MissingFileError, ReaderStoppedError, UnreadableFileError
from ingest.folder import find_files, skip_reason
from ingest.frames import findings_to_json, spans_to_json
from ingest.isolate import Limits, read_isolated
from ingest.pages import ParsedPage
from ingest.passages import cut
from ingest.readers.base import Properties
from ingest.store import Store
from ingest.tables import Document, Page, Passage

__all__ = ["FileResult", "find_files", "ingest_file"]

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_RESTARTS = 3  # a page that kills the reader is skipped with a reason; a file with more of them is given up


@dataclass(frozen=True, slots=True)
class FileResult:
    """What became of a file.

    document_id : None when there is no row: skipped, or not there.
    state : "indexed", "partly", "failed" as in the record, or "skipped". reason : Chinese sentence, "" when all was read.
    pages : rows in the record. is_new : False when the same content was already there under this label.
    """

    document_id: int | None
    file: str
    state: str
    reason: str
    pages: int
    is_new: bool


@dataclass(slots=True)
class _Reading:
    """What has come back from the reading process so far."""

    properties: Properties | None = None
    pages: list[ParsedPage] | None = None
    refusal: str = ""


def ingest_file(
    store: Store,
    path: Path,
    *,
    district: str,
    cycle: int,
    label: str,
    on_page: Callable[[int, int], None] | None = None,
    limits: Limits | None = None,
) -> FileResult:
    """Reads a file into the record of a district and cycle, or finds it there already.

    on_page : called with (pages read, pages in all) after each page. Safe to repeat and to interrupt: a reading that was
    broken off is done again from the start.
    """
    if reason := skip_reason(path, label):
        return FileResult(None, label, "skipped", reason, 0, False)
    try:
        sha256, size = _keep(store, path, label)
    except MissingFileError as exc:
        return FileResult(None, label, "failed", str(exc), 0, False)
    document_id, settled = _claim(store, district, cycle, label, sha256, size)
    if settled is not None:
        return settled
    reading = _read(store, document_id, store.original(sha256), label, on_page, limits)
    return _finish(store, document_id, reading, cycle)


def _keep(store: Store, path: Path, label: str) -> tuple[str, int]:
    """Copies the bytes to the originals under their SHA-256; returns it and the size. Raises MissingFileError."""
    digest, size = hashlib.sha256(), 0
    handle, scratch = tempfile.mkstemp(dir=store.originals)
    try:
        try:
            with os.fdopen(handle, "wb") as target, path.open("rb") as source:
                while block := source.read(1 << 20):
                    digest.update(block)
                    size += len(block)
                    target.write(block)
        except OSError as exc:
            raise MissingFileError(label, _why(exc)) from exc
        kept = store.original(digest.hexdigest())
        if not kept.exists():
            kept.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(scratch, kept)
        return digest.hexdigest(), size
    finally:
        Path(scratch).unlink(missing_ok=True)


def _why(exc: OSError) -> str:
    if isinstance(exc, FileNotFoundError):
        return "文件不存在"
    if isinstance(exc, PermissionError):
        return "没有读取权限"
    return exc.strerror or type(exc).__name__


def _claim(
    store: Store, district: str, cycle: int, label: str, sha256: str, size: int
) -> tuple[int, FileResult | None]:
    """The row to read into; and the result at once when there is nothing left to read."""
    with store.session() as session:
        same = select(Document).where(Document.district == district, Document.cycle == cycle, Document.sha256 == sha256)
        document = session.scalars(same.where(Document.file == label)).first()
        if document is not None and document.state != "reading":
            return document.id, _result(session, document, is_new=False)
        if document is None:
            document = Document(
                district=district, cycle=cycle, file=label, sha256=sha256, size=size, state="reading", facts={}
            )
            document.ingested_at = datetime.now(UTC).replace(tzinfo=None)
            session.add(document)
        else:  # broken off earlier: again from the start
            session.execute(delete(Passage).where(Passage.document_id == document.id))
            session.execute(delete(Page).where(Page.document_id == document.id))
        session.flush()
        first = session.scalars(
            same.where(
                Document.id != document.id, Document.state != "reading", Document.duplicate_of.is_(None)
            ).order_by(Document.id)
        ).first()
        if first is None:
            return document.id, None
        document.duplicate_of, document.state, document.kind = first.id, first.state, first.kind
        document.title, document.type_code, document.data_year = first.title, first.type_code, first.data_year
        document.facts = first.facts
        document.reason = f"《{label}》与《{first.file}》内容完全相同，不重复读取，请核对是否应为不同材料。"
        return document.id, _result(session, document, is_new=True)


def _read(
    store: Store,
    document_id: int,
    original: Path,
    label: str,
    on_page: Callable[[int, int], None] | None,
    limits: Limits | None,
) -> _Reading:
    """Takes pages from the reading process and stores each as it comes; goes on behind a page that kills the reader."""
    reading = _Reading(pages=[])
    pages = reading.pages = []
    first = 1
    for _ in range(_RESTARTS + 1):
        try:
            for item in read_isolated(original, label, first=first, limits=limits):
                if isinstance(item, Properties):
                    reading.properties = item
                    continue
                _take(store, document_id, item, pages, reading, on_page)
            return reading
        except UnreadableFileError as exc:
            reading.refusal = str(exc)
            return reading
        except ReaderStoppedError as exc:
            if reading.properties is None:
                reading.refusal = str(exc)
                return reading
            number = len(pages) + 1
            if number > reading.properties.pages:
                return reading
            why = f"《{label}》第 {number} 页读取时中断（{exc.why}），没有读到文字，请检查这一页或重新导出后上传。"
            _take(store, document_id, ParsedPage(number, f"第{number}页", "failed", "", why), pages, reading, on_page)
            first = number + 1
            if first > reading.properties.pages:
                return reading
    total = reading.properties.pages if reading.properties else 0
    for number in range(len(pages) + 1, total + 1):
        why = f"《{label}》前面多次中断，第 {number} 页没有读取，请拆分或重新导出后上传。"
        _take(store, document_id, ParsedPage(number, f"第{number}页", "failed", "", why), pages, reading, on_page)
    return reading


def _take(
    store: Store,
    document_id: int,
    page: ParsedPage,
    pages: list[ParsedPage],
    reading: _Reading,
    on_page: Callable[[int, int], None] | None,
) -> None:
    # No database stores half a character, and PostgreSQL no NUL. One for one: offsets and boxes stay right.
    page = replace(page, text=_UNSTORABLE.sub("\ufffd", page.text))
    with store.session() as session:
        session.add(_row(document_id, page))
    pages.append(page)
    if on_page is not None and reading.properties is not None:
        on_page(len(pages), max(reading.properties.pages, len(pages)))


def _row(document_id: int, page: ParsedPage) -> Page:
    boxes = None
    if page.char_boxes is not None:
        # A hundredth of a point is far finer than any screen, and packs to a third.
        boxes = zlib.compress(page.char_boxes.round(2).astype("<f4").tobytes())
    return Page(
        document_id=document_id,
        number=page.number,
        label=page.label[:120],
        state=page.state,
        reason=page.reason,
        text=page.text,
        spans=spans_to_json(page.spans),
        width=page.width,
        height=page.height,
        char_boxes=boxes,
        source=page.source,
        findings=findings_to_json(page.findings),
    )


def _finish(store: Store, document_id: int, reading: _Reading, cycle: int) -> FileResult:
    """Describes the document, cuts its passages and settles its state, in one transaction."""
    pages = reading.pages or []
    with store.session() as session:
        document = session.get_one(Document, document_id)
        if reading.properties is not None:
            document.kind = reading.properties.kind
            document.findings = findings_to_json(reading.properties.findings)
        title = reading.properties.title if reading.properties else ""
        found = describe(document.file, document.kind, pages, title, expected_year=cycle - 1)
        document.title, document.type_code, document.data_year = found.title, found.type_code, found.data_year
        document.facts = found.facts
        document.state, document.reason = _settle(document.file, reading, pages)
        ids = {page.number: page.id for page in session.scalars(select(Page).where(Page.document_id == document_id))}
        texts = {page.number: page.text for page in pages}
        for piece in cut(pages, found.title):
            key = f"{document.sha256[:16]}-{piece.number}-{piece.start}-{piece.end}"
            text = texts[piece.number][piece.start : piece.end]
            session.add(
                Passage(
                    key=key,
                    document_id=document_id,
                    page_id=ids[piece.number],
                    start=piece.start,
                    end=piece.end,
                    text=text,
                    context=piece.context,
                )
            )
        session.flush()
        return _result(session, document, is_new=True)


def _settle(file: str, reading: _Reading, pages: Sequence[ParsedPage]) -> tuple[str, str]:
    """State and reason of the whole document."""
    if reading.refusal and not pages:
        return "failed", reading.refusal
    failed = [page for page in pages if page.state == "failed"]
    read = [page for page in pages if page.state in ("text", "ocr")]
    told = [page.reason for page in pages if page.reason and page.state != "empty"]
    reasons = list(dict.fromkeys([*(reading.properties.defects if reading.properties else ()), *told]))
    if not read and not failed:
        return "failed", f"《{file}》里没有任何文字，请核对是否传错文件。"
    if failed and not read and len(failed) > 1 and len(failed) == len(pages):
        return "failed", f"《{file}》共 {len(pages)} 页，全部没有读到文字。{failed[0].reason}"
    if len(failed) > 1:
        listed = "、".join(str(page.number) for page in failed[:20]) + ("等" if len(failed) > 20 else "")
        reasons.insert(0, f"《{file}》共 {len(pages)} 页，第 {listed} 页没有读到文字。")
    shown = reasons[:4] + ([f"另有 {len(reasons) - 4} 条说明，见各页。"] if len(reasons) > 4 else [])
    state = "failed" if failed and not read else "partly" if failed else "indexed"
    return state, "".join(shown)


def _result(session: Session, document: Document, *, is_new: bool) -> FileResult:
    pages = len(session.scalars(select(Page.id).where(Page.document_id == document.id)).all())
    return FileResult(document.id, document.file, document.state, document.reason, pages, is_new)
