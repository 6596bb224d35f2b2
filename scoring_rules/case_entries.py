"""Points in a case file that are written by criterion or by item: the ids checked, and grouped by criterion."""

from __future__ import annotations

from collections.abc import Sequence

from scoring_rules.applicability import scored_criteria
from scoring_rules.scheme import Scheme
from scoring_rules.yaml_source import Node


def unknown_id(unknown: str, scheme: Scheme) -> str:
    """The fault of an id that cannot stand there."""
    bonus = {c.id for c in scheme.criteria if c.is_bonus}
    if unknown in bonus:
        return f"“{unknown}”是加分指标，请写在 bonus 里。"
    return f"方案里没有“{unknown}”这个编号，请改正（例如 B5 或 B5-5）。"


def entries_by_criterion(node: Node, scheme: Scheme) -> dict[str, dict[str, Node]]:
    """Entries by criterion id, then by the id as written (the criterion's own or an item's); others are faults.

    A criterion given both whole and by items is a fault too.
    """
    owner = {c.id: c.id for c in scored_criteria(scheme)}
    owner |= {item.id: c.id for c in scored_criteria(scheme) for item in c.items}
    grouped: dict[str, dict[str, Node]] = {}
    for key, member in node.entries():
        if key not in owner:
            member.fault(unknown_id(key, scheme))
            continue
        grouped.setdefault(owner[key], {})[key] = member
    for criterion_id, members in grouped.items():
        items = [key for key in members if key != criterion_id]
        if criterion_id in members and items:
            node.fault(f"“{criterion_id}”与{listed(items)}不能同时填写，请只留二级指标或只留评价要点。")
    return grouped


def listed(ids: Sequence[str]) -> str:
    """Ids inside quotation marks."""
    return "“" + "、".join(ids) + "”"
