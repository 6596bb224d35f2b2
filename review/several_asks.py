"""One answer of several: what was asked in one breath is told in the order it was asked, and what was not found is said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import zip_longest

from retrieval.answer import Answer, AnswerSentence
from retrieval.evidence_answer import LIMIT
from retrieval.question_parts import Part
from retrieval.tokens import normalise

# What one place further down costs a sentence that speaks more of an ask's own words.
_FURTHER_DOWN = 0.25


def with_each(whole: Answer, each: Sequence[tuple[Part, Answer]]) -> Answer:
    """The answer to a question of several asks: its best sentence, then that of each ask, then what else it found.

    each : the asks one by one with their answers. Where the question as a whole found nothing, what its asks found by themselves answers
    if each found something: half of it is likelier a sentence of something else (几所大学，在校大学生多少人 finds the 老年大学).
    """
    found = [(at, answer) for at, (_, answer) in enumerate(each) if answer.found and answer.kind == "evidence"]
    if not found or (not whole.found and len(found) < len(each)):
        return whole
    pairs = _pairs_of_each([one for one, _ in each])
    firsts = [_of_own_words(pairs[at], answer.sentences) for at, answer in found]
    missed = tuple(f"没有单独找到“{one.own}”。" for one, answer in each if not answer.found and one.own)
    sentences = [*whole.sentences[:1], *firsts, *whole.sentences[1:]]
    once: dict[tuple[str, int], AnswerSentence] = {}
    for sentence in sentences:
        once.setdefault((sentence.sentence, sentence.citations[0].start), sentence)
    kept = tuple(once.values())[: max(LIMIT, 1 + len(firsts))]
    if whole.found:
        return replace(whole, sentences=kept, notes=(*whole.notes, *missed))
    best = found[0][1]
    notes = dict.fromkeys(note for _, answer in found for note in answer.notes)
    return replace(best, about=whole.about or best.about, sentences=kept, notes=(*notes, *missed))


def leans_too_far(at: int, asked: Sequence[Part], answer: Answer) -> bool:
    """Whether what was found for one of several asks has nothing of its own words: only what it leans on was found.

    at : which of the asks. 大班额几个、近视率多少 finds sentences of 大班额 for both.
    """
    pairs = _pairs_of_each(asked)[at]
    return answer.found and bool(pairs) and not any(_share(pairs, one) for one in answer.sentences)


def together(answers: Sequence[Answer], asked: Sequence[Part]) -> Answer:
    """One answer of several parts, in their order; what was put into a question is told."""
    notes = [
        f"按“{part.understood.text}”{'，只看' + '、'.join(part.understood.only) if part.understood.only else ''}理解。"
        for part in asked
        if part.understood.changed and not part.understood.lacking
    ]
    if len(answers) == 1:
        return replace(answers[0], notes=(*answers[0].notes, *notes)) if notes and answers[0].found else answers[0]
    found = [answer for answer in answers if answer.found]
    first = found[0] if found else answers[0]
    tables = [answer.table for answer in answers if answer.table is not None]
    told = dict.fromkeys(note for answer in found for note in answer.notes)
    searched = dict.fromkeys(
        answer.searched if answer.found else f"没有找到的：{answer.searched}" for answer in answers
    )
    return Answer(
        first.kind, bool(found), _interleaved([answer.sentences for answer in found]), "；".join(searched), (*told, *notes), first.about,
        tuple(dict.fromkeys(choice for answer in answers for choice in answer.choices)), tables[0] if tables else None,
    )  # fmt: skip


def _pairs_of_each(asked: Sequence[Part]) -> list[set[str]]:
    """The pairs of characters of each ask's own words that no other has."""
    words = [[normalise(word) for word in one.own.split()] for one in asked]
    pairs = [{word[at : at + 2] for word in own for at in range(len(word) - 1)} for own in words]
    return [own.difference(*pairs[:at], *pairs[at + 1 :]) for at, own in enumerate(pairs)]


def _share(pairs: set[str], sentence: AnswerSentence) -> float:
    return sum(pair in normalise(sentence.sentence) for pair in pairs) / len(pairs)


def _of_own_words(pairs: set[str], sentences: Sequence[AnswerSentence]) -> AnswerSentence:
    """The sentence that speaks of what this ask does not share with the others: its best, unless one below says more of it."""
    if not pairs:
        return sentences[0]
    worth = [_share(pairs, one) - _FURTHER_DOWN * at for at, one in enumerate(sentences)]
    return sentences[worth.index(max(worth))]


def _interleaved(groups: Sequence[Sequence[AnswerSentence]]) -> tuple[AnswerSentence, ...]:
    """The sentences of the parts in turn: nobody has to read all of one part to find the other."""
    return tuple(sentence for turn in zip_longest(*groups) for sentence in turn if sentence is not None)
