"""Where a citation stands, in words for people."""

from __future__ import annotations

from collections.abc import Mapping

from retrieval.answer import SchemeCitation
from retrieval.cite import Citation
from retrieval.stored_facts import LOW_CONFIDENCE


def place(citation: Citation | SchemeCitation) -> str:
    """第3页, 普惠率!B7, 二、经费 > 第4段, 第12行, or the scheme's own section."""
    return place_of(citation.locator)


def recognition(citation: Citation | SchemeCitation) -> str:
    """文字识别，置信度 76%，请核对原件 for words read from a picture; "" for words that stand in the file."""
    confidence = citation.locator.get("confidence")
    if confidence is None:
        return ""
    return f"文字识别，置信度 {confidence}%" + ("，请核对原件" if int(confidence) < LOW_CONFIDENCE else "")


def place_of(locator: Mapping[str, str | int]) -> str:
    """The same from a locator alone; words that were read with low confidence say so wherever they are cited."""
    confidence = int(locator.get("confidence", 100))
    doubt = f"（识别置信度 {confidence}%，请核对原件）" if confidence < LOW_CONFIDENCE else ""
    return _bare(locator) + doubt


def _bare(locator: Mapping[str, str | int]) -> str:
    if "sheet" in locator:
        return f"{locator['sheet']}!{locator.get('cell', '')}".rstrip("!")
    for key in ("path", "section"):
        if key in locator:
            return str(locator[key])
    if "line" in locator:
        return f"第{locator['line']}行"
    return f"第{locator['page']}页"
