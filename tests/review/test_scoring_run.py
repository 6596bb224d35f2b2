"""Many districts at once give what each gives alone, and leave the collector as it was."""

from __future__ import annotations

import gc

import pytest

from review.bench import made_up_cases
from review.scoring_run import collector_at_rest, score_all
from scoring_rules.scheme_loader import load_scheme
from scoring_rules.scoring import score_case


def test_一起算与逐个算相同() -> None:
    scheme = load_scheme()
    cases = made_up_cases(scheme, 20)
    assert [r.to_json() for r in score_all(cases)] == [score_case(scheme, case).to_json() for case in cases]


def test_评分结果没有循环引用() -> None:
    cases = made_up_cases(load_scheme(), 5)
    score_all(cases)
    gc.collect()
    with collector_at_rest():
        results = score_all(cases)
        del results
        # What else runs in this process may leave cycles of its own.
        gc.set_debug(gc.DEBUG_SAVEALL)
        try:
            gc.collect()
            left = [type(one) for one in gc.garbage]
        finally:
            gc.set_debug(0)
            gc.garbage.clear()
    assert not [kind for kind in left if kind.__module__.startswith(("scoring_rules", "review"))]


@pytest.mark.parametrize("on", [True, False])
def test_之后与之前一样(on: bool) -> None:
    try:
        gc.enable() if on else gc.disable()
        with collector_at_rest():
            assert not gc.isenabled()
        assert gc.isenabled() is on
    finally:
        gc.enable()
