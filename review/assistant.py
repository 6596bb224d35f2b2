"""Answers a question in the right of the asker: the scheme, the evidence, or what is still missing, each with checked citations."""

from __future__ import annotations

from retrieval.ask import Answer, AnswerSentence, ask_evidence, ask_scheme
from retrieval.question import Question, understand

from review.completeness import STATE_WORDS, Completeness, completeness
from review.workspace import Workspace


def ask(workspace: Workspace, text: str, *, district: str | None = None, cycle: int | None = None) -> Answer:
    """The answer; a question about the scheme touches neither the record nor the model."""
    question = understand(text, workspace.scheme, workspace.catalogue)
    if question.kind == "indicator":
        return ask_scheme(workspace.scheme, workspace.catalogue, question)
    if district is None:
        known = [(name, year) for name, year in workspace.districts(cycle) if name in text]
        if known:
            district, cycle = known[0]
    if district is not None:
        district, cycle = workspace.locate(district, cycle)
    if question.kind == "missing" and district is not None and cycle is not None:
        return missing_answer(question, completeness(workspace, district, cycle))
    return ask_evidence(
        workspace.index, workspace.scheme, workspace.catalogue, question, district=district, cycle=cycle
    )


def missing_answer(question: Question, listed: Completeness) -> Answer:
    """One sentence an item that is not complete, of those asked about (all when none is named)."""
    asked = [entry for entry in listed.items if not question.items or entry.item in question.items]
    sentences = [AnswerSentence(listed.coverage.sentence, (), True)]
    for entry in asked:
        if entry.state == "found" and not entry.notes:
            continue
        gaps = f"，缺{'、'.join(entry.missing)}" if entry.missing else ""
        notes = "".join(f" {note}" for note in entry.notes)
        cited = [
            citation
            for expected in entry.expected
            if expected.state == "out_of_period"
            for citation in expected.citations
        ]
        cited += [citation for conflict in entry.conflicts for citation in conflict.citations]
        unique = tuple(c for n, c in enumerate(cited) if c not in cited[:n])
        sentences.append(
            AnswerSentence(f"{entry.item} {entry.title}：{STATE_WORDS[entry.state]}{gaps}。{notes}", unique, True)
        )
    if len(sentences) == 1:
        sentences.append(AnswerSentence("所问要点的必备材料均已找到，是否充分由专家核定。", (), True))
    return Answer("missing", True, tuple(sentences), listed.coverage.sentence)
