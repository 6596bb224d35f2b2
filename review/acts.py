"""Acts of the office: an open term settled, a parameter set, a sourced value confirmed, weights laid down. Append-only.

An act names who decided, on which day and in which paper. It holds for one evaluation year or for every year; of several
on one thing the latest day counts. Every place that reads terms or parameters of the record takes them from here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from ingest.tables import OfficeAct
from review.audit import write_act
from review.errors import RefusedRecordError
from review.rights import allowed
from review.workspace import Workspace
from scoring_rules.case_acts import act_refusal
from scoring_rules.ledger import canonical_json
from scoring_rules.open_terms import Act
from scoring_rules.parameters import Parameter, load_parameters, with_parameter_acts
from scoring_rules.plain_data import to_data
from scoring_rules.quoted import is_decimal
from scoring_rules.scheme import Scheme
from scoring_rules.scheme_loader import load_scheme
from scoring_rules.scheme_readings import divided_criteria, read_weight_table
from scoring_rules.yaml_source import Faults, parse_yaml


@dataclass(frozen=True, slots=True)
class OfficeRules:
    """Terms and parameters as they are in force for a cycle. acts : those on open terms, as a case carries them."""

    scheme: Scheme
    parameters: Mapping[str, Parameter]
    acts: tuple[Act, ...]


@dataclass(frozen=True, slots=True)
class RecordedAct:
    """An act of the record. number : its row. cycle : None = every year."""

    number: int
    cycle: int | None
    act: Act

    def to_json(self) -> dict[str, Any]:
        """The act as JSON data."""
        return {"number": self.number, "cycle": self.cycle, **self.act.to_json()}


@allowed("read_rules")
def recorded_acts(workspace: Workspace, cycle: int | None = None, target: str | None = None) -> list[RecordedAct]:
    """The acts in the order they were recorded: all, or those that hold for a cycle, or on one target."""
    query = select(OfficeAct).order_by(OfficeAct.id)
    if cycle is not None:
        query = query.where(or_(OfficeAct.cycle.is_(None), OfficeAct.cycle == cycle))
    if target is not None:
        query = query.where(OfficeAct.target == target)
    with workspace.store.session() as session:
        return [RecordedAct(row.id, row.cycle, _act(row)) for row in session.scalars(query)]


def _act(row: OfficeAct) -> Act:
    weights = {key: Fraction(points) for key, points in json.loads(row.weights or "{}").items()}
    return Act(
        target=row.target,
        value=row.value,
        by=row.decided_by,
        on=date.fromisoformat(row.decided_on),
        document=row.document,
        since=date.fromisoformat(row.since) if row.since else None,
        weights=weights,
    )


@allowed("read_rules")
def office_rules(workspace: Workspace, cycle: int, scheme_id: str | None = None) -> OfficeRules:
    """What is in force for the cycle under a scheme (default: the one of the workspace)."""
    scheme = workspace.scheme if scheme_id in (None, workspace.scheme.id) else load_scheme(scheme_id)
    acts = [recorded.act for recorded in recorded_acts(workspace, cycle)]
    terms = {term.id for term in scheme.terms}
    on_terms = tuple(act for act in acts if act.target in terms)
    parameters = with_parameter_acts(load_parameters(), [act for act in acts if act.target not in terms])
    return OfficeRules(scheme.with_acts(on_terms), parameters, on_terms)


@allowed("settle_terms")
def set_term(
    workspace: Workspace,
    term: str,
    value: str,
    by: str,
    on: str,
    document: str,
    *,
    cycle: int | None = None,
    weights: str = "",
) -> RecordedAct:
    """Settles an open term. weights : YAML text of points by criterion and item, with item_weights as weight_file.

    Raises RefusedRecordError for an unknown term, a value it cannot take, weights that do not add up, or who, when or
    which paper left out.
    """
    scheme = workspace.scheme
    if term not in {t.id for t in scheme.terms}:
        raise RefusedRecordError(f"约定表里没有“{term}”，可用 edureview term list 查看")
    table = _weights(weights, scheme) if weights else {}
    act = Act(term, value.strip(), *signed(by, on, document), None, table)
    if refusal := act_refusal(act, scheme, load_parameters()):
        raise RefusedRecordError(refusal.removesuffix("请改正。").rstrip("，"))
    return _record(workspace, act, cycle)


@allowed("settle_terms")
def set_parameter(
    workspace: Workspace,
    name: str,
    value: str,
    by: str,
    on: str,
    document: str,
    *,
    since: str = "",
    cycle: int | None = None,
) -> RecordedAct:
    """Sets a parameter, for all its values or from the day `since` of the judged period on.

    A parameter that is an open term is settled as one. Raises RefusedRecordError for what cannot be set.
    """
    if name in {term.id for term in workspace.scheme.terms}:
        if since:
            raise RefusedRecordError(f"“{name}”是约定，没有起始日")
        return set_term(workspace, name, value, by, on, document, cycle=cycle)
    parameter = _parameter(name)
    act = Act(name, value.strip(), *signed(by, on, document), _day(since, "起始日") if since else None)
    if parameter.status == "in_scheme":
        raise RefusedRecordError(f"“{parameter.title}”由方案写明（{parameter.quote}），任何决定都不能改")
    if not is_decimal(act.value) or Fraction(act.value) < 0:
        raise RefusedRecordError(f"“{parameter.title}”要不小于 0 的十进制数，实际是“{act.value}”")
    if parameter.unit == "%" and Fraction(act.value) > 100:
        raise RefusedRecordError(f"“{parameter.title}”是百分数，不能超过 100，实际是 {act.value}")
    return _record(workspace, act, cycle)


@allowed("settle_terms")
def confirm_parameter(
    workspace: Workspace, name: str, value: str, by: str, on: str, document: str, *, cycle: int | None = None
) -> RecordedAct:
    """Confirms one of the sourced values of a parameter, so that it may decide.

    Raises RefusedRecordError where the parameter has no such value, or needs no confirmation.
    """
    parameter = _parameter(name)
    if parameter.status != "sourced":
        raise RefusedRecordError(f"“{parameter.title}”不是待确认的参考标准（状态 {parameter.status}）")
    known = [dated.value for dated in parameter.values if dated.value is not None]
    if not is_decimal(value) or Fraction(value) not in {Fraction(one) for one in known}:
        raise RefusedRecordError(
            f"“{parameter.title}”没有取值“{value}”，只有{'、'.join(known)}；改成别的数请用 parameter set"
        )
    return set_parameter(workspace, name, value, by, on, document, cycle=cycle)


def _parameter(name: str) -> Parameter:
    found = load_parameters().get(name)
    if found is None:
        raise RefusedRecordError(f"没有参数“{name}”，可用 edureview parameter list 查看")
    return found


def signed(by: str, on: str, document: str) -> tuple[str, date, str]:
    by, document = by.strip(), document.strip()
    if not by or not document:
        raise RefusedRecordError("决定要写明是谁作出的、依据哪份文件")
    day = _day(on, "决定日期")
    if day > datetime.now(UTC).date():
        raise RefusedRecordError(f"决定日期 {on} 还没有到")
    return by, day, document


def _day(text: str, what: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise RefusedRecordError(f"{what}应写成“2019-03-04”的样子，实际是“{text}”") from None


def _weights(text: str, scheme: Scheme) -> dict[str, Fraction]:
    faults = Faults("权重表")
    root = parse_yaml(text, faults)
    table = read_weight_table(root, divided_criteria(scheme)) if not faults else {}
    if faults:
        raise RefusedRecordError("；".join(sentence.rstrip("。") for sentence in faults.sentences))
    return table


def _record(workspace: Workspace, act: Act, cycle: int | None) -> RecordedAct:
    """The act as a new row; the same act again adds nothing."""
    for known in recorded_acts(workspace, target=act.target):
        if (known.cycle, known.act) == (cycle, act) and dict(known.act.weights) == dict(act.weights):
            return known
    columns = {
        "cycle": cycle,
        "target": act.target,
        "value": act.value,
        "since": "" if act.since is None else act.since.isoformat(),
        "weights": canonical_json(to_data(act.weights)).decode() if act.weights else "",
        "decided_by": act.by,
        "decided_on": act.on.isoformat(),
        "document": act.document,
    }

    def work(session: Session) -> RecordedAct:
        earlier = [known.act for known in recorded_acts(workspace, cycle, act.target)]
        made = OfficeAct(**columns, recorded_at=datetime.now(UTC))
        session.add(made)
        session.flush()
        before = earlier[-1].to_json() if earlier else None
        write_act(
            workspace, session, "act_recorded", cycle=cycle, subject=act.target, before=before, after=act.to_json()
        )
        return RecordedAct(made.id, cycle, act)

    return workspace.write(work)


@allowed("read_rules")
def term_rows(workspace: Workspace, cycle: int) -> list[dict[str, Any]]:
    """The open terms as they are in force for the cycle, as JSON data."""
    rules = office_rules(workspace, cycle)
    rows = []
    for term in rules.scheme.terms:
        number = None
        if term.kind == "number":
            dated = rules.parameters[term.parameter].at(date(cycle - 1, 12, 31))
            number = term.value if term.act is not None else dated.value
        words = number if term.kind == "number" else term.words
        rows.append({"id": term.id, "kind": term.kind, "words": words or "未定", **term.to_json(number)})
    return rows


@allowed("read_rules")
def parameter_rows(workspace: Workspace, cycle: int) -> list[dict[str, Any]]:
    """The parameters as they are in force for the cycle, as JSON data; "decides" says whether the value in force may."""
    rules = office_rules(workspace, cycle)
    as_of = date(cycle - 1, 12, 31)
    acted = {term.parameter: term.act for term in rules.scheme.terms if term.kind == "number" and term.act}
    rows = []
    for name, parameter in rules.parameters.items():
        in_force = [dated for dated in parameter.values if dated.since <= as_of]
        act = acted.get(name)
        value = act.value if act is not None else in_force[-1].value if in_force else None
        rows.append(
            {
                "id": name,
                "title": parameter.title,
                "unit": parameter.unit,
                "status": parameter.status,
                "value": value,
                "decides": act is not None or bool(in_force and parameter.decides(as_of)),
                "values": [to_data(dated) for dated in parameter.values],
                "act": None if act is None else act.to_json(),
            }
        )
    return rows
