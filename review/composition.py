"""An answer put into words by the office's language model: every sentence checked, or the extractive answer instead.

The answer found without a model comes first and stays. The model gets its passages as data and gives sentences with quotes;
what it gives can only ever be a sentence on the screen: no point, verdict, link, figure or right is read from it.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Protocol

from sqlalchemy.orm import Session

from ingest.hidden import orders_in
from retrieval.answer import Answer, AnswerSentence, SchemeCitation
from retrieval.cite import Citation
from review.assistant import ask
from review.errors import ModelError
from review.model_forms import PARAGRAPH, Form, answer_form, paragraph_form
from review.model_material import Piece, cite_piece, material_lines, material_of
from review.model_prompts import Prompt, load_prompt
from review.model_reply import MOST_SENTENCES, Claim, ReplyReader
from review.rights import allowed
from review.sentence_check import Ground, judges, why_unsupported
from review.workspace import Workspace

# Kinds a model may put into words. What comes from the record (missing, comparison, ledger) is told as it stands there.
WORDED: Final = ("evidence", "indicator")
WITHHELD_SENTENCE: Final = "（模型在这里给分、评等级或下结论，已略去：分数和等级只由规则计算、由人签字。）"
TRIES: Final = 2


class Writes(Protocol):
    """What a language model has to be able to do (review.language_model.LanguageModel).

    seconds : how long one question may take, both tries together.
    """

    name: str
    seconds: float

    def stream(self, system: str, user: str, within: float | None = None, form: Form | None = None) -> Iterator[str]:
        """The reply in pieces, within so many seconds, in the form where that is to be had. Raises ModelError."""
        ...


@dataclass(frozen=True, slots=True)
class Words:
    """The sentence that is being written, as far as it is: unchecked."""

    text: str


@dataclass(frozen=True, slots=True)
class Checked:
    """A sentence that is complete and was checked. why : why it is not supported, "" when it is."""

    sentence: AnswerSentence
    why: str


@dataclass(frozen=True, slots=True)
class Again:
    """What was shown so far counts for nothing; it is tried once more."""

    why: str


Event = Words | Checked | Again


@dataclass(frozen=True, slots=True)
class Composition:
    """answer : what is shown. extractive : what was found without a model; the same where the model's words were not used.

    model : the model's name where its words are shown, else "". whys : for each sentence of `answer` why it is not supported,
    "" where it is. notice : what the reader has to know about the model's part, "" when it had none.
    """

    answer: Answer
    extractive: Answer
    model: str = ""
    whys: tuple[str, ...] = ()
    notice: str = ""

    @property
    def unsupported(self) -> int:
        """How many of the model's sentences are shown as 无依据."""
        return sum(bool(why) for why in self.whys)

    def to_json(self) -> dict[str, Any]:
        """As `ask --json` prints it: the answer, and under "model" the model's part."""
        told = {"name": self.model, "used": bool(self.model), "notice": self.notice, "unsupported": self.unsupported, "reasons": list(self.whys)}  # fmt: skip
        return self.answer.to_json() | {"model": told}


@allowed("read_evidence", filters=True)
def ask_composed(
    workspace: Workspace,
    text: str,
    model: Writes | None,
    *,
    district: str | None = None,
    cycle: int | None = None,
    earlier: Sequence[str] = (),
    on_event: Callable[[Event], object] = lambda event: None,
) -> Composition:
    """The answer to a question, in the model's words where there is a model, the kind allows it and its words are borne out."""
    found = without_orders(ask(workspace, text, district=district, cycle=cycle, earlier=earlier))
    if model is None or not found.found or found.choices or found.kind not in WORDED:
        return Composition(found, found)
    with workspace.store.session() as session:
        pieces = material_of(session, found)
    if not pieces:
        return Composition(found, found)
    deadline = time.monotonic() + model.seconds
    why = ""
    for attempt in range(TRIES):
        try:
            checked = _attempt(workspace, text, model, pieces, on_event, again=attempt > 0, deadline=deadline)
        except ModelError as exc:
            why = exc.reason
            if not exc.retryable or attempt + 1 == TRIES or time.monotonic() > deadline:
                break
            on_event(Again(why))
            continue
        return _composition(found, model.name, checked)
    return Composition(found, found, notice=f"语言模型没有用上（{why}），以下是摘录式回答，句句是原文。")


def without_orders(found: Answer) -> Answer:
    """The answer without the sentences of evidence that order the assessor about; how many there were is told in a note.

    They are no answer to anything. Where they stand is reported with the material (findings of the document).
    """
    kept = tuple(one for one in found.sentences if not (one.supported and orders_in(one.sentence, hidden=False)))
    dropped = len(found.sentences) - len(kept)
    if not dropped:
        return found
    note = f"检索到 {dropped} 句像是写给评审者或程序的指令，不作为佐证，也不执行；请在“完整性”页“需要查看”里核对。"
    return replace(found, sentences=kept, found=found.found and bool(kept or found.table), notes=(*found.notes, note))


def _composition(found: Answer, name: str, checked: Sequence[Checked]) -> Composition:
    if not checked:
        return Composition(found, found, notice="语言模型没有从材料里得出回答，以下是摘录式回答，句句是原文。")
    lacking = sum(bool(one.why) for one in checked)
    if lacking == len(checked):
        notice = f"语言模型给出的 {lacking} 句没有一句核得上原文，没有采用；以下是摘录式回答，句句是原文。"
        return Composition(found, found, notice=notice)
    told = f"，其中 {lacking} 句无依据，已标出" if lacking else "，每句都核对过引文"
    notice = f"以下由语言模型（{name}）改写，共 {len(checked)} 句{told}。它不打分、不下结论；摘录的原句在下面。"
    answer = replace(found, sentences=tuple(one.sentence for one in checked))
    return Composition(answer, found, name, tuple(one.why for one in checked), notice)


def _attempt(
    workspace: Workspace, text: str, model: Writes, pieces: Sequence[Piece], on_event: Callable[[Event], object], *,
    again: bool, deadline: float,
) -> list[Checked]:  # fmt: skip
    """The model's sentences, checked, in its order; [] when it says that the material does not answer. Raises ModelError."""
    prompt, reader = load_prompt("answer"), ReplyReader()
    given = "\n".join(piece.text for piece in pieces)
    checked: list[Checked] = []
    shown = ""
    # A second try is one without a form: the form itself may have been what went wrong.
    form = None if again else answer_form([piece.key for piece in pieces])
    stream = model.stream(prompt.system, _message(prompt, text, pieces, again=again), deadline - time.monotonic(), form)
    try:
        for piece in stream:
            if time.monotonic() > deadline:
                raise ModelError("总时间已到", retryable=False)
            for claim in reader.feed(piece):
                with workspace.store.session() as session:
                    one = check_claim(session, claim, pieces, text)
                if one.sentence.sentence not in {other.sentence.sentence for other in checked} or not one.why:
                    checked.append(one)
                    on_event(one)
                if len(checked) >= MOST_SENTENCES:
                    return checked
            words = reader.open_words
            if words != shown:
                shown = words
                on_event(Words(WITHHELD_SENTENCE if judges(words, given) and not _of_scheme(pieces) else words))
    finally:
        close = getattr(stream, "close", None)
        if close is not None:
            close()
    if not checked and not reader.none:
        raise ModelError("回答不是规定的格式", retryable=True)
    return checked


def _of_scheme(pieces: Sequence[Piece]) -> bool:
    return all(isinstance(piece.source, SchemeCitation) for piece in pieces)


def check_claim(session: Session, claim: Claim, pieces: Sequence[Piece], question: str) -> Checked:
    """The sentence with the citations that were found, and why it is not supported where it is not."""
    by_key = {piece.key: piece for piece in pieces}
    citations: list[Citation | SchemeCitation] = []
    faults: list[str] = [] if claim.cited else ["没有写明出处"]
    for key, quote in claim.cited:
        piece = by_key.get(key)
        place = piece.find(quote) if piece is not None and quote.strip() else None
        cited = cite_piece(session, piece, *place) if piece is not None and place is not None else None
        if piece is None:
            faults.append("引用的段落不在所给的材料里")
        elif cited is None:
            faults.append("所引的原文不在那一段里")
        elif cited not in citations:
            citations.append(cited)
    official = bool(citations) and all(isinstance(citation, SchemeCitation) for citation in citations)
    if not faults:
        names = tuple(dict.fromkeys(citation.district for citation in citations if isinstance(citation, Citation)))
        ground = Ground(tuple(citation.quote for citation in citations), question, names, official)
        if why := why_unsupported(claim.sentence, ground):
            faults.append(why)
    if (faults or not official) and judges(claim.sentence, "\n".join(citation.quote for citation in citations)):
        # Its words are not even shown: a number of points in print is read as one.
        return Checked(AnswerSentence(WITHHELD_SENTENCE, (), False), "给分、评等级或下结论不是模型的事")
    sentence = AnswerSentence(claim.sentence, tuple(citations), not faults)
    return Checked(sentence, "；".join(dict.fromkeys(faults)))


def _message(prompt: Prompt, text: str, pieces: Sequence[Piece], *, again: bool) -> str:
    filled = prompt.fill(
        question=json.dumps(text, ensure_ascii=False),
        fence=f"=== 材料 {secrets.token_hex(8)} ===",
        material=material_lines(pieces),
    )
    return f"{filled}\n{prompt.again}" if again else filled


def rewriter(model: Writes) -> Callable[[str], str]:
    """A function that puts one paragraph into smoother words; whoever calls it compares figures and names. Raises ModelError."""
    prompt = load_prompt("paragraph")

    def rewrite(paragraph: str) -> str:
        for attempt in range(TRIES):
            message = prompt.fill(paragraph=json.dumps(paragraph, ensure_ascii=False))
            try:
                told, form = (f"{message}\n{prompt.again}", None) if attempt else (message, paragraph_form())
                reply = "".join(model.stream(prompt.system, told, form=form))
                return _paragraph(reply)
            except ModelError as exc:
                if not exc.retryable or attempt + 1 == TRIES:
                    raise
        raise AssertionError("unreachable")

    return rewrite


def _paragraph(reply: str) -> str:
    start, end = reply.find("{"), reply.rfind("}")
    try:
        data = json.loads(reply[start : end + 1])
    except (ValueError, RecursionError):
        data = None
    words = data.get(PARAGRAPH) if isinstance(data, dict) else None
    if not isinstance(words, str) or not words.strip():
        raise ModelError("回答不是规定的格式", retryable=True)
    return words.strip()
