"""Rectification (三（五）): problems told to a district, what it does about them, what the office finds, and next year's B15-4."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ingest.tables_cycle import Problem, ProblemAct
from retrieval.cite import Citation
from review.audit import write_act
from review.completeness import completeness
from review.cycle_state import year_of
from review.errors import RefusedRecordError
from review.feedback import REGISTERED, feedback_points
from review.problem_evidence import cited_by, kept, passages_named, stored_file
from review.rectification_state import OUTCOMES, Carried, Tracked, carried_into, tracked
from review.rectification_state import SideBySide as SideBySide
from review.rights import allowed
from review.signing import named_signer
from review.turns import take_turn
from review.workspace import Workspace


@allowed("read_evidence")
def problems(workspace: Workspace, district: str, cycle: int) -> list[Tracked]:
    """The problems of the district and cycle with all that was done about them."""
    with workspace.store.session() as session:
        return tracked(session, district, cycle)


@allowed("read_evidence")
def carried(workspace: Workspace, district: str, cycle: int) -> Carried | None:
    """What the problems of the year before mean for B15-4 of this cycle; None when none were registered."""
    with workspace.store.session() as session:
        return carried_into(session, district, cycle)


@allowed("recheck")
def raise_problem(
    workspace: Workspace, district: str, cycle: int, item: str, text: str, origin: str, due_on: str, by: str = "",
    *, passages: Sequence[str] = (),
) -> Tracked:  # fmt: skip
    """Registers a problem. origin : the paper it was told in; due_on : ISO day. The same item and words again add nothing.

    passages : keys of the passages it rests on. The letter cites them, and every number of the problem has to stand in one.
    Raises RefusedRecordError for anything left out, UnknownItemError for an item the scheme does not have.
    """
    return _raise(
        workspace, district, cycle, item, text, origin, due_on, by,
        lambda session: passages_named(session, district, cycle, passages),
    )  # fmt: skip


def _raise(
    workspace: Workspace, district: str, cycle: int, item: str, text: str, origin: str, due_on: str, by: str,
    rests_on: Callable[[Session], Sequence[Citation]],
) -> Tracked:  # fmt: skip
    who, name = named_signer(workspace, by), workspace.check_item(item)
    if not text.strip() or not origin.strip():
        raise RefusedRecordError("问题要写明内容，以及在哪份文件里指出")
    day = _day(due_on).isoformat()

    def write(session: Session) -> Tracked:
        take_turn(session, district, cycle)
        _refuse_closed(session, district, cycle)
        citations = rests_on(session)
        same = [p for p in tracked(session, district, cycle) if (p.item, p.text) == (name, text.strip())]
        if same:
            return same[0]
        last = select(func.max(Problem.number)).where(Problem.district == district, Problem.cycle == cycle)
        row = Problem(
            district=district, cycle=cycle, number=(session.scalar(last) or 0) + 1, item=name, text=text.strip(),
            origin=origin.strip(), due_on=day, by=who, recorded_at=_now(),
        )  # fmt: skip
        session.add(row)
        session.flush()
        value = kept(citations)
        if citations:
            session.add(
                ProblemAct(problem_id=row.id, number=1, kind="cites", content=value, by=who, recorded_at=_now())
            )
            session.flush()
        write_act(
            workspace, session, "rectification_act", district=district, cycle=cycle, subject=f"问题 {row.number} 登记",
            after={"item": name, "text": row.text, "origin": row.origin, "due_on": day, **value},
        )  # fmt: skip
        return tracked(session, district, cycle)[-1]

    return _once(workspace, write)


@allowed("recheck")
def raise_from_feedback(
    workspace: Workspace,
    district: str,
    cycle: int,
    origin: str,
    due_on: str,
    by: str = "",
    *,
    kinds: Sequence[str] = (),
) -> list[Tracked]:
    """Registers the problems the feedback of the district tells (of these kinds; () = of all), each once, with what it cites."""
    told, found = feedback_points(workspace, district, cycle), []
    for problem in told.problems:
        if problem.kind != REGISTERED and (not kinds or problem.kind in kinds):
            cited = [told.references[number - 1] for number in problem.evidence]
            text = f"{problem.kind}：{problem.sentence}"
            found.append(
                _raise(workspace, district, cycle, problem.item, text, origin, due_on, by, partial(_as_they_are, cited))
            )
    return found


def _as_they_are(citations: Sequence[Citation], _: Session) -> Sequence[Citation]:
    return citations


@allowed("recheck")
def name_evidence(
    workspace: Workspace, district: str, cycle: int, number: int, passages: Sequence[str], by: str = "",
    *, seen: int | None = None,
) -> Tracked:  # fmt: skip
    """The office names further passages (keys) the problem rests on. seen : see `_act`."""

    def content(session: Session, problem: Tracked) -> dict[str, Any]:
        there = {(one.document_id, one.page, one.start, one.end) for one in cited_by(problem)}
        named = passages_named(session, district, cycle, passages)
        new = [one for one in named if (one.document_id, one.page, one.start, one.end) not in there]
        if not new:
            raise RefusedRecordError(f"第 {number} 号问题没有新的佐证段落可记")
        return kept(new)

    return _act(workspace, district, cycle, number, "cites", content, by, seen)


@allowed("rectify")
def plan(
    workspace: Workspace, district: str, cycle: int, number: int, measure: str, responsible: str, until: str, by: str = "",
    *, seen: int | None = None,
) -> Tracked:  # fmt: skip
    """The district's measure: what, who answers for it, until when (ISO, not after the day the office set). seen : see `_act`."""
    if not measure.strip() or not responsible.strip():
        raise RefusedRecordError("整改方案要写明措施和责任人")
    day = _day(until).isoformat()

    def content(session: Session, problem: Tracked) -> dict[str, Any]:
        if day > problem.due_on:
            raise RefusedRecordError(f"完成时限 {day} 晚于要求的 {problem.due_on}，请先请市教育督导办同意延期")
        return {"measure": measure.strip(), "responsible": responsible.strip(), "until": day}

    return _act(workspace, district, cycle, number, "plan", content, by, seen)


@allowed("rectify")
def give_evidence(
    workspace: Workspace, district: str, cycle: int, number: int, files: Sequence[str], note: str = "", by: str = "",
    *, seen: int | None = None,
) -> Tracked:  # fmt: skip
    """The district says what proves it: stored files of the year of the problem or of the next one, by name, kept with their hash."""
    if not files:
        raise RefusedRecordError("要写明用哪些材料证明整改情况")

    def content(session: Session, problem: Tracked) -> dict[str, Any]:
        return {"files": [stored_file(session, district, cycle, name) for name in files], "note": note.strip()}

    return _act(workspace, district, cycle, number, "evidence", content, by, seen)


@allowed("recheck")
def put_off(
    workspace: Workspace, district: str, cycle: int, number: int, until: str, reason: str, by: str = "",
    *, seen: int | None = None,
) -> Tracked:  # fmt: skip
    """The office sets another day (ISO), with a reason."""
    if not reason.strip():
        raise RefusedRecordError("延期要写明理由")
    value = {"until": _day(until).isoformat(), "reason": reason.strip()}
    return _act(workspace, district, cycle, number, "due", lambda *_: value, by, seen)


@allowed("recheck")
def recheck(
    workspace: Workspace, district: str, cycle: int, number: int, outcome: str, on: str, document: str, note: str = "",
    by: str = "", *, seen: int | None = None,
) -> Tracked:  # fmt: skip
    """What the office found (a key or word of OUTCOMES), on which day, by which record; anything but done has to be explained."""
    found = next((key for key, words in OUTCOMES.items() if outcome.strip() in (key, words)), None)
    if found is None:
        raise RefusedRecordError(f"复查结论只能是{'、'.join(OUTCOMES.values())}，实际是“{outcome}”")
    day = _day(on)
    if day > datetime.now(UTC).date():
        raise RefusedRecordError(f"复查日期 {on} 还没有到")
    if not document.strip():
        raise RefusedRecordError("复查要写明依据的记录，如复查记录表的名称")
    if found != "done" and not note.strip():
        raise RefusedRecordError(f"{OUTCOMES[found]}要写明还差什么")
    value = {"outcome": found, "on": day.isoformat(), "document": document.strip(), "note": note.strip()}

    def content(session: Session, problem: Tracked) -> dict[str, Any]:
        if found == "done" and problem.newest("evidence") is None and not note.strip():
            raise RefusedRecordError(f"第 {number} 号问题区县没有报整改材料，认定整改到位要写明是怎样查实的")
        return value

    return _act(workspace, district, cycle, number, "recheck", content, by, seen)


@allowed("read_evidence")
def side_by_side(workspace: Workspace, district: str, cycle: int) -> list[SideBySide]:
    """Last year's problems with last year's evidence and this year's, for the review of this cycle."""
    told = problems(workspace, district, cycle - 1)
    if not told:
        return []
    before, now = (
        {entry.item: entry.evidence + entry.out_of_period for entry in completeness(workspace, district, year).items}
        for year in (cycle - 1, cycle)
    )
    found = []
    for problem in told:
        files = [file for act in problem.acts if act.kind == "evidence" for file in act.content["files"]]
        handed_in = tuple(dict.fromkeys((file["file"], file["sha256"]) for file in files))
        found.append(SideBySide(problem, before[problem.item], handed_in, now[problem.item]))
    return found


def _act(
    workspace: Workspace, district: str, cycle: int, number: int, kind: str, content: Any, by: str, seen: int | None
) -> Tracked:
    """Adds an act. content : (session, problem) → JSON data. seen : how many acts the person saw; with more there now he is refused."""
    who = named_signer(workspace, by)

    def write(session: Session) -> Tracked:
        take_turn(session, district, cycle)
        _refuse_closed(session, district, cycle)
        problem = _problem(session, district, cycle, number)
        if seen is not None and seen != len(problem.acts):
            last = problem.acts[-1]
            raise RefusedRecordError(
                f"第 {number} 号问题在您打开之后已由{last.by}办理过（现为“{problem.state_words}”），您的内容没有写入，请重新打开后再填"
            )
        value = content(session, problem)
        owner = select(Problem.id).where(Problem.district == district, Problem.cycle == cycle, Problem.number == number)
        row = ProblemAct(
            problem_id=session.scalars(owner).one(), number=len(problem.acts) + 1, kind=kind, content=value, by=who,
            recorded_at=_now(),
        )  # fmt: skip
        session.add(row)
        session.flush()
        after = _problem(session, district, cycle, number)
        write_act(
            workspace, session, "rectification_act", district=district, cycle=cycle, subject=f"问题 {number}",
            before={"state": problem.state_words}, after={"state": after.state_words, "kind": kind, **value},
        )  # fmt: skip
        return after

    return _once(workspace, write)


def _once(workspace: Workspace, write: Any) -> Tracked:
    try:
        done: Tracked = workspace.store.write(write)
    except IntegrityError as exc:
        raise RefusedRecordError("另一个人刚刚办理了同一个问题，您的内容没有写入，请重新打开后再填") from exc
    return done


def _problem(session: Session, district: str, cycle: int, number: int) -> Tracked:
    for problem in tracked(session, district, cycle):
        if problem.number == number:
            return problem
    raise RefusedRecordError(f"{district} {cycle} 年度没有第 {number} 号问题，可用 edureview rectification list 查看")


def _refuse_closed(session: Session, district: str, cycle: int) -> None:
    """A problem may be worked on until the report of the next year is out: its recheck belongs to that year."""
    if not year_of(session, cycle).has(district):
        raise RefusedRecordError(f"{cycle} 年度的区县名单里没有“{district}”")
    if year_of(session, cycle + 1).is_closed:
        raise RefusedRecordError(f"{cycle + 1} 年度评价报告已经发布，{cycle} 年度的问题不能再办理")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise RefusedRecordError(f"日期应写成“2019-12-31”的样子，实际是“{text}”") from None


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
