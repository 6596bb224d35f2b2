"""The rows of the self points table on the page, and what a person changed in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from review.self_points import Entry, Sheet, bonus_id, read_entry
from scoring_rules.applicability import maxima
from scoring_rules.rounding import published
from scoring_rules.scheme import Scheme

ID, NAME, MOST, POINTS, REASON = "编号", "指标", "满分", "自评得分", "得失分说明"
_NAME_LENGTH = 40


def rows_of(scheme: Scheme, sheet: Sheet) -> list[dict[str, str]]:
    """One row per criterion and item, in the scheme's order; empty where nothing is entered."""
    limits, bonus = maxima(scheme, ()), bonus_id(scheme)
    rows = []
    for criterion in scheme.criteria:
        most = scheme.bonus_cap if criterion.id == bonus else criterion.points
        listed = [(criterion.id, criterion.name, published(most))]
        listed += [
            (item.id, "　" + item.text[:_NAME_LENGTH], published(limits.items[item.id]))
            for item in criterion.items
            if item.id != criterion.id
        ]
        for key, name, limit in listed:
            entry = sheet.entries.get(key)
            words = ("", "") if entry is None else (entry.words, entry.reason)
            rows.append({ID: key, NAME: name, MOST: limit, POINTS: words[0], REASON: words[1]})
    return rows


def changes_of(rows: Sequence[Mapping[str, Any]], sheet: Sheet, scheme: Scheme) -> dict[str, Entry | None]:
    """What the rows say otherwise than the sheet; None = taken out. RefusedRecordError for what is no number of points."""
    changes: dict[str, Entry | None] = {}
    for row in rows:
        key, points, reason = row[ID], str(row[POINTS] or "").strip(), str(row[REASON] or "").strip()
        there = sheet.entries.get(key)
        if not points:
            if there is not None:
                changes[key] = None
            continue
        entry = read_entry(key, points, reason, scheme)
        if entry != there:
            changes[key] = entry
    return changes
