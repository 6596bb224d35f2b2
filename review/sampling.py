"""The sample of the field check of a district: drawn, kept in the record, and printable."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from ingest.tables import Replacement, SampleRow
from review.acts import OfficeRules, office_rules
from review.audit import write_act
from review.cases import recorded_case
from review.errors import RefusedRecordError
from review.rights import allowed
from review.turns import take_turn
from review.workspace import Workspace
from scoring_rules.ledger import canonical_json
from scoring_rules.sampling import PER_INDICATOR, SCHOOL_COUNT, School, draw, frame, next_reserve, standing
from scoring_rules.scheme import Scheme


@dataclass(frozen=True, slots=True)
class DrawnSample:
    """A sample of a district. number : how many were drawn for this district and cycle so far, this one included."""

    district: str
    cycle: int
    number: int
    sample: Mapping[str, Any]
    replacements: tuple[Mapping[str, str], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The document of `sample --json`."""
        return {
            "district": self.district,
            "cycle": self.cycle,
            "draw": self.number,
            **self.sample,
            "replacements": [dict(entry) for entry in self.replacements],
        }

    def lines(self, scheme: Scheme) -> list[str]:
        """The list for printing: what to check, what replaces it, and how to draw it again."""
        sample = self.sample
        told = [
            f"{self.district} {self.cycle} 年度实地督导抽样名单（第 {self.number} 次抽样）",
            f"随机种子 {sample['seed']}　抽样框 SHA-256 {sample['frame_sha256']}",
            f"依据：{sample['basis']}",
            "",
            "一、指标",
        ]
        for stratum in sample["criteria"]:
            for name in stratum["drawn"]:
                told.append(f"  □ {stratum['stratum']}　{name} {scheme.criterion(name).name}")
            told.append(f"      替补次序：{'、'.join(stratum['reserve']) or '无'}")
        told += ["", "二、学校"]
        if not sample["schools"]:
            told.append("  没有提供学校名单，学校未抽。")
        for stratum in sample["schools"]:
            if not stratum["drawn"]:
                continue
            told.append(f"  {'·'.join(part for part in stratum['stratum'] if part)}（{stratum['of']} 所）")
            told += [f"    □ {name}" for name in stratum["drawn"]]
            told.append(f"      替补次序：{'、'.join(stratum['reserve']) or '无'}")
        if sample["not_covered"]:
            told.append(f"  样本太少，没有抽到：{'、'.join(sample['not_covered'])}。")
        told += [
            f"  已登记替补：{entry['out']} → {entry['in']}（{entry['reason']}；批准人 {entry['approved_by']}）"
            for entry in self.replacements
        ]
        told += ["", f"替补规则：{sample['replacement']}", "核查人签字：____________　日期：____________"]
        if self.number > 1:
            told.append(f"注意：这是本年度第 {self.number} 次抽样，以前各次都留在记录里。重抽须说明原因。")
        return told


@dataclass(frozen=True, slots=True)
class Sampled:
    """A unit that is to be checked. kind : criterion or school. reserve : what would stand in for it now, None = nothing is left."""

    kind: str
    unit: str
    reserve: str | None


@allowed("draw_sample")
def draw_sample(
    workspace: Workspace,
    district: str,
    cycle: int,
    seed: int,
    schools: Sequence[School] = (),
    *,
    per_indicator: int | None = None,
    school_count: int | None = None,
) -> DrawnSample:
    """The sample, kept in the record. The same seed and frame as the newest one: that one, nothing is added.

    per_indicator, school_count : how many to draw; None = what the parameters say (约定).
    """
    case = recorded_case(workspace, district, cycle)
    rules = office_rules(workspace, cycle)
    scheme = rules.scheme
    if per_indicator is None:
        per_indicator = int(_number(rules, PER_INDICATOR, cycle))
    if school_count is None:
        school_count = int(_number(rules, SCHOOL_COUNT, cycle))
    units = frame(scheme, () if case is None else case.not_applicable, schools)
    stratified = scheme.term("sample_design") != "simple_random"
    sample = draw(units, seed, per_indicator=per_indicator, schools=school_count, stratified=stratified)
    document = canonical_json(sample).decode()
    of_district = (SampleRow.district == district, SampleRow.cycle == cycle)

    def work(session: Session) -> int:
        newest = session.scalar(select(SampleRow).where(*of_district).order_by(SampleRow.id.desc()).limit(1))
        if newest is None or newest.document != document:
            session.add(
                SampleRow(
                    district=district,
                    cycle=cycle,
                    seed=str(seed),
                    frame_sha256=sample["frame_sha256"],
                    document=document,
                    drawn_at=datetime.now(UTC),
                )
            )
            drawn = {"seed": str(seed), "frame_sha256": sample["frame_sha256"]}
            before = None if newest is None else {"seed": newest.seed, "frame_sha256": newest.frame_sha256}
            write_act(
                workspace, session, "sample_drawn", district=district, cycle=cycle, subject=f"种子 {seed}",
                before=before, after=drawn,
            )  # fmt: skip
        return session.scalar(select(func.count()).select_from(SampleRow).where(*of_district)) or 0

    number = workspace.write(work)
    return DrawnSample(district, cycle, number, sample, tuple(recorded_replacements(workspace, district, cycle)))


def _number(rules: OfficeRules, name: str, cycle: int) -> Fraction:
    number = rules.parameters[name].number(date(cycle - 1, 12, 31))
    if number is None or number < 1:
        raise RefusedRecordError(f"参数“{name}”没有可用的取值，请用 edureview parameter set 登记")
    return number


@allowed("read_sample")
def recorded_sample(workspace: Workspace, district: str, cycle: int) -> Mapping[str, Any] | None:
    """The newest sample of the district and cycle; None when none was drawn."""
    with workspace.store.session() as session:
        row = session.scalar(_newest(district, cycle))
        if row is None:
            return None
        sample: Mapping[str, Any] = json.loads(row.document)
        return sample


def _newest(district: str, cycle: int) -> Select[SampleRow]:
    where = (SampleRow.district == district, SampleRow.cycle == cycle)
    return select(SampleRow).where(*where).order_by(SampleRow.id.desc()).limit(1)


@allowed("read_sample")
def recorded_replacements(workspace: Workspace, district: str, cycle: int) -> list[dict[str, str]]:
    """The replacements in the newest sample, in the order they were recorded, as a decision carries them."""
    with workspace.store.session() as session:
        row = session.scalar(_newest(district, cycle))
        return [] if row is None else _replacements(session, row)


@allowed("read_sample")
def sampled_units(workspace: Workspace, district: str, cycle: int) -> list[Sampled]:
    """What is to be checked in the newest sample as replacements leave it; [] without a sample."""
    sample = recorded_sample(workspace, district, cycle)
    if sample is None:
        return []
    used = recorded_replacements(workspace, district, cycle)
    return [
        Sampled(kind, unit, next_reserve(sample, kind, unit, used))
        for kind in ("criterion", "school")
        for unit in standing(sample, kind, used)[0]
    ]


@allowed("draw_sample")
def replace_unit(
    workspace: Workspace, district: str, cycle: int, unit: str, reason: str, approved_by: str
) -> dict[str, str]:
    """Records that the next reserve of the same stratum stands in for a drawn criterion or school; for good.

    Nobody picks the reserve: it is the first one not yet used. Raises RefusedRecordError without a sample, reason or
    approval, for a unit that is not to be checked, and where the stratum has no reserve left.
    """
    unit, reason, approved_by = unit.strip(), reason.strip(), approved_by.strip()
    if not reason or not approved_by:
        raise RefusedRecordError("替补要写明原因和批准人")

    def work(session: Session) -> dict[str, str]:
        take_turn(session, district, cycle)
        row = session.scalar(_newest(district, cycle))
        if row is None:
            raise RefusedRecordError(f"{district} {cycle} 年度没有登记抽样，先用 edureview sample 抽样")
        sample, used = json.loads(row.document), _replacements(session, row)
        kind = "criterion" if any(unit in (*s["drawn"], *s["reserve"]) for s in sample["criteria"]) else "school"
        try:
            reserve = next_reserve(sample, kind, unit, used)
        except KeyError:
            raise RefusedRecordError(f"“{unit}”不在现在的样本里") from None
        if reserve is None:
            raise RefusedRecordError(f"“{unit}”所在的层没有替补了，按规则如实记为未核查")
        entry = {"kind": kind, "out": unit, "in": reserve, "reason": reason, "approved_by": approved_by}
        session.add(
            Replacement(
                sample_id=row.id, kind=kind, unit_out=unit, unit_in=reserve, reason=reason, approved_by=approved_by,
                recorded_at=datetime.now(UTC),
            )
        )  # fmt: skip
        write_act(
            workspace, session, "unit_replaced", district=district, cycle=cycle, subject=unit, before=None, after=entry
        )
        return entry

    return workspace.write(work)


def _replacements(session: Session, row: SampleRow) -> list[dict[str, str]]:
    used = session.scalars(select(Replacement).where(Replacement.sample_id == row.id).order_by(Replacement.id))
    return [
        {"kind": r.kind, "out": r.unit_out, "in": r.unit_in, "reason": r.reason, "approved_by": r.approved_by}
        for r in used
    ]
