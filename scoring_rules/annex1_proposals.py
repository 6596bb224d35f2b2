"""附件 1 from the figures of a district: the numbers each calculator asks for, read for the data year and those before it.

A figure counts when one value, and only one, is stated for that year and scope and nothing contradicts it. What comes
out are proposals for people to confirm; conditions without a calculator get none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction

from scoring_rules.annex1_calculators import (
    Input,
    Number,
    Proposal,
    Spending,
    balance,
    expenditure,
    fitness,
    rural_allowance,
)
from scoring_rules.case_errors import NotInForceError
from scoring_rules.figures_found import WHOLE_DISTRICT
from scoring_rules.observations import Observation
from scoring_rules.parameters import Parameter
from scoring_rules.scheme import Scheme

STAGES = ("小学", "初中")
BALANCE_LIMITS = {"小学": "variation_primary_max", "初中": "variation_junior_max"}
# The parameters each calculator compares with.
LIMITS = {"balance": tuple(BALANCE_LIMITS.values()), "rural_allowance": ("rural_allowance_standard",)}


class _Figures:
    """The figures of a district by metric, year and scope, and which of them were asked for."""

    def __init__(self, observations: Iterable[Observation], conflicting: Collection[str]) -> None:
        self._values: dict[tuple[str, int, str], dict[Fraction, set[tuple[str, str]]]] = {}
        self._asked: list[tuple[str, int, str]] = []
        self._conflicting = conflicting
        for o in observations:
            if o.year is None or not o.value.is_finite() or o.value < 0:
                continue
            if o.approximate:
                # About right is not enough to say which of two years was higher.
                continue
            scope = WHOLE_DISTRICT[0] if o.scope in WHOLE_DISTRICT else o.scope
            stated = self._values.setdefault((o.metric, o.year, scope), {})
            stated.setdefault(Fraction(o.value), set()).add((o.document, o.citation))

    def one(self, metric: str, year: int, scope: str = WHOLE_DISTRICT[0]) -> Number:
        """The only value stated, else None."""
        values = self._stated(metric, year, scope)
        return next(iter(values)) if len(values) == 1 else None

    def several(self, metric: str, year: int, scope: str) -> Sequence[Number]:
        """All values stated, smallest first; none where they contradict each other somewhere.

        A value is there as often as the document that states it most often states it: two equal coefficients of one
        table are two, and the same table in a second document adds none.
        """
        found: list[Number] = []
        for value, places in sorted(self._stated(metric, year, scope).items()):
            found += [value] * max(Counter(document for document, _ in places).values())
        return found

    def _stated(self, metric: str, year: int, scope: str) -> Mapping[Fraction, set[tuple[str, str]]]:
        """Value → the documents and citations that state it; empty where they contradict each other somewhere."""
        self._asked.append((metric, year, scope))
        return {} if metric in self._conflicting else self._values.get((metric, year, scope), {})

    def asked(self) -> tuple[Input, ...]:
        """What was asked for since the last call, each once, in order: also what nobody states, and what contradicts."""
        keys, self._asked = dict.fromkeys(self._asked), []
        return tuple(
            Input(*key, tuple(sorted(stated)), tuple(sorted(k for places in stated.values() for _, k in places)))
            for key in keys
            for stated in (self._values.get(key, {}),)
        )


def proposals(
    scheme: Scheme,
    observations: Iterable[Observation],
    *,
    conflicting: Collection[str] = (),
    data_year: int,
    parameters: Mapping[str, Parameter],
    has_rural_schools: bool = True,
) -> dict[str, Proposal]:
    """A proposal by condition id, for the conditions the scheme gives a calculator. The order of figures is irrelevant."""
    found = _Figures(observations, conflicting)
    made: dict[str, Proposal] = {}
    for condition in scheme.conditions:
        if condition.calculator == "expenditure":
            scope = scheme.term("per_pupil_scope") or "all_pupils"
            stages = STAGES if scope == "any_stage" else ()
            now, before = _spending(found, data_year, stages), _spending(found, data_year - 1, stages)
            made[condition.id] = expenditure(now, before, per_pupil_scope=scope)
        elif condition.calculator == "balance":
            made[condition.id] = _balance(scheme, found, data_year, parameters)
        elif condition.calculator == "rural_allowance":
            made[condition.id] = rural_allowance(
                _limit(parameters, "rural_allowance_standard", data_year),
                found.one("rural_teachers_due", data_year),
                found.one("rural_allowance_paid", data_year),
                has_rural_schools=has_rural_schools,
            )
        elif condition.calculator == "fitness":
            measure = scheme.term("fitness_measure") or "pass_rate"
            metric = {"pass_rate": "fitness_pass_rate", "good_rate": "fitness_good_rate"}[measure]
            rates = [found.one(metric, data_year - back) for back in range(3)]
            made[condition.id] = fitness(rates, fitness_measure=measure)
        asked = found.asked()
        if condition.id in made:
            limits = tuple(
                Input(name, data_year, "界线", () if limit is None else (limit,), ())
                for name in LIMITS.get(condition.calculator, ())
                for limit in (_limit(parameters, name, data_year),)
            )
            made[condition.id] = replace(made[condition.id], inputs=asked + limits)
    return made


def _spending(found: _Figures, year: int, wanted: Sequence[str]) -> Spending:
    """Of the whole district, and of the stages `wanted`."""
    stages = {
        stage: (found.one("education_expenditure", year, stage), found.one("pupils_total", year, stage))
        for stage in wanted
    }
    known = {stage: pair for stage, pair in stages.items() if None not in pair}
    return Spending(found.one("education_expenditure", year), found.one("pupils_total", year), known)


def _balance(scheme: Scheme, found: _Figures, data_year: int, parameters: Mapping[str, Parameter]) -> Proposal:
    measure = scheme.term("balance_measure") or "comprehensive"
    coefficients: dict[str, Sequence[Number]] = {}
    for stage in STAGES:
        if measure == "comprehensive":
            coefficients[stage] = [found.one("variation_coefficient", data_year, stage)]
        else:
            coefficients[stage] = found.several("variation_indicator", data_year, stage)
    limits = {stage: _limit(parameters, name, data_year) for stage, name in BALANCE_LIMITS.items()}
    as_of = date(data_year, 12, 31)
    unconfirmed = any(
        limits[stage] is not None and not parameters[name].decides(as_of) for stage, name in BALANCE_LIMITS.items()
    )
    return balance(coefficients, limits, balance_measure=measure, unconfirmed=unconfirmed)


def _limit(parameters: Mapping[str, Parameter], name: str, data_year: int) -> Number:
    """The number in force; None when nobody has fixed one, or not for that year."""
    if name not in parameters:
        return None
    try:
        return parameters[name].number(date(data_year, 12, 31))
    except NotInForceError:
        return None
