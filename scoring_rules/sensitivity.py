"""什么会改变等级: how far the points are from the borders of their band, and which open items could move the grade.

Nothing here changes a score sheet. An open item is settled both ways, the others left open, and the sheet is computed
again: the item could move the grade when the grades that stay possible differ.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from scoring_rules.applicability import scored_criteria
from scoring_rules.case_data import Case
from scoring_rules.counted import counted
from scoring_rules.credibility import sample_of
from scoring_rules.grade import band
from scoring_rules.parameters import Parameter
from scoring_rules.rounding import exact_text, published
from scoring_rules.scheme import Scheme
from scoring_rules.score_result import ScoreResult
from scoring_rules.scoring import score_case


@dataclass(frozen=True, slots=True)
class Border:
    """The border to a neighbouring band. distance : points to gain to enter it, or points that may be lost and not leave.

    grade : the neighbouring band. at_least : where it (upwards) or the own band (downwards) begins.
    """

    grade: str
    at_least: Fraction
    distance: Fraction

    def to_json(self) -> dict[str, str]:
        """The border as JSON data, points with two decimals."""
        return {"grade": self.grade, "at_least": published(self.at_least), "distance": published(self.distance)}


@dataclass(frozen=True, slots=True)
class CredibilityBorder:
    """The tolerance as a border. verified : points the sample is above (accepted) or below (adjusted) it.

    total, grade : the sheet's on the other side of it: just below when accepted now, at it when adjusted now.
    """

    accepted: bool
    verified: Fraction
    total: Fraction
    points_grade: str

    def to_json(self) -> dict[str, Any]:
        """The border as JSON data."""
        return {
            "accepted": self.accepted,
            "verified_points": published(self.verified),
            "total_points_beyond": published(self.total),
            "points_grade_beyond": self.points_grade,
        }


@dataclass(frozen=True, slots=True)
class OpenItem:
    """One open item. outcomes : (how it is settled, total interval as published, grades then possible), worst first."""

    name: str
    what: str
    moves_grade: bool
    outcomes: tuple[tuple[str, tuple[str, str], tuple[str, ...]], ...]

    def to_json(self) -> dict[str, Any]:
        """The item as JSON data."""
        return {
            "name": self.name,
            "what": self.what,
            "moves_grade": self.moves_grade,
            "outcomes": [
                {"settled": settled, "total_interval": list(total), "grades": list(grades)}
                for settled, total, grades in self.outcomes
            ],
        }


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """upper, lower : None while the total is open, or where there is no band above or below."""

    upper: Border | None
    lower: Border | None
    credibility: CredibilityBorder | None
    open_items: tuple[OpenItem, ...]

    def to_json(self) -> dict[str, Any]:
        """The `what_would_change` member of `score --json`."""
        return {
            "upper": None if self.upper is None else self.upper.to_json(),
            "lower": None if self.lower is None else self.lower.to_json(),
            "credibility": None if self.credibility is None else self.credibility.to_json(),
            "open_items": [item.to_json() for item in self.open_items],
        }

    def sentences(self) -> tuple[str, ...]:
        """The same in Chinese, one sentence each."""
        told = []
        if self.upper is not None:
            told.append(f"距“{self.upper.grade}”还差 {published(self.upper.distance)} 分。")
        if self.lower is not None:
            told.append(f"高出本档下限 {published(self.lower.distance)} 分，失分超过此数即降为“{self.lower.grade}”。")
        if self.credibility is not None:
            side = "再少于此即按可信度调整" if self.credibility.accepted else "补足即认可自评"
            reach = "高出" if self.credibility.accepted else "还差"
            told.append(
                f"抽样核查分距可信度界线{reach} {published(self.credibility.verified)} 分，{side}，"
                f"总分约为 {published(self.credibility.total)}，属“{self.credibility.points_grade}”。"
            )
        for item in self.open_items:
            ways = "；".join(
                f"{settled}：总分 {' 至 '.join(dict.fromkeys(total))}，等级可能为 {'、'.join(grades)}"
                for settled, total, grades in item.outcomes
            )
            told.append(f"{item.what}{'会' if item.moves_grade else '不会'}影响等级（{ways}）。")
        return tuple(told)


def sensitivity(scheme: Scheme, case: Case, parameters: Mapping[str, Parameter] | None = None) -> Sensitivity:
    """What would change the grade of a case."""
    now = score_case(scheme, case, parameters)
    items = tuple(_item(scheme, parameters, *ways) for ways in _open_items(scheme.with_acts(case.acts), case))
    if now.total_points is None:
        return Sensitivity(None, None, None, items)
    return Sensitivity(*_borders(scheme, _graded(now)), _credibility_border(scheme, case, parameters, now), items)


def possible_grades(scheme: Scheme, result: ScoreResult) -> tuple[str, ...]:
    """The grades that ways of settling what is open can give, best first."""
    best, worst = result.grade_places
    return tuple(grade.name for grade in scheme.grades[best : worst + 1])


def _graded(result: ScoreResult) -> Fraction:
    """The published points that the grade goes by; both ends of the interval are the same when nothing is open."""
    (step,) = (step for step in result.ledger.steps if step.rule == "graded_points")
    return Fraction(step.result[0])


def _borders(scheme: Scheme, points: Fraction) -> tuple[Border | None, Border | None]:
    own = band(scheme, points)
    position = scheme.grades.index(own)
    upper = lower = None
    if position > 0:
        above = scheme.grades[position - 1]
        upper = Border(above.name, above.at_least, above.at_least - points)
    if position + 1 < len(scheme.grades):
        lower = Border(scheme.grades[position + 1].name, own.at_least, points - own.at_least)
    return upper, lower


def _credibility_border(
    scheme: Scheme, case: Case, parameters: Mapping[str, Parameter] | None, now: ScoreResult
) -> CredibilityBorder | None:
    """The sheet on the other side is that of a case moved there. Only for a sheet whose total is not open."""
    if now.credibility is None:
        raise AssertionError("a total needs a credibility")
    tolerance = Fraction(now.parameters["credibility_tolerance"])
    read = scheme.with_acts(case.acts)
    if read.departs("credibility_formula"):
        # A mean of ratios has no one number of points to its border: it depends on where they are found.
        return None
    own = sum((s.self_points for s in sample_of(counted(case, read), read, case.maxima(read))), Fraction(0))
    if now.adjusted:
        beyond = _with_tolerance(case, now.credibility)
    else:
        # Down to the tolerance exactly, and adjusted there: what the sheet tends to just below it.
        shrunk = {key: found and found * tolerance / now.credibility for key, found in case.verified.items()}
        desk = {key: found * tolerance / now.credibility for key, found in case.desk.items()}
        beyond = _with_tolerance(replace(case, verified=shrunk, desk=desk), tolerance + 1)
    result = score_case(scheme, beyond, parameters)
    if result.total_points is None:
        raise AssertionError("a case without open items stays so")
    distance = abs(now.credibility - tolerance) * own
    return CredibilityBorder(not now.adjusted, distance, result.total_points, result.points_grade)


def _with_tolerance(case: Case, tolerance: Fraction) -> Case:
    """The case under another tolerance. What the office has set would count before it, so that act is left out."""
    acts = tuple(act for act in case.acts if act.target != "credibility_tolerance")
    return replace(case, overrides={**case.overrides, "credibility_tolerance": exact_text(tolerance)}, acts=acts)


Ways = tuple[str, str, tuple[tuple[str, Case], ...]]


def _open_items(scheme: Scheme, case: Case) -> Iterator[Ways]:
    """(name, what is open, ways of settling it) for each open item of the case."""
    limits = case.maxima(scheme)
    for key, found in case.verified.items():
        if found is None:
            highest = limits.criteria[key] if key in limits.criteria else limits.items[key]
            ways = tuple(
                (f"核查分 {exact_text(points)}", replace(case, verified={**case.verified, key: points}))
                for points in (Fraction(0), highest)
            )
            yield key, f"{key} 的核查分", ways
    if not case.verified:
        everything = {c.id: case.self_of(c) for c in scored_criteria(scheme) if limits.criteria[c.id]}
        ways = (
            ("核查全部为 0 分", replace(case, verified=dict.fromkeys(everything, Fraction(0)))),
            ("核查与自评一致", replace(case, verified=everything)),
        )
        yield "verified", "实地核查", ways
    if case.awarded is None:
        awards = (Fraction(0), scheme.bonus_cap)
        yield (
            "bonus",
            "加分评定",
            tuple((f"加分 {exact_text(points)}", replace(case, awarded=points)) for points in awards),
        )
    for condition, state in case.annex1.items():
        if state == "unknown":
            ways = (
                ("认定属实", replace(case, annex1={**case.annex1, condition: "triggered"})),
                ("认定没有", replace(case, annex1={**case.annex1, condition: "not_triggered"})),
            )
            yield f"annex1.{condition}", f"附件 1 第{condition}条", ways


def _item(
    scheme: Scheme, parameters: Mapping[str, Parameter] | None, name: str, what: str, ways: tuple[tuple[str, Case], ...]
) -> OpenItem:
    outcomes = []
    for settled, case in ways:
        result = score_case(scheme, case, parameters)
        low, high = result.total_interval.published()
        outcomes.append((settled, (low, high), possible_grades(scheme, result)))
    return OpenItem(name, what, len({grades for _, _, grades in outcomes}) > 1, tuple(outcomes))
