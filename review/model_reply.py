"""What a language model writes, read while it comes: JSON objects with a sentence, whatever stands around them."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from review.model_forms import LISTS

MOST_SENTENCES = 12
SENTENCE_LENGTH = 300
QUOTE_LENGTH = 600
_CITED_PLACES = 6
_OPEN_SENTENCE = re.compile(r'"sentence"\s*:\s*"((?:[^"\\]|\\.)*)$', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence as the model gave it, and the (key, quote) pairs it names for it; nothing of it is checked."""

    sentence: str
    cited: tuple[tuple[str, str], ...]


class ReplyReader:
    """Takes pieces of a reply; gives each JSON object once it is complete. Prose, fences and wrappers are passed over.

    none : the model has said that there is nothing.
    """

    def __init__(self) -> None:
        self._text = ""
        self._at = 0
        self._starts: list[int] = []
        self._in_string = self._escaped = False
        self.none = False

    def feed(self, piece: str) -> list[Claim]:
        """The claims among the objects that this piece completes."""
        return [claim for data in self.objects(piece) if (claim := claim_of(data)) is not None]

    def objects(self, piece: str) -> list[dict[str, Any]]:
        """The objects that this piece completes, whatever they hold."""
        self._text += piece
        found = []
        while self._at < len(self._text):
            data = self._step(self._text[self._at])
            self._at += 1
            if isinstance(data, dict):
                self.none = self.none or data.get("none") is True or any(data.get(name) == [] for name in LISTS)
                found.append(data)
        return found

    def _step(self, character: str) -> Any:
        """Moves over one character; the JSON value of the object that it closes, else None."""
        if self._in_string:
            if self._escaped:
                self._escaped = False
            elif character == "\\":
                self._escaped = True
            elif character == '"':
                self._in_string = False
            return None
        if character == "{":
            self._starts.append(self._at)
        elif character == '"' and self._starts:
            self._in_string = True
        elif character == "}" and self._starts:
            return _json(self._text[self._starts.pop() : self._at + 1])
        return None

    @property
    def open_words(self) -> str:
        """The words of the sentence that is just being written, "" between sentences."""
        if not self._starts:
            return ""
        match = _OPEN_SENTENCE.search(self._text, self._starts[-1])
        return clean(_unescaped(match[1]))[:SENTENCE_LENGTH] if match else ""


def claim_of(data: dict[str, Any]) -> Claim | None:
    """The claim of an object, None when it has no sentence. Anything that is not as prescribed counts as not there."""
    sentence = data.get("sentence")
    if not isinstance(sentence, str) or not clean(sentence):
        return None
    return Claim(clean(sentence)[:SENTENCE_LENGTH], cited_of(data))


def cited_of(data: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """The (key, quote) pairs an object names, in "cite" or itself; those that are not as prescribed are left out."""
    places = data.get("cite", [data])
    pairs = []
    for place in places[:_CITED_PLACES] if isinstance(places, list) else ():
        key, quote = (place.get("key"), place.get("quote")) if isinstance(place, dict) else (None, None)
        if isinstance(key, str) and isinstance(quote, str):
            pairs.append((key.strip()[:60], quote[:QUOTE_LENGTH]))
    return tuple(pairs)


def clean(text: str) -> str:
    """The text on one line, without characters that have no shape or turn the writing around."""
    kept = (" " if c.isspace() else c for c in text if c.isspace() or unicodedata.category(c)[0] != "C")
    return " ".join("".join(kept).split())


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _unescaped(text: str) -> str:
    """The words of a JSON string that may break off inside an escape."""
    for cut in range(7):
        value = _json(f'"{text[: len(text) - cut]}"')
        if isinstance(value, str):
            return value
    return ""
