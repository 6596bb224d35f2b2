"""The case of a district with what was entered after it was recorded: results of the field check and the bonus awarded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from review.field_results import Entered, by_criterion
from scoring_rules.case import Case
from scoring_rules.rounding import exact_text
from scoring_rules.scheme import Scheme


def with_entered(scheme: Scheme, case: Case, entered: Sequence[Entered], awarded: Entered | None) -> Case:
    """The case with entered points where it leaves them open itself; what it states stays, and is compared (`disagreeing`)."""
    owner = {item.id: item.criterion_id for item in scheme.items}
    found = by_criterion(scheme, entered, case.not_applicable)
    stated = {owner.get(key, key) for key, value in case.verified.items() if value is not None}
    kept = {key: value for key, value in case.verified.items() if owner.get(key, key) in stated or key not in found}
    added = {name: points for name, points in found.items() if name not in stated}
    for name in added:
        for item in scheme.criterion(name).items:  # open items give way to the sum over all of them
            kept.pop(item.id, None)
    bonus = case.awarded if awarded is None or case.awarded is not None else awarded.points
    return replace(case, verified={**kept, **added}, awarded=bonus)


def disagreeing(scheme: Scheme, case: Case, entered: Sequence[Entered], awarded: Entered | None) -> list[str]:
    """Where the case states other points than were entered, in Chinese."""
    told = []
    for name, points in by_criterion(scheme, entered, case.not_applicable).items():
        if points is None:
            there = {one.key for one in entered}
            lacking = [i.id for i in scheme.criterion(name).items if i.id not in {*there, *case.not_applicable}]
            told.append(f"{name} 的核查结果还缺{'、'.join(lacking)}。请逐个要点登记（edureview result enter）。")
            continue
        stated = _stated(scheme, case, name)
        if stated is not None and stated != points:
            told.append(
                f"{name} 案卷核查分 {exact_text(stated)} 与登记的核查结果 {exact_text(points)} 不一致。请更正案卷。"
            )
    if awarded is not None and case.awarded is not None and awarded.points not in (None, case.awarded):
        told.append(
            f"案卷评定的加分 {exact_text(case.awarded)} 与登记的 {exact_text(awarded.points or Fraction(0))} 不一致。请更正案卷。"
        )
    return told


def _stated(scheme: Scheme, case: Case, name: str) -> Fraction | None:
    """The points the case states for a criterion, added up where they are by item; None where not all are stated."""
    if name in case.verified:
        return case.verified[name]
    values = [case.verified[item.id] for item in scheme.criterion(name).items if item.id in case.verified]
    found = [value for value in values if value is not None]
    return sum(found, Fraction(0)) if values and len(found) == len(values) else None
