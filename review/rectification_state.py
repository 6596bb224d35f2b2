"""Problems of a year as their acts leave them, and what of them goes into the next year's B15-4."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ingest.tables_cycle import Problem, ProblemAct
from retrieval.cite import Citation

OUTCOMES = {"done": "整改到位", "partly": "部分整改", "not_done": "未整改"}


@dataclass(frozen=True, slots=True)
class Act:
    """Something done about a problem. number : within the problem. content : see review.rectification."""

    number: int
    kind: str
    content: Mapping[str, Any]
    by: str
    at: str


@dataclass(frozen=True, slots=True)
class Tracked:
    """A problem with all that was done about it. due_on : ISO day, the newest where it was put off."""

    district: str
    cycle: int
    number: int
    item: str
    text: str
    origin: str
    due_on: str
    by: str
    at: str
    acts: tuple[Act, ...]

    def newest(self, kind: str) -> Act | None:
        """The newest act of a kind."""
        return next((act for act in reversed(self.acts) if act.kind == kind), None)

    @property
    def outcome(self) -> str | None:
        """What the newest recheck found (a key of OUTCOMES); None while nobody has rechecked."""
        recheck = self.newest("recheck")
        return None if recheck is None else str(recheck.content["outcome"])

    @property
    def state_words(self) -> str:
        """Where it stands, as people read it."""
        if self.outcome is not None:
            return OUTCOMES[self.outcome]
        if self.newest("evidence") is not None:
            return "已报整改，待复查"
        return "整改中" if self.newest("plan") is not None else "未报措施"

    def to_json(self) -> dict[str, Any]:
        """One entry of `rectification list --json`."""
        return {
            "district": self.district, "cycle": self.cycle, "number": self.number, "item": self.item, "text": self.text,
            "origin": self.origin, "due_on": self.due_on, "by": self.by, "at": self.at, "state": self.state_words,
            "outcome": self.outcome,
            "acts": [
                {"number": act.number, "kind": act.kind, "by": act.by, "at": act.at, **act.content} for act in self.acts
            ],
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class SideBySide:
    """A problem of last year with the evidence of both years. handed_in : files the district named as proof, (file, SHA-256).

    before, now : the best passages on the item, of last year's and of this year's material.
    """

    problem: Tracked
    before: tuple[Citation, ...]
    handed_in: tuple[tuple[str, str], ...]
    now: tuple[Citation, ...]

    def to_json(self) -> dict[str, Any]:
        """One entry of `rectification compare --json`."""
        return {
            "problem": self.problem.to_json(),
            "before": [citation.to_json() for citation in self.before],
            "handed_in": [{"file": file, "sha256": sha256} for file, sha256 in self.handed_in],
            "now": [citation.to_json() for citation in self.now],
        }


@dataclass(frozen=True, slots=True)
class Carried:
    """Last year's problems for this year's case: `due` in all, `unrectified` of them not put right by the newest recheck.

    A problem put right in part is not put right. unchecked : numbers of those nobody has rechecked; while there is one, nobody
    can say how many are unrectified, and it counts neither way.
    """

    due: int
    unrectified: int
    unchecked: tuple[int, ...]


def tracked(session: Session, district: str, cycle: int) -> list[Tracked]:
    """The problems of the district and cycle, by number."""
    query = select(Problem).where(Problem.district == district, Problem.cycle == cycle).order_by(Problem.number)
    problems = session.scalars(query).all()
    done: dict[int, list[Act]] = {problem.id: [] for problem in problems}
    acts = select(ProblemAct).where(ProblemAct.problem_id.in_(done)).order_by(ProblemAct.problem_id, ProblemAct.number)
    for act in session.scalars(acts):
        done[act.problem_id].append(
            Act(act.number, act.kind, dict(act.content), act.by, act.recorded_at.isoformat())
        )  # fmt: skip
    found = []
    for problem in problems:
        put_off = [act.content["until"] for act in done[problem.id] if act.kind == "due"]
        found.append(
            Tracked(
                district, cycle, problem.number, problem.item, problem.text, problem.origin,
                put_off[-1] if put_off else problem.due_on, problem.by, problem.recorded_at.isoformat(),
                tuple(done[problem.id]),
            )
        )  # fmt: skip
    return found


def carried_into(session: Session, district: str, cycle: int) -> Carried | None:
    """What the problems of the year before mean for this year's case; None when none were registered."""
    problems = tracked(session, district, cycle - 1)
    if not problems:
        return None
    return Carried(
        len(problems),
        sum(problem.outcome in ("partly", "not_done") for problem in problems),
        tuple(problem.number for problem in problems if problem.outcome is None),
    )
