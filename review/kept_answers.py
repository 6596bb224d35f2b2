"""Answers as they are kept: the whole answer as JSON and back, and whether what it quotes still stands where it stood."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from retrieval.answer import Answer, AnswerSentence, AnswerTable, SchemeCitation, TableRow
from retrieval.cite import Citation, verify
from review.composition import Composition


def composition_to_text(found: Composition) -> str:
    """The JSON text that is stored."""
    data: dict[str, Any] = {"answer": _plain(found.answer)}
    if found.model or found.notice:
        data |= {"model": found.model, "whys": list(found.whys), "notice": found.notice}
    if found.extractive is not found.answer:
        data["extractive"] = _plain(found.extractive)
    return json.dumps(data, ensure_ascii=False)


def composition_from_text(text: str) -> Composition:
    """What `composition_to_text` made the text from."""
    data = json.loads(text)
    answer = _answer(data["answer"])
    extractive = _answer(data["extractive"]) if "extractive" in data else answer
    return Composition(answer, extractive, data.get("model", ""), tuple(data.get("whys", ())), data.get("notice", ""))


def checked_again(session: Session, found: Composition) -> tuple[Composition, int]:
    """The same with every sentence that quotes what is no longer stored marked as unsupported; and how many citations that were."""
    answer, gone = _checked(session, found.answer)
    if found.extractive is found.answer:
        return dataclasses.replace(found, answer=answer, extractive=answer), gone
    extractive, more = _checked(session, found.extractive)
    return dataclasses.replace(found, answer=answer, extractive=extractive), gone + more


def _checked(session: Session, answer: Answer) -> tuple[Answer, int]:
    gone = 0
    sentences = []
    for sentence in answer.sentences:
        lost = sum(isinstance(one, Citation) and not verify(session, one) for one in sentence.citations)
        gone += lost
        sentences.append(dataclasses.replace(sentence, supported=False) if lost else sentence)
    for row in answer.table.rows if answer.table else ():
        gone += sum(isinstance(one, Citation) and not verify(session, one) for one in row.citations)
    return dataclasses.replace(answer, sentences=tuple(sentences)), gone


def _plain(value: Any) -> Any:
    """JSON data of an answer and everything in it, field by field; what equals its default may be left out."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value


def _answer(data: dict[str, Any]) -> Answer:
    values: dict[str, Any] = dict(data)
    values["sentences"] = tuple(
        AnswerSentence(**(one | {"citations": _citations(one["citations"])})) for one in data["sentences"]
    )
    values |= {key: tuple(data[key]) for key in ("notes", "choices") if key in data}
    values["table"] = _table(data["table"]) if data.get("table") else None
    return Answer(**values)


def _table(data: dict[str, Any]) -> AnswerTable:
    rows = tuple(TableRow(tuple(row["cells"]), _citations(row["citations"])) for row in data["rows"])
    return AnswerTable(tuple(data["header"]), rows)


def _citations(data: list[dict[str, Any]]) -> tuple[Citation | SchemeCitation, ...]:
    return tuple(_citation(one) for one in data)


def _citation(data: dict[str, Any]) -> Citation | SchemeCitation:
    if "section" in data:
        return SchemeCitation(**data)
    boxes = data.get("boxes")
    return Citation(**(data | {"boxes": None if boxes is None else tuple(_box(box) for box in boxes)}))


def _box(box: list[float]) -> tuple[float, float, float, float]:
    left, bottom, right, top = box
    return left, bottom, right, top
