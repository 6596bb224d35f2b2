"""What an answer is made of: sentences, each with the words it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from retrieval.cite import Citation
from retrieval.question import QuestionKind


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
    """One sentence and what it rests on. supported : every citation was checked against the stored text; without one it is False."""

    sentence: str
    citations: tuple[Citation | SchemeCitation, ...]
    supported: bool

    def to_json(self) -> dict[str, Any]:
        """As the command line prints it."""
        return {
            "sentence": self.sentence,
            "citations": [citation.to_json() for citation in self.citations],
            "supported": self.supported,
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one question.

    found : False = nothing in what was searched answers it; `searched` then says what that was. For the kinds missing, comparison
        and ledger it is False with no sentences: those are answered from the record by whoever holds it.
    notes : things the reader must know about the sentences, such as figures that contradict each other.
    """

    kind: QuestionKind
    found: bool
    sentences: tuple[AnswerSentence, ...]
    searched: str
    notes: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As the command line prints it."""
        return {
            "kind": self.kind,
            "found": self.found,
            "answer": [sentence.to_json() for sentence in self.sentences],
            "searched": self.searched,
            "notes": list(self.notes),
        }
