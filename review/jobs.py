"""Works through the queue: documents are read and pages recognised side by side, while what is ready is cut and indexed.

Exactly one worker per data folder, over all processes: it holds the folder's lock, which the system takes back when it ends,
however it ends. Whoever finds the lock taken only watches, and goes on with the work as soon as the lock is free. Every step is stored
before the next one begins (ingest.queue), so that nothing is lost or done twice, and the result is the same, wherever it was broken off.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

from sqlalchemy.orm import Session

from ingest import isolate, queue, reading, recognition
from ingest.errors import IngestError
from ingest.faults import fault_of
from ingest.finish import publish, settle, settle_failed
from ingest.isolate import RECOGNITION_LIMITS
from ingest.locks import FileLock
from ingest.originals import sweep
from ingest.tables import Document, Job, Page, Passage
from retrieval.errors import RetrievalError
from review.errors import BusyError
from review.indexing import Indexing
from review.workspace import Workspace

LOCK_FILE = "reading.lock"
# Pages of a document that is still being read before its first passages can be found; then again at twice as many, and so on.
PUBLISH_PAGES = 40
_NAP_SECONDS = 0.2
_MOST_PROCESSES = 4  # of each kind: a recognition process takes about a gigabyte


@dataclass(frozen=True, slots=True)
class Hands:
    """How many documents are read, and how many pages recognised, at the same time."""

    readers: int = field(default_factory=lambda: min(os.cpu_count() or 1, _MOST_PROCESSES))
    recognisers: int = field(default_factory=lambda: min(os.cpu_count() or 1, _MOST_PROCESSES))


def lock_of(workspace: Workspace) -> FileLock:
    """The lock of the data folder; a new object each time."""
    home = workspace.settings.home
    home.mkdir(parents=True, exist_ok=True)
    return FileLock(home / LOCK_FILE)


@contextmanager
def alone(workspace: Workspace) -> Iterator[None]:
    """Keeps every other worker out. Raises BusyError when one is at work."""
    lock = lock_of(workspace)
    if not lock.acquire():
        raise BusyError
    try:
        yield
    finally:
        lock.release()


def work_through(
    workspace: Workspace, documents: Sequence[int], *, hands: Hands | None = None, nap: float = _NAP_SECONDS
) -> None:
    """Returns when nothing is left to do for these documents: by working through the whole queue, or by waiting for who does.

    Raises DiskFullError, RecordLockedError, RetrievalError; what is stored stays, and the same call goes on from there.
    """
    lock = lock_of(workspace)
    resting = threading.Event()
    while not queue.progress_of(workspace.store, documents).finished:
        if lock.acquire():
            try:
                Worker(workspace, hands or Hands()).run()
            finally:
                lock.release()
        else:
            resting.wait(nap)


class Worker:
    """One run through the queue; the caller holds the lock."""

    def __init__(self, workspace: Workspace, hands: Hands) -> None:
        self._workspace, self._store, self._hands = workspace, workspace.store, hands
        self._stopping = threading.Event()
        self._news = threading.Event()
        self._claiming = threading.Lock()
        self._in_work: dict[str, set[int]] = {"document": set(), "page": set()}
        self._fault: BaseException | None = None
        self._indexing = Indexing(workspace, self._check_fault, self._forget)

    def run(self) -> None:
        """Until the queue is empty. Raises what stopped it; RetrievalError only after everything has been read."""
        sweep(self._store)
        threads = [
            threading.Thread(target=self._loop, args=(step,), name=f"{step.__name__}-{number}", daemon=True)
            for step, count in ((self._read_next, self._hands.readers), (self._recognise_next, self._hands.recognisers))
            for number in range(count)
        ]
        for thread in threads:
            thread.start()
        try:
            self._direct()
        finally:
            self._stopping.set()
            if any(thread.is_alive() and self._in_work_now() for thread in threads):
                isolate.abort()
            for thread in threads:
                thread.join()
            isolate.close(RECOGNITION_LIMITS)  # a gigabyte each, not to be kept for a next time that may never come
        self._indexing.settle()

    def _direct(self) -> None:
        """Cuts, publishes and indexes what is ready: the only thread that writes passages and vectors."""
        while True:
            if self._fault is not None:
                raise fault_of(self._fault) or self._fault
            if self._settle_next() or self._index_next() or self._publish_next():
                continue
            if self._nothing_left():
                return
            self._news.wait(_NAP_SECONDS)
            self._news.clear()

    def _nothing_left(self) -> bool:
        if queue.is_empty(self._store):
            return True
        left = (queue.next_document(self._store, stage) for stage in (queue.READ, queue.RECOGNISE))
        return self._indexing.unreachable is not None and all(document is None for document in left)

    def _in_work_now(self) -> bool:
        return any(self._in_work.values())

    # Threads

    def _loop(self, step: Callable[[], bool]) -> None:
        try:
            while not self._stopping.is_set():
                if step():
                    self._news.set()
                else:
                    self._stopping.wait(_NAP_SECONDS)
        except BaseException as exc:  # noqa: BLE001 - kept for the thread that directs, which raises it
            self._fault = exc
            self._news.set()

    @contextmanager
    def _claimed(self, kind: str, find: Callable[..., int | None]) -> Iterator[int | None]:
        """The next piece of work of a kind that no other thread has, None when there is none."""
        mine = self._in_work[kind]
        with self._claiming:
            found = find(besides=frozenset(mine))
            if found is not None:
                mine.add(found)
        try:
            yield found
        finally:
            if found is not None:
                mine.discard(found)

    def _read_next(self) -> bool:
        with self._claimed("document", partial(queue.next_document, self._store, queue.READ)) as document_id:
            if document_id is None:
                return False
            try:
                reading.read_document(self._store, document_id, on_page=self._tell, stopping=self._stopping.is_set)
            except Exception as exc:  # noqa: BLE001 - a bug met in one file must not stop the others
                self._stop_at_fault(exc)
                why = f"《{self._file_of(document_id)}》读取时程序出错（{type(exc).__name__}），请反馈给维护人员；其余材料不受影响。"
                reading.give_up(self._store, document_id, why)
            return True

    def _recognise_next(self) -> bool:
        with self._claimed("page", partial(queue.next_waiting_page, self._store)) as page_id:
            if page_id is None:
                return False
            try:
                recognition.recognise_page(self._store, page_id, stopping=self._stopping.is_set)
            except Exception as exc:  # noqa: BLE001 - a bug met in one file must not stop the others
                self._stop_at_fault(exc)
                with self._store.session() as session:
                    page = session.get_one(Page, page_id)
                    file, label = session.get_one(Document, page.document_id).file, page.label
                why = (
                    f"《{file}》{label}文字识别时程序出错（{type(exc).__name__}），请反馈给维护人员；其余各页不受影响。"
                )
                recognition.give_up(self._store, page_id, why)
            return True

    @staticmethod
    def _stop_at_fault(exc: Exception) -> None:
        """Raises what concerns the machine rather than the file: then no other file would fare better."""
        fault = fault_of(exc)
        if fault is not None or isinstance(exc, (IngestError, RetrievalError)):
            raise fault or exc

    def _tell(self, page: int, pages: int) -> None:
        self._news.set()

    def _file_of(self, document_id: int) -> str:
        with self._store.session() as session:
            return session.get_one(Document, document_id).file

    # What the directing thread does

    def _settle_next(self) -> bool:
        document_id = queue.next_settled(self._store)
        if document_id is None:
            return False
        try:
            settle(self._store, document_id, forget=self._forget)
        except Exception as exc:  # noqa: BLE001 - a bug met in one file must not stop the others
            self._stop_at_fault(exc)
            why = f"《{self._file_of(document_id)}》整理时程序出错（{type(exc).__name__}），请反馈给维护人员；其余材料不受影响。"
            settle_failed(self._store, document_id, why)
        return True

    def _publish_next(self) -> bool:
        if self._indexing.unreachable is not None:
            return False
        document_id = queue.next_to_publish(self._store, least=PUBLISH_PAGES)
        if document_id is None:
            return False
        publish(self._store, document_id, forget=self._forget)
        self._indexing.index(document_id)
        return True

    def _index_next(self) -> bool:
        if self._indexing.unreachable is not None:
            return False
        document_id = queue.next_document(self._store, queue.INDEX)
        if document_id is None:
            return False
        if self._indexing.index(document_id) and self._indexing.replace_older(document_id):
            self._store.write(lambda session: session.delete(session.get_one(Job, document_id)))
        return True

    def _check_fault(self, _done: int) -> None:
        if self._fault is not None:
            raise self._fault

    def _forget(self, session: Session, passages: Sequence[Passage]) -> Sequence[str]:
        return self._workspace.index.forget(session, passages) if passages else ()
