"""What scoring and ranking cost: made-up districts, all in this process, the cost per district at each size side by side."""

from __future__ import annotations

import json
import time
import tracemalloc
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from review.scoring_run import score_all
from scoring_rules.case import Case, load_case
from scoring_rules.ranking import rank
from scoring_rules.scheme import Scheme
from scoring_rules.scheme_loader import load_scheme

SIZES = (10, 1_000, 10_000)
GOAL_MILLISECONDS = 1.0
# Small sizes are repeated until this many districts were scored, so that the clock's grain and the first call do not count.
LEAST_DISTRICTS = 1_000
DISTINCT = 1_000


@dataclass(frozen=True, slots=True)
class Measured:
    """One size. score_seconds, rank_seconds : of one round, wall clock; cpu_seconds : of both, this process only; peak_bytes : allocated by scoring and ranking."""

    districts: int
    score_seconds: float
    rank_seconds: float
    cpu_seconds: float
    peak_bytes: int

    @property
    def per_district(self) -> float:
        """Milliseconds of processor time per district, scored and ranked: what other programs do meanwhile does not count."""
        return self.cpu_seconds / self.districts * 1000

    def to_json(self) -> dict[str, Any]:
        """The row as JSON data."""
        return {
            "districts": self.districts,
            "score_seconds": round(self.score_seconds, 4),
            "rank_seconds": round(self.rank_seconds, 4),
            "cpu_seconds": round(self.cpu_seconds, 4),
            "cpu_milliseconds_per_district": round(self.per_district, 4),
            "peak_megabytes": round(self.peak_bytes / 1e6, 1),
            "kilobytes_per_district": round(self.peak_bytes / 1e3 / self.districts, 1),
        }


@dataclass(frozen=True, slots=True)
class Bench:
    """The rows by size, smallest first."""

    rows: tuple[Measured, ...]

    @property
    def ratio(self) -> float:
        """Cost per district at the largest size over that at the smallest: 1 = flat."""
        return self.rows[-1].per_district / self.rows[0].per_district

    def to_json(self) -> dict[str, Any]:
        """The document of `bench --json`."""
        return {
            "scoring": [row.to_json() for row in self.rows],
            "ratio_largest_to_smallest": round(self.ratio, 3),
            "goal_milliseconds_per_district": GOAL_MILLISECONDS,
            "goal_met": all(row.per_district < GOAL_MILLISECONDS for row in self.rows),
        }


def made_up_cases(scheme: Scheme, count: int) -> list[Case]:
    """Cases that differ in points, credibility, bonus, Annex 1 and rectification; the same ones every time. Every 50th is open.

    Reading a case file is not what is measured: beyond DISTINCT the cases repeat under other names.
    """
    distinct = [_case(scheme, number) for number in range(min(count, DISTINCT))]
    return [replace(distinct[n % DISTINCT], district=f"虚构{n:05d}区") for n in range(count)]


def bench(sizes: Sequence[int] = SIZES, say: Callable[[str], object] = lambda line: None) -> Bench:
    """Scores and ranks that many districts, first timed, then once more with the memory traced (tracing slows it down)."""
    scheme = load_scheme()
    say(f"生成 {max(sizes)} 个虚构区县的案卷……")
    cases = made_up_cases(scheme, max(sizes))
    rank(score_all(cases[: min(sizes)]))
    return Bench(tuple(_measured(cases[:size], say) for size in sorted(sizes)))


def _measured(cases: Sequence[Case], say: Callable[[str], object]) -> Measured:
    say(f"计算 {len(cases)} 个区县……")
    rounds = max(1, LEAST_DISTRICTS // len(cases))
    scored = ranked = 0.0
    cpu = time.process_time()
    for _ in range(rounds):
        start = time.perf_counter()
        results = score_all(cases)
        middle = time.perf_counter()
        rank(results)
        scored, ranked = scored + middle - start, ranked + time.perf_counter() - middle
        del results
    cpu = (time.process_time() - cpu) / rounds
    tracemalloc.start()
    try:
        rank(score_all(cases))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    return Measured(len(cases), scored / rounds, ranked / rounds, cpu, peak)


def _case(scheme: Scheme, number: int) -> Case:
    """District `number`: points vary by fixed steps, so that bands, ties and both sides of the tolerance all occur."""
    scored = [criterion for criterion in scheme.criteria if not criterion.is_bonus]
    own = {c.id: str(int(c.points) - (number * (n + 3) + n) % (int(c.points) // 2 + 1)) for n, c in enumerate(scored)}
    sampled = [c.id for n, c in enumerate(scored) if n % 4 == number % 4]
    states = ("not_triggered", "not_triggered", "not_triggered", "triggered")
    data = {
        "scheme": scheme.id,
        "cycle": 2019,
        "district": f"虚构{number:05d}区",
        "self": own,
        "verified": {name: str(max(int(own[name]) - number % 3, 0)) for name in sampled},
        "bonus": {"claimed": "10", "awarded": None if number % 50 == 0 else str(number % 21)},
        "annex1": {c.id: states[number // 7 % 4] if c.id == "3" else "not_triggered" for c in scheme.conditions},
        "rectification": {"due": 6, "unrectified": number % 4},
    }
    return load_case(json.dumps(data, ensure_ascii=False), f"虚构{number}")
