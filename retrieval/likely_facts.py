"""Facts whose metric no rule names but the words around a number make likely: read after the rules, and only what they left."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from retrieval.fact_parts import ParsedSentence, Stated
from retrieval.likely_metrics import LikelyMetrics, Surroundings
from retrieval.metrics import Mention
from retrieval.numbers import Number
from retrieval.reached import clause_is_aimed, is_earlier_value, is_statement

LEAST: Final = 0.9
_CLAUSE_START = re.compile(r"[，。；;,：:（）()]")
# What was done, is due or is to be prevented is no stock; what a wider authority set, a budget plans or a month closes is not reached.
_DEED = re.compile(r"新增|净增|取缔|关停|消除|化解|清退|辞退|压减|撤并|防止|预防|杜绝|应配|应有|应设")
_SET = re.compile(r"高于|低于|优于|超过|多于|少于|不得|至少|预算安排|按[^，。；]{0,6}$|截至[^，。；]{0,6}月")
_SET_BY_OTHERS = re.compile(r"(?:省定|市定|国定|国家|省里|市里)[^；。]*$")
_RATIO = re.compile(r"[:：∶]")
_LISTED = re.compile(r"分别|依次|各为")
_OURS = re.compile(r"我区|我县|全区|全县|本区|本县|实际|执行")
_NO_FIGURE: Final = frozenset(["年", "月", "日", "号", "页", "百分点", "章", "条", "款", "届", "级", "岁"])


def likely_facts(
    parsed: ParsedSentence, stated: Sequence[Stated], likely: LikelyMetrics, near: str, least: float = LEAST
) -> Iterator[Stated]:
    """The likely facts of a sentence of which the rules read `stated`; a metric that was read is not guessed again.

    near : the sentence before. least : how likely a metric must be.
    """
    around = Surroundings(parsed.text, near, parsed.context)
    found: dict[str, tuple[float, Stated]] = {}
    for number in left_over(parsed, stated):
        best = likely.best(number, [n for n in parsed.numbers if n.end <= number.start], around)
        if best is None or best[1] < least or any(fact.metric.id == best[0].id for fact in stated):
            continue
        metric, probability = best
        start = max((m.end() for m in _CLAUSE_START.finditer(parsed.text, 0, number.start)), default=0)
        if any(short in parsed.text[start : number.start] for short in metric.short):
            continue  # whose 执行率 it is the rules did not know either
        words = Mention(start, number.start, metric)
        fact = parsed.stated(words, number, "")
        if fact is not None and (metric.id not in found or probability > found[metric.id][0]):
            found[metric.id] = probability, fact
    yield from (fact for _, fact in found.values())


def left_over(parsed: ParsedSentence, stated: Sequence[Stated]) -> Iterator[Number]:
    """The numbers that state something and that no rule has read."""
    for number in parsed.numbers:
        read = any(fact.start <= number.start < fact.end and fact.value == number.value for fact in stated)
        # A bare number numbers tables and chapters more often than it states anything; 18.6∶1 states a ratio.
        bare = not number.unit and not _RATIO.search(parsed.text[number.start : number.end])
        if read or bare or number.unit in _NO_FIGURE or is_earlier_value(parsed.plain, number):
            continue
        if is_statement(parsed.plain, number) and _is_reached(parsed.plain, number):
            yield number


def _is_reached(plain: str, number: Number) -> bool:
    topic = re.split(r"[；;。]", plain[: number.start])[-1]
    clause = _CLAUSE_START.split(topic)[-1]
    # In 龙山镇、虎山镇分别为… which value is whose the rules either know or nobody does.
    if _LISTED.search(topic) or clause_is_aimed(plain, number.start) or _SET.search(clause):
        return False
    if _DEED.search(clause) and number.unit not in ("%", "元"):
        return False
    by_others = _SET_BY_OTHERS.search(topic)
    return by_others is None or bool(_OURS.search(by_others[0]))
