"""The words of a question that an answer must speak of, how rare each is in the evidence, and how well a sentence covers them."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from retrieval.cues import load_cues
from retrieval.metrics import Metrics
from retrieval.question import Question
from retrieval.tokens import normalise
from scoring_rules.catalogue import Catalogue
from scoring_rules.scheme import Scheme

# What another name of the same metric, or of the same item, is worth.
_SAME_METRIC = 0.9
_SAME_ITEM = 0.6
# What a part of a name is worth (普通话 for 普通话持证率).
_PART = 0.7
# A word that matters and is not spoken of at all takes this much away; it matters from this share of the heaviest weight.
_ABSENT = 0.25
_MATTERS = 0.6
# What the title and headings above a sentence are worth: they say what it is about, but not what it says.
_IN_CONTEXT = 0.7


# Between words of the vocabulary these carry no subject.
_PARTICLES = re.compile(r"[了过着是有在和与被把几没吗的占做]")


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the question; weight : its rarity in the evidence.  known : a word of our lists, else whatever stood between them.

    others : normalised words that stand for it, each with what it is worth.
    """

    word: str
    weight: float
    known: bool
    others: tuple[tuple[str, float], ...]


class Terms:
    """The terms of one question."""

    def __init__(self, terms: Sequence[Term]) -> None:
        self.terms = tuple(terms)
        self._total = sum(term.weight for term in terms)

    def coverage(self, sentence: str, context: str = "") -> float:
        """The share of the question's weight the sentence speaks of, at most 1; its context counts for less, absent words cost."""
        if not self._total:
            return 0.0
        text, around = normalise(sentence), normalise(context)
        matches = [max(_match(term, text), _IN_CONTEXT * _match(term, around)) for term in self.terms]
        gained = sum(term.weight * match for term, match in zip(self.terms, matches, strict=True))
        heaviest = max(term.weight for term in self.terms)
        absent = sum(
            match < 0.4 and term.weight >= _MATTERS * heaviest for term, match in zip(self.terms, matches, strict=True)
        )
        return gained / self._total - _ABSENT * absent

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(term.word for term in self.terms)


def question_terms(
    question: Question, scheme: Scheme, catalogue: Catalogue, metrics: Metrics, count: Callable[[str], int], total: int
) -> Terms:
    """The terms of a question.

    count : how many passages hold a word.  total : how many passages there are.
    """
    vocabulary = _vocabulary(scheme, catalogue, metrics)
    terms = []
    for word, known in _segments(normalise_words(question.subject), vocabulary):
        frequency = count(word)
        terms.append(
            Term(word, math.log(1 + (total + 1) / (frequency + 0.5)), known, tuple(_others(word, catalogue, metrics)))
        )
    return Terms(terms)


def normalise_words(subject: str) -> list[str]:
    """The words of a subject, normalised; question words between them were cut out before."""
    return [word for part in subject.split() if (word := normalise(part))]


def _segments(parts: Iterable[str], vocabulary: frozenset[str]) -> list[tuple[str, bool]]:
    """Words of the vocabulary (longest first) and what stands between them; single characters between are dropped."""
    longest = max(map(len, vocabulary))
    found: dict[str, bool] = {}
    for part in parts:
        between, at = "", 0
        while at < len(part):
            size = next((n for n in range(min(longest, len(part) - at), 1, -1) if part[at : at + n] in vocabulary), 0)
            if size:
                _keep(found, between)
                found[part[at : at + size]] = True
                between, at = "", at + size
            else:
                between, at = between + part[at], at + 1
        _keep(found, between)
    return list(found.items())


def _keep(found: dict[str, bool], between: str) -> None:
    for part in _PARTICLES.split(between):
        if len(part) > 1:
            found.setdefault(part, False)


def _match(term: Term, text: str) -> float:
    if term.word in text:
        return 1.0
    best = max((worth for word, worth in term.others if word in text), default=0.0)
    if not term.known or len(term.word) > 3:
        common = _longest_common(term.word, text)
        # 上线率 shares only 率 with 入园率: one character is no likeness.
        part = common / len(term.word) if common > 1 else 0.0
        best = max(best, part * (_PART if term.known else 1.0))
    return best


def _longest_common(word: str, text: str) -> int:
    for size in range(len(word) - 1, 1, -1):
        if any(word[at : at + size] in text for at in range(len(word) - size + 1)):
            return size
    return 0


def _others(word: str, catalogue: Catalogue, metrics: Metrics) -> Iterable[tuple[str, float]]:
    for metric in metrics.by_id.values():
        names = [normalise(alias) for alias in (metric.name, *metric.aliases) if "…" not in alias]
        if word in names:
            yield from ((name, _SAME_METRIC) for name in names if name != word)
    for expectation in catalogue.expectations.values():
        names = [normalise(alias) for alias in (expectation.title, *expectation.aliases)]
        if any(word == name or (len(word) > 3 and word in name) for name in names):
            yield from ((name, _SAME_ITEM) for name in names if name != word)


def _vocabulary(scheme: Scheme, catalogue: Catalogue, metrics: Metrics) -> frozenset[str]:
    cues = load_cues(scheme)
    words = {*cues.field_words, *(word for group in cues.words.values() for word in group)}
    for expectation in catalogue.expectations.values():
        words |= {expectation.title, *expectation.aliases}
    for metric in metrics.by_id.values():
        words |= {metric.name, *(alias for alias in metric.aliases if "…" not in alias)}
    return frozenset(normalised for word in words if len(normalised := normalise(word)) > 1)
