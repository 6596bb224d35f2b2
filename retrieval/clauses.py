"""What each clause of a text says: that something is so, that it is lacking, that it is planned, or that it is demanded.

Official prose says a thing and its opposite with the same words (没有拖欠 / 拖欠, 将经费列入预算 / 将开展), so the order decides: a
plan or a demand colours what follows it up to the end of its sentence or to a word that something is done; a lack is none
when it is denied, fought against, or said to be settled afterwards. Rows of tables are read cell by cell.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from retrieval.numbers import find_numbers
from retrieval.sentences import is_row, split_sentences
from retrieval.verdict_words import VerdictWords

Kind = Literal["states", "lacking", "planned", "demanded"]

# What a cell holds where there is nothing (未达标（所）：0), and where there is some.
_NOTHING = re.compile(r"(?:0(?:\.0+)?%?|零|无|没有|—+|-+|/|)")
_COUNT = re.compile(r"[\d,.]+[^\d，。]{0,3}|是|有")
_MARK = re.compile(r"[，；。！？!?;]|(?<!\d),|,(?!\d)")
_CELL = re.compile(r"[；\n]")
# The name of a paper says nothing of what is so; quoted words (讲“网络上的话也要负责任”) demand and plan nothing.
_TITLE = re.compile(r"《[^》]*》")
_QUOTED = re.compile(r"《[^》]*》|“[^”]*”")
# 未按规定拨付的，责令改正: a rule, not a report.
_REGULATION = re.compile(r"的(?:[（(][^）)]*[）)])?$")
_SANCTION = re.compile("责令|不予|取消|给予|追究")
# How far before a lack the word stands that takes it back (解决编制不足), in characters without spaces.
_NEAR = 10
# How far 没有 reaches to the bad thing that there is not (没有一名学生因家庭困难失学).
_FAR = 16
_DUTY = re.compile(r"(?:应|须|需|任务|目标|核定|计划|标准|额定)[^，；。\d]{0,12}$")
_DEED = re.compile(r"(?:实|已|完成|到位|整改|安置)[^，；。\d]{0,8}$")
# Longest label of a column in a header row, in characters.
_LABEL = 16
_YES_NO = re.compile(r"(?:是否|有无|达标|完成)[^：]{0,12}：(否|无|未[^；]{0,6})$")


@dataclass(frozen=True, slots=True)
class Clause:
    """`text[start:end]` and what it says; sentence : (start, end) of the sentence or row it stands in.

    word : the words that decided, "" for a plain statement. first : it opens its sentence; row : it is a cell.
    """

    start: int
    end: int
    sentence: tuple[int, int]
    kind: Kind
    word: str
    first: bool
    row: bool


def read_clauses(
    text: str,
    words: VerdictWords,
    *,
    heading: str = "",
    headings: Sequence[tuple[int, int]] = (),
    higher_is_bad: bool = False,
    breaks: Collection[int] | None = None,
) -> list[Clause]:
    """The clauses of `text` in order, each with its kind.

    heading : title and section path; a section 存在问题 or 下一步打算 colours what says nothing else. headings : (start, end) of those
    within the text; they state nothing themselves, and colour what follows. higher_is_bad : the item's figures are the better the
    smaller they are. breaks : as for `split_sentences`.
    """
    mood = heading_mood(heading, words)
    found: list[Clause] = []
    for start, end in split_sentences(text, breaks):
        if any(a <= start and end <= b for a, b in headings):
            mood = _mood_of(text[start:end], words)
        elif not _is_header(text[start:end]):
            found += _sentence(text, start, end, words, mood, higher_is_bad)
    return found


def heading_mood(heading: str, words: VerdictWords) -> Kind | None:
    """How the innermost section of a path (题名 > 一级 > 二级) colours its sentences; None: it does not."""
    section = heading.replace("\n", " > ").rsplit(" > ", 1)
    return _mood_of(section[-1], words) if len(section) > 1 else None


def _mood_of(section: str, words: VerdictWords) -> Kind | None:
    last = re.sub(r"\s", "", section)
    kinds: dict[str, Kind] = {"plan": "planned", "demand": "demanded", "lacking": "lacking"}
    mood = next((mood for mood, listed in words.headings if any(word in last for word in listed)), "")
    return kinds.get(mood)


def _is_header(line: str) -> bool:
    """Whether a line is the header of a table: several short labels and neither a figure nor a mark of a sentence."""
    labels = [label for label in re.split(r"[；|\t]", line) if label.strip()]
    return (
        len(labels) > 2
        and not re.search(r"[：:。，]|\d", line)
        and all(len(label.strip()) <= _LABEL for label in labels)
    )


def _sentence(
    text: str, start: int, end: int, words: VerdictWords, heading: Kind | None, higher_is_bad: bool
) -> list[Clause]:
    row = is_row(text[start:end])
    spans = list(_spans(text, start, end, row))
    squeezed = [re.sub(r"\s", "", text[a:b]) for a, b in spans]
    short = {} if row else _shortfalls(text, spans)
    mood: Kind | None = None
    found = []
    for number, ((a, b), clause) in enumerate(zip(spans, squeezed, strict=True)):
        after = "，".join(squeezed[number + 1 :])
        kind, word, mood = _clause(clause, after, mood, words, higher_is_bad, row)
        if kind == "states" and number in short:
            kind, word = "lacking", short[number]
        if kind == "states" and mood is None and heading is not None and not words.done.search(clause):
            kind, word = heading, ""
        found.append(Clause(a, b, (start, end), kind, word, number == 0, row))
    return found


def _clause(
    clause: str, after: str, mood: Kind | None, words: VerdictWords, higher_is_bad: bool, row: bool
) -> tuple[Kind, str, Kind | None]:
    """Kind of a clause, the word that decides it, and the mood in which the sentence goes on."""
    spoken = _without(_QUOTED, clause)
    plan = words.plan.search(_without(words.not_plan, spoken))
    demand = words.demand.search(_without(words.not_demand, spoken))
    tone = min((m for m in (plan, demand) if m), key=lambda m: m.start(), default=None)
    done = words.done.search(clause)
    lack = _lack(clause, after, words, higher_is_bad, row)
    if done and mood is not None and (tone is None or done.start() < tone.start()):
        mood = None
    coloured: Kind | None = None
    if tone is not None and not (done and done.start() > tone.start()):
        coloured = "planned" if tone is plan else "demanded"
    if lack is not None and mood is None and (coloured is None or tone is None or lack.start() < tone.start()):
        if _REGULATION.search(clause) and (coloured or words.demand.search(after) or _SANCTION.search(after)):
            return "demanded", lack.group(), "demanded"
        return "lacking", lack.group(), coloured
    if coloured is not None and tone is not None:
        return coloured, tone.group(), coloured
    return mood or "states", "", mood


def _lack(clause: str, after: str, words: VerdictWords, higher_is_bad: bool, row: bool) -> re.Match[str] | None:
    """The first words of a clause that say something is lacking or bad, unless they are taken back."""
    open_ = _without(words.not_lacking, _without(_TITLE, clause))
    if _is_settled(open_, after, words):
        return None
    if row:
        if cell := _YES_NO.search(clause):
            return cell
        _label, _, value = open_.partition("：")
        if _NOTHING.fullmatch(value):
            return None
        if not _COUNT.fullmatch(value):
            open_ = value  # the label names what the cell is about and states nothing
    lacking = (match for match in words.lacking.finditer(open_) if _is_lacking(open_, match, words, higher_is_bad))
    bad = (match for match in words.bad.finditer(open_) if _is_asserted(open_, match, words))
    found = next(lacking, None) or next(bad, None)
    return found or (words.higher_is_bad.search(open_) if higher_is_bad else None)


def _is_lacking(clause: str, match: re.Match[str], words: VerdictWords, higher_is_bad: bool) -> bool:
    """Whether what `words.lacking` found is meant so: not denied, not none at all, not what is being fought."""
    before, after = clause[max(0, match.start() - _NEAR) : match.start()], clause[match.end() :]
    if higher_is_bad and match.group().startswith("低于"):
        return False
    # 没有拖欠, 未截留: something bad that is lacking.
    reach = {"没": _FAR, "无": _FAR, "未": 2}.get(match.group()[0], 0)
    if words.bad.search(after[:reach]) or words.denied_lack.search(before):
        return False
    zero = words.denied_after.search(clause, max(match.end() - 1, 0))
    if zero is not None and zero.group()[0] in "为零0清":
        return False
    return not words.countered.search(before) or words.persists.search(clause) is not None


def _is_asserted(clause: str, match: re.Match[str], words: VerdictWords) -> bool:
    """Whether a bad thing is said to have happened: something asserts it, and nothing near denies or fights it."""
    if words.asserted.search(clause) is None:
        return False
    if words.denied_lack.search(clause[: match.start()]):
        return False
    if words.denied_before.search(clause[max(0, match.start() - _NEAR) : match.start()]):
        return False
    return words.denied_after.search(clause, match.start()) is None or words.persists.search(clause) is not None


def _is_settled(clause: str, after: str, words: VerdictWords) -> bool:
    """Whether the clause, or the rest of the sentence, ends in saying that the lack is settled."""
    rest = f"{clause}，{after}"
    last = None
    for match in words.settled.finditer(rest):
        last = match
    return last is not None and not words.persists.search(rest[last.start() :])


def _shortfalls(text: str, spans: Sequence[tuple[int, int]]) -> dict[int, str]:
    """Clauses in which less is done than was due in the same or the clause before (应设9所，已设7所), with the words."""
    if not spans:
        return {}
    origin = spans[0][0]
    sentence = text[origin : spans[-1][1]]
    numbers = [n for n in find_numbers(sentence) if n.unit and not n.bound]
    found = {}
    for due, deed in pairwise(numbers):
        at = _position(spans, origin + deed.start)
        near = at - _position(spans, origin + due.start) <= 1
        if (
            near
            and due.unit == deed.unit
            and deed.value < due.value
            and _DUTY.search(sentence[: due.start])
            and _DEED.search(sentence[: deed.start])
        ):
            found[at] = f"{sentence[due.start : due.end].strip()}、{sentence[deed.start : deed.end].strip()}"
    return found


def _position(spans: Sequence[tuple[int, int]], place: int) -> int:
    return next((number for number, (start, end) in enumerate(spans) if start <= place < end), len(spans) - 1)


def _spans(text: str, start: int, end: int, row: bool) -> list[tuple[int, int]]:
    found, begin = [], start
    for match in (_CELL if row else _MARK).finditer(text, start, end):
        found.append((begin, match.start()))
        begin = match.end()
    found.append((begin, end))
    return [(a, b) for a, b in found if text[a:b].strip()]


def _without(pattern: re.Pattern[str], clause: str) -> str:
    """The clause with what the pattern finds blotted out, at the same length."""
    return pattern.sub(lambda match: "□" * len(match.group()), clause)
