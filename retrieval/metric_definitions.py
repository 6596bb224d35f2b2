"""What a metric is, and the reading of the files that define them (`corpus/metrics/*.yaml`)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

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
    "short",
    "subject",
    "follows",
    "follow_words",
    "parts",
    "whole",
)
_WORDS = (
    "not_followed_by",
    "not_preceded_by",
    "zero_words",
    "all_words",
    "needs_near",
    "not_near",
    "asked_as",
    "short",
    "subject",
    "follow_words",
    "parts",
    "whole",
)
_NAMES = ("all_of", "follows")
_FLAGS = ("value_before", "several")


class MetricsError(RetrievalError):
    """The metrics' data files are wrong.  faults : every fault found, one Chinese sentence each."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("指标口径文件有错，请逐处改正：\n" + "\n".join(self.faults))


@dataclass(frozen=True, slots=True)
class Metric:
    """A figure that documents state.

    units : accepted units, the first is the one facts are stored in ("年份": the value is a year; "纯数": no unit).
    low, high : plausible range, both included; a value outside is a slip of the pen or of the reader.
    aliases : the words documents use; "…" stands for up to 30 characters inside a sentence.
    zero_words : before an alias they state the value 0 (未发生重大安全事故).
    all_words, all_of : 均/全部 before an alias states the same value as metric `all_of` in the same sentence.
    needs_near : one of these words must stand in the same sentence or row.
    not_near : when one of these words stands there, the words speak of something else.
    value_before : the number may stand before the words (3 次常务会议).
    asked_as : further words of questions, too loose for reading facts.
    short : names that count only where one of the words of `subject` says what they speak of (合格率 with 体质).
    follows : the metric this one is the rest of: after 年度任务 12 所 the words of `follow_words` (完成) state this metric.
    parts, whole : a ratio's value is the sum of `parts` over the sum of `whole`, times 100 when its unit is %.
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
    short: tuple[str, ...] = ()
    subject: tuple[str, ...] = ()
    follows: str = ""
    follow_words: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()

    @property
    def unit(self) -> str:
        """The unit facts are stored in; "" for a pure number."""
        return "" if self.units[0] == BARE_UNIT else self.units[0]


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
    sentences += [fault for metric in metrics for fault in _dangling(metric, known)]
    if sentences:
        raise MetricsError(sentences)
    return metrics


def _metric(node: Node) -> Metric:
    members = node.mapping(_REQUIRED, _OPTIONAL)
    low, high = _range(members["range"])
    more: dict[str, Any] = {key: members[key].texts() for key in _WORDS if key in members}
    more |= {key: members[key].text() for key in _NAMES if key in members}
    more |= {key: members[key].truth() for key in _FLAGS if key in members}
    if ("parts" in more) != ("whole" in more):
        node.fault("parts 与 whole 要一起写。")
    if "short" in more and "subject" not in more:
        node.fault("写了 short 就要写 subject，说明简称在谈什么。")
    return Metric(
        id=members["id"].text(),
        name=members["name"].text(),
        item=members["item"].text(),
        units=members["units"].texts() or (BARE_UNIT,),
        low=low,
        high=high,
        aliases=members["aliases"].texts(),
        **more,
    )


def _dangling(metric: Metric, known: set[str]) -> list[str]:
    named = [("all_of", metric.all_of), ("follows", metric.follows)]
    named += [("parts", part) for part in metric.parts] + [("whole", part) for part in metric.whole]
    return [
        f"指标“{metric.id}”的 {key} 指向不存在的“{other}”，请改正。"
        for key, other in named
        if other and other not in known
    ]


def _range(node: Node) -> tuple[Decimal, Decimal]:
    bounds = [bound.decimal_text() for bound in node.sequence()]
    if len(bounds) != 2 or bounds[0] > bounds[1]:
        node.fault('要写两个加引号的数，先小后大，例如 ["0", "100"]。')
        return Decimal(0), Decimal(0)
    low, high = (Decimal(bound.numerator) / Decimal(bound.denominator) for bound in bounds)
    return low, high
