"""The scheme as the document of `scheme --json`."""

from __future__ import annotations

from typing import Any

from scoring_rules.rounding import exact_text
from scoring_rules.scheme import Place, Scheme


def scheme_json(scheme: Scheme) -> dict[str, Any]:
    """Indicators, criteria with points, items with the official words, grades, annex 1, procedure, each with its place."""
    return {
        "id": scheme.id,
        "title": scheme.title,
        "document_number": scheme.document_number,
        "issuer": scheme.issuer,
        "issued": scheme.issued,
        "full_points": exact_text(scheme.full_points),
        "bonus_cap": exact_text(scheme.bonus_cap),
        "counts": {"criteria": len(scheme.criteria), "items": len(scheme.items)},
        "indicators": [
            {
                "id": indicator.id,
                "name": indicator.name,
                "points": exact_text(indicator.points),
                "place": _place(indicator.place),
                "criteria": [
                    {
                        "id": criterion.id,
                        "name": criterion.name,
                        "points": exact_text(criterion.points),
                        "bonus": criterion.is_bonus,
                        "place": _place(criterion.place),
                        "items": [
                            {"id": item.id, "text": item.text, "place": _place(item.place)} for item in criterion.items
                        ],
                    }
                    for criterion in indicator.criteria
                ],
            }
            for indicator in scheme.indicators
        ],
        "grades": [
            {
                "name": grade.name,
                "at_least": exact_text(grade.at_least),
                "text": grade.text,
                "place": _place(grade.place),
            }
            for grade in scheme.grades
        ],
        "annex1": [
            {"id": condition.id, "text": condition.text, "place": _place(condition.place)}
            for condition in scheme.conditions
        ],
        "procedure": [
            {"id": step.id, "title": step.title, "text": step.text, "place": _place(step.place)}
            for step in scheme.procedure
        ],
    }


def _place(place: Place) -> dict[str, Any]:
    return {"section": place.section, "line": place.line}
