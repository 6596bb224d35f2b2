"""Question answering on judged questions: is an answer found, does it hold the right figure, does it cite the right place, and is
未找到 said when there is none."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import yaml

from retrieval.answer import Answer
from retrieval.cite import Citation
from retrieval.sentences import is_row
from retrieval.tokens import fold

# A citation is of the judged words when it shares an unbroken stretch of this share of the shorter of both.
_SHARED = 0.6
_NUMBER = re.compile(r"(?<![\d.])(\d[\d,]*(?:\.\d+)?%?)(?!\d)([\u4e00-\u9fff]?)")
_DIVIDES = re.compile("[、；，与]|(?<=%)到")
FIRST = 3  # a person reads on for about so many sentences


@dataclass(frozen=True, slots=True)
class Place:
    """Words that answer. quote : the pieces of the quote in order, folded. grade : 2 answers, 1 helps."""

    file: str
    quote: tuple[str, ...]
    grade: int


@dataclass(frozen=True, slots=True)
class JudgedQuestion:
    """found : whether the evidence answers it. figure : number or words the answer must hold, "" = nothing laid down."""

    id: str
    text: str
    kind: str
    asked_by: str
    style: tuple[str, ...]
    found: bool
    figure: str
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one answer is worth. The last four are None where there is nothing to judge them by."""

    id: str
    found: bool
    right_found: bool
    figure: bool | None
    figure_first: bool | None
    cited: bool | None
    cited_first: bool | None


def squeeze(text: str) -> str:
    """Folded, without white space: PDF lines break where the paper ends."""
    return fold(text)[0]


def load_questions(path: Path) -> tuple[str, int, list[JudgedQuestion]]:
    """District, cycle and questions of a topics file (eval_sets/topics/README.md)."""
    document: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    questions = [
        JudgedQuestion(
            entry["id"], entry["question"], entry.get("kind", ""), entry["asked_by"], tuple(entry.get("style", ())), entry["found"],
            entry.get("figure", ""),
            tuple(Place(place["file"], pieces(place["quote"]), place["grade"]) for place in entry.get("relevant", ())),
        )
        for entry in document["questions"]
    ]  # fmt: skip
    return document["district"], document["cycle"], questions


def pieces(quote: str) -> tuple[str, ...]:
    """The parts of a quote between `…`, folded."""
    return tuple(squeeze(part) for part in quote.split("…") if squeeze(part))


def holds_figure(sentence: str, figure: str) -> bool:
    """Whether a sentence states one part of a figure: 95.8% not in 195.8%; a small number with its unit (3次), unless in a table row."""
    folded = squeeze(sentence)
    numbers = list(_NUMBER.finditer(squeeze(figure)))
    if not numbers:
        return squeeze(figure) in folded
    return all(_states(folded, number[1].replace(",", ""), number[2], is_row(sentence)) for number in numbers)


def _states(folded: str, number: str, unit: str, row: bool) -> bool:
    """unit : the character after the number in the figure; needed only where the number alone might be anything."""
    for match in _NUMBER.finditer(folded):
        if match[1].replace(",", "") == number and (len(number) > 2 or row or match[2] == unit or not unit):
            return True
    return False


def judgeable(question: JudgedQuestion) -> list[str]:
    """The parts of a question's figure that can be looked for: numbers, and words that stand in the judged places."""
    quotes = "".join(piece for place in question.places for piece in place.quote)
    parts = [part for part in _DIVIDES.split(question.figure) if part]
    return [part for part in parts if _NUMBER.search(squeeze(part)) or squeeze(part) in quotes]


def cites(citation: Citation, place: Place) -> bool:
    """Whether a citation is of the judged words: the same file, and the words or the greater part of them."""
    if citation.file != place.file:
        return False
    quote = squeeze(citation.quote)
    if all(piece in quote for piece in place.quote):
        return True
    whole = max(place.quote, key=len)
    match = SequenceMatcher(None, quote, whole, autojunk=False).find_longest_match()
    return match.size >= max(6, _SHARED * min(len(quote), len(whole)))


def judge(question: JudgedQuestion, answer: Answer) -> Judgement:
    """One answer against its question. Only places of grade 2 count as cited; the first `FIRST` sentences for the *_first figures."""
    sentences = answer.sentences
    if not question.found:
        return Judgement(question.id, answer.found, not answer.found, None, None, None, None)
    parts = judgeable(question)
    direct = [place for place in question.places if place.grade == 2]

    def cited(limit: int) -> bool:
        given = [c for sentence in sentences[:limit] for c in sentence.citations if isinstance(c, Citation)]
        return any(cites(citation, place) for citation in given for place in direct)

    def figure(limit: int) -> bool | None:
        if not parts:
            return None
        return all(any(holds_figure(s.sentence, part) for s in sentences[:limit]) for part in parts)

    everything = len(sentences)
    return Judgement(
        question.id, answer.found, answer.found, figure(everything), figure(FIRST), cited(everything), cited(FIRST)
    )


def answer_figures(questions: Sequence[JudgedQuestion], judgements: Mapping[str, Judgement]) -> dict[str, float]:
    """The figures over all questions.

    answered : an answer is given where there is one. refused : 未找到 is said where there is none. refusal_precision : of all 未找到,
    those where there is none. right_figure, right_cited : over the answerable; *_first : within the first three sentences.
    """
    given = [judgements[question.id] for question in questions]
    there = [j for j, question in zip(given, questions, strict=True) if question.found]
    missing = [j for j, question in zip(given, questions, strict=True) if not question.found]
    refused = [j for j in given if not j.found]
    figures = {"n_answerable": float(len(there)), "n_missing": float(len(missing))}
    shares: dict[str, list[bool]] = {
        "answered": [j.found for j in there],
        "refused": [not j.found for j in missing],
        "refusal_precision": [j in missing for j in refused],
        "right_figure": [j.figure for j in there if j.figure is not None],
        "right_figure_first": [j.figure_first for j in there if j.figure_first is not None],
        "right_cited": [j.cited for j in there if j.cited is not None],
        "right_cited_first": [j.cited_first for j in there if j.cited_first is not None],
    }
    figures["n_figures"] = float(len(shares["right_figure"]))
    return figures | {name: sum(values) / len(values) for name, values in shares.items() if values}


def ask_all(questions: Sequence[JudgedQuestion], ask: Callable[[str], Answer]) -> dict[str, Judgement]:
    """Every question asked and judged, by id."""
    return {question.id: judge(question, ask(question.text)) for question in questions}
