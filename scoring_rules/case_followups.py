"""Sections of a case file that count only under some readings: desk review (R25), recheck (R26), late events (R14).

They may always be written; the ledger then shows them, and says whether they count.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from scoring_rules.applicability import Maxima
from scoring_rules.case_entries import entries_by_criterion
from scoring_rules.quoted import read_points
from scoring_rules.scheme import Scheme
from scoring_rules.yaml_source import Node

Points = Mapping[str, Fraction]
Checked = Mapping[str, Fraction | None]


def desk_points(node: Node | None, scheme: Scheme, limits: Maxima, verified: Checked) -> Points:
    """Points found by the desk review, by criterion or item id; what the field check found of the same id counts before them."""
    found: dict[str, Fraction] = {}
    if node is None:
        return found
    owner = {item.id: item.criterion_id for item in scheme.items}
    in_field = {owner.get(key, key): key for key in verified}
    for criterion_id, members in entries_by_criterion(node, scheme).items():
        for key, member in members.items():
            limit = limits.criteria[key] if key == criterion_id else limits.items[key]
            if limit == 0:
                member.fault(f"{key} 已列为不适用，不能有案头审核分，请删去其一。")
            elif (key == criterion_id) != (in_field.get(criterion_id, key) == criterion_id) and key not in verified:
                member.fault(f"{criterion_id} 的案头审核分与核查分一处按二级指标、一处按评价要点，请统一写法。")
            elif (points := read_points(member, limit, f"{key} 的案头审核分")) is not None:
                found[key] = points
    return found


def recheck_points(node: Node | None, limits: Maxima, verified: Checked) -> Points:
    """Points found at the recheck of what the field check had found wanting; only of ids that were checked."""
    found: dict[str, Fraction] = {}
    for key, member in () if node is None else node.entries():
        before = verified.get(key)
        if before is None:
            member.fault(f"{key} 没有实地核查分，不能有复查分，请删去或先填核查分。")
            continue
        limit = limits.criteria[key] if key in limits.criteria else limits.items[key]
        points = read_points(member, limit, f"{key} 的复查分")
        if points is not None and points < before:
            member.fault(f"{key} 的复查分低于核查分，请核对。")
        elif points is not None:
            found[key] = points
    return found


def late_events(node: Node | None, scheme: Scheme) -> tuple[str, ...]:
    """Conditions of 附件 1 that an event after the data year was found to meet, in the scheme's order."""
    known = [condition.id for condition in scheme.conditions]
    chosen: set[str] = set()
    for member in () if node is None else node.sequence(allow_empty=True):
        name = member.text()
        if name and name not in known:
            member.fault(f"附件 1 没有第“{name}”条，只有 {'、'.join(known)}，请改正。")
        elif name in chosen:
            member.fault(f"“{name}”重复，请只留一个。")
        chosen.add(name)
    return tuple(name for name in known if name in chosen)
