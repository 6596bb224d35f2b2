"""The metrics that facts are read for (`corpus/metrics/*.yaml`), and where a text names them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files

from retrieval.errors import RetrievalError
from scoring_rules.yaml_source import Faults, Node, parse_yaml

YEAR_UNIT = "年份"
BARE_UNIT = "纯数"
_REQUIRED = ("id", "name", "item", "units", "range", "aliases")
_OPTIONAL = (
    "not_followed_by",
    "not_preceded_by",
    "zero_words",
    "all_words",
    "all_of",
    "needs_near",
    "not_near",
    "value_before",
    "several",
    "asked_as",
)
# PDF lines break inside words, and quotation marks come and go between documents.
_BETWEEN = r"[\s“”\"]*"
_GAP = r"[^。；！？]{0,30}?"


class MetricsError(RetrievalError):
    """The metrics' data files are wrong.  faults : every fault found, one Chinese sentence each."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("指标口径文件有错，请逐处改正：\n" + "\n".join(self.faults))


@dataclass(frozen=True, slots=True)
class Metric:
    """A figure that documents state.

    units : accepted units, the first is the one facts are stored in ("年份": the value is a year; "纯数": no unit).
    low, high : plausible range, both included; a value outside is not this metric.
    aliases : the words documents use; "…" stands for up to 30 characters inside a sentence.
    zero_words : before an alias they state the value 0 (未发生重大安全事故).
    all_words, all_of : 均/全部 before an alias states the same value as metric `all_of` in the same sentence.
    needs_near : one of these words must stand in the same sentence or row.
    not_near : when one of these words stands there, the words speak of something else.
    value_before : the number may stand before the words (3 次常务会议).
    asked_as : further words of questions, too loose for reading facts.
    several : documents rightly state more than one value a year (a sum per stage or round), so different values are no conflict.
    """

    id: str
    name: str
    item: str
    units: tuple[str, ...]
    low: Decimal
    high: Decimal
    aliases: tuple[str, ...]
    not_followed_by: tuple[str, ...] = ()
    not_preceded_by: tuple[str, ...] = ()
    zero_words: tuple[str, ...] = ()
    all_words: tuple[str, ...] = ()
    all_of: str = ""
    needs_near: tuple[str, ...] = ()
    not_near: tuple[str, ...] = ()
    value_before: bool = False
    several: bool = False
    asked_as: tuple[str, ...] = ()

    @property
    def unit(self) -> str:
        """The unit facts are stored in; "" for a pure number."""
        return "" if self.units[0] == BARE_UNIT else self.units[0]


@dataclass(frozen=True, slots=True)
class Mention:
    """The words of a metric at `text[start:end]`; loose : found by an alias with a gap."""

    start: int
    end: int
    metric: Metric
    loose: bool


class Metrics:
    """All metrics, and the search for their words."""

    def __init__(self, metrics: Iterable[Metric]) -> None:
        self.by_id = {metric.id: metric for metric in metrics}
        self._patterns = [
            (metric, "…" in alias, _plain_parts(alias), _pattern(alias))
            for metric in self.by_id.values()
            for alias in metric.aliases
        ]
        self._starts: dict[str, list[int]] = {}  # first two characters of an alias → where it is in _patterns
        for place, (_, _, parts, _) in enumerate(self._patterns):
            self._starts.setdefault(parts[0][:2] if parts else "", []).append(place)

    def asked(self, question: str) -> list[Metric]:
        """The metrics a question names, in order, each once."""
        named = [(mention.start, mention.metric) for mention in self.mentions(question)]
        for metric in self.by_id.values():
            named += [(question.index(word), metric) for word in metric.asked_as if word in question]
        return list({metric.id: metric for _, metric in sorted(named, key=lambda entry: entry[0])}.values())

    def mentions(self, text: str, context: str = "") -> list[Mention]:
        """Where `text` (a sentence or a cell) names metrics, in order, without overlap.

        context : title and headings, where the words of `needs_near` may stand as well.
        The longest words win (普惠性民办园在园幼儿 is not 在园幼儿); of loose matches with one end the nearest start wins.
        """
        found: list[Mention] = []
        compact = re.sub(_BETWEEN, "", text)
        for place in self._perhaps(compact):
            metric, loose, parts, pattern = self._patterns[place]
            # Nearly always some part is missing; finding that out is far cheaper than the pattern.
            if not all(part in compact for part in parts):
                continue
            if metric.needs_near and not any(word in text or word in context for word in metric.needs_near):
                continue
            if any(word in text or word in context for word in metric.not_near):
                continue
            for match in pattern.finditer(text):
                mention = Mention(match.start(), match.end(), metric, loose)
                if _allowed(text, mention):
                    found.append(mention)
        exact = _longest([mention for mention in found if not mention.loose])
        return sorted(exact + _nearest([m for m in found if m.loose], exact), key=lambda mention: mention.start)

    def _perhaps(self, compact: str) -> list[int]:
        """Which patterns begin with two characters that are in the text: a few of some hundred."""
        pairs = {"", *compact, *(compact[at : at + 2] for at in range(len(compact) - 1))}
        return sorted(place for pair in self._starts.keys() & pairs for place in self._starts[pair])


@cache
def load_metrics() -> Metrics:
    """The metrics of `corpus/metrics`.  Raises MetricsError with every fault."""
    sources = sorted(
        (entry for entry in files("corpus").joinpath("metrics").iterdir() if entry.name.endswith(".yaml")),
        key=lambda entry: entry.name,
    )
    return Metrics(read_metrics((entry.name, entry.read_text(encoding="utf-8")) for entry in sources))


def read_metrics(sources: Iterable[tuple[str, str]]) -> list[Metric]:
    """The metrics of (file name, YAML text) pairs.  Raises MetricsError with every fault of all files."""
    metrics: list[Metric] = []
    sentences: list[str] = []
    for name, text in sources:
        faults = Faults(name)
        root = parse_yaml(text, faults).mapping(["metrics"])
        if not faults:
            for node in root["metrics"].sequence():
                metric = _metric(node)
                if metric.id in {other.id for other in metrics}:
                    node.fault(f"指标“{metric.id}”重复，请只留一个。")
                metrics.append(metric)
        sentences += faults.sentences
    known = {metric.id for metric in metrics}
    sentences += [
        f"指标“{m.id}”的 all_of 指向不存在的“{m.all_of}”，请改正。"
        for m in metrics
        if m.all_of and m.all_of not in known
    ]
    if sentences:
        raise MetricsError(sentences)
    return metrics


def _metric(node: Node) -> Metric:
    members = node.mapping(_REQUIRED, _OPTIONAL)
    low, high = _range(members["range"])
    words = {
        key: members[key].texts()
        for key in (
            "not_followed_by",
            "not_preceded_by",
            "zero_words",
            "all_words",
            "needs_near",
            "not_near",
            "asked_as",
        )
        if key in members
    }
    return Metric(
        id=members["id"].text(),
        name=members["name"].text(),
        item=members["item"].text(),
        units=members["units"].texts() or (BARE_UNIT,),
        low=low,
        high=high,
        aliases=members["aliases"].texts(),
        all_of=members["all_of"].text() if "all_of" in members else "",
        value_before=members["value_before"].truth() if "value_before" in members else False,
        several=members["several"].truth() if "several" in members else False,
        **words,
    )


def _range(node: Node) -> tuple[Decimal, Decimal]:
    bounds = [bound.decimal_text() for bound in node.sequence()]
    if len(bounds) != 2 or bounds[0] > bounds[1]:
        node.fault('要写两个加引号的数，先小后大，例如 ["0", "100"]。')
        return Decimal(0), Decimal(0)
    low, high = (Decimal(bound.numerator) / Decimal(bound.denominator) for bound in bounds)
    return low, high


def _plain_parts(alias: str) -> tuple[str, ...]:
    """The parts of an alias that stand in a text as they are written."""
    return tuple(part for part in re.split(r"[…（）%/\s]", alias) if part)


def _pattern(alias: str) -> re.Pattern[str]:
    parts = [_BETWEEN.join(_char(char) for char in part) for part in alias.split("…")]
    return re.compile(_GAP.join(parts))


def _char(char: str) -> str:
    return {"（": "[（(]", "）": "[）)]", "%": "[%％]", "/": "[/／]"}.get(char, re.escape(char))


def _allowed(text: str, mention: Mention) -> bool:
    before = re.sub(r"[\s“”\"]", "", text[max(0, mention.start - 16) : mention.start])
    after = re.sub(r"[\s“”\"]", "", text[mention.end : mention.end + 16])
    return not (before.endswith(mention.metric.not_preceded_by) or after.startswith(mention.metric.not_followed_by))


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
