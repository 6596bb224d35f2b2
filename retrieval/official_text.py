"""Quotes from the scheme's own text, `corpus/schemes/<year>/official.txt`, with their place."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files

from retrieval.answer import SchemeCitation
from retrieval.cite import find_quote
from scoring_rules.scheme import Place, Scheme

# A paragraph of the scheme may run over several lines and a page break.
_PARAGRAPH = 2000


class OfficialText:
    """The text as published (damaged places and all), and citations of it."""

    def __init__(self, file: str, text: str) -> None:
        """file : what people call the text: 济政办发〔2019〕5号."""
        self._file = file
        self._text = text
        self._sha256 = hashlib.sha256(text.encode("utf-8")).hexdigest()
        self._line_starts = [0]
        for line in text.split("\n"):
            self._line_starts.append(self._line_starts[-1] + len(line) + 1)

    def cite(self, place: Place, words: str = "") -> SchemeCitation:
        """The citation of `words` at or after `place`; of the whole line when they do not stand there letter by letter.

        The scheme mends a few damaged places (SOURCES.md), and its paragraphs run over page breaks: then the quote is what was
        published, not what was mended.
        """
        line_start = self._line_starts[place.line - 1]
        start, end = line_start, self._line_starts[place.line] - 1
        line = place.line
        if words and (found := find_quote(self._text[line_start : line_start + _PARAGRAPH], words)):
            start, end = line_start + found[0], line_start + found[1]
            line += self._text.count("\n", line_start, start)
        return self._citation(start, end, place.section, line)

    def cite_words(self, words: str, section: str) -> SchemeCitation | None:
        """The citation of words wherever they first stand; None when they do not."""
        found = find_quote(self._text, words)
        if found is None:
            return None
        return self._citation(*found, section, self._text.count("\n", 0, found[0]) + 1)

    def _citation(self, start: int, end: int, section: str, line: int) -> SchemeCitation:
        return SchemeCitation(self._sha256, self._file, section, line, start, end, self._text[start:end])

    def holds(self, citation: SchemeCitation) -> bool:
        """Whether the quote stands where the citation says."""
        return bool(citation.quote) and self._text[citation.start : citation.end] == citation.quote


@cache
def official_text(scheme: Scheme) -> OfficialText:
    """The published text of a shipped scheme."""
    source = files("corpus") / "schemes" / scheme.id / "official.txt"
    return OfficialText(scheme.document_number, source.read_text(encoding="utf-8"))


@cache
def catalogue_text(scheme: Scheme) -> OfficialText:
    """The evidence catalogue's file: our own summary, quoted under its own name so that nobody takes it for the scheme."""
    source = files("corpus") / "evidence" / f"{scheme.id}.yaml"
    return OfficialText(f"佐证材料目录 {scheme.id}（本系统归纳，不是方案原文）", source.read_text(encoding="utf-8"))
