"""The questions of questions.yaml asked of the demo district: `edureview eval demo`. The record is made anew from corpus/demo."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import yaml

from retrieval.answer import Answer
from retrieval.cite import Citation
from review.assistant import ask
from review.demo import load_demo
from review.workspace import Settings, Workspace

QUESTIONS = Path(__file__).with_name("questions.yaml")
_told: list[str] = []


def measure() -> dict[str, float]:
    """Share of questions answered from one of the right files, and of questions without an answer that are told so."""
    document = yaml.safe_load(QUESTIONS.read_text(encoding="utf-8"))
    _told.clear()
    right: dict[bool, list[bool]] = {True: [], False: []}
    with tempfile.TemporaryDirectory(prefix="edureview-eval-", ignore_cleanup_errors=True) as folder:
        workspace = Workspace(Settings(Path(folder)))
        try:
            load_demo(workspace, lambda line: None)
            for question in document["questions"]:
                answer = ask(workspace, question["question"], district=document["district"], cycle=document["cycle"])
                good = is_right(question, answer)
                right[question["found"]].append(good)
                if not good:
                    _told.append(f"{question['id']} {question['question']}：{'答了' if answer.found else '未找到'}")
        finally:
            workspace.store.engine.dispose()
    return {
        "answered": sum(right[True]) / len(right[True]),
        "refused": sum(right[False]) / len(right[False]),
        "n_answerable": float(len(right[True])),
        "n_missing": float(len(right[False])),
    }


def details() -> list[str]:
    """The questions that went wrong at the last `measure`."""
    return list(_told)


def is_right(question: dict[str, Any], answer: Answer) -> bool:
    """Whether an answer is given or refused as judged, and cites one of the files that answer."""
    files = {c.file for sentence in answer.sentences for c in sentence.citations if isinstance(c, Citation)}
    expected = {place["file"] for place in question.get("places", ())}
    return bool(answer.found == question["found"] and (not expected or files & expected))
