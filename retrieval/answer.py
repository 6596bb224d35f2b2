"""What an answer is made of: sentences, each with the words it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from retrieval.cite import Citation
from retrieval.question_kinds import About, QuestionKind

Stance: TypeAlias = Literal["", "supports", "contradicts", "mentions", "out_of_period"]


@dataclass(frozen=True, slots=True)
class SchemeCitation:
    """`quote` stands at `official.txt[start:end]` of the scheme (or in another data file of ours, named by `file`).

    document : SHA-256 of the text quoted.  file : what people call it: 济政办发〔2019〕5号.  section, line : where it stands.
    """

    document: str
    file: str
    section: str
    line: int
    start: int
    end: int
    quote: str

    @property
    def locator(self) -> Mapping[str, str | int]:
        return {"section": self.section, "line": self.line}

    def to_json(self) -> dict[str, Any]:
        """As the command line prints it."""
        return {
            "document": self.document,
            "file": self.file,
            "locator": dict(self.locator),
            "start": self.start,
            "end": self.end,
            "quote": self.quote,
        }


@dataclass(frozen=True, slots=True)
class AnswerSentence:
    """One sentence and what it rests on. supported : every citation was checked against the stored text; without one it is False.

    stance : what the evidence quoted does for the item asked about; an empty string where that makes no sense.
    """

    sentence: str
    citations: tuple[Citation | SchemeCitation, ...]
    supported: bool
    stance: Stance = ""

    def to_json(self) -> dict[str, Any]:
        """As the command line prints it."""
        return {
            "sentence": self.sentence,
            "citations": [citation.to_json() for citation in self.citations],
            "supported": self.supported,
            "stance": self.stance,
        }


@dataclass(frozen=True, slots=True)
class TableRow:
    """One line of a table and what its figures rest on. cells : as many as the table has columns."""

    cells: tuple[str, ...]
    citations: tuple[Citation | SchemeCitation, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As the command line prints it."""
        return {"cells": list(self.cells), "citations": [citation.to_json() for citation in self.citations]}


@dataclass(frozen=True, slots=True)
class AnswerTable:
    """What is told side by side: districts, or last year beside this year."""

    header: tuple[str, ...]
    rows: tuple[TableRow, ...]

    def to_json(self) -> dict[str, Any]:
        """As the command line prints it."""
        return {"header": list(self.header), "rows": [row.to_json() for row in self.rows]}


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one question.

    found : False = nothing in what was searched answers it; `searched` then says what that was. For the kinds missing, comparison
        and ledger it is False with no sentences: those are answered from the record by whoever holds it.
    notes : things the reader must know about the sentences, such as figures that contradict each other.
    about : the finer kind, where `kind` alone does not say what was asked.
    choices : whole questions to choose from when the question can be read in several ways; found is False then, `searched` asks back.
    table : what is told side by side, None where there is nothing to compare.
    """

    kind: QuestionKind
    found: bool
    sentences: tuple[AnswerSentence, ...]
    searched: str
    notes: tuple[str, ...] = ()
    about: About = ""
    choices: tuple[str, ...] = ()
    table: AnswerTable | None = None

    def to_json(self) -> dict[str, Any]:
        """As the command line prints it."""
        return {
            "kind": self.kind,
            "found": self.found,
            "answer": [sentence.to_json() for sentence in self.sentences],
            "searched": self.searched,
            "notes": list(self.notes),
            "about": self.about,
            "choices": list(self.choices),
            "table": self.table.to_json() if self.table else None,
        }
