"""Reading uploaded files in the background, so that a click on another page never stops it. One import at a time."""

from __future__ import annotations

import tempfile
import threading
from dataclasses import dataclass, field
from pathlib import Path

import streamlit as st

from ingest.errors import IngestError
from retrieval.errors import RetrievalError
from review.errors import ReviewError
from review.intake import IntakeResult, Progress, take_in
from review.workspace import Workspace
from scoring_rules.errors import ScoringError


@dataclass(slots=True)
class IntakeJob:
    """One import. progress : None before the first file. error : what stopped it; `result` is then None."""

    district: str
    cycle: int
    folder: tempfile.TemporaryDirectory[str]
    progress: Progress | None = None
    result: IntakeResult | None = None
    error: str = ""
    fault: BaseException | None = None
    thread: threading.Thread | None = field(default=None, repr=False)

    @property
    def running(self) -> bool:
        """Whether files are still being read or indexed."""
        return self.thread is not None and self.thread.is_alive()

    def start(self, workspace: Workspace) -> None:
        """Begin in a thread of its own; the folder is removed at the end."""
        self.thread = threading.Thread(target=self._run, args=(workspace,), name="intake", daemon=True)
        self.thread.start()

    def _run(self, workspace: Workspace) -> None:
        try:
            self.result = take_in(
                workspace, [Path(self.folder.name)], district=self.district, cycle=self.cycle, on_progress=self._tell
            )
        except (ReviewError, IngestError, RetrievalError, ScoringError) as exc:
            self.error = str(exc)
        except BaseException as exc:  # noqa: BLE001 - a bug: kept, and raised where a person sees it
            self.fault = exc
        finally:
            self.folder.cleanup()

    def _tell(self, progress: Progress) -> None:
        self.progress = progress


@st.cache_resource(show_spinner=False)
def _slot() -> dict[str, IntakeJob]:
    """Holds the newest import of all sessions under "newest"."""
    return {}


def newest_job() -> IntakeJob | None:
    """The import that runs or ran last, of any session."""
    return _slot().get("newest")


def start_job(workspace: Workspace, district: str, cycle: int, folder: tempfile.TemporaryDirectory[str]) -> IntakeJob:
    """Start an import; the caller has checked that none is running."""
    job = IntakeJob(district, cycle, folder)
    _slot()["newest"] = job
    job.start(workspace)
    return job


def forget_job() -> None:
    """Drop the finished import, so that its result is shown no longer."""
    _slot().pop("newest", None)
