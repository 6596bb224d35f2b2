"""The questions of eval_sets/demo asked of the loaded demo district: found or not as it should be, from the right file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from retrieval.cite import Citation
from review.assistant import ask
from review.workspace import Workspace

QUESTIONS: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parents[2] / "eval_sets" / "demo" / "questions.yaml").read_text(encoding="utf-8")
)["questions"]
# What is known to go wrong; a question leaves this list when it is put right (then its test fails until it does).
KNOWN_WRONG: dict[str, str] = {}


@pytest.mark.parametrize("question", QUESTIONS, ids=[entry["id"] for entry in QUESTIONS])
def test_演示问题(demo: Workspace, question: dict[str, Any]) -> None:
    answer = ask(demo, question["question"], district="云山区")
    files = {c.file for s in answer.sentences for c in s.citations if isinstance(c, Citation)}
    expected = {place["file"] for place in question.get("places", ())}
    right = answer.found == question["found"] and (not expected or bool(files & expected))
    assert right == (question["id"] not in KNOWN_WRONG), (question["question"], files)
