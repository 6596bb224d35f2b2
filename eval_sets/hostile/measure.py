"""The hostile files read in the real reading process: `edureview eval hostile`."""

from __future__ import annotations

from eval_sets.hostile.build import CASES
from eval_sets.hostile.run import run_all

_told: list[str] = []


def measure() -> dict[str, float]:
    """Share of the files that end as expected.yaml says."""
    _told.clear()
    bad = run_all(CASES, _told.append)
    return {"as_expected": 1 - bad / len(CASES), "n": float(len(CASES))}


def details() -> list[str]:
    """A line for each file of the last `measure`."""
    return list(_told)
