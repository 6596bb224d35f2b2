"""How likely a sentence answers a question: a few measures of the two, weighed as learnt from judged questions.

No measure knows a word of any question. The weights come from `eval_sets/topics/fit_answers.py`, which asks the questions that may be
looked at, once with and once without the sentences that answer them; 0 is a little more likely than not.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from retrieval.claims import is_claim
from retrieval.found_sentences import Found
from retrieval.question import Question
from retrieval.question_terms import Terms
from retrieval.single_asks import asks_several
from retrieval.tokens import normalise

Rows = NDArray[np.float64]

WEIGHTS: Final[Mapping[str, float]] = {
    "always": -8.03, "coverage": 4.35, "meaning": 4.88, "pairs": 1.89, "unit": 2.12, "claim": 1.06, "hit": 1.79,
    "link": 0.80, "several": 0.25, "length": 0.56, "number": 0.45, "absent": -0.93,
}  # fmt: skip
_MEANING, _ABSENT = list(WEIGHTS).index("meaning"), list(WEIGHTS).index("absent")
_IN_CONTEXT = 0.7  # what the title and headings above a sentence are worth, as in question_terms
USUAL_COSINE = 0.88  # of e5 between a question and a sentence
_NUMBER = re.compile(r"\d")
_LONG = 20  # characters of a question of usual length
_ASKED = re.compile(
    r"(?:多少|(?<![这那哪近好前后第])几(?!乎|何))(?:个(?=[\u4e00-\u9fff]))?[万亿千百]?([人名位所次场起件项条处套宗册份台家亩元岁栋节期天块钱]?)"
)
# 几家 may be told as 3个.
_SAME = {"块": "元", "钱": "元"} | dict.fromkeys("个家所处", "[个家所处]") | dict.fromkeys("人名位", "[人名位]")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may answer, with its coverage of the question's terms as score.

    hit : how well its passage was found, 1 = best, 0 = the search did not find it. link : how surely the passage is for an item asked
    about, 0 to 1. fact : it states a figure of the metric asked for, of the year and scope asked for.
    """

    found: Found
    hit: float = 0.0
    link: float = 0.0
    fact: bool = False


def measure(
    question: Question, terms: Terms, candidates: Sequence[Candidate], seen: Sequence[str]
) -> tuple[Rows, Rows]:
    """Measures of shape (n, len(WEIGHTS)), without meaning, and how well each speaks of each term, shape (n, n_terms).

    seen : normalised texts among which pairs of characters are rare or not.
    """
    shares = shares_of(terms)
    pairs = _rare_pairs(normalise(question.text), seen)
    units = _units(question)
    several, length = float(asks_several(question.text)), len(normalise(question.text)) / _LONG
    rows = np.zeros((len(candidates), len(WEIGHTS)))
    matched = np.zeros((len(candidates), len(shares)))
    for at, candidate in enumerate(candidates):
        found = candidate.found
        text, context = normalise(found.text), normalise(found.passage.context)
        matched[at] = np.maximum(terms.matches(text), _IN_CONTEXT * np.array(terms.matches(context)))
        together = f"{text}|{context}"
        measured = {
            "always": 1.0,
            "coverage": found.score,
            "pairs": sum(weight for pair, weight in pairs.items() if pair in together),
            "unit": float(any(_counts_in(unit, f"{found.text}{found.passage.context}") for unit in units))
            if units
            else 1.0,
            "claim": float(is_claim(found.passage.document.file)),
            "hit": candidate.hit,
            "link": candidate.link,
            "several": several,
            "length": length,
            "number": float(bool(_NUMBER.search(found.text))),
        }
        rows[at] = [measured.get(name, 0.0) for name in WEIGHTS]
    # What the words of our lists weigh that even the sentence with most of them says nothing of: it may be what is missing.
    known = shares * np.array([term.known for term in terms.terms], dtype=np.float64)
    rows[:, _ABSENT] = ((1 - matched) @ known).min(initial=1.0)
    return rows, matched


def put_meaning(rows: Rows, cosines: NDArray[np.float32], nearest: float) -> Rows:
    """The rows with likeness of meaning. cosines : shape (n,). nearest : the cosine of the passage most like the question."""
    rows = rows.copy()
    rows[:, _MEANING] = 10 * (cosines - nearest)
    return rows


def likelihood(rows: Rows) -> Rows:
    """The weighed sum of each row of `measure`, shape (n,)."""
    result: Rows = rows @ np.array(list(WEIGHTS.values()))
    return result


def shares_of(terms: Terms) -> Rows:
    """The weights of the terms, shape (n_terms,), summing to 1."""
    weights = np.array([term.weight for term in terms.terms], dtype=np.float64)
    return weights / weights.sum() if weights.sum() else weights


def _rare_pairs(question: str, seen: Sequence[str]) -> dict[str, float]:
    """The question's pairs of characters that any sentence has, with their shares of the whole rarity."""
    pairs = {question[at : at + 2] for at in range(len(question) - 1)}
    having = Counter(pair for text in seen for pair in pairs if pair in text)
    rarity = {pair: math.log(1 + len(seen) / count) for pair, count in having.items()}
    total = sum(rarity.values())
    return {pair: value / total for pair, value in rarity.items()}


def _units(question: Question) -> list[str]:
    """The units asked in; empty when something is asked in none."""
    asked = [match[1] for match in _ASKED.finditer(question.text)] if question.about == "figure" else []
    return [_SAME.get(unit, unit) for unit in asked] if all(asked) else []


def _counts_in(unit: str, text: str) -> bool:
    """Whether a number with the unit stands in the text, or a heading （…所）."""
    return bool(
        re.search(rf"[\d一二三四五六七八九十百千两][万亿]?个?{unit}|（[^（）]{{0,6}}{unit}[^（）]{{0,4}}）", text)
    )
