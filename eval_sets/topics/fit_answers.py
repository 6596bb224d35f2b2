"""The weights of `retrieval.sentence_measures`: `python -m eval_sets.topics.fit_answers` prints them (some eight minutes).

Learnt on the questions that may be looked at: the odd ones of demo.yaml and the practice halves of eval_sets/assistant. What answers
is told by the judged places there, and by file, figure and words here; every question of the evidence is measured a second time
without the sentences that answer it, when nothing should be answered. What is asked back takes no part, nor anything of a held-out half.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

import retrieval.evidence_search as evidence_search
from eval_sets.assistant.judging import holds
from eval_sets.assistant.measure import answer_to, fresh_workspace
from eval_sets.assistant.questions import LOOKED_AT, Asked
from eval_sets.assistant.questions import questions as assistant_questions
from eval_sets.topics.measure import TOPICS, halves
from retrieval.found_sentences import Found
from retrieval.sentence_measures import WEIGHTS, Rows
from review.assistant import ask
from review.evaluation_answers import JudgedQuestion, load_questions, squeeze
from review.workspace import Workspace

ANSWERS, UNSURE, NOTHING = 1.0, 0.5, 0.0
_HARDEST = 3  # of the sentences that do not answer, those that look most as if they did
_OF_MISSING, _OF_TAKEN_AWAY = 4.0, 0.2  # what a question without an answer counts, and one whose answer was taken away
_HELD = 0.3  # how strongly the weights are kept near 0
_ROUNDS = 5

Label = Callable[[Found], float]


@dataclass(frozen=True, slots=True)
class Example:
    """The candidates of one question. rows : (n, n_measures). labels : (n,). weight : what a sentence that does not answer counts."""

    rows: Rows
    labels: Rows
    weight: float


def fitted(examples: list[Example]) -> dict[str, float]:
    """Weights by measure: sentences that answer against the likeliest ones that do not, chosen anew each round."""
    weights = np.array(list(WEIGHTS.values()))
    for _ in range(_ROUNDS):
        rows, labels, counts = (np.concatenate(part) for part in zip(*_hard_cases(examples, weights), strict=True))
        weights = _regression(rows, labels, counts)
    return dict(zip(WEIGHTS, weights.tolist(), strict=True))


def _regression(rows: Rows, labels: Rows, counts: Rows) -> Rows:
    """Weights of a logistic regression held near 0 (but for the first, the constant), by Newton's steps."""
    held = np.full(rows.shape[1], 2 * _HELD)
    held[0] = 0.0
    weights = np.zeros(rows.shape[1])
    for _ in range(30):
        likely = 1 / (1 + np.exp(-rows @ weights))
        slope = rows.T @ (counts * (likely - labels)) + held * weights
        curve = (rows.T * (counts * likely * (1 - likely))) @ rows + np.diag(held)
        weights = weights - np.linalg.solve(curve, slope)
    return weights


def _hard_cases(examples: list[Example], weights: Rows) -> Iterator[tuple[Rows, Rows, Rows]]:
    for one in examples:
        order = np.argsort(-(one.rows @ weights))
        right = [at for at in order if one.labels[at] == ANSWERS][:2]
        wrong = [at for at in order if one.labels[at] == NOTHING][:_HARDEST]
        if right:
            yield one.rows[right], np.ones(len(right)), np.full(len(right), 1 / len(right))
        yield one.rows[wrong], np.zeros(len(wrong)), np.full(len(wrong), one.weight / _HARDEST)


def collected(workspace: Workspace) -> list[Example]:
    """The candidates of every question, as the program itself measures them."""
    measured: list[Example] = []
    label: list[Label | None] = [None]
    weigh = evidence_search.weighed_candidates

    def watched(*args: object, **options: object) -> object:
        found = weigh(*args, **options)  # type: ignore[arg-type]
        candidates, rows, _ = found
        if len(candidates):
            tell = label[0]
            labels = np.array([tell(one.found) if tell else NOTHING for one in candidates])
            if tell is None or (labels == ANSWERS).any():
                measured.append(Example(rows, labels, 1.0 if tell else _OF_MISSING))
            others = labels == NOTHING
            if tell and (labels == ANSWERS).any() and not any(one.fact for one in candidates):
                measured.append(Example(rows[others], labels[others], _OF_TAKEN_AWAY))
        return found

    evidence_search.weighed_candidates = watched  # type: ignore[assignment]
    try:
        district, cycle, topics = load_questions(TOPICS)
        for question in halves(topics)["dev"]:
            label[0] = _label_of_topic(question) if question.found else None
            ask(workspace, question.text, district=district, cycle=cycle)
        for half in LOOKED_AT:
            for asked in assistant_questions(half):
                if not asked.choices and (asked.found is False or "evidence" in asked.kinds):
                    label[0] = None if asked.found is False else _label_of_asked(asked)
                    answer_to(workspace, asked, asked.question)
    finally:
        evidence_search.weighed_candidates = weigh
    return measured


def _label_of_topic(question: JudgedQuestion) -> Label:
    numbers = [number for number in re.findall(r"\d[\d,.]*%?", squeeze(question.figure)) if len(number) > 2]

    def label(found: Found) -> float:
        text, file = squeeze(found.text), found.passage.document.file
        grades = [
            place.grade for place in question.places if place.file == file and all(p in text for p in place.quote)
        ]
        if grades:
            return ANSWERS if 2 in grades else UNSURE
        return UNSURE if numbers and all(number in text for number in numbers) else NOTHING

    return label


def _label_of_asked(asked: Asked) -> Label:
    def label(found: Found) -> float:
        in_file = not asked.files or found.passage.document.file in asked.files
        figure = any(holds(found.text, one) for spellings in asked.figure for one in spellings)
        said = any(squeeze(word) in squeeze(found.text) for word in asked.words)
        around = not asked.words or said or any(squeeze(word) in squeeze(found.passage.context) for word in asked.words)
        if in_file and around and (figure or (not asked.figure and said)):
            return ANSWERS
        return UNSURE if figure or (in_file and around) else NOTHING

    return label


if __name__ == "__main__":
    with fresh_workspace() as workspace:
        for name, weight in fitted(collected(workspace)).items():
            print(f"{name}: {weight:.2f}")
