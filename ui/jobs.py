"""Imports in the background, so that a click on another page never stops them; how far they are is in the record, not here."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import streamlit as st

from ingest.errors import IngestError
from ingest.faults import fault_of
from retrieval.errors import RetrievalError
from review.errors import ReviewError
from review.intake import IntakeResult, Progress, places_to_resume, resume, take_in
from review.people import LOCAL, Person
from review.workspace import Workspace
from scoring_rules.errors import ScoringError


@dataclass(slots=True)
class IntakeJob:
    """One import, or the rest of an earlier one (then `result` stays None). error : what stopped it; `result` is then None.

    places : (district, cycle) that it is about. progress : None before the first file.
    """

    places: tuple[tuple[str, int], ...]
    progress: Progress | None = None
    result: IntakeResult | None = None
    error: str = ""
    fault: BaseException | None = None
    thread: threading.Thread | None = field(default=None, repr=False)

    @property
    def running(self) -> bool:
        """Whether files are still being read or indexed."""
        return self.thread is not None and self.thread.is_alive()

    def shown_to(self, viewer: Person) -> bool:
        """Whether the viewer may know of it: names and numbers of files of every place are told."""
        return all(viewer.sees(district) for district, _ in self.places)

    def start(self, work: Callable[[Callable[[Progress], None]], IntakeResult | None]) -> None:
        """Begin in a thread of its own. work : is given what to tell its progress to."""
        self.thread = threading.Thread(target=self._run, args=(work,), name="intake", daemon=True)
        self.thread.start()

    def _run(self, work: Callable[[Callable[[Progress], None]], IntakeResult | None]) -> None:
        try:
            self.result = work(self._tell)
        except (ReviewError, IngestError, RetrievalError, ScoringError) as exc:
            self.error = str(exc)
        except BaseException as exc:  # noqa: BLE001 - the machine's refusal is told; a bug is kept, and raised where a person sees it
            refusal = fault_of(exc)
            if refusal is None:
                self.fault = exc
            else:
                self.error = str(refusal)

    def _tell(self, progress: Progress) -> None:
        self.progress = progress


@st.cache_resource(show_spinner=False)
def _jobs() -> list[IntakeJob]:
    """The imports of all sessions that run, or whose result nobody has read yet; oldest first."""
    return []


def running_jobs(viewer: Person = LOCAL) -> list[IntakeJob]:
    """Imports that are not finished, of any session, as far as the viewer may know of them."""
    return [job for job in _jobs() if job.running and job.shown_to(viewer)]


def finished_jobs(viewer: Person = LOCAL) -> list[IntakeJob]:
    """Imports that ended and have something to say, as far as the viewer may know of them."""
    for job in [job for job in _jobs() if not job.running and not (job.result or job.error or job.fault)]:
        _jobs().remove(job)
    return [job for job in _jobs() if not job.running and job.shown_to(viewer)]


def start_job(workspace: Workspace, district: str, cycle: int, folder: tempfile.TemporaryDirectory[str]) -> IntakeJob:
    """Start an import of what is in the folder, which is removed as soon as its files are kept. Others may be running."""
    job = IntakeJob(((district, cycle),))
    _jobs().append(job)

    def work(tell: Callable[[Progress], None]) -> IntakeResult:
        try:
            return take_in(
                workspace,
                [Path(folder.name)],
                district=district,
                cycle=cycle,
                on_progress=tell,
                on_handed_in=folder.cleanup,
            )
        finally:
            folder.cleanup()

    job.start(work)
    return job


def resume_job(workspace: Workspace) -> IntakeJob | None:
    """Go on with what was left undone (the program was closed or killed), or follow the program that is at it; None when there is nothing."""
    places = () if running_jobs() else places_to_resume(workspace)
    if not places:
        return None
    job = IntakeJob(places)
    _jobs().append(job)
    job.start(lambda tell: resume(workspace, tell))
    return job


def forget_jobs(viewer: Person = LOCAL) -> None:
    """Drop the finished imports that the viewer was shown, so that their results are shown no longer."""
    for job in finished_jobs(viewer):
        _jobs().remove(job)
