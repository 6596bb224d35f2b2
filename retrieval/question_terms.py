"""The words of a question that an answer must speak of, how rare each is in the evidence, and how well a sentence covers them."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from retrieval.cues import load_cues
from retrieval.everyday_words import EverydayWords, load_everyday_words
from retrieval.metrics import Metrics
from retrieval.question import Question
from retrieval.synonyms import Synonyms, load_synonyms
from retrieval.tokens import normalise
from scoring_rules.catalogue import Catalogue
from scoring_rules.scheme import Scheme

# What another name of the same metric, another way to say a word, or another name of the same item is worth.
_SAME_METRIC = 0.9
_SYNONYM = 0.8
_SAME_ITEM = 0.6
# What a part of a name is worth (普通话 for 普通话持证率).
_PART = 0.7
# What a name is worth whose two halves stand apart in the sentence: 排查隐患……，整改…… for 隐患整改.
_TWO_PARTS = 0.8
# What a pair of characters weighs that stands nowhere in the evidence: it may be the very thing that is missing, or only how people talk.
_NOWHERE = 0.5
# Characters that join words (宿舍还缺, 园所数各): a pair with one of them that stands nowhere in the evidence is no word at all.
_JOINING = frozenset("还就各又也都已在从由和与及或跟是很最再才去其之而且并均则于将曾个一")
# A word rarer than this in the evidence is said there in other words, if at all: it weighs what those weigh.
_SELDOM = 3
_MOST_OTHERS = 4
# 第39次 asked and 第38次 said: a sentence without a number that the question names speaks of something else.
_NUMBER_ABSENT = 0.3
# What the title and headings above a sentence are worth: they say what it is about, but not what it says.
_IN_CONTEXT = 0.7

_ORDINAL = re.compile(r"第\d+[次期届批号]")

Counts = Callable[[Sequence[str]], Mapping[str, int]]
"""Words → in how many passages each stands."""


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the question; weight : its rarity in the evidence.  known : a word of our lists, else whatever stood between them.

    others : normalised words that stand for it, each with what it is worth.  pairs : of a word not known, its pairs of characters
    with their rarity; such a word may be matched in part.
    """

    word: str
    weight: float
    known: bool
    others: tuple[tuple[str, float], ...] = ()
    pairs: tuple[tuple[str, float], ...] = ()


class Terms:
    """The terms of one question."""

    def __init__(self, terms: Sequence[Term], numbers: Sequence[str] = ()) -> None:
        """numbers : that the question names, normalised (第39次)."""
        self.terms, self.numbers = tuple(terms), tuple(numbers)
        self._total = sum(term.weight for term in terms)

    def coverage(self, sentence: str, context: str = "") -> float:
        """The share of the question's weight the sentence speaks of, at most 1; its context counts for less, an absent number costs."""
        if not self._total:
            return 0.0
        text, around = normalise(sentence), normalise(context)
        gained = sum(term.weight * max(_match(term, text), _IN_CONTEXT * _match(term, around)) for term in self.terms)
        absent = any(number not in text and number not in around for number in self.numbers)
        return gained / self._total - (_NUMBER_ABSENT if absent else 0.0)

    def matched(self, term: Term, sentence: str) -> float:
        """How well a sentence speaks of one term, 0 to 1."""
        return _match(term, normalise(sentence))

    def matches(self, text: str) -> tuple[float, ...]:
        """How well a text, normalised, speaks of each term, 0 to 1."""
        return tuple(_match(term, text) for term in self.terms)

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(term.word for term in self.terms)


def question_terms(
    question: Question, scheme: Scheme, catalogue: Catalogue, metrics: Metrics, counts: Counts, total: int
) -> Terms:
    """The terms of a question.

    total : how many passages there are.
    """
    synonyms = load_synonyms()
    vocabulary = _vocabulary(scheme, catalogue, metrics) | synonyms.others.keys()
    segments = _segments(normalise_words(question.subject), frozenset(vocabulary), load_everyday_words())
    asked = [word for word, known in segments if known]
    asked += [pair for word, known in segments if not known for pair in _pairs(word)]
    # The district's own points stand in rows that begin with the id: B19 | 规范办学行为 | 40 | 32.
    ids = [id_.lower() for id_ in (*question.criteria, *question.indicators)] if question.claims else []
    frequency = dict(counts(list(dict.fromkeys([*asked, *ids]))))
    others = {word: tuple(_others(word, catalogue, metrics, synonyms)) for word, known in segments if known}
    seldom = {word: [other for other, _ in others[word][:_MOST_OTHERS]] for word in others if frequency[word] < _SELDOM}
    if instead := [other for words in seldom.values() for other in words if other not in frequency]:
        frequency |= counts(list(dict.fromkeys(instead)))

    def rarity(*words: str) -> float:
        return math.log(1 + (total + 1) / (max(frequency[word] for word in words) + 0.5))

    terms = []
    for word, known in segments:
        if known:
            terms.append(Term(word, rarity(word, *seldom.get(word, ())), True, others[word]))
        elif pairs := tuple((pair, weight) for pair in _pairs(word) if (weight := _weight(pair, frequency, rarity))):
            terms.append(Term(word, sum(weight for _, weight in pairs) / len(pairs), False, (), pairs))
    terms += [Term(id_, rarity(id_), True) for id_ in ids]
    return Terms(terms, _ORDINAL.findall(normalise(question.text)))


def _weight(pair: str, frequency: Mapping[str, int], rarity: Callable[[str], float]) -> float:
    if frequency[pair]:
        return rarity(pair)
    return 0.0 if _JOINING & set(pair) else _NOWHERE * rarity(pair)


def normalise_words(subject: str) -> list[str]:
    """The words of a subject, normalised; question words between them were cut out before."""
    return [word for part in subject.split() if (word := normalise(part))]


def _pairs(word: str) -> list[str]:
    return list(dict.fromkeys(word[at : at + 2] for at in range(len(word) - 1)))


def _segments(parts: Iterable[str], vocabulary: frozenset[str], everyday: EverydayWords) -> list[tuple[str, bool]]:
    """Words of the vocabulary (True) and what stands between them (False), without everyday words and single characters.

    Cut so that as little as possible stands between words, in as few words as possible: 附加|分别 and not 加分 between 附 and 别.
    """
    longest = max(map(len, vocabulary | everyday.words))
    found: dict[str, bool] = {}
    for part in parts:
        between = ""
        for word in _cut(part, vocabulary | everyday.words, everyday.particles, longest):
            if len(word) == 1 and word not in everyday.particles:
                between += word
                continue
            if len(between) > 1:
                found.setdefault(between, False)
            if word in vocabulary:
                found[word] = True
            between = ""
        if len(between) > 1:
            found.setdefault(between, False)
    return list(found.items())


def _cut(text: str, words: frozenset[str], particles: frozenset[str], longest: int) -> list[str]:
    """The text cut into words and single characters; of cuts that are equally good the one whose first word is the longest."""
    best: list[tuple[int, int, int]] = [(0, 0, 0)]  # from the end: characters of no word, words, size of the first
    for at in range(len(text) - 1, -1, -1):
        rest = best[len(text) - at - 1]
        cuts = [(rest[0] + (text[at] not in particles), rest[1] + 1, 1)]
        for size in range(2, min(longest, len(text) - at) + 1):
            if text[at : at + size] in words:
                rest = best[len(text) - at - size]
                cuts.append((rest[0], rest[1] + 1, size))
        best.append(min(cuts, key=lambda cut: (cut[0], cut[1], -cut[2])))
    pieces, at = [], 0
    while at < len(text):
        size = best[len(text) - at][2]
        pieces.append(text[at : at + size])
        at += size
    return pieces


def _match(term: Term, text: str) -> float:
    if term.word in text:
        return 1.0
    best = max((worth for word, worth in term.others if word in text), default=0.0)
    if not term.known:
        total = sum(weight for _, weight in term.pairs)
        best = max(best, sum(weight for pair, weight in term.pairs if pair in text) / total if total else 0.0)
    elif len(term.word) > 3:
        common = _longest_common(term.word, text)
        # 上线率 shares only 率 with 入园率: one character is no likeness.
        best = max(best, _PART * common / len(term.word) if common > 1 else 0.0)
        if _in_two(term.word, text):
            best = max(best, _TWO_PARTS)
    return best


def _in_two(word: str, text: str) -> bool:
    return any(word[:at] in text and word[at:] in text for at in range(2, len(word) - 1))


def _longest_common(word: str, text: str) -> int:
    for size in range(len(word) - 1, 1, -1):
        if any(word[at : at + size] in text for at in range(len(word) - size + 1)):
            return size
    return 0


def _others(word: str, catalogue: Catalogue, metrics: Metrics, synonyms: Synonyms) -> Iterable[tuple[str, float]]:
    for metric in metrics.by_id.values():
        names = [normalise(alias) for alias in (metric.name, *metric.aliases) if "…" not in alias]
        if word in names:
            yield from ((name, _SAME_METRIC) for name in names if name != word)
    yield from ((other, _SYNONYM) for other in synonyms.others.get(word, ()))
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
