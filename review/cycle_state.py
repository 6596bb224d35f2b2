"""An evaluation year as its recorded acts leave it: stage, districts, deadlines. Read inside whatever transaction asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ingest.tables_cycle import CycleAct
from review.errors import RefusedRecordError


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
# Acts on what is expected of an item (review.expectations): of the year, but nothing of its stage, districts or deadlines.
EXPECTED = "expected"


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
        elif row.kind == EXPECTED:
            continue
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


def act_words(act: YearAct) -> str:
    """What was done, as people read it."""
    if act.kind == "stage":
        return f"进入“{stage_of(act.subject).words}”"
    if act.kind == "deadline":
        whose = f"（{act.district}）" if act.district else ""
        return f"{stage_of(act.subject).words}期限{whose}：{act.value.get('until') or '收回'}"
    if act.kind == EXPECTED:
        return f"应交材料 {act.subject} {'恢复为目录' if act.value.get('reset') else '更改'}"
    return f"{act.subject}{'参加' if act.value.get('takes_part') else '退出'}"
