"""Questions that can be read in several ways, and the whole questions to choose from."""

from __future__ import annotations

import re
from collections.abc import Sequence

from retrieval.metrics import Metrics
from retrieval.question import Question
from retrieval.tokens import normalise

MOST = 6
_LONGEST = 8
_RATE = re.compile(r"率$|比例$")
# Says nothing of which number is meant.
_AROUND = re.compile(r"^(?:我们|咱们?|那个|这个)区?|(?:有多[高大少]|[高够大]不[高够大]|达标)$")
_ALIKE = 3  # characters at the end of a name that may differ in one
# What is said around a measure without saying of what it is: 麻烦查一下……是多少, 那个……报一下.
_ASKING = re.compile(
    r"请问?|麻烦|帮我|提供|告诉我|查询?|[报看说问](?=一?下)|看看|一下|我们|咱们?|[本我全]区|区里|那个|这个|目前|现在|一共|总共|是|为|有|达到|多少|几|多[高大少]|[高够大]不[高够大]|怎么样|如何|咋样|万?元|钱|个|[了吗呢吧的啊？?。，,！!\s]"
)
_RATES = re.compile(r"(?:达标|覆盖|合格|完成|执行|入学|普及|到位|整改|经费执行|预算执行)?(?:比?率|比例|占比)")
# 幼儿园几所 asks for their number, whatever else ends with 幼儿园.
_COUNTED = re.compile(r"(?:多少|几)(?:所|个|人|名|家|次|套|间|栋)")
_SUMS = re.compile(r"总?(?:金额|数额|经费|资金|支出|投入)")


def readings(question: Question, metrics: Metrics) -> tuple[str, ...]:
    """Whole questions for a name that several metrics end with (合格率, 生均公用经费); empty when the question is clear."""
    named = question.items and not question.guessed
    if named or question.criteria or question.indicators or question.kind in ("comparison", "ledger", "missing"):
        return ()
    bare = _ASKING.sub("", normalise(question.text))
    if _RATES.fullmatch(bare) or _SUMS.fullmatch(bare):
        return _choices(bare, "%" if _RATES.fullmatch(bare) else "元", metrics)
    if question.metrics or question.items or question.kind == "indicator":
        return ()
    words = [word for part in question.subject.split() if (word := _AROUND.sub("", normalise(part)))]
    if len(words) != 1 or question.years or _COUNTED.search(question.text):
        return ()
    word = words[0]
    if not 2 <= len(word) <= _LONGEST:
        return ()
    found = _ending(word, metrics)
    return _asked(found) if len(found) > 1 else ()


def _choices(bare: str, unit: str, metrics: Metrics) -> tuple[str, ...]:
    """Of a measure of nothing in particular: the metrics that end with it, then others in its unit, the best known first."""
    same = [metric.name for metric in metrics.by_id.values() if metric.unit == unit]
    return _asked(list(dict.fromkeys([*_ending(bare, metrics), *sorted(same, key=len)])))


def _ending(word: str, metrics: Metrics) -> list[str]:
    """Names of metrics that end with a word, then those that nearly do."""
    found = []
    for metric in metrics.by_id.values():
        names = [normalise(name) for name in (metric.name, *metric.aliases) if "…" not in name]
        exact = any(name.endswith(word) and name != word for name in names)
        if exact or (_RATE.search(word) and any(_nearly(name, word) for name in names)):
            found.append((not exact, metric.name))
    return [name for _, name in sorted(found, key=lambda entry: entry[0])]


def _asked(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(f"{name}是多少？" for name in names[:MOST])


def _nearly(name: str, word: str) -> bool:
    """Whether a name ends like a word of three characters but for one: 入园率 and 入学率."""
    if len(word) != _ALIKE or len(name) < _ALIKE:
        return False
    return sum(a == b for a, b in zip(name[-_ALIKE:], word, strict=True)) == _ALIKE - 1
