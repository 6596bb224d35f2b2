"""What a question demands of a sentence beyond being like it: the place it names, the unit it asks in, the thing it counts."""

from __future__ import annotations

import re
from dataclasses import dataclass

from retrieval.numbers import find_numbers
from retrieval.question import Question
from retrieval.question_terms import Term, Terms
from retrieval.tokens import normalise

_PLACE = re.compile(r"([\u4e00-\u9fff]{2})(?:街道|镇)(?!街|村|镇|道)")
_NO_PLACE = re.compile(r"[各乡城村全哪个该本下分按区进了的在到和与跟每几是有些里]")
# What is asked in such a unit can only be answered in it; counts of things go by many words and are not told apart.
_UNITS = (
    (re.compile(r"(?:多少|几)(?:周)?岁|多大年纪|年龄"), frozenset({"岁"})),
    (re.compile(r"(?:多少|几)(?:万|亿|块|百|千)?(?:元|钱|万块)|几块钱"), frozenset({"元"})),
    (re.compile(r"(?:多少|几)(?:个)?(?:平方米|平米|平方)"), frozenset({"平方米"})),
    (re.compile(r"(?:多少|几)亩"), frozenset({"亩"})),
    (re.compile(r"(?:多少|几)(?:个)?(?:学时|课时)"), frozenset({"学时", "课时"})),
)  # fmt: skip
_UNIT_ABOVE = re.compile(r"（[^（）]*(?:元|岁|平方米|亩|学时|课时)[^（）]*）|单位[：:]")
_ASKED = re.compile(r"多少|(?<![这那哪近好前后第])几(?!乎|何)")
# A word nobody has put on a list that ends like this names the very thing that is counted: 伙食费, 平均分, 手机号.
_LEAST_ABSENT = 4
_STANDS_FOR = 0.65
_NAMES_A_THING = "费款金率分龄量号线机车楼房师员生"


@dataclass(frozen=True, slots=True)
class Demands:
    """places : all have to be named. units : one has to follow a number; empty = any. counted : the end of what a number is asked of.

    absent : words of our lists that stand nowhere in the evidence; what stands for one of them has to be very near it.
    """

    places: tuple[str, ...]
    units: frozenset[str]
    counted: str
    absent: tuple[Term, ...]
    terms: Terms

    @classmethod
    def of(cls, question: Question, terms: Terms) -> Demands:
        """The demands of a question with its terms."""
        text = question.text
        places = places_named(text)
        if not question.wants_figure or question.about != "figure":
            return cls(places, frozenset(), "", (), terms)
        absent = tuple(term for term in terms.terms if term.known and term.absent and len(term.word) >= _LEAST_ABSENT)
        units = next((units for pattern, units in _UNITS if pattern.search(text)), frozenset[str]())
        return cls(places, units, _counted(text, terms), absent, terms)

    def met_by(self, sentence: str, context: str) -> bool:
        """Whether a sentence, with the title and headings above it, can be the answer."""
        around = f"{sentence}\n{context}"
        if any(place not in around and place[:2] not in around for place in self.places):
            return False
        # In a table the unit stands in the heading of the column.
        if (
            self.units
            and not _UNIT_ABOVE.search(around)
            and not any(n.unit in self.units for n in find_numbers(sentence))
        ):
            return False
        folded = normalise(around)
        if any(self.terms.matched(term, around) < _STANDS_FOR and not _half(term.word, folded) for term in self.absent):
            return False
        return self.counted in folded


def _half(word: str, text: str) -> bool:
    """Whether the first or the last part of a long word stands in the text: 年检 of 民办学校年检."""
    return any(part in text for part in (word[: len(word) // 2], word[-2:] if len(word) > _LEAST_ABSENT else word))


def places_named(text: str) -> tuple[str, ...]:
    """The towns a text names (云东街道), by the shape of the name."""
    return tuple(match[0] for match in _PLACE.finditer(text) if not _NO_PLACE.search(match[1]))


def _counted(text: str, terms: Terms) -> str:
    """The last two characters of the word that stands last before the first 多少 or 几, where they name a thing; else ""."""
    folded = normalise(text)
    asked = _ASKED.search(folded)
    if asked is None:
        return ""
    before = [(folded.rfind(term.word, 0, asked.start()), term) for term in terms.terms]
    placed = [(at + len(term.word), term) for at, term in before if at >= 0]
    if not placed:
        return ""
    last: Term = max(placed, key=lambda entry: entry[0])[1]
    return "" if last.known or last.word[-1] not in _NAMES_A_THING else last.word[-2:]
