"""Draft points of a district: every item's finding, added up by criterion as intervals. Nothing here is final."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from scoring_rules.applicability import maxima
from scoring_rules.findings import Finding, Points, find_item, is_past_deadline
from scoring_rules.observations import ItemInput as ItemInput
from scoring_rules.observations import Observation as Observation
from scoring_rules.parameters import Parameter
from scoring_rules.scheme import Scheme


@dataclass(frozen=True, slots=True)
class CriterionDraft:
    """A criterion: `points` (low, high) is the sum of its items; `maximum` is 0 where none of them applies."""

    id: str
    points: Points
    maximum: Fraction
    items: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class DraftResult:
    """All criteria in the scheme's order, the bonus included.

    points : base points without the bonus, brought back to the full mark where whole criteria do not apply (R22).
    """

    criteria: tuple[CriterionDraft, ...]
    points: Points


def draft(
    scheme: Scheme,
    inputs: Mapping[str, ItemInput],
    *,
    data_year: int,
    parameters: Mapping[str, Parameter],
    as_of: date | None = None,
) -> DraftResult:
    """The draft of a district. An item without input is open: nobody has looked for it, which is not "no evidence".

    as_of : the day the draft is made; after the deadline the office has set, missing evidence earns nothing where the
    office reads it so (R21). None = before any deadline. Raises KeyError for ids the scheme does not have, ValueError when an input stands under another item's id or when
    no criterion applies.
    """
    for item_id, given in inputs.items():
        scheme.item(item_id)
        if given.item_id != item_id:
            raise ValueError(f"the input of {given.item_id} stands under {item_id}")
    left_out = [item_id for item_id, given in inputs.items() if given.not_applicable]
    is_late = as_of is not None and is_past_deadline(scheme, as_of)
    limits = maxima(scheme, left_out)
    if limits.full == 0:
        raise ValueError("no criterion applies")
    criteria: list[CriterionDraft] = []
    shared = _Shared(inputs)
    low = high = Fraction(0)
    for criterion in scheme.criteria:
        maximum = (
            criterion.points if criterion.is_bonus else limits.criteria[criterion.id] + limits.granted_of(criterion)
        )
        found = []
        for item in criterion.items:
            share = criterion.points if criterion.is_bonus else limits.granted.get(item.id, limits.items[item.id])
            found.append(_finding(scheme, item.id, shared, share, data_year, parameters, is_late))
        points = (sum((f.points[0] for f in found), Fraction(0)), sum((f.points[1] for f in found), Fraction(0)))
        criteria.append(CriterionDraft(criterion.id, points, maximum, tuple(found)))
        if not criterion.is_bonus:
            low, high = low + points[0], high + points[1]
    scale = limits.scale(scheme)
    return DraftResult(tuple(criteria), (low * scale, high * scale))


class _Shared:
    """The inputs of all items, and the figures each rule needs whichever item they were found for."""

    def __init__(self, inputs: Mapping[str, ItemInput]) -> None:
        self.inputs = inputs
        self._observations: dict[str, list[Observation]] = {}
        self._conflicting: set[str] = set()
        for given in inputs.values():
            self._conflicting |= given.conflicting_metrics
            for observation in given.observations:
                self._observations.setdefault(observation.metric, []).append(observation)

    def of(self, scheme: Scheme, item_id: str) -> ItemInput | None:
        """The input of an item with the figures of other items that its rule looks at; None when it has no input."""
        given, rule = self.inputs.get(item_id), scheme.rule(item_id)
        if given is None or rule is None:
            return given
        own = {o.metric for o in given.observations}
        wanted = {metric for check in rule.checks for metric in check.all_metrics}
        others = [o for metric in sorted(wanted - own) for o in self._observations.get(metric, ())]
        if not others and wanted.isdisjoint(self._conflicting):
            return given
        conflicting = given.conflicting_metrics | (wanted & self._conflicting)
        return replace(given, observations=(*given.observations, *others), conflicting_metrics=conflicting)


def _finding(
    scheme: Scheme,
    item_id: str,
    shared: _Shared,
    share: Fraction,
    data_year: int,
    parameters: Mapping[str, Parameter],
    is_late: bool,
) -> Finding:
    given = shared.of(scheme, item_id)
    if given is not None:
        return find_item(scheme, given, data_year=data_year, parameters=parameters, share=share, is_late=is_late)
    reason = "尚未检查材料，请先完成材料检查"
    text = scheme.item(item_id).text
    return Finding(item_id, "needs_reviewer", (Fraction(0), share), f"{item_id}.not_examined", text, (reason,), ())
