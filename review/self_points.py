"""The self points of a district: by criterion or by item, each with its reason; every saved version is kept.

Two people may work on one sheet. Whoever saves says which version he saw. What the other has saved since stays; only where both
changed the same criterion the second is refused, and told what now stands there.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ingest.tables_cycle import SelfSheet
from review.acts import office_rules
from review.audit import write_act
from review.errors import RefusedRecordError, StaleSheetError
from review.rights import allowed
from review.signing import named_signer
from review.submission_state import refuse_changes
from review.workspace import Workspace
from scoring_rules.applicability import Maxima, maxima, scored_criteria
from scoring_rules.ledger import canonical_json
from scoring_rules.quoted import is_decimal
from scoring_rules.rounding import exact_text
from scoring_rules.scheme import Scheme


@dataclass(frozen=True, slots=True)
class Entry:
    """What a district says of a criterion or item. points : None = it does not apply here, and the reason says why."""

    points: Fraction | None
    reason: str = ""

    def to_json(self) -> dict[str, Any]:
        """The entry as JSON data."""
        return {"points": None if self.points is None else exact_text(self.points), "reason": self.reason}

    @property
    def words(self) -> str:
        """The points as people read them."""
        return "不适用" if self.points is None else exact_text(self.points)


Entries = Mapping[str, Entry]
_TRIES = 20  # people who save the same sheet in the same instant


@dataclass(frozen=True, slots=True)
class Sheet:
    """A version of a sheet. version : 0 = nothing was saved yet. entries : by id, in the scheme's order; B21 = 申请加分."""

    district: str
    cycle: int
    version: int
    entries: Entries
    by: str = ""
    source: str = ""
    saved_at: str = ""

    def total(self, scheme: Scheme) -> Fraction:
        """The sum of all points but the bonus claimed."""
        bonus = bonus_id(scheme)
        return sum((one.points or Fraction(0) for key, one in self.entries.items() if key != bonus), Fraction(0))

    def to_json(self) -> dict[str, Any]:
        """The document of `self-points show --json`."""
        return {
            "district": self.district, "cycle": self.cycle, "version": self.version, "by": self.by, "source": self.source,
            "saved_at": self.saved_at, "entries": {key: one.to_json() for key, one in self.entries.items()},
        }  # fmt: skip


def bonus_id(scheme: Scheme) -> str:
    """The criterion whose points are claimed on top (B21)."""
    return next(criterion.id for criterion in scheme.criteria if criterion.is_bonus)


def owners(scheme: Scheme) -> dict[str, str]:
    """Every id that can stand in a sheet → the criterion it belongs to."""
    found = {criterion.id: criterion.id for criterion in scheme.criteria}
    return found | {item.id: criterion.id for criterion in scored_criteria(scheme) for item in criterion.items}


def read_entry(key: str, points: str, reason: str, scheme: Scheme) -> Entry:
    """The entry meant by what a person typed; "不适用" = it does not apply. RefusedRecordError for what is neither."""
    text, why = points.strip(), reason.strip()
    if text == "不适用":
        if key == bonus_id(scheme):
            raise RefusedRecordError(f"{key} 是申请加分，不申请时请不要填写")
        if not why:
            raise RefusedRecordError(f"{key} 填了不适用，要写明理由")
        return Entry(None, why)
    if not is_decimal(text):
        raise RefusedRecordError(f"{key} 的自评分“{points}”不是数，请填 0、38.5 这样的数，或填不适用")
    return Entry(Fraction(text), why)


@allowed("read_evidence")
def sheet(workspace: Workspace, district: str, cycle: int, *, version: int | None = None) -> Sheet:
    """The newest version of the sheet, or the one asked for; version 0 without entries when nothing was saved."""
    with workspace.store.session() as session:
        found = _versions(session, district, cycle)
    if version is None:
        return found[-1] if found else Sheet(district, cycle, 0, {})
    for one in found:
        if one.version == version:
            return one
    raise RefusedRecordError(f"{district} {cycle} 年度的自评分没有第 {version} 版")


@allowed("read_evidence")
def versions(workspace: Workspace, district: str, cycle: int) -> list[Sheet]:
    """All saved versions, oldest first."""
    with workspace.store.session() as session:
        return _versions(session, district, cycle)


def newest_sheet(session: Session, district: str, cycle: int) -> Sheet:
    """The newest version as this session sees it."""
    found = _versions(session, district, cycle)
    return found[-1] if found else Sheet(district, cycle, 0, {})


@allowed("enter_self_points")
def save_points(
    workspace: Workspace,
    district: str,
    cycle: int,
    changes: Mapping[str, Entry | None],
    *,
    base: int,
    by: str = "",
    source: str = "",
    source_sha256: str = "",
) -> Sheet:
    """The sheet with these entries put in (None: taken out), saved as a new version; the same version when nothing changes.

    base : the version the person saw. source, source_sha256 : the file the entries come from, if any. Raises SubmittedError
    after handing in, StaleSheetError where somebody else has changed the same criterion since, RefusedRecordError for entries
    that cannot be: every fault is told, and nothing is saved.
    """
    who = named_signer(workspace, by)
    scheme = office_rules(workspace, cycle).scheme

    def write(session: Session) -> Sheet:
        refuse_changes(session, district, cycle, "自评得分")
        found = {one.version: one for one in _versions(session, district, cycle)}
        newest = found[max(found)] if found else Sheet(district, cycle, 0, {})
        seen = found.get(base, Sheet(district, cycle, 0, {})).entries
        _refuse_stale(newest, base, seen, changes, scheme)
        entries = dict(newest.entries)
        for key, entry in changes.items():
            if entry is None:
                entries.pop(key, None)
            else:
                entries[key] = entry
        if faults := faults_of(entries, scheme):
            raise RefusedRecordError("；".join(faults))
        if entries == dict(newest.entries):
            return newest
        order = {key: place for place, key in enumerate(_order(scheme))}
        entries = dict(sorted(entries.items(), key=lambda one: order[one[0]]))
        row = SelfSheet(
            district=district, cycle=cycle, version=newest.version + 1,
            entries=canonical_json([[key, one.to_json()] for key, one in entries.items()]).decode(),
            by=who, source=source, source_sha256=source_sha256, saved_at=datetime.now(UTC).replace(tzinfo=None),
        )  # fmt: skip
        session.add(row)
        session.flush()
        touched = [key for key in order if newest.entries.get(key) != entries.get(key)]
        write_act(
            workspace, session, "self_points_entered", district=district, cycle=cycle, subject=f"第 {row.version} 版 {source}".strip(),
            before=_shown(newest.entries, touched), after=_shown(entries, touched),
        )  # fmt: skip
        return _sheet(row)

    for _ in range(_TRIES):
        try:
            return workspace.store.write(write)
        except IntegrityError:
            # Two transactions of a server database made the same version number: this one is the second, and looks again.
            continue
    return workspace.store.write(write)


def faults_of(entries: Entries, scheme: Scheme) -> list[str]:
    """What cannot stand in a sheet, in Chinese: unknown ids, points out of range, a criterion both whole and by items."""
    known, bonus = owners(scheme), bonus_id(scheme)
    faults = [f"方案里没有“{key}”这个编号" for key in entries if key not in known]
    left_out = [key for key, one in entries.items() if one.points is None and key in known]
    limits = maxima(scheme, {item for key in left_out for item in _items(key, scheme)})
    for key, one in entries.items():
        if key not in known or one.points is None:
            continue
        most = scheme.bonus_cap if key == bonus else _limit(key, limits)
        if one.points < 0 or one.points > most:
            faults.append(f"{key} 的自评分应为 0 至 {_most(most)}，实际是 {exact_text(one.points)}")
    for criterion in scored_criteria(scheme):
        items = [item.id for item in criterion.items if item.id in entries and item.id != criterion.id]
        scored = [name for name in items if entries[name].points is not None]
        whole = entries.get(criterion.id)
        if whole is not None and (scored if whole.points is not None else items):
            told = "、".join(scored or items)
            faults.append(f"{criterion.id} 既填了整个二级指标，又填了{told}，请只留一种")
    return faults


def _limit(key: str, limits: Maxima) -> Fraction:
    return limits.criteria[key] if key in limits.criteria else limits.items[key]


def _most(value: Fraction) -> str:
    text = exact_text(value)
    return text if "/" not in text else f"{exact_text(Fraction(int(value * 100), 100))}（平均分配，{text}）"


def _items(key: str, scheme: Scheme) -> list[str]:
    """The items a key stands for."""
    found = next((criterion for criterion in scheme.criteria if criterion.id == key), None)
    return [key] if found is None else [item.id for item in found.items]


def _order(scheme: Scheme) -> list[str]:
    ids = [key for c in scheme.criteria for key in (c.id, *(item.id for item in c.items))]
    return list(dict.fromkeys(ids))


def _refuse_stale(newest: Sheet, base: int, seen: Entries, changes: Mapping[str, Entry | None], scheme: Scheme) -> None:
    if newest.version == base:
        return
    owner = owners(scheme)
    theirs = {owner.get(key, key) for key in _different(seen, newest.entries)}
    # What both set to the same value is no conflict.
    mine = {owner.get(key, key) for key, entry in changes.items() if newest.entries.get(key) != entry}
    both = sorted(theirs & mine, key=lambda name: int(name[1:]) if name[1:].isdigit() else 0)
    if both:
        told = []
        for name in both:
            now = [f"{key} {one.words}" for key, one in newest.entries.items() if owner[key] == name]
            own = [f"{key} {'删去' if one is None else one.words}" for key, one in changes.items() if owner.get(key) == name]  # fmt: skip
            told.append((name, "、".join(now) or "已删去", "、".join(own)))
        raise StaleSheetError(newest.version, newest.by, newest.saved_at, told)


def _different(one: Entries, other: Entries) -> set[str]:
    return {key for key in {*one, *other} if one.get(key) != other.get(key)}


def _shown(entries: Entries, keys: Iterable[str]) -> dict[str, Any]:
    return {key: entries[key].to_json() for key in keys if key in entries}


def _versions(session: Session, district: str, cycle: int) -> list[Sheet]:
    query = (
        select(SelfSheet).where(SelfSheet.district == district, SelfSheet.cycle == cycle).order_by(SelfSheet.version)
    )
    return [_sheet(row) for row in session.scalars(query)]


def _sheet(row: SelfSheet) -> Sheet:
    entries = {
        key: Entry(None if one["points"] is None else Fraction(one["points"]), one["reason"])
        for key, one in json.loads(row.entries)
    }
    return Sheet(row.district, row.cycle, row.version, entries, row.by, row.source, row.saved_at.isoformat())
