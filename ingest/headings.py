"""Which lines are headings of a 公文, and of which level."""

from __future__ import annotations

import re

_NUMBER = "〇零一二三四五六七八九十百"
_LEVELS = (
    re.compile(rf"^第[{_NUMBER}\d]+[章编篇](?:[\s　]|$|.{{0,30}}$)"),
    re.compile(rf"^(?:[{_NUMBER}]{{1,4}}、|附件[\d一二三四五六七八九十]*(?:[:：\s　]|$))"),
    re.compile(rf"^[（(][{_NUMBER}]{{1,4}}[）)]"),
    re.compile(r"^\d{1,2}(?:[.．](?!\d)|、)"),
    re.compile(r"^[（(]\d{1,2}[）)]"),
)
_MAX_LENGTH = 45
_BODY_END = tuple("。；;，,、：:？?！!")


def heading_level(line: str) -> int | None:
    """Level of a line that looks like a heading (0 = chapter, 1 = 一、, 2 = （一）, 3 = 1., 4 = （1）), else None.

    A numbered line that ends like a sentence, or is long, is a paragraph: 一、… is only a heading when it names something.
    """
    stripped = line.strip()
    if not stripped or len(stripped) > _MAX_LENGTH or stripped.endswith(_BODY_END):
        return None
    for level, pattern in enumerate(_LEVELS):
        if pattern.match(stripped):
            # 3. and （1） number list items far more often than headings: only short ones count.
            return None if level >= 3 and len(stripped) > 25 else level
    return None
