"""The case file that follows from what a district handed in: its self points, the bonus it claims, last year's problems."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy.orm import Session

from review.acts import OfficeRules, office_rules
from review.cycle_state import year_of
from review.rectification_state import Carried, carried_into
from review.rights import allowed
from review.self_points import Sheet, bonus_id, newest_sheet
from review.submission_state import last_act
from review.workspace import Workspace
from scoring_rules.case import Case, load_case
from scoring_rules.case_errors import CaseError
from scoring_rules.rounding import exact_text


def case_faults(workspace: Workspace, session: Session, sheet: Sheet) -> list[str]:
    """What keeps the self points from standing in a case: what is missing, out of range, or not decided between two ways."""
    rules = office_rules(workspace, sheet.cycle)
    text = _text(_data(rules, sheet, zone=False, carried=None))
    try:
        load_case(text, "自评得分", scheme=rules.scheme, parameters=rules.parameters, acts=rules.acts)
    except CaseError as exc:
        return [fault.split("：", 1)[-1].rstrip("。") for fault in exc.faults]
    return []


@allowed("read_case")
def case_text(workspace: Workspace, district: str, cycle: int) -> str:
    """A case file (YAML) with all that is known before the field check; what is to be found is left open.

    Raises CaseError when the self points are not complete.
    """
    rules = office_rules(workspace, cycle)
    with workspace.store.session() as session:
        sheet = newest_sheet(session, district, cycle)
        zone = any(one.zone for one in year_of(session, cycle).districts if one.name == district)
        carried = carried_into(session, district, cycle)
    text = _text(_data(rules, sheet, zone=zone, carried=carried))
    load_case(text, f"{district}{cycle}年度案卷", scheme=rules.scheme, parameters=rules.parameters, acts=rules.acts)
    return text


@allowed("decide")
def handed_in_otherwise(workspace: Workspace, case: Case) -> list[str]:
    """Where a case says something else than the record of the submission and of last year's problems."""
    rules = office_rules(workspace, case.cycle)
    with workspace.store.session() as session:
        return disagreements(session, case, rules)


def disagreements(session: Session, case: Case, rules: OfficeRules) -> list[str]:
    """Where a case says something else than the district handed in, or than the recheck of last year's problems found."""
    told = []
    last = last_act(session, case.district, case.cycle)
    if last is None and year_of(session, case.cycle).is_open:
        told.append(f"{case.district}还没有提交自评（edureview submission submit）。请先由区县提交。")
    if last is not None and last.kind == "reopen":
        told.append(f"{case.district}的提交已重新开放，还没有再次提交。请等区县再次提交。")
    if last is not None and last.kind == "submit":
        told += _against_sheet(case, newest_sheet(session, case.district, case.cycle), rules)
    carried = carried_into(session, case.district, case.cycle)
    if carried is not None:
        told += _against_problems(case, carried, rules)
    return told


def _against_sheet(case: Case, sheet: Sheet, rules: OfficeRules) -> list[str]:
    handed_in = _data(rules, sheet, zone=False, carried=None)
    stated = {key: exact_text(value) for key, value in case.self_points.items()}
    wanted = {key: value for key, value in handed_in["self"].items() if key not in case.not_applicable}
    wrong = [key for key in {**wanted, **stated} if wanted.get(key) != stated.get(key)]
    told = []
    if wrong:
        listed = "、".join(f"{key}（案卷 {stated.get(key, '没有')}，提交 {wanted.get(key, '没有')}）" for key in wrong)
        told.append(f"案卷的自评得分与提交的不一致：{listed}。请更正案卷。")
    items = {item for key in handed_in["not_applicable"] for item in _items_of(key, rules)}
    if items != set(case.not_applicable):
        told.append("案卷的不适用要点与提交的不一致。请更正案卷。")
    claimed = handed_in["bonus"]["claimed"]
    if claimed != (None if case.claimed is None else exact_text(case.claimed)):
        told.append(f"案卷的申请加分与提交的不一致（提交 {claimed or '没有申请'}）。请更正案卷。")
    return told


def _against_problems(case: Case, carried: Carried, rules: OfficeRules) -> list[str]:
    if carried.unchecked:
        listed = "、".join(str(number) for number in carried.unchecked)
        return [f"{case.cycle - 1} 年度问题第 {listed} 号还没有复查结论。请用 edureview rectification recheck 登记。"]
    stated = None if case.rectification is None else (case.rectification.due, case.rectification.unrectified)
    if stated != (carried.due, carried.unrectified):
        return [
            f"案卷的整改情况与复查登记不一致（登记：应整改 {carried.due} 项，未到位 {carried.unrectified} 项）。请更正案卷。"
        ]
    return []


def _items_of(key: str, rules: OfficeRules) -> list[str]:
    found = next((criterion for criterion in rules.scheme.criteria if criterion.id == key), None)
    return [key] if found is None else [item.id for item in found.items]


def _data(rules: OfficeRules, sheet: Sheet, *, zone: bool, carried: Carried | None) -> dict[str, Any]:
    bonus = bonus_id(rules.scheme)
    claimed = sheet.entries.get(bonus)
    data: dict[str, Any] = {
        "scheme": rules.scheme.id,
        "cycle": sheet.cycle,
        "district": sheet.district,
        "self": {
            key: exact_text(one.points) for key, one in sheet.entries.items() if key != bonus and one.points is not None
        },
        "verified": {},
        "not_applicable": [key for key, one in sheet.entries.items() if one.points is None],
        "bonus": {
            "claimed": None if claimed is None or claimed.points is None else exact_text(claimed.points),
            "awarded": None,
        },
        "annex1": {condition.id: "unknown" for condition in rules.scheme.conditions},
    }
    if zone:
        data["zone"] = True
    if carried is not None and not carried.unchecked:
        data["rectification"] = {"due": carried.due, "unrectified": carried.unrectified}
    return data


def _text(data: dict[str, Any]) -> str:
    """YAML that a person can fill in; numbers of points stay quoted."""
    lines = ["# 由提交的自评得分生成。核查分（verified）、评定加分（bonus.awarded）和附件 1 由市教育督导办补上。"]
    for key, value in data.items():
        if isinstance(value, dict) and value:
            lines.append(f"{key}:")
            lines += [f"  {_word(name)}: {_word(one)}" for name, one in value.items()]
        elif isinstance(value, list) and value:
            lines.append(f"{key}:")
            lines += [f"  - {_word(one)}" for one in value]
        elif isinstance(value, (dict, list)):
            lines.append(f"{key}: {json.dumps(value)}")
        else:
            lines.append(f"{key}: {_word(value)}")
    return "\n".join(lines) + "\n"


def _word(value: Any) -> str:
    """A scalar in YAML: text in double quotes, which JSON writes the same way."""
    if value is None:
        return ""
    return json.dumps(value, ensure_ascii=False)
