"""Whether a server holds its model to a form, and by which words it is asked to: found out by asking, kept while the program runs."""

from __future__ import annotations

from typing import Any, Final, Literal

from review.model_forms import Form
from review.model_settings import ModelSettings

Way = Literal["json_schema", "json_object", "plain"]
# In this order: the first is the common one, the second is that of servers which refuse the first, or take it and pay no heed.
WAYS: Final[tuple[Way, ...]] = ("json_schema", "json_object", "plain")
# What servers answer to a form that they do not know; some say it is their own fault.
REFUSED: Final = frozenset({400, 415, 422, 500, 501})
SILENCES: Final = 2  # one may be a model that is being loaded
_known: dict[tuple[str, str], tuple[Way, ...]] = {}
_silences: dict[tuple[str, str], int] = {}


def ways_of(settings: ModelSettings) -> tuple[Way, ...]:
    """The ways that are left to try with this server, the last of them without a form."""
    return _known.get(_server(settings), WAYS)


def took(settings: ModelSettings, way: Way) -> None:
    """A reply has begun as the form wants it, or without one after every form was refused: this way is used from now on."""
    _known[_server(settings)] = WAYS[WAYS.index(way) :]
    _silences.pop(_server(settings), None)


def was_silent(settings: ModelSettings, way: Way) -> None:
    """Nothing came. After the second time in a row with a form, none is asked for; silent without one, it was not the form."""
    server = _server(settings)
    _silences[server] = 0 if way == "plain" else _silences.get(server, 0) + 1
    if _silences[server] == SILENCES:
        _known[server] = ("plain",)


def forget(settings: ModelSettings) -> None:
    """As if the server had never been asked: where another one may answer at the same address."""
    _known.pop(_server(settings), None)
    _silences.pop(_server(settings), None)


def asked_for(way: Way, form: Form | None) -> dict[str, Any]:
    """What a request holds besides the words; {} without a form."""
    if form is None or way == "plain":
        return {}
    if way == "json_object":
        return {"response_format": {"type": "json_object", "schema": form.schema}}
    told = {"name": form.name, "strict": True, "schema": form.schema}
    return {"response_format": {"type": "json_schema", "json_schema": told}}


def _server(settings: ModelSettings) -> tuple[str, str]:
    return settings.base_url, settings.model
