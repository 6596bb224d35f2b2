"""The sample of the field check of a district: drawn, kept in the record, and printable."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select

from ingest.tables import SampleRow
from review.cases import recorded_case
from review.workspace import Workspace
from scoring_rules.ledger import canonical_json
from scoring_rules.sampling import CRITERIA_PER_INDICATOR, SCHOOLS, School, draw, frame
from scoring_rules.scheme import Scheme


@dataclass(frozen=True, slots=True)
class DrawnSample:
    """A sample of a district. number : how many were drawn for this district and cycle so far, this one included."""

    district: str
    cycle: int
    number: int
    sample: Mapping[str, Any]

    def to_json(self) -> dict[str, Any]:
        """The document of `sample --json`."""
        return {"district": self.district, "cycle": self.cycle, "draw": self.number, **self.sample}

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
            told.append("  没有提供学校名单（--schools），学校未抽。")
        for stratum in sample["schools"]:
            if not stratum["drawn"]:
                continue
            told.append(f"  {'·'.join(part for part in stratum['stratum'] if part)}（{stratum['of']} 所）")
            told += [f"    □ {name}" for name in stratum["drawn"]]
            told.append(f"      替补次序：{'、'.join(stratum['reserve']) or '无'}")
        if sample["not_covered"]:
            told.append(f"  样本太少，没有抽到：{'、'.join(sample['not_covered'])}。")
        told += ["", f"替补规则：{sample['replacement']}", "核查人签字：____________　日期：____________"]
        if self.number > 1:
            told.append(f"注意：这是本年度第 {self.number} 次抽样，以前各次都留在记录里。重抽须说明原因。")
        return told


def draw_sample(
    workspace: Workspace,
    district: str,
    cycle: int,
    seed: int,
    schools: Sequence[School] = (),
    *,
    per_indicator: int = CRITERIA_PER_INDICATOR,
    school_count: int = SCHOOLS,
) -> DrawnSample:
    """The sample, kept in the record. The same seed and frame as the newest one: that one, nothing is added."""
    case = recorded_case(workspace, district, cycle)
    units = frame(workspace.scheme, () if case is None else case.not_applicable, schools)
    sample = draw(units, seed, per_indicator=per_indicator, schools=school_count)
    document = canonical_json(sample).decode()
    of_district = (SampleRow.district == district, SampleRow.cycle == cycle)
    with workspace.store.session() as session:
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
        number = session.scalar(select(func.count()).select_from(SampleRow).where(*of_district)) or 0
    return DrawnSample(district, cycle, number, sample)


def recorded_sample(workspace: Workspace, district: str, cycle: int) -> Mapping[str, Any] | None:
    """The newest sample of the district and cycle; None when none was drawn."""
    query = (
        select(SampleRow.document)
        .where(SampleRow.district == district, SampleRow.cycle == cycle)
        .order_by(SampleRow.id.desc())
        .limit(1)
    )
    with workspace.store.session() as session:
        found = session.scalar(query)
    if found is None:
        return None
    sample: Mapping[str, Any] = json.loads(found)
    return sample
