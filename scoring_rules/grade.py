"""Grade bands of 四（一）: 900（含）以上 优秀, 750（含）至 900 良好, 600（含）至 750 合格, 600 以下 不合格."""

from __future__ import annotations

from fractions import Fraction

from scoring_rules.scheme import Grade, Scheme

UNSETTLED = "待认定"


def band(scheme: Scheme, points: Fraction) -> Grade:
    """The band `points` fall in; the lower end of a band is inside it."""
    for grade in scheme.grades:
        if points >= grade.at_least:
            return grade
    raise ValueError("points are never negative")


def lowered(scheme: Scheme, name: str, steps: int = 1) -> str:
    """The grade that many steps below; the lowest stays (约定 R5)."""
    names = [grade.name for grade in scheme.grades]
    return names[min(names.index(name) + steps, len(names) - 1)]
