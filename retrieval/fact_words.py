"""Values that words state: 未发生重大安全事故 is 0; 12 所学校均设有资源教室 is 12; 年度任务 9 所，已完成 8 所."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from retrieval.fact_parts import ParsedSentence, Stated, fits
from retrieval.metrics import Mention, Metric
from retrieval.numbers import Number
from retrieval.reached import clause_is_aimed, is_statement

_TITLE_MARKS = re.compile(r"[，。；：]")
_NONE_AFTER = re.compile(
    r"(?:数量|数|人数|现象|问题|情况|事件|行为|学生|的学生|招生)?(?:均|都|也|亦|同样)?(?:为|实现|保持|继续保持|持续保持|是)*(?:零(?:发生|存量|记录|报告|增长|出现)?|0(?![0-9.]))"
)
# 超大班额已于8月底清零
_WHEN = re.compile(r"(?:已经|已|均|都|现|目前|[于在]|20\d\d年|[0-9]{1,2}月|年?[底末]|前|暑假|秋季(?:学期|开学))*")
_NOT_DENIED = re.compile(r"年级[无没未]|新建[学校园]+[无没未]|是否|有无|杜绝|防止|避免|严防|严禁|预防|防范|不得|有没有")
_JOINED = re.compile(r"[、和与及或\s]|以及|□|学校|问题|现象|学生|行为")
_STATE = r"(?:目前|现有|现已|现|年底|年内|实际|已经|已|均|全部|全|都|其中|共|按期|如期|按时|累计|区内|全年|当年|本年度?|今年|年度|截至.{0,6})*"
_TAIL = (
    r"(?:了|的|数|学校|工作|建设|学生|人数|校长|教师|项目|职级|校舍|安全鉴定|党组织|章程|件)*(?:达到|达|为|共|约)?\s*"
)
_NEGATED = re.compile(r"未|没有|正在|尚|不|应|待|需")


def worded(parsed: ParsedSentence, position: int) -> Iterator[Stated]:
    """The value that words say of the mention at `position`, if any."""
    if not _TITLE_MARKS.search(parsed.text):
        # A title (无重大安全事故情况说明) names a paper; it states nothing.
        return
    mention = parsed.mentions[position]
    if mention.metric.zero_words:
        yield from _none(parsed, mention)
    if mention.metric.all_of:
        yield from _all(parsed, mention)


def _none(parsed: ParsedSentence, mention: Mention) -> Iterator[Stated]:
    clause_start = max(parsed.text.rfind(mark, 0, mention.start) for mark in "，。；：,;（(") + 1
    before = parsed.plain[clause_start : mention.start]
    if _NOT_DENIED.search(before):
        return
    # 无超范围、超计划招生: what is joined to a denied thing is denied with it.
    squeezed = re.sub(r"\s", "", before)
    bare = (
        re.sub(r"(?:(?<=□)(?:[、和与及或]|以及|现象|问题|学生|行为|事件)+|□|\s)+$", "", before)
        if "□" in before
        else squeezed
    )
    for word in sorted(mention.metric.zero_words, key=len, reverse=True):
        # 无证园 holds 无 but denies nothing: a single word must stand directly before, only a verb like 未发生 may stand apart.
        apart = len(word) > 1 and word in squeezed[-14:]
        if squeezed.endswith(word) or bare.endswith(word) or apart:
            start = parsed.text.rfind(word[0], clause_start, mention.start)
            yield _zero(parsed, mention, max(start, clause_start), mention.end)
            return
    after = parsed.text[mention.end : mention.end + 20]
    when = _WHEN.match(after)
    after = after[when.end() :] if when else after
    words = [word for word in mention.metric.zero_words if len(word) > 1 and after.lstrip().startswith(word)]
    none = _NONE_AFTER.match(parsed.text[mention.end : mention.end + 12])
    if none and (none[0] != "0" and not re.match(r"\s*0", none[0])):
        yield _zero(parsed, mention, mention.start, mention.end + none.end())
    elif words:
        end = parsed.text.find(words[0][-1], mention.end) + 1
        yield _zero(parsed, mention, mention.start, end)


def _zero(parsed: ParsedSentence, mention: Mention, start: int, end: int) -> Stated:
    return Stated(mention.metric, Decimal(0), parsed.year_at(mention.start), parsed.scope(mention), start, end)


def _all(parsed: ParsedSentence, mention: Mention) -> Iterator[Stated]:
    """均 or 全部 before the mention: as many as the metric it is part of."""
    before = re.sub(r"\s", "", parsed.text[max(0, mention.start - 12) : mention.start])[-6:]
    if not any(word in before for word in mention.metric.all_words):
        return
    for other in parsed.mentions:
        if other.metric.id == mention.metric.all_of:
            number = _number_of(parsed, other)
            if number is not None:
                start = min(number.start, other.start, mention.start)
                end = max(number.end, other.end, mention.end)
                year, scope = parsed.year_of(number), parsed.scope(other)
                yield Stated(mention.metric, number.value, year, scope, start, end, number.approximate)
            return


def _number_of(parsed: ParsedSentence, mention: Mention) -> Number | None:
    """The number next to a mention, behind it or close before it."""
    near = [n for n in parsed.numbers if fits(n, mention.metric) and is_statement(parsed.plain, n)]
    behind = [n for n in near if mention.end <= n.start <= mention.end + 12]
    ahead = [n for n in near if 0 <= mention.start - n.end <= 14]
    return behind[0] if behind else ahead[-1] if ahead else None


def followed(parsed: ParsedSentence, stated: list[tuple[Mention, Stated]], used: set[int]) -> Iterator[Stated]:
    """What is said to be done of something due: 应鉴定校舍 128 栋，已鉴定 126 栋; 规划项目 45 个已全部完工."""
    given = {fact.metric.id for _, fact in stated}
    for mention, due in stated:
        followers = parsed.metrics.followers.get(due.metric.id, [])
        later = [
            m.start
            for m in parsed.mentions
            if m.start >= due.end and (m.metric.id in parsed.metrics.followers or m.metric.id == due.metric.id)
        ]
        limit = min(later, default=len(parsed.text))
        for metric in followers:
            if metric.id in given:
                continue
            fact = _done(parsed, metric, due, mention, limit, used)
            if fact is not None:
                given.add(metric.id)
                yield fact


def _done(
    parsed: ParsedSentence, metric: Metric, due: Stated, mention: Mention, limit: int, used: set[int]
) -> Stated | None:
    words = "|".join(re.escape(word) for word in sorted(metric.follow_words, key=len, reverse=True))
    ahead = re.compile(rf"{_STATE}(?:{words}){_TAIL}")
    behind = re.compile(rf"\s*(?:学校|项目|学生|校舍)?(?:已经|已|均已|全部|按期|实现)*(?:{words})")
    for number in parsed.numbers:
        if not due.end <= number.start < limit or number.end in used or not fits(number, metric):
            continue
        begin = max(parsed.text.rfind(mark, 0, number.start) for mark in "，,；;、（(。")
        clause = re.sub(r"\s", "", parsed.text[max(begin + 1, due.end) : number.start])
        if not is_statement(parsed.plain, number) or clause_is_aimed(parsed.plain, number.start):
            continue
        if ahead.fullmatch(clause) or (clause in {"", "其中"} and behind.match(parsed.text[number.end :])):
            used.add(number.end)
            plausible = metric.low <= number.value <= metric.high
            year = parsed.year_of(number)
            return Stated(metric, number.value, year, due.scope, due.start, number.end, number.approximate, plausible)
    whole = re.compile(rf"(?:全部|全|均|都|皆)(?:已经|已|按期|如期|按时)*(?:{words})")
    for match in whole.finditer(parsed.text[due.end : limit]):
        clause = re.split(r"[，,；;。]", parsed.text[due.end : due.end + match.start()])[-1]
        rest = parsed.text[due.end + match.end() :]
        if not _NEGATED.search(clause) and not re.match(r"(?:了|的)?\s*[0-9]", rest):
            end = due.end + match.end()
            return Stated(metric, due.value, due.year, due.scope, due.start, end, due.approximate, due.plausible)
    return None
