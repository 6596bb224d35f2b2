"""The forms of replies: what the contract takes fits them, no key and no word of its own does."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from review.model_forms import Form, answer_form, offers_form, paragraph_form
from review.model_reply import ReplyReader
from review.proposals import KINDS

KEYS = ("K1", "K2")
FORMS = {"answer": answer_form(KEYS), "paragraph": paragraph_form()} | {
    kind: offers_form(kind, KEYS, ("M1",)) for kind in KINDS
}


def fits(value: Any, schema: Mapping[str, Any]) -> bool:
    """Whether a value has the form: as much of JSON Schema as the forms use. Raises KeyError for anything else."""
    known = {"type", "properties", "required", "additionalProperties", "items", "minItems", "maxItems", "enum"}
    assert set(schema) <= known
    if schema["type"] == "object":
        named = schema["properties"]
        assert schema["additionalProperties"] is False
        assert schema["required"] == list(named)
        return isinstance(value, dict) and set(value) == set(named) and all(fits(value[one], named[one]) for one in named)  # fmt: skip
    if schema["type"] == "array":
        enough = isinstance(value, list) and schema["minItems"] <= len(value) <= schema["maxItems"]
        return enough and all(fits(one, schema["items"]) for one in value)
    kind = {"string": str, "integer": int}[schema["type"]]
    return isinstance(value, kind) and value in schema.get("enum", [value])


def place(key: str = "K1") -> dict[str, str]:
    return {"key": key, "quote": "示例园12所"}


GOOD: dict[str, dict[str, Any]] = {
    "answer": {"answer": [{"sentence": "示例园12所。", "cite": [place(), place("K2")]}]},
    "link": {"proposals": [place() | {"verdict": "supports"}]},
    "fact": {"proposals": [place() | {"metric": "M1", "value": "12所", "year": 2018, "scope": "全区"}]},
    "rating": {"proposals": [{"rating": "met", "cite": [place()]}]},
    "paragraph": {"paragraph": "示例园12所。"},
}


@pytest.mark.parametrize("name", GOOD)
def test_规定的写法合格式_读得出(name: str) -> None:
    assert fits(GOOD[name], FORMS[name].schema)
    read = ReplyReader().objects(json.dumps(GOOD[name], ensure_ascii=False))
    inside = GOOD[name].get("answer") or GOOD[name].get("proposals") or [GOOD[name]]
    assert inside[0] in read


@pytest.mark.parametrize("name", ["answer", "link", "fact", "rating"])
def test_没有就是空的(name: str) -> None:
    (listed,) = GOOD[name]
    assert fits({listed: []}, FORMS[name].schema)
    reader = ReplyReader()
    reader.objects(json.dumps({listed: []}))
    assert reader.none


BAD: list[tuple[str, dict[str, Any]]] = [
    ("answer", {"answer": [{"sentence": "甲。", "cite": [place("K00000000")]}]}),
    ("answer", {"answer": [{"sentence": "甲。", "cite": []}]}),
    ("answer", {"answer": [{"sentence": "甲。", "cite": [place()], "points": "60"}]}),
    ("answer", {"answer": [], "verdict": "met"}),
    ("link", {"proposals": [place("K3") | {"verdict": "supports"}]}),
    ("link", {"proposals": [place() | {"verdict": "confirmed"}]}),
    ("link", {"proposals": [place() | {"verdict": "supports", "state": "confirmed"}]}),
    ("fact", {"proposals": [place() | {"metric": "puhui_rate", "value": "1", "year": 2018, "scope": "全区"}]}),
    ("rating", {"proposals": [{"rating": "满分", "cite": [place()]}]}),
    ("rating", {"proposals": [{"rating": "met", "cite": [place()]}] * 2}),
]


@pytest.mark.parametrize(("name", "value"), BAD)
def test_别的钥匙_别的判断_多出来的话都不合格式(name: str, value: dict[str, Any]) -> None:
    assert not fits(value, FORMS[name].schema)


@pytest.mark.parametrize("form", FORMS.values(), ids=lambda form: form.name)
def test_格式里只有我们自己的话(form: Form) -> None:
    text = json.dumps(form.schema, ensure_ascii=False)
    assert text.isascii(), "some servers repeat it to the model as instructions"
    assert form.name.isalpha()
