"""The form of a reply as a JSON schema, for servers that can hold a model to one: no other key than those handed over fits.

Some servers repeat the schema in their system message, so it holds our own words and keys only, never a word of the material.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from review.confirmation_writing import VERDICTS
from review.proposals import RATINGS, Kind

ANSWER: Final = "answer"
PROPOSALS: Final = "proposals"
PARAGRAPH: Final = "paragraph"
LISTS: Final = (ANSWER, PROPOSALS)  # what a reply is a list of; an empty one says that there is nothing
_SENTENCES: Final = 6
_PLACES: Final = 2  # a sentence rests on; two, where it sets one thing beside another
_RATED_BY: Final = 4
_OFFERS: Final = 6
_TEXT: Final[Mapping[str, Any]] = {"type": "string"}


@dataclass(frozen=True, slots=True)
class Form:
    """name : of letters only. schema : of the whole reply, an object; only what servers that take schemas have in common."""

    name: str
    schema: Mapping[str, Any]


def answer_form(keys: Sequence[str]) -> Form:
    """Sentences, each with at least one place. keys : of the passages handed over, not empty."""
    sentence = _object(sentence=_TEXT, cite=_list(_place(keys), 1, _PLACES))
    return Form(ANSWER, _object(**{ANSWER: _list(sentence, 0, _SENTENCES)}))


def offers_form(kind: Kind, keys: Sequence[str], metrics: Sequence[str]) -> Form:
    """Proposals of one kind. keys : as for an answer. metrics : the keys of the metrics, not empty where figures are asked for."""
    if kind == "rating":
        offer = _object(rating=_one_of(list(RATINGS)), cite=_list(_place(keys), 1, _RATED_BY))
        return Form(PROPOSALS, _object(**{PROPOSALS: _list(offer, 0, 1)}))
    told = (
        {"verdict": _one_of(list(VERDICTS))}
        if kind == "link"
        else {"metric": _one_of(metrics), "value": _TEXT, "year": {"type": "integer"}, "scope": _TEXT}
    )
    offer = _object(key=_one_of(keys), quote=_TEXT, **told)
    return Form(PROPOSALS, _object(**{PROPOSALS: _list(offer, 0, _OFFERS)}))


def paragraph_form() -> Form:
    """One paragraph."""
    return Form(PARAGRAPH, _object(**{PARAGRAPH: _TEXT}))


def _place(keys: Sequence[str]) -> dict[str, Any]:
    return _object(key=_one_of(keys), quote=_TEXT)


def _one_of(values: Sequence[str]) -> dict[str, Any]:
    return {"type": "string", "enum": list(values)}


def _list(items: Mapping[str, Any], least: int, most: int) -> dict[str, Any]:
    return {"type": "array", "items": items, "minItems": least, "maxItems": most}


def _object(**properties: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "object", "properties": properties, "required": list(properties), "additionalProperties": False,
    }  # fmt: skip
