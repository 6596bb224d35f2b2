"""Several questions in one sentence, each made whole: "B5 多少分？还缺什么材料？" """

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from retrieval.follow_ups import ASKS, Understood, understand
from retrieval.metrics import Metrics
from retrieval.question import Question, going_on
from retrieval.question_signs import ID_PATTERN
from retrieval.single_asks import asks_by_itself, is_elliptic, single_asks

Parse = Callable[[str], Question]

_STOPS = re.compile(r"[？?；;！!。]+")
_COMMA = re.compile(r"[，,：:]|(?:顺便|另外|还有(?=.{4}))")
# Asks how the district stands, of whatever was named before.
_STATE = re.compile(r"做到|达到|达标|到没到|落实|完成|做得|怎么样")
MOST = 4
MOST_ASKS = 5
_TELLING = 3  # characters of an ask that may stand by itself


@dataclass(frozen=True, slots=True)
class Part:
    """One question with all it needs.

    understood : how it was read.  own : of one of several asks, its words without what it leans on.
    otherwise : another reading, to be tried when this one finds nothing: by its own words alone, or with what was asked before.
    """

    question: Question
    understood: Understood
    own: str = ""
    otherwise: Part | None = None


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
        question = parse(understood.text)
        otherwise = None
        if understood.otherwise:
            leaning = Understood(understood.otherwise, understood.only, True)
            otherwise = Part(_of_evidence(parse(leaning.text)), leaning)
        return Part(_of_evidence(question) if understood.of_evidence else question, understood, otherwise=otherwise)

    whole = read(text, earlier)
    if earlier:
        whole = replace(whole, question=going_on(whole.question, parse(earlier[-1])))
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


def each_ask(
    part: Part, parse: Parse, metrics: Metrics, *, data_year: int | None = None, districts: Sequence[str] = ()
) -> list[Part]:
    """What a question of the evidence asks for one by one, each made whole; [] when it asks for one thing.

    What is asked first gives the later ones their subject, year and stage.
    """
    asked = single_asks(part.understood.text)
    lead, pieces = [words for words in asked.lead if parse(words).kind != "unknown"], list(asked.pieces)
    if part.understood.changed and len(pieces) > 1 and not asks_by_itself(pieces[0]):
        lead.append(pieces.pop(0))  # what a follow-up is about was put in front of it
    if part.question.kind != "evidence" or not 2 <= len(pieces) <= MOST_ASKS:
        return []
    subject = " ".join(lead)
    # What stands before a colon, or was said in the question before, is said of each; else the first tells what the others are of.
    said = [subject] if lead and (asked.of_lead or part.understood.changed) else list[str]()
    found: list[Part] = []
    for piece in pieces:
        if found and is_elliptic(piece):
            understood = understand(piece, said[-1:], parse, metrics, data_year=data_year, districts=districts)
        else:
            whole = piece if asks_by_itself(piece) else f"{piece}是多少"
            whole = whole if said else f"{subject} {whole}".strip()
            understood = understand(whole, said[:1], parse, metrics, data_year=data_year, districts=districts)
        said.append(understood.text)
        found.append(_ask(piece, replace(understood, only=part.understood.only), parse))
    return found


def _ask(piece: str, understood: Understood, parse: Parse) -> Part:
    own, whole = parse(piece), _of_evidence(parse(understood.text))
    otherwise = None
    if understood.text != piece and len(own.subject) >= _TELLING:
        otherwise = Part(_of_evidence(own), replace(understood, text=piece), own.subject)
    return Part(whole, understood, own.subject, otherwise)


def _of_evidence(question: Question) -> Question:
    """The question as one of the evidence, whatever it would be by itself (按什么标准)."""
    if question.kind == "evidence":
        return question
    return replace(question, kind="evidence", about="figure" if question.wants_figure else "evidence", topic="")


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
