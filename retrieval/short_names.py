"""Short names of metrics (合格率, 覆盖率, 生均公用经费): which metric they mean is said by the words around them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from retrieval.metric_definitions import Metric
from retrieval.scopes import GROUPS

_SPACE = re.compile(r"[\s“”\"]")
_BETWEEN = r"[\s“”\"]*的?[\s“”\"]*"
_CLAUSE = re.compile(r"[，。；：、,;:！？!?\n（()）]")
# How far back the subject of a short name may stand when its own clause has none.
_FAR = 70
_FILL = re.compile(
    r"[0-9０-９.．,%％]+(?:万|亿)?(?:年度?|学年|月|日|所|人次|人|名|个|元|项|件|栋|次|起|班|场)?|(?:20|19)\d{2}年"
    r"|[\u4e00-\u9fff]{2,8}(?:街道|镇|乡|小学|中学)|"
    + "|".join(sorted(GROUPS, key=len, reverse=True))
    + r"|其中|全区|我区|全县|我县|全市|本区|本县|区内|目前|现有|截至|年底|年末|上年|去年|今年|本年|当年|全年|总体|整体|平均|综合|最终|实际|年度|学生|阶段|学校|分别"
    r"|达到|以及|并且|同时|[的其该为达占和及与且均总已使将由从较比]"
)


@dataclass(frozen=True, slots=True)
class ShortName:
    """A short name at `text[start:end]` and the metric it means."""

    start: int
    end: int
    metric: Metric


class ShortNames:
    """The short names of all metrics."""

    def __init__(self, metrics: Iterable[Metric]) -> None:
        self._metrics: dict[str, list[Metric]] = {}
        for metric in metrics:
            for word in metric.short:
                self._metrics.setdefault(_SPACE.sub("", word), []).append(metric)
        longest_first = sorted(self._metrics, key=len, reverse=True)
        self._starts: dict[str, list[int]] = {}  # first two characters of a word → where it is in _words
        self._words = longest_first
        for place, word in enumerate(self._words):
            self._starts.setdefault(word.replace("的", "")[:2], []).append(place)

    def sibling(self, metric: Metric, group: str) -> Metric | None:
        """Another metric with a short name in common whose subject is `group`; None when there is none or more than one."""
        shared = {
            other.id: other
            for word in metric.short
            for other in self._metrics[_SPACE.sub("", word)]
            if other.id != metric.id and group in other.subject
        }
        return next(iter(shared.values())) if len(shared) == 1 else None

    def places(self, text: str, compact: str, near: str, context: str) -> Iterator[ShortName]:
        """The short names in `text` whose metric is clear, the longest at each place.

        compact : `text` without white space and 的.  near, context : as for `Metrics.mentions`.
        """
        covered: list[tuple[int, int]] = []
        perhaps = sorted(place for pair in self._starts.keys() & pairs_of(compact) for place in self._starts[pair])
        for word in (self._words[place] for place in perhaps):
            if word.replace("的", "") not in compact:
                continue
            for match in _pattern(word).finditer(text):
                start, end = match.span()
                if any(start < b and a < end for a, b in covered):
                    continue
                metric = _meant(self._metrics[word], text, start, near, context)
                if metric is not None:
                    covered.append((start, end))
                    yield ShortName(start, end, metric)


@cache
def _pattern(word: str) -> re.Pattern[str]:
    """Of a word; made when it is first met, because all of them together cost more than a question."""
    return re.compile(_BETWEEN.join(map(re.escape, word.replace("的", ""))))


def pairs_of(compact: str) -> set[str]:
    """Every character and every two that follow each other, and "": what an index of first characters is asked for."""
    return {"", *compact, *(compact[at : at + 2] for at in range(len(compact) - 1))}


def _meant(candidates: Sequence[Metric], text: str, start: int, near: str, context: str) -> Metric | None:
    """The candidate whose subject stands nearest: in the clause itself, or - when the clause has no subject of its own - earlier in
    the sentence, then in what stands near, then in the headings and the title."""
    before = _SPACE.sub("", text[:start])
    clause = _CLAUSE.split(before)[-1]
    around = f"{text}\n{near}\n{context}"
    candidates = [
        metric
        for metric in candidates
        if not any(word in clause for word in metric.not_near)
        and (not metric.needs_near or any(word in around for word in metric.needs_near))
    ]
    own = _nearest(candidates, clause)
    if own is not None or any(subject in clause for metric in candidates for subject in metric.subject):
        return own
    if _FILL.sub("", clause):
        return None
    for place in (before[-_FAR:], _SPACE.sub("", near), _SPACE.sub("", context)):
        if any(subject in place for metric in candidates for subject in metric.subject):
            return _nearest(candidates, place)
    return None


def _nearest(candidates: Sequence[Metric], text: str) -> Metric | None:
    """The candidate with the last subject word of `text`; None when there is none or two share it."""
    ends = [
        (text.rfind(subject) + len(subject), len(subject), metric)
        for metric in candidates
        for subject in metric.subject
        if subject in text
    ]
    if not ends:
        return None
    best = max(ends, key=lambda end: end[:2])
    same = {end[2].id for end in ends if end[:2] == best[:2]}
    return best[2] if len(same) == 1 else None
