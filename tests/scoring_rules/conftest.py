"""A case file that has no faults, and changes to it; all as fixtures, so that no test module imports another."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from scoring_rules.case import Case, load_case
from scoring_rules.rounding import exact_text
from scoring_rules.scheme import Scheme
from scoring_rules.scheme_loader import load_scheme
from scoring_rules.score_result import ScoreResult
from scoring_rules.scoring import score_case

FULL_MARKS = {
    "B1": "60", "B2": "40", "B3": "10", "B4": "10", "B5": "40", "B6": "60", "B7": "15", "B8": "40", "B9": "5",
    "B10": "30", "B11": "50", "B12": "70", "B13": "90", "B14": "250", "B15": "40", "B16": "70", "B17": "60",
    "B18": "10", "B19": "40", "B20": "10",
}  # fmt: skip


def _case_data(**changes: Any) -> dict[str, Any]:
    """Full marks, B1 sampled and confirmed, no bonus, nothing of 附件 1, unless `changes` say otherwise.

    own : self points to replace (None leaves one out); total : self points, 400 to 1000, reached through B14 and B13
    to B10; a change to None leaves the member out.
    """
    own: dict[str, str | None] = {**FULL_MARKS, **changes.pop("own", {})}
    missing = 1000 - Fraction(changes.pop("total", "1000"))
    for criterion in ("B14", "B13", "B12", "B11", "B10", "B6", "B5"):
        taken = min(missing, Fraction(FULL_MARKS[criterion]))
        if taken:
            own[criterion] = exact_text(Fraction(FULL_MARKS[criterion]) - taken)
        missing -= taken
    data: dict[str, Any] = {
        "scheme": "2019",
        "cycle": 2019,
        "district": "演示区",
        "self": {key: value for key, value in own.items() if value is not None},
        "verified": {"B1": own["B1"]},
        "bonus": {"awarded": "0"},
        "annex1": dict.fromkeys("123456", "not_triggered"),
    }
    data.update(changes)
    return {key: value for key, value in data.items() if value is not None}


@pytest.fixture(scope="session")
def scheme() -> Scheme:
    return load_scheme()


@pytest.fixture(scope="session")
def case_data() -> Callable[..., dict[str, Any]]:
    """The case file as data."""
    return _case_data


@pytest.fixture(scope="session")
def case_of() -> Callable[..., Case]:
    """The case, read from the text of the file; JSON is YAML."""
    return lambda **changes: load_case(json.dumps(_case_data(**changes), ensure_ascii=False), "演示.yaml")


@pytest.fixture(scope="session")
def score(scheme: Scheme, case_of: Callable[..., Case]) -> Callable[..., ScoreResult]:
    """The score sheet of a case."""
    return lambda **changes: score_case(scheme, case_of(**changes))


GOLDEN = Path(__file__).parent / "golden"


def _agrees(name: str, data: Any) -> None:
    """Compares JSON data with ``golden/<name>.json``, word for word; UPDATE_GOLDEN=1 writes the file anew instead.

    One line per member, so that a change of one sentence is one line of a diff.
    """
    text = json.dumps(data, ensure_ascii=False, indent=1) + "\n"
    path = GOLDEN / f"{name}.json"
    if os.environ.get("UPDATE_GOLDEN") == "1":
        GOLDEN.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    wanted = json.loads(path.read_text(encoding="utf-8"))
    found = json.loads(text)
    if isinstance(wanted, dict) and isinstance(found, dict):
        assert list(found) == list(wanted)
        for key, member in wanted.items():
            assert found[key] == member, key
    assert found == wanted


@pytest.fixture(scope="session")
def agrees() -> Callable[[str, Any], None]:
    """Compares what the rules say with what they said when a person last read it (``golden/``)."""
    return _agrees
