"""The evaluation year: which districts take part, where the year stands (三、组织实施), and until when. All recorded acts.

A year that was never opened has no list of districts and no deadlines; whatever is handed in for it is taken, as on a
computer that one person uses for one district.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from importlib.resources import files
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ingest.tables_cycle import CycleAct
from review.approval import not_approved
from review.audit import write_act
from review.cycle_state import CLOSING as CLOSING
from review.cycle_state import STAGE_IDS, STAGES, District, Year, YearAct, stage_of, year_of
from review.errors import NotPublishableError, RefusedRecordError
from review.rights import allowed
from review.signing import named_signer
from review.turns import take_turn
from review.workspace import Workspace
from scoring_rules.case import LAST_CYCLE, MAX_DISTRICT_LENGTH
from scoring_rules.yaml_source import Faults, Node, parse_yaml


@allowed("read_rules", filters=True)
def year(workspace: Workspace, cycle: int) -> Year:
    """The year as the actor may see it: of districts only his own, and no act on another one."""
    with workspace.store.session() as session:
        found = year_of(session, cycle)
    sees = workspace.actor.sees
    return Year(
        cycle,
        found.stage,
        tuple(one for one in found.districts if sees(one.name)),
        {key: day for key, day in found.deadlines.items() if not key[1] or sees(key[1])},
        tuple(act for act in found.acts if sees(_about(act)) or (act.kind != "district" and not act.district)),
    )


def _about(act: YearAct) -> str:
    return act.subject if act.kind == "district" else act.district


@allowed("read_rules")
def cycles(workspace: Workspace) -> list[int]:
    """The years the office has opened, newest first."""
    with workspace.store.session() as session:
        opened = select(CycleAct.cycle).where(CycleAct.kind == "stage").distinct()
        return list(session.scalars(opened.order_by(CycleAct.cycle.desc())))


@allowed("keep_year")
def open_year(
    workspace: Workspace, cycle: int, districts: Sequence[District], by: str = "", *, until: str = "", reason: str = ""
) -> Year:
    """Opens a year with its districts, in 自查自评; until : ISO day of the deadline for handing in, "" = none yet.

    Raises RefusedRecordError for a year that is open already, no districts, a name twice, or a year the scheme does not reach.
    """
    who = named_signer(workspace, by)
    first = date.fromisoformat(workspace.scheme.issued).year
    if not first <= cycle <= LAST_CYCLE:
        raise RefusedRecordError(f"评价年度应在 {first} 至 {LAST_CYCLE} 之间，实际是 {cycle}")
    names = [_name(one.name) for one in districts]
    if not names:
        raise RefusedRecordError("没有一个区县，评价年度开设不了")
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise RefusedRecordError(f"区县名单里{'、'.join(twice)}重复")
    day = _day(until) if until else None

    def write(session: Session) -> Year:
        take_turn(session, "", cycle)
        if year_of(session, cycle).is_open:
            raise RefusedRecordError(f"{cycle} 年度已经开设，增减区县请用 edureview cycle district")
        for one in districts:
            _add(session, cycle, "district", one.name.strip(), _taking_part(one), who, reason)
        if day is not None:
            _add(session, cycle, "deadline", "self", {"until": day.isoformat()}, who, reason)
        _add(session, cycle, "stage", "self", {}, who, reason)
        opened = year_of(session, cycle)
        write_act(workspace, session, "year_act", cycle=cycle, subject="开设评价年度", after=_state(opened))
        return opened

    return workspace.store.write(write)


@allowed("keep_year")
def enter_stage(workspace: Workspace, cycle: int, stage: str, by: str = "", *, reason: str = "") -> Year:
    """The year enters a stage: the next one, or with a reason an earlier one. RefusedRecordError for any other.

    The last one only when the city government has approved the newest decision of every district: NotPublishableError.
    """
    who, wanted = named_signer(workspace, by), stage_of(stage)

    def write(session: Session) -> Year:
        before = _opened(session, cycle)
        assert before.stage is not None
        step = STAGE_IDS.index(wanted.id) - STAGE_IDS.index(before.stage.id)
        if step == 0:
            raise RefusedRecordError(f"{cycle} 年度已经在“{wanted.words}”阶段")
        if step > 1:
            following = STAGES[STAGE_IDS.index(before.stage.id) + 1].words
            raise RefusedRecordError(
                f"{cycle} 年度现在是“{before.stage.words}”，下一步是“{following}”，不能跳到“{wanted.words}”"
            )
        if step < 0 and not reason.strip():
            raise RefusedRecordError(f"从“{before.stage.words}”退回“{wanted.words}”要写明理由")
        if wanted.id == CLOSING and (lacking := not_approved(session, cycle, [one.name for one in before.districts])):
            raise NotPublishableError(cycle, lacking)
        _add(session, cycle, "stage", wanted.id, {}, who, reason)
        return _told(workspace, session, before, f"进入{wanted.words}")

    return workspace.store.write(write)


@allowed("keep_year")
def set_deadline(
    workspace: Workspace,
    cycle: int,
    stage: str,
    until: str,
    by: str = "",
    *,
    district: str | None = None,
    reason: str = "",
) -> Year:
    """Sets the last day (ISO) of a stage for all districts or for one; "" takes it back."""
    who, wanted = named_signer(workspace, by), stage_of(stage)
    day = "" if not until.strip() else _day(until).isoformat()

    def write(session: Session) -> Year:
        before = _opened(session, cycle)
        if district is not None and not before.has(district):
            raise RefusedRecordError(f"{cycle} 年度的区县名单里没有“{district}”")
        _add(session, cycle, "deadline", wanted.id, {"until": day}, who, reason, district or "")
        return _told(workspace, session, before, f"{wanted.words}期限", district or "")

    return workspace.store.write(write)


@allowed("keep_year")
def change_district(
    workspace: Workspace, cycle: int, one: District, by: str = "", *, takes_part: bool = True, reason: str = ""
) -> Year:
    """A district joins the year, is described anew, or leaves it (with a reason; what it handed in stays stored)."""
    who, name = named_signer(workspace, by), _name(one.name)
    if not takes_part and not reason.strip():
        raise RefusedRecordError(f"{name}退出评价年度要写明理由")

    def write(session: Session) -> Year:
        before = _opened(session, cycle)
        if not takes_part and not before.has(name):
            raise RefusedRecordError(f"{cycle} 年度的区县名单里没有“{name}”")
        value = _taking_part(one) if takes_part else {"takes_part": False}
        _add(session, cycle, "district", name, value, who, reason)
        return _told(workspace, session, before, "加入区县" if takes_part else "退出区县", name)

    return workspace.store.write(write)


def read_districts(text: str, source: str) -> list[District]:
    """The districts of a list in YAML (see corpus/districts). RefusedRecordError with every fault."""
    faults = Faults(source)
    part = parse_yaml(text, faults).mapping(("title", "districts"))
    part["title"].text()
    found = [_read(node) for node in part["districts"].sequence()]
    if faults:
        raise RefusedRecordError("；".join(sentence.rstrip("。") for sentence in faults.sentences))
    return found


def demo_districts() -> list[District]:
    """The twelve fictional districts of the demo."""
    source = files("corpus") / "districts" / "demo.yaml"
    return read_districts(source.read_text(encoding="utf-8"), "demo.yaml")


def _read(node: Node) -> District:
    part = node.mapping(("name",), ("zone", "note"))
    return District(
        part["name"].text(), "zone" in part and part["zone"].truth(), part["note"].text() if "note" in part else ""
    )


def _opened(session: Session, cycle: int) -> Year:
    take_turn(session, "", cycle)
    found = year_of(session, cycle)
    if not found.is_open:
        raise RefusedRecordError(f"{cycle} 年度还没有开设，请先用 edureview cycle open 开设")
    return found


def _taking_part(one: District) -> dict[str, Any]:
    return {"takes_part": True, "zone": one.zone, "note": one.note.strip()}


def _name(text: str) -> str:
    name = text.strip()
    if not name or len(name) > MAX_DISTRICT_LENGTH or not name.isprintable():
        raise RefusedRecordError(f"区县名称应为 1 至 {MAX_DISTRICT_LENGTH} 个字，没有换行等控制字符，实际是“{text}”")
    return name


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise RefusedRecordError(f"期限应写成“2020-05-31”的样子，实际是“{text}”") from None


def _add(
    session: Session, cycle: int, kind: str, subject: str, value: dict[str, Any], by: str, reason: str, district: str = ""
) -> None:  # fmt: skip
    session.add(
        CycleAct(
            cycle=cycle, kind=kind, subject=subject, district=district, value=value, by=by, reason=reason.strip(),
            recorded_at=datetime.now(UTC).replace(tzinfo=None),
        )
    )  # fmt: skip
    session.flush()


def _told(workspace: Workspace, session: Session, before: Year, subject: str, district: str = "") -> Year:
    after = year_of(session, before.cycle)
    write_act(
        workspace, session, "year_act", district=district, cycle=before.cycle, subject=subject,
        before=dict(_changed(before, after)), after=dict(_changed(after, before)),
    )  # fmt: skip
    return after


def _state(one: Year) -> dict[str, Any]:
    data = one.to_json()
    return {key: data[key] for key in ("stage", "districts", "deadlines")}


def _changed(one: Year, other: Year) -> Iterator[tuple[str, Any]]:
    """What of one differs from the other."""
    theirs = _state(other)
    return ((key, value) for key, value in _state(one).items() if value != theirs[key])
