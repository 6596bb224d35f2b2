"""A stored ledger recomputed from what it holds: the case, and the values of the parameters as they were used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from scoring_rules.case import load_case
from scoring_rules.case_errors import ReplayError
from scoring_rules.ledger import canonical_json
from scoring_rules.parameters import DatedValue, Parameter, load_parameters
from scoring_rules.scheme import Scheme
from scoring_rules.scheme_loader import load_scheme
from scoring_rules.score_result import ScoreResult
from scoring_rules.scoring import score_case

ALWAYS = date(1, 1, 1)


def replay(
    steps: Sequence[Mapping[str, Any]],
    scheme: Scheme | None = None,
    citations: Mapping[str, Sequence[str]] | None = None,
) -> ScoreResult:
    """The score sheet recomputed from the `ledger` member of a stored one; later changes of parameters do not matter.

    scheme : the one the ledger was made under; by default the shipped one it names. citations : as given to `score_case`.
    Raises ReplayError when the
    recomputed ledger has not the same bytes, CaseError when its case is refused.
    """
    first = steps[0] if steps else {}
    if first.get("rule") != "case":
        raise ReplayError("账本的第一步不是案卷")
    parameters = _printed_parameters(steps)
    # JSON is YAML: the case goes through the same strict reading as any file.
    text = canonical_json(first["inputs"]).decode("utf-8")
    case = load_case(text, "账本中的案卷", scheme=scheme, parameters=parameters)
    result = score_case(load_scheme(case.scheme) if scheme is None else scheme, case, parameters, citations)
    again = result.ledger.to_json()
    if canonical_json(again) != canonical_json(list(steps)):
        differing = [new["rule"] for new, old in zip(again, steps, strict=False) if new != dict(old)]
        raise ReplayError(f"从“{differing[0]}”一步起不同" if differing else "步骤的数目不同")
    return result


def _printed_parameters(steps: Sequence[Mapping[str, Any]]) -> Mapping[str, Parameter]:
    """The parameters with the values the ledger prints. One it does not print well keeps today's, and the bytes then differ."""
    parameters = dict(load_parameters())
    printed = next((step["result"] for step in steps if step["rule"] == "parameters"), None)
    for name, shown in printed.items() if isinstance(printed, dict) else ():
        if name in parameters and isinstance(shown, dict) and {"title", "value", "status", "reference"} <= shown.keys():
            values = (DatedValue(ALWAYS, shown["value"], shown["reference"]),)
            parameters[name] = replace(parameters[name], title=shown["title"], status=shown["status"], values=values)
    return parameters
