"""Has one waiting page recognised in a process of its own, and stores what it says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sqlalchemy.orm import Session

from ingest.errors import ReaderStoppedError, UnreadableFileError
from ingest.isolate import Limits, recognise_isolated
from ingest.page_rows import fill, parsed
from ingest.pages import ParsedPage
from ingest.store import Store
from ingest.tables import Document, Page

# A process that died without a word may have been a victim of something else: the page is tried again before it is given up.
_TRIES = 3


def recognise_page(
    store: Store, page_id: int, *, limits: Limits | None = None, stopping: Callable[[], bool] = lambda: False
) -> None:
    """Reads a page in state "waiting" by text recognition; afterwards its state is final.

    stopping : asked when the process has died; when true, nothing is stored and the page goes on waiting.
    Raises DiskFullError, RecordLockedError.
    """
    with store.session() as session:
        row = session.get_one(Page, page_id)
        document = session.get_one(Document, row.document_id)
        path, file, kind = store.original(document.sha256), document.file, document.kind
        waiting = parsed(row)
    page: ParsedPage | None = None
    for tried in range(1, _TRIES + 1):
        try:
            page = recognise_isolated(path, file, kind, waiting.number, waiting.source, limits=limits)
            break
        except UnreadableFileError as exc:
            page = without_recognition(waiting, str(exc))
            break
        except ReaderStoppedError as exc:
            if stopping():
                return
            if not exc.died or tried == _TRIES:
                why = f"《{file}》{waiting.label}文字识别时中断（{exc.why}），请重新扫描或导出后上传。"
                page = without_recognition(waiting, why)
                break
    if page is None or stopping():
        return
    final = settled(waiting, page)

    def keep(session: Session) -> None:
        row = session.get_one(Page, page_id)
        if row.state == "waiting":  # whoever was first has stored the same
            fill(row, final)

    store.write(keep)


def give_up(store: Store, page_id: int, why: str) -> None:
    """Ends the waiting of a page with a reason. why : Chinese sentence."""

    def write(session: Session) -> None:
        row = session.get_one(Page, page_id)
        fill(row, without_recognition(parsed(row), why))

    store.write(write)


def settled(waiting: ParsedPage, page: ParsedPage) -> ParsedPage:
    """The recognised page in the place of the one that waited: its number, label and source, the findings of both, a final state."""
    findings = tuple(dict.fromkeys((*waiting.findings, *page.findings)))
    if page.state == "waiting":
        page = without_recognition(waiting, page.reason or f"{waiting.label}没有识别出结果，请核对原件。")
    return replace(page, number=waiting.number, label=waiting.label, source=waiting.source, findings=findings)


def without_recognition(waiting: ParsedPage, why: str) -> ParsedPage:
    """What remains when the picture cannot be read: the text layer if there is one, else a failed page; `why` says so."""
    return replace(waiting, state="text" if waiting.text.strip() else "failed", reason=why)
