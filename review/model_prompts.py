"""The fixed words a language model is given, from corpus/prompts: instructions of ours in system, everything else in user."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from review.errors import ModelError
from scoring_rules.yaml_source import Faults, parse_yaml

_PLACE = re.compile(r"\{(question|fence|material|paragraph|item|metrics)\}")


@dataclass(frozen=True, slots=True)
class Prompt:
    """system : never holds anything but the words of the file. user : with places to fill. again : added at a second try."""

    id: str
    version: str
    system: str
    user: str
    again: str

    def fill(self, **values: str) -> str:
        """The user's message. A value that looks like a place is not filled in again."""
        return _PLACE.sub(lambda match: values[match[1]], self.user)


@cache
def load_prompt(name: str) -> Prompt:
    """The prompt of that name. Raises ModelError with every fault of the file."""
    faults = Faults(f"prompts/{name}.yaml")
    text = (files("corpus") / "prompts" / f"{name}.yaml").read_text(encoding="utf-8")
    part = parse_yaml(text, faults).mapping(("id", "version", "system", "user", "again"))
    prompt = Prompt(*(part[key].text() for key in ("id", "version", "system", "user", "again")))
    if faults:
        raise ModelError("；".join(sentence.rstrip("。") for sentence in faults.sentences), retryable=False)
    return prompt
