"""Where a text names metrics: by one of their full names, or by a short name whose subject the surroundings give."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from retrieval.metric_definitions import BARE_UNIT, YEAR_UNIT, Metric, MetricsError, read_metrics
from retrieval.short_names import ShortName, ShortNames, pairs_of

__all__ = ["BARE_UNIT", "YEAR_UNIT", "Mention", "Metric", "Metrics", "MetricsError", "load_metrics", "read_metrics"]

# PDF lines break inside words, quotation marks come and go between documents, and so does 的.
_BETWEEN = r"[\s“”\"]*的?[\s“”\"]*"
_DROPPED = re.compile(r"[\s“”\"的]")
_GAP = r"[^。；！？]{0,30}?"


@dataclass(frozen=True, slots=True)
class Mention:
    """The words of a metric at `text[start:end]`; loose : found by an alias with a gap; short : by a short name."""

    start: int
    end: int
    metric: Metric
    loose: bool = False
    short: bool = False


class Metrics:
    """All metrics, and the search for their words."""

    def __init__(self, metrics: Iterable[Metric]) -> None:
        self.by_id = {metric.id: metric for metric in metrics}
        self._patterns = [
            (metric, "…" in alias, _plain_parts(alias), alias)
            for metric in self.by_id.values()
            for alias in metric.aliases
        ]
        self._starts: dict[str, list[int]] = {}  # first two characters of an alias → where it is in _patterns
        for place, (_, _, parts, _alias) in enumerate(self._patterns):
            self._starts.setdefault(parts[0][:2] if parts else "", []).append(place)
        # The cells of a table are looked at many times, each with the same headers around them.
        self._found = lru_cache(maxsize=8192)(self._mentions)
        self._short = ShortNames(self.by_id.values())
        self.followers: dict[str, list[Metric]] = {}
        for metric in self.by_id.values():
            if metric.follows:
                self.followers.setdefault(metric.follows, []).append(metric)

    def asked(self, question: str) -> list[Metric]:
        """The metrics a question names, in order, each once."""
        named = [(mention.start, mention.metric) for mention in self.mentions(question)]
        for metric in self.by_id.values():
            named += [(question.index(word), metric) for word in metric.asked_as if word in question]
        return list({metric.id: metric for _, metric in sorted(named, key=lambda entry: entry[0])}.values())

    def sibling(self, metric: Metric, group: str) -> Metric | None:
        """The metric that says of `group` what `metric` says of another (小学生均公用经费 → 初中生均公用经费)."""
        return self._short.sibling(metric, group)

    def mentions(self, text: str, context: str = "", near: str = "") -> list[Mention]:
        """Where `text` (a sentence or a cell) names metrics, in order, without overlap.

        context : title and headings, where the words of `needs_near` and `subject` may stand as well.
        near : what stands closer than they do: the sentence before, the other cells of a row.
        The longest words win (普惠性民办园在园幼儿 is not 在园幼儿); of loose matches with one end the nearest start wins.
        """
        return list(self._found(text, context, near))

    def _mentions(self, text: str, context: str, near: str) -> tuple[Mention, ...]:
        found: list[Mention] = []
        compact = _DROPPED.sub("", text)
        around = f"{text}\n{near}\n{context}"
        for place in self._perhaps(compact):
            metric, loose, parts, alias = self._patterns[place]
            # Nearly always some part is missing; finding that out is far cheaper than the pattern.
            if not all(part in compact for part in parts):
                continue
            if metric.needs_near and not any(word in around for word in metric.needs_near):
                continue
            if any(word in around for word in metric.not_near):
                continue
            for match in _pattern(alias).finditer(text):
                if loose and text[match.end() - len(parts[-1]) - 1] in "未不没":
                    continue
                mention = Mention(match.start(), match.end(), metric, loose)
                if _allowed(text, mention):
                    found.append(mention)
        exact = _longest([mention for mention in found if not mention.loose])
        short = [
            Mention(place.start, place.end, place.metric, short=True)
            for place in self._short.places(text, compact, near, context)
            if not any(_covers(other, place) for other in exact)
        ]
        short = [m for m in short if _allowed(text, m)]
        # Where a short name ends, its subject was looked for; an alias with a gap that ends there only guesses it.
        gapped = [m for m in found if m.loose and not any(m.end == other.end for other in short)]
        better = exact + _nearest(gapped, exact)
        return tuple(sorted(better + short, key=lambda mention: (mention.start, mention.end)))

    def _perhaps(self, compact: str) -> list[int]:
        """Which patterns begin with two characters that are in the text: a few of some hundred."""
        return sorted(place for pair in self._starts.keys() & pairs_of(compact) for place in self._starts[pair])


@cache
def load_metrics() -> Metrics:
    """The metrics of `corpus/metrics`.  Raises MetricsError with every fault."""
    sources = sorted(
        (entry for entry in files("corpus").joinpath("metrics").iterdir() if entry.name.endswith(".yaml")),
        key=lambda entry: entry.name,
    )
    return Metrics(read_metrics((entry.name, entry.read_text(encoding="utf-8")) for entry in sources))


def _plain_parts(alias: str) -> tuple[str, ...]:
    """The parts of an alias that stand in a text as they are written."""
    return tuple(part for part in re.split(r"[…（）()%/\s]", _DROPPED.sub("", alias)) if part)


@cache
def _pattern(alias: str) -> re.Pattern[str]:
    parts = [_BETWEEN.join(_char(char) for char in _DROPPED.sub("", part)) for part in alias.split("…")]
    return re.compile(_GAP.join(parts))


def _char(char: str) -> str:
    return {"（": "[（(]", "）": "[）)]", "%": "[%％]", "/": "[/／]"}.get(char, re.escape(char))


def _allowed(text: str, mention: Mention) -> bool:
    before = re.sub(r"[\s“”\"]", "", text[max(0, mention.start - 16) : mention.start])
    after = re.sub(r"[\s“”\"]", "", text[mention.end : mention.end + 16])
    # 骨干教师交流比例 is neither 教师交流比例 nor 交流比例.
    bare = re.sub(r"(?:教师|学生|幼儿|人员|的)+$", "", before)
    denied = before.endswith(mention.metric.not_preceded_by) or bare.endswith(mention.metric.not_preceded_by)
    return not (denied or after.startswith(mention.metric.not_followed_by))


def _covers(other: Mention, place: ShortName) -> bool:
    # 占公用经费预算总额 is a share, though 公用经费预算总额 is a sum: the unit of the number decides.
    share = other.start > place.start and other.metric.unit != place.metric.unit and place.metric.unit == "%"
    return place.start < other.end and other.start < place.end and not share


def _longest(mentions: list[Mention]) -> list[Mention]:
    """Without those that lie inside or across a longer one."""
    kept: list[Mention] = []
    for mention in sorted(mentions, key=lambda m: (m.start - m.end, m.start)):
        if all(mention.end <= other.start or mention.start >= other.end for other in kept):
            kept.append(mention)
    return kept


def _nearest(loose: list[Mention], exact: list[Mention]) -> list[Mention]:
    """Loose mentions that end where nothing better ends, each end once, with the nearest start."""
    kept: list[Mention] = []
    for mention in sorted(loose, key=lambda m: (m.end, -m.start)):
        blocked = any(other.end >= mention.end > other.start for other in exact) or any(
            other.end == mention.end for other in kept
        )
        if not blocked:
            kept.append(mention)
    return kept
