"""The rows of the self points table, and what a person changed in them."""

from __future__ import annotations

from fractions import Fraction

import pytest

from review.errors import RefusedRecordError
from review.self_points import Entry, Sheet
from scoring_rules.scheme_loader import load_scheme
from ui.self_rows import ID, MOST, POINTS, REASON, changes_of, rows_of

SCHEME = load_scheme()
SHEET = Sheet("虚构区", 2019, 1, {"B1": Entry(Fraction(58), "虚构"), "B14-4": Entry(None, "没有")})


def test_每个指标和要点一行() -> None:
    rows = {row[ID]: row for row in rows_of(SCHEME, SHEET)}
    assert len(rows) == 21 + 62
    assert (rows["B1"][POINTS], rows["B1"][REASON], rows["B1"][MOST]) == ("58", "虚构", "60.00")
    assert (rows["B14-4"][POINTS], rows["B2"][POINTS], rows["B21"][MOST]) == ("不适用", "", "20.00")


def test_没有改动就没有变化() -> None:
    assert changes_of(rows_of(SCHEME, SHEET), SHEET, SCHEME) == {}


def test_改动_增加_删去() -> None:
    rows = rows_of(SCHEME, SHEET)
    for row in rows:
        row[POINTS] = {"B1": "", "B2": "39.5", "B14-4": "不适用"}.get(row[ID], row[POINTS])
        row[REASON] = {"B14-4": "换了说法"}.get(row[ID], row[REASON])
    assert changes_of(rows, SHEET, SCHEME) == {
        "B1": None,
        "B2": Entry(Fraction("39.5"), ""),
        "B14-4": Entry(None, "换了说法"),
    }


@pytest.mark.parametrize("empty", [None, "", "  "])
def test_空格子不是零(empty: str | None) -> None:
    rows = [row | {POINTS: empty} if row[ID] == "B2" else row for row in rows_of(SCHEME, SHEET)]
    assert changes_of(rows, SHEET, SCHEME) == {}


def test_不是数的要说() -> None:
    rows = [row | {POINTS: "四十"} if row[ID] == "B2" else row for row in rows_of(SCHEME, SHEET)]
    with pytest.raises(RefusedRecordError, match="B2 的自评分“四十”不是数"):
        changes_of(rows, SHEET, SCHEME)
