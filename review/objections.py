"""What the rest of the submission and the limits of the scheme say against single passages: worked out when the record is read.

A figure in true conflict with another of the same metric and year, and a figure that fails a condition the scheme (or the office)
has decided, contradict their item. Neither is kept: a new file, a rejected figure or a new limit changes them without any
passage changing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy.orm import Session

from retrieval.claims import is_claim
from retrieval.conflicts import Conflict, find_conflicts
from retrieval.metrics import Metrics, load_metrics
from retrieval.scopes import WHOLE_DISTRICT
from retrieval.stored_facts import StoredFact, stored_facts
from retrieval.verdicts import Reason
from review.acts import OfficeRules
from scoring_rules.checks import evaluate
from scoring_rules.item_rules import Check
from scoring_rules.observations import ItemInput, Observation

# (passage id, item) → why it is against the item.
Objections = Mapping[tuple[int, str], Sequence[Reason]]

# Rules of reasons that make a passage contradict its item; the others are only told.
CONTRADICTING = frozenset({"conflict", "below_limit"})
# Statements of the same thing for other years or schools, and figures corrected later, are no contradiction.
_TRUE_CONFLICTS = frozenset({"true_conflict"})
_TOLD_FILES = 3


def objections(session: Session, district: str, cycle: int, rules: OfficeRules) -> Objections:
    """All that is to be said against passages of the district and cycle, by passage and item."""
    metrics = load_metrics()
    facts = [fact for fact in stored_facts(session, district=district, cycle=cycle) if fact.metric in metrics.by_id]
    found: dict[tuple[int, str], list[Reason]] = defaultdict(list)
    for conflict in find_conflicts(facts, metrics, lambda fact: fact.file):
        reasons: Iterable[tuple[StoredFact, Reason]] = ()
        if conflict.kind in _TRUE_CONFLICTS:
            reasons = _in_conflict(conflict, metrics)
        elif conflict.kind == "parts":
            reasons = _not_from_parts(conflict, metrics)
        for fact, reason in reasons:
            found[fact.passage_id, metrics.by_id[fact.metric].item].append(reason)
    for item, fact, reason in _below_limits(facts, cycle - 1, rules):
        found[fact.passage_id, item].append(reason)
    return found


def _in_conflict(conflict: Conflict[StoredFact], metrics: Metrics) -> Iterable[tuple[StoredFact, Reason]]:
    """Each fact of a conflict with the reason that names the other values and who states them.

    When only what text recognition may have misread differs, that is told, but contradicts nothing.
    """
    scope = conflict.facts[0].scope
    name = f"{'' if scope == WHOLE_DISTRICT else scope}{metrics.by_id[conflict.metric].name}"
    sure = {fact.value for fact in conflict.facts if not fact.needs_confirmation}
    rule, tail = (
        ("conflict", "请核对") if len(sure) > 1 else ("conflict_unconfirmed", "其中有文字识别的数，请先核对原件")
    )
    for fact in conflict.facts:
        others: dict[str, list[str]] = {}
        for other in conflict.facts:
            if other.value != fact.value:
                files = others.setdefault(other.shown, [])
                if other.file not in files:
                    files.append(other.file)
        if not others:
            continue
        told = "，".join(f"{_titles(files)}为 {value}" for value, files in others.items())
        sentence = f"{conflict.year} 年{name}这里是 {fact.shown}，{told}，{tail}。"
        yield fact, Reason(rule, sentence, fact.start, fact.end)


def _not_from_parts(conflict: Conflict[StoredFact], metrics: Metrics) -> Iterable[tuple[StoredFact, Reason]]:
    """The stated rate that its parts do not give. Which of them is wrong nobody knows, so it is told and contradicts nothing."""
    name = metrics.by_id[conflict.metric].name
    parts = "、".join(
        f"{metrics.by_id[f.metric].name} {f.shown}" for f in conflict.facts if f.metric != conflict.metric
    )
    for fact in conflict.facts:
        if fact.metric == conflict.metric:
            sentence = f"{conflict.year} 年{name} {fact.shown} 与由{parts}算出的数不符，请核对。"
            yield fact, Reason("parts", sentence, fact.start, fact.end)


def _titles(files: Sequence[str]) -> str:
    listed = "".join(f"《{file.rsplit('/', 1)[-1]}》" for file in files[:_TOLD_FILES])
    return f"{listed}等" if len(files) > _TOLD_FILES else listed


def _below_limits(
    facts: Sequence[StoredFact], data_year: int, rules: OfficeRules
) -> Iterable[tuple[str, StoredFact, Reason]]:
    """Figures of the data year that fail a decided condition of an item, with the words of the rule."""
    usable: dict[str, list[StoredFact]] = defaultdict(list)
    for fact in facts:
        # What the district says of itself, and what may have been misread, decides nothing.
        if not is_claim(fact.file) and not fact.needs_confirmation:
            usable[fact.metric].append(fact)
    for item in rules.scheme.items:
        rule = rules.scheme.rule(item.id)
        for check in rule.checks if rule else ():
            for observed in _together(check, usable):
                outcome = evaluate(
                    check,
                    _input(item.id, observed),
                    data_year=data_year,
                    parameters=rules.parameters,
                    scheme=rules.scheme,
                )
                if outcome.state != "decided" or outcome.rating >= 1:
                    continue
                reason = f"{outcome.reason.rstrip('。')}。"
                for fact in observed:
                    if fact.metric == check.metrics[0] and f"fact-{fact.row_id}" in outcome.citations:
                        yield item.id, fact, Reason("below_limit", reason, fact.start, fact.end)


def _together(check: Check, usable: Mapping[str, Sequence[StoredFact]]) -> Iterable[list[StoredFact]]:
    """What is put before a check at one time: each figure by itself, or all figures of a check that compares two."""
    first = usable.get(check.metrics[0], ())
    if len(check.metrics) == 1:
        return ([fact] for fact in first)
    rest = [fact for metric in check.metrics[1:] for fact in usable.get(metric, ())]
    return ([fact, *rest] for fact in first) if rest else ()


def _input(item: str, facts: Sequence[StoredFact]) -> ItemInput:
    observations = tuple(
        Observation(f.metric, f.value, f.unit, f.year, f.scope, f"fact-{f.row_id}", f.approximate, f.file)
        for f in facts
    )
    return ItemInput(item, observations, frozenset(), "found")
