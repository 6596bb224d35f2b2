"""The ledger: every step from inputs to grade, and the bytes it is signed by."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any


def canonical_json(value: Any) -> bytes:
    """`value` as UTF-8 JSON with sorted keys and no spaces: equal data give equal bytes.

    Floats are refused (TypeError): their text depends on how they were computed.
    """
    _refuse_floats(value)
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8")


@dataclass(frozen=True, slots=True)
class LedgerStep:
    """One step. `basis`: the official sentence it applies, or 约定 with its R number. inputs, result: JSON data.

    citations : ids of the passages a person confirmed for what the step reads.
    """

    rule: str
    basis: str
    inputs: Any
    result: Any
    citations: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The step as JSON data."""
        return {
            "rule": self.rule,
            "basis": self.basis,
            "inputs": self.inputs,
            "result": self.result,
            "citations": list(self.citations),
        }


@dataclass(slots=True)
class Ledger:
    """Steps in the order they were taken; `add` while scoring, read-only after."""

    steps: list[LedgerStep] = field(default_factory=list)

    def add(self, rule: str, basis: str, inputs: Any, result: Any, citations: tuple[str, ...] = ()) -> None:
        """Append a step."""
        self.steps.append(LedgerStep(rule, basis, inputs, result, citations))

    def to_json(self) -> list[dict[str, Any]]:
        """The steps as JSON data."""
        return [step.to_json() for step in self.steps]

    def sha256(self) -> str:
        """SHA-256 of the canonical JSON of the steps, in hexadecimal."""
        return hashlib.sha256(canonical_json(self.to_json())).hexdigest()


def _refuse_floats(value: Any) -> None:
    if isinstance(value, float):
        raise TypeError("a ledger holds exact text, no floats")
    members = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for member in members:
        _refuse_floats(member)
