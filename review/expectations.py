"""What is expected for each item in an evaluation year: types of evidence, and who in the district provides them.

The catalogue and the departments of the corpus are the default; the office changes them for a year by acts, the newest of an
item counts. They decide what is asked for, never what is scored.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ingest.tables_cycle import CycleAct
from review.audit import write_act
from review.cycle_state import EXPECTED, year_of
from review.errors import RefusedRecordError
from review.rights import allowed
from review.signing import named_signer
from review.turns import take_turn
from review.workspace import Workspace
from scoring_rules.catalogue import Catalogue
from scoring_rules.yaml_source import Faults, Node, parse_yaml

MOST_DEPARTMENTS, LONGEST_NAME = 8, 30
RESET = "reset"


@dataclass(frozen=True, slots=True)
class Responsible:
    """lead : the department that provides the material. others : those that help."""

    lead: str
    others: tuple[str, ...]

    @property
    def all(self) -> tuple[str, ...]:
        """The lead first."""
        return (self.lead, *self.others)


@dataclass(frozen=True, slots=True)
class YearItem:
    """What is expected for an item in a year. required, optional : codes of evidence types. by, reason, at : of the act that set it, "" = as in the catalogue."""

    item: str
    title: str
    required: tuple[str, ...]
    optional: tuple[str, ...]
    responsible: Responsible
    by: str = ""
    reason: str = ""
    at: str = ""

    def to_json(self) -> dict[str, Any]:
        """One entry of `expected list --json`."""
        return {
            "item": self.item, "title": self.title, **self.content(), "by": self.by, "reason": self.reason, "at": self.at,
        }  # fmt: skip

    def content(self) -> dict[str, Any]:
        """What an act says about the item, as JSON data."""
        return {
            "required": list(self.required), "optional": list(self.optional), "lead": self.responsible.lead,
            "others": list(self.responsible.others),
        }  # fmt: skip


@cache
def default_responsible(scheme_id: str) -> Mapping[str, Responsible]:
    """Who provides the material of each item where the office has said nothing else (corpus/responsibility)."""
    source = files("corpus") / "responsibility" / f"{scheme_id}.yaml"
    faults = Faults(source.name)
    root = parse_yaml(source.read_text(encoding="utf-8"), faults).mapping(("scheme", "items"))
    root["scheme"].text()
    found = dict(_default(node) for node in root["items"].sequence())
    if faults:
        raise ValueError("；".join(faults.sentences))  # a file of the program itself
    return MappingProxyType(found)


def _default(node: Node) -> tuple[str, Responsible]:
    part = node.mapping(("id", "lead", "others"))
    return part["id"].text(), Responsible(part["lead"].text(), part["others"].texts(allow_empty=True))


@allowed("read_rules")
def year_items(workspace: Workspace, cycle: int) -> dict[str, YearItem]:
    """What is expected in the year, item by item in the scheme's order."""
    with workspace.store.session() as session:
        return _standing(workspace, session, cycle)


@allowed("read_rules")
def year_catalogue(workspace: Workspace, cycle: int) -> Catalogue:
    """The catalogue with what the office has laid down for the year."""
    catalogue = workspace.catalogue
    items = year_items(workspace, cycle)
    changed = {
        name: replace(expectation, required=items[name].required, optional=items[name].optional)
        for name, expectation in catalogue.expectations.items()
    }
    return replace(catalogue, expectations=MappingProxyType(changed))


@allowed("keep_year")
def set_expectation(
    workspace: Workspace,
    cycle: int,
    item: str,
    by: str = "",
    *,
    required: Sequence[str] | None = None,
    optional: Sequence[str] | None = None,
    lead: str | None = None,
    others: Sequence[str] | None = None,
    reason: str = "",
) -> YearItem:
    """Lays down what is expected for an item in the year; None = as it stands. A change needs a reason.

    RefusedRecordError for an unknown type, none required, a type both required and optional, no lead, or no change at all.
    """
    who, name = named_signer(workspace, by), workspace.check_item(item)
    _refuse_unexplained(reason)

    def write(session: Session) -> YearItem:
        _turn(session, cycle)
        before = _standing(workspace, session, cycle)[name]
        wanted = replace(
            before,
            required=before.required if required is None else _codes(required),
            optional=before.optional if optional is None else _codes(optional),
            responsible=Responsible(
                before.responsible.lead if lead is None else _department(lead),
                before.responsible.others if others is None else tuple(dict.fromkeys(map(_department, others))),
            ),
        )
        _refuse_faults(wanted, workspace.catalogue)
        if wanted.content() == before.content():
            raise RefusedRecordError(f"{name} 的应交材料没有变化")
        return _record(workspace, session, cycle, before, wanted.content(), who, reason)

    return workspace.write(write)


@allowed("keep_year")
def reset_expectation(workspace: Workspace, cycle: int, item: str, by: str = "", *, reason: str = "") -> YearItem:
    """From now on the item is expected as the catalogue has it. RefusedRecordError when nothing else was laid down."""
    who, name = named_signer(workspace, by), workspace.check_item(item)
    _refuse_unexplained(reason)

    def write(session: Session) -> YearItem:
        _turn(session, cycle)
        before = _standing(workspace, session, cycle)[name]
        if not before.by:
            raise RefusedRecordError(f"{name} 的应交材料就是目录里的，没有改过")
        return _record(workspace, session, cycle, before, {RESET: True}, who, reason)

    return workspace.write(write)


def _turn(session: Session, cycle: int) -> None:
    take_turn(session, "", cycle)
    if year_of(session, cycle).is_closed:
        raise RefusedRecordError(f"{cycle} 年度评价报告已经发布，应交材料不能再改")


def _standing(workspace: Workspace, session: Session, cycle: int) -> dict[str, YearItem]:
    responsible = default_responsible(workspace.scheme.id)
    items = {
        name: YearItem(name, one.title, one.required, one.optional, responsible[name])
        for name, one in workspace.catalogue.expectations.items()
    }
    default = dict(items)
    query = select(CycleAct).where(CycleAct.cycle == cycle, CycleAct.kind == EXPECTED).order_by(CycleAct.id)
    for row in session.scalars(query):
        name, value = row.subject, row.value
        if value.get(RESET):
            items[name] = default[name]
            continue
        items[name] = YearItem(
            name, default[name].title, tuple(value["required"]), tuple(value["optional"]),
            Responsible(value["lead"], tuple(value["others"])), row.by, row.reason, row.recorded_at.isoformat(),
        )  # fmt: skip
    return items


def _record(
    workspace: Workspace, session: Session, cycle: int, before: YearItem, value: dict[str, Any], by: str, reason: str
) -> YearItem:
    session.add(
        CycleAct(
            cycle=cycle, kind=EXPECTED, subject=before.item, district="", value=value, by=by, reason=reason.strip(),
            recorded_at=datetime.now(UTC).replace(tzinfo=None),
        )
    )  # fmt: skip
    session.flush()
    after = _standing(workspace, session, cycle)[before.item]
    write_act(
        workspace, session, "year_act", cycle=cycle, subject=f"应交材料 {before.item}", before=before.content(),
        after=after.content(),
    )  # fmt: skip
    return after


def _refuse_unexplained(reason: str) -> None:
    if not reason.strip():
        raise RefusedRecordError("改应交材料要写明理由")


def _refuse_faults(wanted: YearItem, catalogue: Catalogue) -> None:
    unknown = [code for code in (*wanted.required, *wanted.optional) if code not in catalogue.types]
    if unknown:
        known = "、".join(f"{code} {kind.name}" for code, kind in catalogue.types.items())
        raise RefusedRecordError(f"不认识材料类型“{'、'.join(unknown)}”，只有 {known}")
    if not wanted.required:
        raise RefusedRecordError(f"{wanted.item} 至少要有一种必备材料")
    if both := [code for code in wanted.required if code in wanted.optional]:
        raise RefusedRecordError(f"{wanted.item} 的{'、'.join(both)}不能既必备又可选")
    if wanted.responsible.lead in wanted.responsible.others:
        raise RefusedRecordError(f"“{wanted.responsible.lead}”已是牵头部门，不必再列为配合部门")
    if len(wanted.responsible.others) > MOST_DEPARTMENTS:
        raise RefusedRecordError(f"配合部门至多 {MOST_DEPARTMENTS} 个")


def _codes(given: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(code.strip().upper() for code in given if code.strip()))


def _department(name: str) -> str:
    name = name.strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise RefusedRecordError(f"部门名称应为 1 至 {LONGEST_NAME} 个字，实际是“{name}”")
    return name
