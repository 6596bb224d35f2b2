"""Takes the pages of a document from the reading process into the record, from the first that is not there yet."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ingest.errors import ReaderStoppedError, UnreadableFileError
from ingest.frames import findings_to_json
from ingest.hidden import name_findings
from ingest.isolate import Limits, read_isolated
from ingest.page_rows import fill
from ingest.pages import ParsedPage
from ingest.queue import READ, RECOGNISE
from ingest.readers.base import Properties
from ingest.store import Store
from ingest.tables import Document, Job, Page

# A page that kills the reader is skipped with a reason; a file with more of them is given up.
_MOST_STOPS = 4
# A process that died without a word may have been a victim of something else: the page is tried again before it is given up.
_TRIES = 3

Never = Callable[[], bool]


def read_document(
    store: Store,
    document_id: int,
    *,
    on_page: Callable[[int, int], None] | None = None,
    limits: Limits | None = None,
    stopping: Never = lambda: False,
) -> None:
    """Reads what is not yet read of a document that is in stage "read"; each page is stored as it comes, and only once.

    After an interruption the reader begins with the first page again, because a table may go on from page to page; pages that are
    stored are passed over. Text recognition, which takes the time, is not part of it.

    on_page : called with (pages read, pages in all) after each page. stopping : asked when the reading process has died; when
    true, its death is nobody's fault and nothing of it is stored. Raises DiskFullError, RecordLockedError.
    """
    reading = _Reading(store, document_id, on_page)
    died = 0
    while reading.unfinished:
        before = reading.reached
        try:
            for item in read_isolated(reading.path, reading.file, first=reading.begin, limits=limits):
                reading.take(item)
            break
        except UnreadableFileError as exc:
            reading.refuse(str(exc))
            break
        except ReaderStoppedError as exc:
            if stopping():
                return
            died = died + 1 if reading.reached == before else 1
            if not (exc.died and died < _TRIES):
                reading.skip(exc)
                died = 0
    if not stopping():
        reading.finish()


class _Reading:
    """How far the document is: in memory the same as in the record."""

    def __init__(self, store: Store, document_id: int, on_page: Callable[[int, int], None] | None) -> None:
        self._store, self._id, self._on_page = store, document_id, on_page
        with store.session() as session:
            document, job = session.get_one(Document, document_id), session.get_one(Job, document_id)
            self.file, self.path = document.file, store.original(document.sha256)
            self.pages, self.stops, self.begin = job.pages, job.stops, job.begin
            self.stage, self.refusal = job.stage, job.refusal
            stored = select(func.max(Page.number)).where(Page.document_id == document_id)
            self.reached: int = session.scalar(stored) or 0

    @property
    def unfinished(self) -> bool:
        return self.stage == READ and not self.refusal and (self.pages == 0 or self.reached < self.pages)

    def take(self, item: Properties | ParsedPage) -> None:
        """Stores what the reader sent."""
        if isinstance(item, Properties):
            self._store.write(lambda session: self._describe(session, item))
            self.pages = item.pages
        elif item.number > self.reached:
            self._store.write(lambda session: self._add(session, item))
            self._reached(item.number)

    def _describe(self, session: Session, properties: Properties) -> None:
        document, job = session.get_one(Document, self._id), session.get_one(Job, self._id)
        found = (*properties.findings, *name_findings(document.file.rsplit("/", 1)[-1]))
        document.kind, document.findings = properties.kind, findings_to_json(found)
        job.pages, job.title, job.defects = properties.pages, properties.title, list(properties.defects)

    def _add(self, session: Session, page: ParsedPage) -> None:
        session.add(fill(Page(document_id=self._id, number=page.number), page))

    def _reached(self, number: int) -> None:
        self.reached = number
        if self._on_page is not None:
            self._on_page(number, max(self.pages, number))

    def refuse(self, sentence: str) -> None:
        """Nothing, or nothing more, can be read."""

        def store(session: Session) -> None:
            session.get_one(Job, self._id).refusal = sentence

        self._store.write(store)
        self.refusal = sentence

    def skip(self, stopped: ReaderStoppedError) -> None:
        """The next page is the one that stopped the reader: it gets a row that says so, and too many of them end the reading."""
        if self.pages == 0:
            self.refuse(str(stopped))
            return
        number = self.reached + 1
        if number > self.pages:
            return
        why = {
            number: f"《{self.file}》第 {number} 页读取时中断（{stopped.why}），没有读到文字，请检查这一页或重新导出后上传。"
        }
        if self.stops + 1 >= _MOST_STOPS:
            why |= {
                rest: f"《{self.file}》前面多次中断，第 {rest} 页没有读取，请拆分或重新导出后上传。"
                for rest in range(number + 1, self.pages + 1)
            }

        def store(session: Session) -> None:
            job = session.get_one(Job, self._id)
            job.stops, job.begin = self.stops + 1, number + 1
            for failed, reason in why.items():
                self._add(session, ParsedPage(failed, f"第{failed}页", "failed", "", reason))

        self._store.write(store)
        self.stops, self.begin = self.stops + 1, number + 1
        for failed in why:
            self._reached(failed)

    def finish(self) -> None:
        """All pages the reader has are stored."""

        def store(session: Session) -> None:
            session.get_one(Job, self._id).stage = RECOGNISE

        if self.stage == READ:
            self._store.write(store)


def give_up(store: Store, document_id: int, why: str) -> None:
    """Ends the reading of a document with a reason; the pages read so far stay. why : Chinese sentence."""

    def write(session: Session) -> None:
        job = session.get_one(Job, document_id)
        job.refusal, job.stage = why, RECOGNISE

    store.write(write)
