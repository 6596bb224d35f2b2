"""The scoring and ranking cases worked out by hand: `edureview eval scoring`."""

from __future__ import annotations

from eval_sets.scoring.cases import faults, load, scored
from scoring_rules.ranking import rank
from scoring_rules.scheme_loader import load_scheme

_told: list[str] = []


def measure() -> dict[str, float]:
    """Shares of score sheets and of rankings that are exactly as worked out."""
    scheme = load_scheme()
    _told.clear()
    cases, rankings = load("cases"), load("rankings")
    for case in cases:
        if wrong := faults(scored(scheme, case["case"]), case["expected"]):
            _told.append(f"{case['name']}：{'；'.join(wrong)}")
    wrong_cases = len(_told)
    for case in rankings:
        results = [
            scored(scheme, change, case.get("terms"), district=name) for name, change in case["districts"].items()
        ]
        placed = [(row.district, row.rank) for row in rank(results)]
        if placed != list(case["expected"].items()):
            _told.append(f"{case['name']}：{placed}")
    wrong_rankings = len(_told) - wrong_cases
    return {
        "cases": 1 - wrong_cases / len(cases),
        "rankings": 1 - wrong_rankings / len(rankings),
        "n_cases": float(len(cases)),
        "n_rankings": float(len(rankings)),
    }


def details() -> list[str]:
    """What was wrong at the last `measure`."""
    return list(_told)
