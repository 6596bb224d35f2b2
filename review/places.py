"""Where a citation stands, in words for people."""

from __future__ import annotations

from collections.abc import Mapping

from retrieval.answer import SchemeCitation
from retrieval.cite import Citation


def place(citation: Citation | SchemeCitation) -> str:
    """第3页, 普惠率!B7, 二、经费 > 第4段, 第12行, or the scheme's own section."""
    return place_of(citation.locator)


def place_of(locator: Mapping[str, str | int]) -> str:
    """The same from a locator alone."""
    if "sheet" in locator:
        return f"{locator['sheet']}!{locator.get('cell', '')}".rstrip("!")
    for key in ("path", "section"):
        if key in locator:
            return str(locator[key])
    if "line" in locator:
        return f"第{locator['line']}行"
    return f"第{locator['page']}页"
