"""A stored ledger recomputed from what it holds: the case, and the values of the parameters as they were used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from typing import Any

from scoring_rules.case import load_case
from scoring_rules.case_errors import ReplayError
from scoring_rules.errors import UnknownYearError
from scoring_rules.ledger import canonical_json
from scoring_rules.open_terms import UNWRITTEN, Alternative, OpenTerm, TermKind
from scoring_rules.parameters import DatedValue, Parameter, load_parameters
from scoring_rules.scheme import Scheme
from scoring_rules.scheme_loader import load_scheme
from scoring_rules.score_result import ScoreResult
from scoring_rules.scoring import score_case

ALWAYS = date(1, 1, 1)
_TERM_KEYS = {"rulings", "title", "default", "alternatives", "sentence", "why"}


def replay(
    steps: Sequence[Mapping[str, Any]],
    scheme: Scheme | None = None,
    citations: Mapping[str, Sequence[str]] | None = None,
) -> ScoreResult:
    """The score sheet recomputed from the `ledger` member of a stored one; later changes of parameters do not matter.

    scheme : the one the ledger was made under; by default the shipped one it names, with the open terms as the ledger
    prints them. citations : as given to `score_case`. Raises ReplayError when the recomputed ledger has not the same
    bytes, CaseError when its case is refused.
    """
    first = steps[0] if steps else {}
    if first.get("rule") != "case":
        raise ReplayError("账本的第一步不是案卷")
    parameters = _printed_parameters(steps)
    # JSON is YAML: the case goes through the same strict reading as any file.
    text = canonical_json(first["inputs"]).decode("utf-8")
    name = first["inputs"].get("scheme") if isinstance(first["inputs"], dict) else None
    if scheme is None and isinstance(name, str):
        # A scheme that is not shipped is told by the reading of the case.
        with suppress(UnknownYearError):
            shipped = load_scheme(name)
            scheme = replace(shipped, terms=_printed_terms(steps, shipped.terms))
    case = load_case(text, "账本中的案卷", scheme=scheme, parameters=parameters)
    result = score_case(load_scheme(case.scheme) if scheme is None else scheme, case, parameters, citations)
    again = result.ledger.to_json()
    if canonical_json(again) != canonical_json(list(steps)):
        differing = [new["rule"] for new, old in zip(again, steps, strict=False) if new != dict(old)]
        raise ReplayError(f"从“{differing[0]}”一步起不同" if differing else "步骤的数目不同")
    return result


def _printed_terms(steps: Sequence[Mapping[str, Any]], today: Sequence[OpenTerm]) -> tuple[OpenTerm, ...]:
    """The open terms as the ledger prints them. What is not printed (kind, parameter, what can be computed) is today's.

    A term that is not printed well keeps today's words, and the bytes then differ.
    """
    printed = next((step["result"] for step in steps if step["rule"] == "open_terms"), None)
    if not isinstance(printed, dict):
        return tuple(today)
    known = {term.id: term for term in today}
    terms = []
    for name, shown in printed.items():
        if not isinstance(shown, dict) or not shown.keys() >= _TERM_KEYS or not isinstance(shown["alternatives"], dict):
            continue
        kind: TermKind = "choice" if shown["alternatives"] else "fixed"
        old = known.get(name, OpenTerm(name, (), "", kind, "", None, (), "", ""))
        can = {alternative.value: alternative for alternative in old.alternatives}
        alternatives = tuple(
            replace(can[value], meaning=meaning) if value in can else Alternative(value, meaning, False)
            for value, meaning in shown["alternatives"].items()
        )
        terms.append(
            replace(
                old,
                rulings=tuple(shown["rulings"]),
                title=shown["title"],
                default=shown["default"],
                alternatives=alternatives,
                sentence="" if shown["sentence"] == UNWRITTEN else shown["sentence"],
                why=shown["why"],
            )
        )
    return tuple(terms)


def _printed_parameters(steps: Sequence[Mapping[str, Any]]) -> Mapping[str, Parameter]:
    """The parameters with the values the ledger prints. One it does not print well keeps today's, and the bytes then differ."""
    parameters = dict(load_parameters())
    printed = next((step["result"] for step in steps if step["rule"] == "parameters"), None)
    for name, shown in printed.items() if isinstance(printed, dict) else ():
        if name in parameters and isinstance(shown, dict) and {"title", "value", "status", "reference"} <= shown.keys():
            values = (DatedValue(ALWAYS, shown["value"], shown["reference"]),)
            parameters[name] = replace(parameters[name], title=shown["title"], status=shown["status"], values=values)
    return parameters
