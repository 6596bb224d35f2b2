"""Where the office's language model is, if it has one, and how long it may take: settings of the environment and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from review.errors import ModelError

SECONDS: Final = 60.0
LEAST_SECONDS, MOST_SECONDS = 5.0, 3600.0


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """base_url : of an OpenAI-compatible server, such as http://127.0.0.1:8080/v1. model : the name it knows it by.

    api_key : "" = the server wants none. It never shows itself in a representation of the settings.
    seconds : how long an answer may take, both tries together; a model on a slow machine needs more.
    """

    base_url: str
    model: str
    api_key: str = field(default="", repr=False)
    seconds: float = SECONDS

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> ModelSettings | None:
        """The settings of the environment; None without an address and a name, which is how it is used everywhere by default.

        Raises ModelError for a time that is none.
        """
        base_url, model = env.get("EDUREVIEW_LLM_BASE_URL", "").strip(), env.get("EDUREVIEW_LLM_MODEL", "").strip()
        if not base_url or not model:
            return None
        return cls(base_url, model, env.get("EDUREVIEW_LLM_API_KEY", "").strip(), _seconds(env))


def _seconds(env: Mapping[str, str]) -> float:
    text = env.get("EDUREVIEW_LLM_SECONDS", "").strip()
    try:
        seconds = float(text or SECONDS)
    except ValueError:
        seconds = 0.0
    if not LEAST_SECONDS <= seconds <= MOST_SECONDS:
        told = f"EDUREVIEW_LLM_SECONDS 应写 {LEAST_SECONDS:g} 到 {MOST_SECONDS:g} 之间的秒数，实际是“{text}”"
        raise ModelError(told, retryable=False)
    return seconds
