"""Many districts scored one after the other."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from scoring_rules.case import Case
from scoring_rules.scheme_loader import load_scheme
from scoring_rules.score_result import ScoreResult
from scoring_rules.scoring import score_case


def score_all(cases: Iterable[Case]) -> list[ScoreResult]:
    """The score sheets, each under the scheme its case names, in the order of the cases."""
    with collector_at_rest():
        return [score_case(load_scheme(case.scheme), case) for case in cases]


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """Score sheets hold no reference cycles; the collector would only walk the growing list again and again, for nothing."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
