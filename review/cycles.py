"""The evaluation year: which districts take part, where the year stands (三、组织实施), and until when. All recorded acts.

A year that was never opened has no list of districts and no deadlines; whatever is handed in for it is taken, as on a
computer that one person uses for one district.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from importlib.resources import files
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ingest.tables_cycle import CycleAct
from review.audit import write_act
from review.errors import RefusedRecordError
from review.rights import allowed
from review.signing import named_signer
from review.turns import take_turn
from review.workspace import Workspace
from scoring_rules.case import LAST_CYCLE, MAX_DISTRICT_LENGTH
from scoring_rules.yaml_source import Faults, Node, parse_yaml


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of the year. step : the paragraph of the official document that orders it."""

    id: str
    words: str
    step: str


STAGES = (
    Stage("self", "自查自评", "三（一）"),
    Stage("review", "审核监测", "三（二）"),
    Stage("field", "实地督导", "三（三）"),
    Stage("feedback", "反馈意见", "三（四）"),
    Stage("rectify", "整改复查", "三（五）"),
    Stage("publish", "发布", "三（六）"),
)
STAGE_IDS = tuple(stage.id for stage in STAGES)
CLOSING = STAGE_IDS[-1]


@dataclass(frozen=True, slots=True)
class District:
    """A district of a year. zone : a development or functional zone, no district government."""

    name: str
    zone: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class YearAct:
    """An act as people read it. district : "" = of all."""

    number: int
    kind: str
    subject: str
    district: str
    value: Mapping[str, Any]
    by: str
    reason: str
    at: str


@dataclass(frozen=True, slots=True)
class Year:
    """An evaluation year as its acts leave it. stage : None while it was never opened. districts : in their order.

    deadlines : (stage, district) → the last day; district "" = of all, where a district has none of its own.
    """

    cycle: int
    stage: Stage | None
    districts: tuple[District, ...]
    deadlines: Mapping[tuple[str, str], date]
    acts: tuple[YearAct, ...] = field(repr=False, default=())

    @property
    def is_open(self) -> bool:
        """Whether the office has opened it."""
        return self.stage is not None

    @property
    def is_closed(self) -> bool:
        """Whether its report is out: nothing of it changes any more."""
        return self.stage is not None and self.stage.id == CLOSING

    def has(self, district: str) -> bool:
        """Whether the district takes part; in a year that was never opened every one does."""
        return not self.is_open or any(one.name == district for one in self.districts)

    def deadline(self, stage: str, district: str) -> date | None:
        """The last day of a stage for the district; None when none was set."""
        return self.deadlines.get((stage, district), self.deadlines.get((stage, "")))

    def to_json(self) -> dict[str, Any]:
        """The document of `cycle show --json`."""
        return {
            "cycle": self.cycle,
            "data_year": self.cycle - 1,
            "stage": None if self.stage is None else {"id": self.stage.id, "words": self.stage.words},
            "districts": [{"name": one.name, "zone": one.zone, "note": one.note} for one in self.districts],
            "deadlines": [
                {"stage": stage, "district": district or None, "until": day.isoformat()}
                for (stage, district), day in sorted(self.deadlines.items())
            ],
            "acts": [
                {
                    "number": act.number, "kind": act.kind, "subject": act.subject, "district": act.district or None,
                    "value": dict(act.value), "by": act.by, "reason": act.reason, "at": act.at,
                }
                for act in self.acts
            ],
        }  # fmt: skip


def year_of(session: Session, cycle: int) -> Year:
    """The year as the record has it in this session, with all its districts."""
    rows = session.scalars(select(CycleAct).where(CycleAct.cycle == cycle).order_by(CycleAct.id)).all()
    stage: Stage | None = None
    districts: dict[str, District] = {}
    deadlines: dict[tuple[str, str], date] = {}
    for row in rows:
        if row.kind == "stage":
            stage = stage_of(row.subject)
        elif row.kind == "district" and row.value["takes_part"]:
            districts[row.subject] = District(row.subject, row.value["zone"], row.value["note"])
        elif row.kind == "district":
            districts.pop(row.subject, None)
        elif row.value["until"]:
            deadlines[row.subject, row.district] = date.fromisoformat(row.value["until"])
        else:
            deadlines.pop((row.subject, row.district), None)
    return Year(cycle, stage, tuple(districts.values()), deadlines, tuple(_act(row) for row in rows))


def _act(row: CycleAct) -> YearAct:
    return YearAct(
        row.id, row.kind, row.subject, row.district, dict(row.value), row.by, row.reason, row.recorded_at.isoformat()
    )


def stage_of(stage: str) -> Stage:
    """The stage of that id or name. RefusedRecordError when there is none."""
    for one in STAGES:
        if stage.strip() in (one.id, one.words):
            return one
    raise RefusedRecordError(f"没有“{stage}”这个阶段，只有{'、'.join(one.words for one in STAGES)}")


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
        return list(session.scalars(select(CycleAct.cycle).distinct().order_by(CycleAct.cycle.desc())))


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
    """The year enters a stage: the next one, or with a reason an earlier one. RefusedRecordError for any other."""
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
