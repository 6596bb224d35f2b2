"""The texts of ours that an answer about the scheme cites, by their hash."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files

from retrieval.answer import SchemeCitation


@cache
def _texts(scheme_id: str) -> dict[str, str]:
    folder = files("corpus")
    found = (folder / "schemes" / scheme_id / "official.txt", folder / "evidence" / f"{scheme_id}.yaml")
    texts = [source.read_text(encoding="utf-8") for source in found]
    return {hashlib.sha256(text.encode("utf-8")).hexdigest(): text for text in texts}


def cited_text(scheme_id: str, citation: SchemeCitation) -> str:
    """The whole text that holds the quote; the quote alone when this version of the program has another text."""
    return _texts(scheme_id).get(citation.document, citation.quote)
