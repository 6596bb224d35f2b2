"""The bench measures what it says: so many districts, scored and ranked, in one process."""

from __future__ import annotations

from review.bench import Bench, Measured, bench, made_up_cases
from scoring_rules.ranking import rank
from scoring_rules.scheme_loader import load_scheme
from scoring_rules.scoring import score_case


def test_小规模也给出全部数字() -> None:
    measured = bench(sizes=(3, 30))
    shown = measured.to_json()
    assert [row["districts"] for row in shown["scoring"]] == [3, 30]
    assert all(row["cpu_milliseconds_per_district"] > 0 for row in shown["scoring"])
    assert measured.rows[0].peak_bytes > 0
    assert measured.rows[1].peak_bytes > measured.rows[0].peak_bytes


def test_每区县耗时与比率() -> None:
    rows = (Measured(10, 0.004, 0.001, 0.005, 10), Measured(100, 0.08, 0.02, 0.1, 100))
    assert [row.per_district for row in rows] == [0.5, 1.0]
    measured = Bench(rows)
    assert measured.ratio == 2
    assert measured.to_json()["goal_met"] is False


def test_虚构的区县各种情形都有() -> None:
    scheme = load_scheme()
    results = [score_case(scheme, case) for case in made_up_cases(scheme, 200)]
    assert {result.adjusted for result in results} == {True, False}
    assert {result.annex1.status for result in results} == {"triggered", "not_triggered"}
    assert len({result.points_grade for result in results}) >= 3
    assert sum(result.total_points is None for result in results) == 4
    assert len(rank(results)) == 200
