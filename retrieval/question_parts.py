"""Several questions in one sentence, each made whole: "B5 多少分？还缺什么材料？" """

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from retrieval.follow_ups import ASKS, Understood, understand
from retrieval.metrics import Metrics
from retrieval.question import Question
from retrieval.question_signs import FIGURE, ID_PATTERN

Parse = Callable[[str], Question]

_STOPS = re.compile(r"[？?；;！!。]+")
_COMMA = re.compile(r"[，,：:]|(?:顺便|另外|还有(?=.{4}))")
# Asks how the district stands, of whatever was named before.
_STATE = re.compile(r"做到|达到|达标|到没到|落实|完成|做得|怎么样")
MOST = 4
# Something is asked on either side, or of each of a list.
_SEVERAL = re.compile(r"[，,、；;？?\s].*(?:多少|几|占比|比例|率|数|额)|[和与跟及].*(?:各|分别)")
_CLAUSES = re.compile(r"[，,；;？?。\s]+")
_JOINED = re.compile(r"、|以及|和|与|跟|(?<!普)及(?!格)")
_EACH = re.compile(r"各|分别|、")


@dataclass(frozen=True, slots=True)
class Part:
    """One question with all it needs. understood : how it was read."""

    question: Question
    understood: Understood


def parts(
    text: str,
    earlier: Sequence[str],
    parse: Parse,
    metrics: Metrics,
    *,
    data_year: int | None = None,
    districts: Sequence[str] = (),
) -> list[Part]:
    """The questions of a text in order; those that the same source answers stay one question."""

    def read(words: str, before: Sequence[str]) -> Part:
        understood = understand(words, before, parse, metrics, data_year=data_year, districts=districts)
        return Part(parse(understood.text), understood)

    whole = read(text, earlier)
    pieces = _pieces(text, parse)
    if len(pieces) > MOST or (len(pieces) < 2 and (whole.question.kind != "unknown" or not pieces)):
        return [whole]
    found: list[Part] = []
    said = list(earlier)
    for piece in pieces:
        part = read(piece, said)
        if found and _same(found[-1].question, part.question):
            joined = f"{found[-1].understood.text}，{part.understood.text}"
            only = part.understood.only or found[-1].understood.only
            found[-1] = Part(parse(joined), Understood(joined, only, True, False))
        else:
            found.append(part)
        said = [part.understood.text]
    # What was said in one breath of one thing is best asked as it was said.
    same = len(found) == 1 and whole.question.kind != "unknown" and not whole.understood.lacking
    return [whole] if same else found


def figures_apart(
    part: Part, parse: Parse, metrics: Metrics, *, data_year: int | None = None, districts: Sequence[str] = ()
) -> list[Part]:
    """The figures that a question of figures asks for one by one, each made whole; [] when it asks for one."""
    text = part.understood.text
    if part.question.kind != "evidence" or part.question.about != "figure" or not _SEVERAL.search(text):
        return []
    # 一校一章程方面，有章程的有几所: what asks nothing leads in to what does.
    clauses = [clause for clause in filter(str.strip, _CLAUSES.split(text)) if FIGURE.search(clause)]
    pieces = [piece for clause in clauses for piece in _listed(clause) if len(piece) > 1]
    if not 2 <= len(pieces) <= MOST:
        return []
    found, said = [], list[str]()
    for piece in pieces:
        asked = piece if FIGURE.search(piece) else f"{piece}是多少"
        understood = understand(asked, said, parse, metrics, data_year=data_year, districts=districts)
        said = said or [understood.text]
        found.append(Part(parse(understood.text), replace(understood, only=part.understood.only)))
    return found


def _listed(clause: str) -> list[str]:
    """The members of a list of which something is asked, or the clause as it is."""
    return [piece for piece in _JOINED.split(clause) if piece] if _EACH.search(clause) else [clause]


def _pieces(text: str, parse: Parse) -> list[str]:
    pieces: list[str] = []
    for sentence in filter(str.strip, _STOPS.split(text)):
        held, asked = "", None
        for piece in filter(str.strip, _COMMA.split(sentence)):
            said = parse(piece)
            if asked is not None and _asks_apart(asked, said):
                pieces.append(held)
                held = ""
            elif asked is not None and asked.kind == "unknown" != said.kind:
                held = " ".join(match[0] for match in ID_PATTERN.finditer(held))  # 我在看B17，想问一下：宿舍缺多少
            held = f"{held}，{piece}" if held else piece
            asked = said if asked is None or said.kind != "unknown" else asked
        if pieces and asked is not None and _only_names(asked):
            pieces[-1] = f"{pieces[-1]}，{held}"
        else:
            pieces.append(held)
    return [piece.strip() for piece in pieces if len(piece.strip()) > 1]


def _only_names(question: Question) -> bool:
    """不利的证据有哪些？B14-4的: the rest of what was asked before."""
    return question.names and not ASKS.search(question.text) and not question.text.rstrip().endswith("呢")


def _asks_apart(one: Question, other: Question) -> bool:
    """Whether two clauses ask two kinds of things; a clause that asks nothing by itself belongs to the other."""
    if one.kind == "indicator" and other.kind == "unknown" and _STATE.search(other.text):
        return True
    if "unknown" in (one.kind, other.kind):
        return False
    if _only_names(other):
        return False
    if other.kind == "comparison" and not other.names and one.names:
        return False  # 培训费占比是多少，两个区都看一下
    if other.topic == "procedure" and one.kind == "evidence":
        return False  # 是谁做的，第三方吗
    return _source(one) != _source(other)


def _same(one: Question, other: Question) -> bool:
    return _source(one) == _source(other)


def _source(question: Question) -> tuple[str, str]:
    if question.kind in ("evidence", "unknown"):
        return "evidence", ""
    return question.kind, question.about if question.kind == "ledger" else question.topic
