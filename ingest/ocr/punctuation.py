"""Chinese punctuation that a picture hardly tells from its narrow form: 注: is read as printed, 注：."""

from __future__ import annotations

import re

_WIDE = {",": "，", ":": "：", ";": "；", "!": "！", "?": "？"}
_CHINESE = r"[\u3400-\u9fff）》”’]"
_AFTER_CHINESE = re.compile(rf"(?<={_CHINESE})[,:;!?](?![\w/\\])|(?<={_CHINESE})[,:;!?](?=[\u3400-\u9fff（《“‘])")
_BRACKETS = re.compile(r"([(（])([^()（）]*)([)）])")


def widened(text: str) -> str:
    """The text with wide punctuation after Chinese characters, and brackets in pairs of one width; as long as before.

    A comma or colon before a figure or Latin word stays as it was read, and so does a pair of narrow brackets.
    """
    text = _AFTER_CHINESE.sub(lambda match: _WIDE[match.group()], text)
    return _BRACKETS.sub(_paired, text)


def _paired(match: re.Match[str]) -> str:
    opening, inside, closing = match.groups()
    if (opening == "(") == (closing == ")"):
        return match.group()
    return f"（{inside}）"
