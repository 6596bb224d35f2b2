"""Where the office's language model is, if it has one: three settings of the environment and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """base_url : of an OpenAI-compatible server, such as http://127.0.0.1:8080/v1. model : the name it knows it by.

    api_key : "" = the server wants none. It never shows itself in a representation of the settings.
    """

    base_url: str
    model: str
    api_key: str = field(default="", repr=False)

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> ModelSettings | None:
        """The settings of the environment; None without an address and a name, which is how it is used everywhere by default."""
        base_url, model = env.get("EDUREVIEW_LLM_BASE_URL", "").strip(), env.get("EDUREVIEW_LLM_MODEL", "").strip()
        if not base_url or not model:
            return None
        return cls(base_url, model, env.get("EDUREVIEW_LLM_API_KEY", "").strip())
