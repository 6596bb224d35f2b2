"""Questions that can be read in several ways, and the whole questions to choose from."""

from __future__ import annotations

import re

from retrieval.metrics import Metrics
from retrieval.question import Question
from retrieval.tokens import normalise

MOST = 6
_LONGEST = 8
_RATE = re.compile(r"率$|比例$")
# Says nothing of which number is meant.
_AROUND = re.compile(r"^(?:我们|咱们?|那个|这个)区?|(?:有多[高大少]|[高够大]不[高够大]|达标)$")
_ALIKE = 3  # characters at the end of a name that may differ in one


def readings(question: Question, metrics: Metrics) -> tuple[str, ...]:
    """Whole questions for a name that several metrics end with (合格率, 生均公用经费); empty when the question is clear."""
    if (
        question.metrics
        or question.items
        or question.criteria
        or question.indicators
        or question.kind not in ("evidence", "unknown")
    ):
        return ()
    words = [word for part in question.subject.split() if (word := _AROUND.sub("", normalise(part)))]
    if len(words) != 1 or question.years:
        return ()
    word = words[0]
    if not 2 <= len(word) <= _LONGEST:
        return ()
    found = []
    for metric in metrics.by_id.values():
        names = [normalise(name) for name in (metric.name, *metric.aliases) if "…" not in name]
        exact = any(name.endswith(word) and name != word for name in names)
        if exact or (_RATE.search(word) and any(_nearly(name, word) for name in names)):
            found.append((not exact, metric.name))
    if len(found) < 2:
        return ()
    return tuple(f"{name}是多少？" for _, name in sorted(found, key=lambda entry: entry[0])[:MOST])


def _nearly(name: str, word: str) -> bool:
    """Whether a name ends like a word of three characters but for one: 入园率 and 入学率."""
    if len(word) != _ALIKE or len(name) < _ALIKE:
        return False
    return sum(a == b for a, b in zip(name[-_ALIKE:], word, strict=True)) == _ALIKE - 1
