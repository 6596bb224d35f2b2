"""What all answers from the record share: official words beside a statement, and which citations prove something of it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from retrieval.answer import AnswerSentence, SchemeCitation
from retrieval.cite import Citation
from retrieval.indicator_answer import points_text
from retrieval.numbers import find_numbers
from retrieval.official_text import official_text
from review.papers.numbers import with_amounts
from scoring_rules.rounding import exact_text, published
from scoring_rules.scheme import Place, Scheme

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_SPACE = re.compile(r"\s+")
# A shared stretch of so many characters is a quotation, not chance.
_QUOTED = 8

AnyCitation = Citation | SchemeCitation


def stated(text: str, citations: Iterable[AnyCitation] = (), stance: str = "") -> AnswerSentence:
    """A sentence worked out from the record, with those of the citations that prove something of it; amounts as people write them."""
    return AnswerSentence(with_amounts(text), proving(text, citations), True, stance)  # type: ignore[arg-type]


def proving(text: str, citations: Iterable[AnyCitation]) -> tuple[AnyCitation, ...]:
    """The citations, each once, that share a number or a stretch of words with the text: the others prove nothing of it."""
    kept: list[AnyCitation] = []
    for citation in citations:
        if citation not in kept and _shares(text, citation.quote):
            kept.append(citation)
    return tuple(kept)


def _shares(text: str, quote: str) -> bool:
    numbers = set(_NUMBER.findall(text))
    if numbers:
        if numbers & set(_NUMBER.findall(quote)):
            return True
        # The sentence says 1826400000元, the paper 182640万元.
        return "元" in text and ("万" in quote or "亿" in quote) and bool(_amounts(text) & _amounts(quote))
    text, quote = _SPACE.sub("", text), _SPACE.sub("", quote)
    size = min(_QUOTED, len(text))
    return any(text[at : at + size] in quote for at in range(len(text) - size + 1))


def _amounts(text: str) -> set[Decimal]:
    return {one.value for one in find_numbers(text) if one.unit == "元"}


def official(scheme: Scheme, place: Place, words: str = "") -> SchemeCitation:
    """The scheme's own words at a place."""
    return official_text(scheme).cite(place, words)


def shown(points: Fraction) -> str:
    """Points as people read them: 36.5 分, or two decimals where they go on."""
    return f"{exact_text(points)} 分" if (points * 100).denominator == 1 else f"{published(points)} 分"


def between(low: Fraction, high: Fraction) -> str:
    """An interval of points: 0–6.67 分, or one value."""
    return shown(low) if low == high else f"{published(low)}–{published(high)} 分"


__all__ = ["AnyCitation", "between", "official", "points_text", "proving", "shown", "stated"]
